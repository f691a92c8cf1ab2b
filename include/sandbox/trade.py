"""From clicks to visits, sessions and orders: what the systems around the app store have recorded."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from urllib.parse import parse_qsl, urlsplit

from sandbox.baseline import Baseline
from sandbox.economy.markets import MARKETS
from sandbox.incidents import Incidents
from sandbox.links import LinkTable, looks_like_a_bot
from sandbox.model import CURRENCY, Order, SessionRow, Visit
from sandbox.people.audience import Audience, Click, Wish
from sandbox.people.deals import Publication
from sandbox.people.publishing import PublishingHouse
from sandbox.shop import UTM_NAMES, Shop, discounted

LONGEST_DELAY = timedelta(days=8)
"""Between a click and the last order it leads to."""
REFERER = "https://www.youtube.com/"
SourceKey = tuple[str, str, str, str, str]


@dataclass(slots=True)
class _Sum:
    sessions: int = 0
    key_events: int = 0
    revenue: Decimal = Decimal(0)


class Trade:
    """Computes records from the audiences; keeps none."""

    def __init__(
        self,
        audience: Audience,
        house: PublishingHouse,
        links: LinkTable,
        shop: Shop,
        incidents: Incidents,
        baseline: Baseline,
    ) -> None:
        self._audience, self._house, self._links, self._shop = audience, house, links, shop
        self._incidents, self._baseline = incidents, baseline

    # ---- redirector
    def visits(self, slug: str, since: datetime | None, now: datetime) -> list[Visit]:
        """Simulated and real visits, oldest first."""
        found = [visit for visit in self._links.real_visits(slug) if since is None or visit.date >= since]
        for publication in self._house.publications:
            if not any(revision.slug == slug for revision in publication.revisions):
                continue
            clicks = self._audience.clicks(publication, now, since)
            found.extend(
                _visit(slug, click, long_url)
                for click in clicks
                if (since is None or click.at >= since) and (long_url := self._followed(publication, click, slug))
            )
        return sorted(found, key=lambda visit: (visit.date, visit.id))

    def _followed(self, publication: Publication, click: Click, slug: str | None = None) -> str | None:
        """Where the click ended; None when there was no link to click, it was wrong, or the redirector was out."""
        if not click.touches_link:
            return None
        found = publication.reading_at(click.at).slug
        if not found or (slug is not None and found != slug):
            return None
        if self._incidents.active("redirector", None, click.at):
            return None
        return self._links.long_url_at(found, click.at)

    # ---- shop
    def orders(self, since: datetime | None, now: datetime) -> list[Order]:
        """Organic, brought by creators, and made by people; oldest first."""
        found = self._baseline.orders(since, now) + self._shop.orders_since(since)
        for publication in self._house.publications:
            earliest = since - LONGEST_DELAY if since else None
            for click in self._audience.clicks(publication, now, earliest):
                bought = (order for order, _ in self._bought(publication, click, now))
                found.extend(order for order in bought if since is None or order.ordered_at >= since)
        return sorted(found, key=lambda order: (order.ordered_at, order.order_id))

    def _bought(self, publication: Publication, click: Click, now: datetime) -> Iterator[tuple[Order, Wish]]:
        if not click.wishes:
            return
        long_url = self._followed(publication, click)
        if click.touches_link and (long_url is None or self._incidents.active("landing", publication.market, click.at)):
            return
        written_code = publication.reading_at(click.at).text.code
        utm = utm_of(long_url) if long_url else {}
        for number, wish in enumerate(click.wishes):
            at = click.at + wish.delay
            if at > now or self._incidents.active("landing", publication.market, at):
                return
            wants_code = click.nature == "code_only" or (wish.uses_code and click.nature == "human")
            code = self._shop.code_at(written_code, at) if wants_code and written_code else None
            if click.nature == "code_only" and code is None:
                return
            amount = discounted(Decimal(wish.amount_cents) / 100, code)
            yield (
                Order(
                    order_id=f"S{click.key[:12]}{number}",
                    ordered_at=at,
                    kind=wish.kind,
                    market=publication.market,
                    promo_code=code.code if code else "",
                    amount=amount,
                    currency=CURRENCY,
                    is_test=False,
                    utm_source=utm.get("source", ""),
                    utm_medium=utm.get("medium", ""),
                    utm_campaign=utm.get("campaign", ""),
                    utm_content=utm.get("content", ""),
                ),
                wish,
            )

    # ---- analytics
    def sessions(self, day_from: date, day_to: date, now: datetime) -> list[SessionRow]:
        """Rows by day and source; hours in which analytics was out are missing."""
        sums: dict[SourceKey, _Sum] = defaultdict(_Sum)
        day = max(day_from, self._baseline.first_day)
        while day <= min(day_to, now.date()):
            self._count_baseline(sums, day, now)
            day += timedelta(days=1)
        self._count_baseline_orders(sums, day_from, day_to, now)
        self._count_audiences(sums, day_from, day_to, now)
        self._count_people(sums, day_from, day_to)
        return [
            SessionRow(*key, total.sessions, total.key_events, total.revenue) for key, total in sorted(sums.items())
        ]

    def _count_baseline(self, sums: dict[SourceKey, _Sum], day: date, now: datetime) -> None:
        midnight = datetime.combine(day, time(), UTC)
        for market in MARKETS.values():
            working = []
            for hour in range(24):
                at = midnight + timedelta(hours=hour)
                out = self._incidents.active("analytics", market.key, at) or self._incidents.active(
                    "landing", market.key, at
                )
                working.append(at <= now and not out)
            for group in self._baseline.sessions(market, day):
                count = int(
                    sum(int(n) for n, works in zip(group.per_hour, working, strict=True) if works)
                    * market.tracked_share
                )
                if count:
                    sums[day.isoformat(), group.source, group.medium, "", ""].sessions += count

    def _count_baseline_orders(self, sums: dict[SourceKey, _Sum], day_from: date, day_to: date, now: datetime) -> None:
        for order in self._baseline.orders(datetime.combine(day_from, time(), UTC), now):
            if order.ordered_at.date() <= day_to and not self._incidents.active(
                "analytics", order.market, order.ordered_at
            ):
                day = order.ordered_at.date().isoformat()
                total = sums[day, order.utm_source or "(direct)", order.utm_medium or "(none)", "", ""]
                total.key_events += 1
                total.revenue += order.amount

    def _count_audiences(self, sums: dict[SourceKey, _Sum], day_from: date, day_to: date, now: datetime) -> None:
        earliest = datetime.combine(day_from, time(), UTC) - LONGEST_DELAY
        for publication in self._house.publications:
            tracked_share = MARKETS[publication.market].tracked_share
            for click in self._audience.clicks(publication, now, earliest):
                # Crawlers that name themselves run no scripts; disguised ones do, as browsers.
                if click.nature not in ("human", "disguised_bot") or click.tracking_draw >= tracked_share:
                    continue
                long_url = self._followed(publication, click)
                if long_url is None or self._incidents.active("landing", publication.market, click.at):
                    continue
                utm = utm_of(long_url)
                if self._counted(publication.market, click.at, day_from, day_to):
                    sums[_source(click.at, utm)].sessions += 1
                for order, _ in self._bought(publication, click, now):
                    if self._counted(order.market, order.ordered_at, day_from, day_to):
                        total = sums[_source(order.ordered_at, utm)]
                        total.key_events += 1
                        total.revenue += order.amount

    def _count_people(self, sums: dict[SourceKey, _Sum], day_from: date, day_to: date) -> None:
        """Real requests with a browser, and real orders; synthetic checks announce themselves and are left out."""
        for link in self._links.all():
            for visit in self._links.real_visits(link.slug):
                if not visit.potential_bot and self._counted(None, visit.date, day_from, day_to):
                    sums[_source(visit.date, utm_of(visit.redirect_url))].sessions += 1
        for order in self._shop.orders:
            if not order.is_test and self._counted(order.market, order.ordered_at, day_from, day_to):
                total = sums[_source(order.ordered_at, {name: getattr(order, f"utm_{name}") for name in UTM_NAMES})]
                total.key_events += 1
                total.revenue += order.amount

    def _counted(self, market: str | None, at: datetime, day_from: date, day_to: date) -> bool:
        return day_from <= at.date() <= day_to and not self._incidents.active("analytics", market, at)

    # ---- truth
    def truth_of(self, publication: Publication, now: datetime) -> dict[str, object]:
        """What really happened through one video, whoever got the credit."""
        clicks = self._audience.clicks(publication, now)
        bought = [(click.nature, order) for click in clicks for order, _ in self._bought(publication, click, now)]
        return {
            "human_clicks": sum(
                click.nature == "human" and self._followed(publication, click) is not None for click in clicks
            ),
            "bot_hits": sum(
                "bot" in click.nature and self._followed(publication, click) is not None for click in clicks
            ),
            "lost_clicks": sum(click.touches_link and self._followed(publication, click) is None for click in clicks),
            "conversions": {
                kind: sum(order.kind == kind for _, order in bought)
                for kind in ("install", "sign_up", "purchase", "other")
            },
            "conversions_without_trace": sum(nature == "untold" for nature, _ in bought),
            "revenue_eur": str(sum((order.amount for _, order in bought), Decimal(0))),
        }


@lru_cache(maxsize=4096)
def utm_of(long_url: str) -> Mapping[str, str]:
    """UTM parameters of an address, without the prefix."""
    pairs = dict(parse_qsl(urlsplit(long_url).query))
    return {name: pairs[f"utm_{name}"] for name in UTM_NAMES if pairs.get(f"utm_{name}")}


def _source(at: datetime, utm: Mapping[str, str]) -> SourceKey:
    return (
        at.date().isoformat(),
        utm.get("source") or "(direct)",
        utm.get("medium") or "(none)",
        utm.get("campaign", ""),
        utm.get("content", ""),
    )


def _visit(slug: str, click: Click, long_url: str) -> Visit:
    return Visit(
        id=click.key,
        slug=slug,
        date=click.at,
        user_agent=click.user_agent,
        referer=REFERER,
        country=click.country,
        potential_bot=looks_like_a_bot(click.user_agent),
        visited_url=f"/{slug}",
        redirect_url=long_url,
        is_real=False,
    )
