"""The form that starts an iteration: how what was filled in becomes an `IterationForm`, or a list of what is wrong."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import Any

from mardev.domain.words import ConversionKind, IntegrationType, Objective, Role
from mardev.errors import FormRejected
from mardev.stages.plan.form_fields import (
    FIELDS,
    KPI_NAMES,
    KPI_OF_OBJECTIVE,
    LONGEST_CAMPAIGN_NAME,
    PLATFORM_TITLES,
)
from mardev.stages.plan.named_creators import compare_names, read_names

LONGEST_SLUG = 48
DIGEST_LENGTH = 8
HIGHEST_NUMBER = 10**12
FURTHEST_FLIGHT = timedelta(days=3 * 366)
PREPARATION = timedelta(days=10)
"""How long it takes until everything can be ready; a flight without a date starts after this."""


@dataclass(frozen=True)
class Known:
    """What the reader of a form has to know: campaigns that exist, and who holds which role.

    `campaigns` maps an iteration key to the iteration's state; `roles` a login to the roles it holds; `channels` a
    handle, as `handle_word` gives it, to the key of its channel.
    """

    campaigns: Mapping[str, str]
    roles: Mapping[str, frozenset[Role]]
    started_by: str
    channels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class IterationForm:
    """A form that can be worked with: everything present, everything of its right kind."""

    iteration_key: str
    revision: int
    follows_iteration_key: str | None
    campaign: str
    objective: Objective
    kpi: str
    target: Decimal | None
    conversion_kind: ConversionKind
    difference: str
    markets: tuple[str, ...]
    languages: tuple[str, ...]
    topics: tuple[str, ...]
    starting_points: tuple[str, ...]
    must_have: tuple[str, ...]
    never: tuple[str, ...]
    competitors: tuple[str, ...]
    budget_amount: Decimal
    budget_currency: str
    flight_from: datetime
    flight_to: datetime
    integration_types: tuple[IntegrationType, ...]
    head_count: int
    tolerance_share: Decimal
    channel_limit: int
    platforms: tuple[str, ...]
    crawl_days: int
    owner: str
    signed_by_marketing: str | None
    signed_by_technology: str | None

    def as_json(self) -> dict[str, Any]:
        """The form as it can be filled in again, field by field: strings, numbers, lists. Kept with the iteration."""
        return {
            "campaign": self.campaign,
            "objective": str(self.objective),
            "kpi": self.kpi,
            "target": None if self.target is None else float(self.target),
            "conversion_kind": str(self.conversion_kind),
            "difference": self.difference,
            "markets": [*self.markets],
            "languages": [*self.languages],
            "topics": [*self.topics],
            "starting_points": [*self.starting_points],
            "must_have": [*self.must_have],
            "never": [*self.never],
            "competitors": [*self.competitors],
            "budget_amount": float(self.budget_amount),
            "budget_currency": self.budget_currency,
            "flight_from": self.flight_from.date().isoformat(),
            "flight_days": (self.flight_to - self.flight_from).days,
            "integration_types": [str(kind) for kind in self.integration_types],
            "head_count": self.head_count,
            "tolerance_percent": int(self.tolerance_share * 100),
            "tolerance_share": float(self.tolerance_share),
            "channel_limit": self.channel_limit,
            "platforms": [*self.platforms],
            "crawl_days": self.crawl_days,
            "owner": self.owner,
            "signed_by_marketing": self.signed_by_marketing,
            "signed_by_technology": self.signed_by_technology,
        }


def read_form(params: Mapping[str, Any], now: datetime, known: Known) -> IterationForm:
    """Check everything at once and say everything that is wrong, field by field.

    A campaign whose iteration was rejected may be started again: that is its next revision. One that is running
    or closed may not.

    Args:
        params: the fields as they were filled in; a missing one takes its default.
        now: the instant of the iteration's own clock.
        known: campaigns and roles of the warehouse.

    Raises:
        FormRejected: `problems` maps each field to what is wrong with it.
    """
    reader = _Reader(params, now, known)
    form = reader.read()
    if reader.problems or form is None:
        raise FormRejected(reader.problems)
    return form


def key_of_campaign(campaign: str, revision: int = 1) -> str:
    """The iteration's key: the campaign's name in small Latin letters, ``-r2`` and so on for later revisions.

    A name that loses letters on the way (other scripts, too long) keeps a digest of the whole name instead, so that
    two names do not meet in one key.

    >>> key_of_campaign("Sommer-Spiele 2026")
    'sommer-spiele-2026'
    >>> key_of_campaign("Sommer-Spiele 2026", revision=2)
    'sommer-spiele-2026-r2'
    """
    letters = unicodedata.normalize("NFKD", campaign.casefold())
    slug = re.sub(r"[^a-z0-9]+", "-", letters.encode("ascii", "ignore").decode()).strip("-")
    is_whole = 2 <= len(slug) <= LONGEST_SLUG and not any(one.isalnum() and not one.isascii() for one in letters)
    if not is_whole:
        digest = sha256(campaign.encode()).hexdigest()[:DIGEST_LENGTH]
        slug = f"{slug[: LONGEST_SLUG - DIGEST_LENGTH - 1].strip('-') or 'campaign'}-{digest}"
    return slug if revision == 1 else f"{slug}-r{revision}"


def _one_line(value: Any) -> str:
    """The text on one line, without what no database text can hold (zero characters, half surrogate pairs)."""
    printable = str(value or "").replace("\0", "").encode(errors="ignore").decode()
    return " ".join(printable.split())


class _Reader:
    """Reads one form; `problems` fills up on the way."""

    def __init__(self, params: Mapping[str, Any], now: datetime, known: Known) -> None:
        self._given = {spec.name: params.get(spec.name) for spec in FIELDS}
        for spec in FIELDS:
            if self._given[spec.name] in (None, "", []) and spec.default is not None and spec.name not in params:
                self._given[spec.name] = spec.default
        self._now = now
        self._known = known
        self.problems: dict[str, str] = {}

    def read(self) -> IterationForm | None:
        campaign = self._text("campaign")
        objective = self._choice("objective", Objective)
        conversion = self._choice("conversion_kind", ConversionKind)
        markets = self._markets()
        languages = self._languages(markets)
        flight_from, flight_to = self._flight()
        key, revision, follows = self._identity(campaign)
        head_count = self._whole("head_count")
        must_have, never = self._creators(head_count)
        values: dict[str, Any] = {
            "kpi": self._kpi(objective),
            "target": self._target(),
            "difference": self._text("difference"),
            "topics": self._words("topics", at_least_one="Name at least one topic, in plain words."),
            "starting_points": self._words("starting_points"),
            "competitors": self._words("competitors"),
            "budget_amount": self._budget(),
            "budget_currency": self._currency(),
            "integration_types": self._integration_types(),
            "head_count": head_count,
            "must_have": must_have,
            "never": never,
            "tolerance_share": Decimal(self._whole("tolerance_percent")) / 100,
            "channel_limit": self._whole("channel_limit"),
            "platforms": self._platforms(),
            "crawl_days": self._whole("crawl_days"),
            "owner": self._person("owner", None) or self._known.started_by,
            "signed_by_marketing": self._person("signed_by_marketing", Role.MARKETING),
            "signed_by_technology": self._person("signed_by_technology", Role.TECHNOLOGY),
        }
        if values["owner"] not in self._known.roles:
            self.problems.setdefault(
                "owner", f"{values['owner'] or 'Nobody'} holds no role here. Name somebody of marketing or technology."
            )
        if self.problems or objective is None or conversion is None:
            return None
        return IterationForm(
            iteration_key=key, revision=revision, follows_iteration_key=follows, campaign=campaign,
            objective=objective, conversion_kind=conversion, markets=markets, languages=languages,
            flight_from=flight_from, flight_to=flight_to, **values,
        )  # fmt: skip

    def _text(self, name: str) -> str:
        value = _one_line(self._given[name])
        if not value:
            self.problems[name] = "Please fill this in."
        elif name == "campaign" and len(value) > LONGEST_CAMPAIGN_NAME:
            self.problems[name] = f"Please use at most {LONGEST_CAMPAIGN_NAME} characters."
        return value

    def _words(self, name: str, *, at_least_one: str = "") -> tuple[str, ...]:
        value = self._given[name] or []
        lines = value.splitlines() if isinstance(value, str) else value
        words = tuple(dict.fromkeys(text for line in lines if (text := _one_line(line))))
        if at_least_one and not words:
            self.problems[name] = at_least_one
        return words

    def _creators(self, seats: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Who must be on the list, and who must not."""
        found = {}
        for name in ("must_have", "never"):
            found[name], problem = read_names(self._words(name), self._known.channels)
            if problem:
                self.problems[name] = problem
        for name, problem in compare_names(found["must_have"], found["never"], seats).items():
            self.problems.setdefault(name, problem)
        return tuple(found["must_have"].values()), tuple(found["never"].values())

    def _choice(self, name: str, words: Any) -> Any:
        try:
            return words(self._given[name])
        except ValueError:
            self.problems[name] = f"«{self._given[name]}» is unknown. Choose one of: {', '.join(words)}."
            return None

    def _kpi(self, objective: Objective | None) -> str:
        value = self._given["kpi"] or (KPI_OF_OBJECTIVE[objective] if objective else "")
        if value not in KPI_NAMES and objective:
            self.problems["kpi"] = f"«{value}» is not measured. Choose one of: {', '.join(KPI_NAMES)}."
        return str(value)

    def _number(self, name: str) -> Decimal | None:
        try:
            number = Decimal(str(self._given[name]))
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            self.problems[name] = f"«{self._given[name]}» is not a number."
            return None
        return number

    def _target(self) -> Decimal | None:
        if self._given["target"] in (None, ""):
            return None
        number = self._number("target")
        if number is not None and not 0 < number < HIGHEST_NUMBER:
            self.problems["target"] = f"A target is more than zero and less than {HIGHEST_NUMBER:,}."
        return number

    def _budget(self) -> Decimal:
        number = self._number("budget_amount")
        if number is not None and not 0 < number < HIGHEST_NUMBER:
            self.problems["budget_amount"] = f"A budget is more than zero and less than {HIGHEST_NUMBER:,}."
        return number or Decimal(0)

    def _whole(self, name: str) -> int:
        spec = next(spec for spec in FIELDS if spec.name == name)
        number = self._number(name)
        if number is None:
            return 0
        least, most = spec.least or 0, spec.most or 0
        if not least <= number <= most or number != int(number):
            self.problems[name] = f"A whole number from {least} to {most}, please."
            return least
        return int(number)

    def _markets(self) -> tuple[str, ...]:
        from babel import Locale

        territories = Locale("en").territories
        markets = tuple(code.upper() for code in self._words("markets", at_least_one="Choose at least one market."))
        unknown = [code for code in markets if len(code) != 2 or not code.isalpha() or code not in territories]
        if unknown:
            self.problems["markets"] = f"{', '.join(unknown)}: no such country. Use two letters, for instance DE."
        return markets

    def _languages(self, markets: Sequence[str]) -> tuple[str, ...]:
        from babel import Locale
        from babel.languages import get_official_languages

        given = self._words("languages")
        if not given:
            spoken = [get_official_languages(market, de_facto=True)[:1] for market in markets]
            return tuple(dict.fromkeys(code for codes in spoken for code in codes)) or ("en",)
        unknown = [code for code in given if code not in Locale("en").languages or not code.islower()]
        if unknown:
            self.problems["languages"] = f"{', '.join(unknown)}: no such language. Use its code, for instance de."
        return given

    def _currency(self) -> str:
        from babel.numbers import is_currency

        code = str(self._given["budget_currency"] or "").upper()
        if not is_currency(code):
            self.problems["budget_currency"] = f"«{code}» is not a currency. Use its three letters, for instance EUR."
        return code

    def _flight(self) -> tuple[datetime, datetime]:
        days = timedelta(days=self._whole("flight_days"))
        given = self._given["flight_from"]
        start = self._now + PREPARATION
        if given:
            try:
                start = datetime.combine(date.fromisoformat(str(given)[:10]), time(), tzinfo=UTC)
            except ValueError:
                self.problems["flight_from"] = f"«{given}» is not a day. Write it like 2026-11-30."
                return start, start + days
            if start < self._now:
                self.problems["flight_from"] = f"The flight cannot start in the past; today is {self._now:%Y-%m-%d}."
            if start > self._now + FURTHEST_FLIGHT:
                self.problems["flight_from"] = (
                    f"The flight cannot start more than {FURTHEST_FLIGHT.days} days from now."
                )
                return self._now, self._now + days
        return start, start + days

    def _integration_types(self) -> tuple[IntegrationType, ...]:
        given = self._words("integration_types", at_least_one="Choose at least one integration type.")
        unknown = [word for word in given if word not in [*IntegrationType]]
        if unknown:
            self.problems["integration_types"] = (
                f"{', '.join(unknown)}: unknown. Choose from: {', '.join(IntegrationType)}."
            )
            return ()
        return tuple(IntegrationType(word) for word in given)

    def _platforms(self) -> tuple[str, ...]:
        given = self._words("platforms", at_least_one="Choose at least one platform.")
        if unknown := [name for name in given if name not in PLATFORM_TITLES]:
            self.problems["platforms"] = f"{', '.join(unknown)}: unknown. Choose from: {', '.join(PLATFORM_TITLES)}."
        return given

    def _person(self, name: str, role: Role | None) -> str | None:
        person = _one_line(self._given[name]) or None
        if person and person not in self._known.roles:
            self.problems[name] = f"{person} holds no role here. Name somebody of marketing or technology."
        elif person and role and role not in self._known.roles[person]:
            self.problems[name] = f"{person} does not hold the role {role}."
        return person

    def _identity(self, campaign: str) -> tuple[str, int, str | None]:
        """Key and revision; a rejected iteration of the same name is followed by its next revision."""
        revision, key, follows = 1, key_of_campaign(campaign), None
        while state := self._known.campaigns.get(key):
            if state != "rejected":
                self.problems["campaign"] = (
                    f"There is an iteration «{campaign}» already. Choose another name, for instance «{campaign} 2»."
                )
                break
            follows, revision = key, revision + 1
            key = key_of_campaign(campaign, revision)
        return key, revision, follows
