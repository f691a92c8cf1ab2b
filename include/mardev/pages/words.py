"""How values read on a page: money, instants, counts, names. Pure functions, English."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from babel import Locale
from babel.dates import format_datetime
from babel.numbers import format_compact_decimal, format_currency, format_decimal, format_percent

LOCALE = "en"
NOTHING = "–"

ROLE_NAMES = {"marketing": "Marketing", "technology": "Technology (IT)", "head": "Head of marketing technology"}
LANE_NAMES = {"marketing": "Marketing", "technology": "Technology"}
STAGE_NAMES = {
    "plan": "Plan",
    "create": "Create",
    "verify": "Verify",
    "publish": "Publish",
    "monitor": "Monitor",
    "retrospect": "Retrospective",
    "closed": "Closed",
    "rejected": "Sent back",
}
PLACEMENT_STATES = {
    "booked": "Booked",
    "briefed": "Brief sent",
    "drafted": "Draft in",
    "verified": "Checked",
    "armed": "Ready to publish",
    "live": "Live",
    "held": "Held",
    "dropped": "Dropped",
}
DEAL_STATES = {
    "offered": "Not answered yet",
    "countered": "Asks for more",
    "accepted": "Accepted",
    "declined": "Declined",
    "silent": "No answer",
    "withdrawn": "Withdrawn by us",
}
DECISION_NAMES = {
    "sign_plan_marketing": "Sign the plan: creators, message, money",
    "sign_plan_technology": "Sign the plan: requirements, dates, readiness",
}


def money(amount: Decimal | float | None, currency: str | None, *, cents: bool = True) -> str:
    """``€1,250.00``; a dash when there is no amount."""
    if amount is None or not currency:
        return NOTHING
    if cents:
        return format_currency(amount, currency, locale=LOCALE)
    return format_currency(amount, currency, "¤#,##0", locale=LOCALE, currency_digits=False)


def count(value: float | Decimal | None) -> str:
    """A whole number with thousands separators."""
    return NOTHING if value is None else format_decimal(round(value), locale=LOCALE)


def number(value: float | Decimal | None, digits: int = 1) -> str:
    """A number with at most `digits` decimals and thousands separators."""
    if value is None:
        return NOTHING
    return format_decimal(round(Decimal(str(value)), digits), format="#,##0.###", locale=LOCALE)


def compact(value: float | Decimal | None) -> str:
    """``12.5K``, ``1.3M``: for tables where the size matters, not the digit."""
    if value is None:
        return NOTHING
    return count(value) if -1000 < value < 1000 else format_compact_decimal(value, locale=LOCALE, fraction_digits=1)


def percent(share: float | Decimal | None, digits: int = 0) -> str:
    """A share of 1 as per cent."""
    if share is None:
        return NOTHING
    pattern = "#,##0%" if digits == 0 else f"#,##0.{'0' * digits}%"
    return format_percent(share, pattern, locale=LOCALE)


def instant(value: datetime | None, *, with_year: bool = False) -> str:
    """``Mon 5 Oct, 08:00 UTC``."""
    if value is None:
        return NOTHING
    pattern = "EEE d MMM y, HH:mm 'UTC'" if with_year else "EEE d MMM, HH:mm 'UTC'"
    return format_datetime(value.astimezone(UTC), pattern, locale=LOCALE)


def day(value: datetime | date | None, *, with_year: bool = False) -> str:
    """``Mon 5 Oct``."""
    if value is None:
        return NOTHING
    moment = (
        value.astimezone(UTC)
        if isinstance(value, datetime)
        else datetime(value.year, value.month, value.day, tzinfo=UTC)
    )
    return format_datetime(moment, "EEE d MMM y" if with_year else "EEE d MMM", locale=LOCALE)


def period(first: datetime | None, last: datetime | None) -> str:
    """``12 Oct to 26 Oct 2026``."""
    if first is None or last is None:
        return NOTHING
    begin = format_datetime(first.astimezone(UTC), "d MMM" if first.year == last.year else "d MMM y", locale=LOCALE)
    return f"{begin} to {format_datetime(last.astimezone(UTC), 'd MMM y', locale=LOCALE)}"


def duration(span: timedelta) -> str:
    """``3 days``, ``5 hours``, ``less than an hour``."""
    hours = int(span.total_seconds() // 3600)
    if hours < 1:
        return "less than an hour"
    if hours < 48:
        return "1 hour" if hours == 1 else f"{hours} hours"
    return f"{hours // 24} days"


def words(identifier: str | None) -> str:
    """``dedicated_video`` -> ``dedicated video``; ``sign_up`` -> ``sign-up``."""
    if not identifier:
        return NOTHING
    return "sign-up" if identifier == "sign_up" else identifier.replace("_", " ")


def language_name(locale_tag: str | None) -> str:
    """``pt`` -> ``Portuguese``; an unknown tag stays as it is."""
    if not locale_tag:
        return NOTHING
    name = Locale(LOCALE).languages.get(locale_tag.split("-")[0])
    return str(name) if name else locale_tag


def country_name(code: str | None) -> str:
    """``BR`` -> ``Brazil``; an unknown code stays as it is."""
    if not code:
        return NOTHING
    name = Locale(LOCALE).territories.get(code)
    return str(name) if name else code


def listing(values: Iterable[str]) -> str:
    """``a, b and c``."""
    items = list(values)
    if len(items) < 2:
        return "".join(items) or NOTHING
    return f"{', '.join(items[:-1])} and {items[-1]}"


def ratio(numerator: float | Decimal | None, denominator: float | Decimal | None) -> float | None:
    """A quotient, None where it says nothing."""
    if numerator is None or not denominator:
        return None
    return float(numerator) / float(denominator)


def web_address(url: str | None) -> str | None:
    """The address when it is one a browser may follow (http or https), else None."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def measured(value: float | Decimal | None, unit: str, currency: str = "") -> str:
    """A KPI value in its unit: per cent for `share`, money for a currency code, else number and unit."""
    if value is None:
        return NOTHING
    if unit == "share":
        return percent(value, 1)
    if unit == "money" and currency:
        return money(value, currency)
    if len(unit) == 3 and unit.isupper():
        return money(value, unit)
    text = number(value, 2 if abs(float(value)) < 100 else 0)
    return f"{text} {words(unit)}".rstrip() if unit not in ("", "count") else text


def evidence_items(evidence: Any, currency: str = "") -> list[dict[str, str]]:
    """Facts behind a finding as text, figure in its unit, and the page where to look."""
    items = evidence if isinstance(evidence, list) else [evidence]
    found = []
    for item in items:
        if not isinstance(item, Mapping):
            found.append({"text": _readable(item), "figure": "", "page_path": ""})
            continue
        figure = item.get("figure")
        text = item.get("sentence") or "; ".join(f"{label}: {value}" for label, value in evidence_lines(item))
        found.append(
            {
                "text": str(text),
                "figure": measured(figure, str(item.get("unit") or ""), currency) if figure is not None else "",
                "page_path": str(item.get("page_path") or ""),
            }
        )
    return found


QUOTA_NAMES = {"default": "Reading channels and posts", "search": "Searching", "batchGetStats": "Reading counters"}
QUOTA_STANDS = {"needed": "{units} expected", "spent": "{units} used", "left": "{units} left"}


STEP_NAMES = {
    "search": "Searching by words",
    "handle": "Looking up handles",
    "channel": "Reading channels",
    "subscriptions": "Whom they follow",
    "follows": "Whom they follow",
    "featured": "Whom they recommend",
    "uploads": "Newest posts",
    "statistics": "Views of the posts",
}


def quota_name(bucket: str) -> str:
    """What the units of a quota bucket are spent on; an unknown bucket by its own word."""
    return QUOTA_NAMES.get(bucket, words(bucket).capitalize())


def step_name(step: str) -> str:
    """What a step of a search for creators does; an unknown step by its own word."""
    return STEP_NAMES.get(step, words(step).capitalize())


def seconds(value: float | None) -> str:
    """``40 s``, ``3 min``, ``2 hours``.

    Examples:
        >>> seconds(0.4), seconds(90), seconds(7000), seconds(10_000)
        ('1 s', '90 s', '117 min', '3 hours')
    """
    if value is None:
        return NOTHING
    if value < 100:
        return f"{max(round(value), 1)} s"
    return f"{round(value / 60)} min" if value < 7200 else f"{round(value / 3600)} hours"


def quota_lines(forecast: Mapping[str, Mapping[str, int]]) -> list[tuple[str, str]]:
    """What a plan costs of the platform's quota: kind of request, and the units needed (and left, where known)."""
    kinds = dict.fromkeys(kind for units in forecast.values() for kind in units)
    return [
        (
            quota_name(kind),
            listing(
                QUOTA_STANDS.get(stand, f"{words(stand)}: {{units}}").format(units=count(units[kind]))
                for stand, units in forecast.items()
                if kind in units
            ),
        )
        for kind in kinds
    ]


ASSET_NAMES = {
    "channel": "Channels",
    "channel_snapshot": "Counters of channels",
    "contact": "Contacts",
    "conversion": "Conversions",
    "follow_edge": "Who follows whom",
    "follow_list": "Lists of follows (read or hidden)",
    "hit": "Raw clicks",
    "post": "Posts",
    "post_metric_snapshot": "Counters of posts",
    "session_report": "Visits of the app page",
    "system_check": "Checks of systems",
}


def asset_name(asset: str) -> str:
    """``hit`` -> ``Raw clicks``; an unknown table by its own words."""
    return ASSET_NAMES.get(asset, words(asset).capitalize())


PLATFORM_NAMES = {"youtube": "YouTube", "csv": "A file we were given"}


def platform_name(platform: str) -> str:
    """``youtube`` -> ``YouTube``; most platforms write themselves as a plain word."""
    return PLATFORM_NAMES.get(platform, platform.capitalize())


def evidence_lines(evidence: Any) -> list[tuple[str, str]]:
    """Evidence of any shape as (label, text) pairs that a person can read."""
    if isinstance(evidence, Mapping):
        return [(words(str(key)).capitalize(), _readable(value)) for key, value in evidence.items()]
    if isinstance(evidence, list):
        lines: list[tuple[str, str]] = []
        for item in evidence:
            lines.extend(evidence_lines(item) if isinstance(item, Mapping) else [("", _readable(item))])
        return lines
    return [("", _readable(evidence))]


def _readable(value: Any) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return number(value, 2)
    if isinstance(value, list):
        return ", ".join(_readable(item) for item in value) or NOTHING
    if isinstance(value, Mapping):
        return "; ".join(f"{words(str(key))}: {_readable(item)}" for key, item in value.items())
    return _instant_or_text(str(value))


def _instant_or_text(text: str) -> str:
    if len(text) >= 16 and text[4:5] == "-" and text[10:11] in ("T", " "):
        try:
            return instant(datetime.fromisoformat(text).replace(tzinfo=datetime.fromisoformat(text).tzinfo or UTC))
        except ValueError:
            return text
    return text
