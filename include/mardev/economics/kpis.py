"""Which figures an objective is judged by, and how their targets are proposed."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from mardev.domain.words import ConversionKind, Objective
from mardev.economics.forecast import OutcomeForecast, Range
from mardev.economics.results import Totals, ratios

CONVERSION_NAMES = {
    ConversionKind.INSTALL: "Installs",
    ConversionKind.SIGN_UP: "Sign-ups",
    ConversionKind.PURCHASE: "Purchases",
    ConversionKind.OTHER: "Conversions",
}


@dataclass(frozen=True)
class KpiDefinition:
    """A figure an iteration is judged by.

    Attributes
    ----------
    key : as in ``core.kpi_target.kpi_key``
    unit : plain word; "money" means the currency of the budget
    direction : whether more ("up") or less ("down") is better
    proposal : one plain sentence: how the target is proposed
    """

    key: str
    name: str
    unit: str
    direction: Literal["up", "down"]
    proposal: str
    is_health_indicator: bool = False


UNIQUE_REACH = KpiDefinition(
    "unique_reach",
    "Different people reached",
    "people",
    "up",
    "What the plan's creators together reach, each person once.",
)
VIEWS = KpiDefinition("views", "Views", "views", "up", "Sum of the views expected of the plan's placements.")
CPM = KpiDefinition("cpm", "Cost per 1,000 views", "money", "down", "Budget by expected views.")
ENGAGEMENTS = KpiDefinition(
    "engagements", "Likes and comments", "reactions", "up", "Four in 100 of the expected views."
)
ENGAGEMENT_RATE = KpiDefinition("engagement_rate", "Likes and comments per view", "share", "up", "Four in 100.")
CLICKS = KpiDefinition("clicks", "Clicks", "clicks", "up", "Sum of the clicks expected of the plan's placements.")
CPC = KpiDefinition("cpc", "Cost per click", "money", "down", "Budget by expected clicks.")
ROAS = KpiDefinition("roas", "Revenue per cost", "ratio", "up", "One: what was spent comes back as revenue.")

HEALTH_INDICATORS: tuple[KpiDefinition, ...] = (
    KpiDefinition(
        "organic_conversions_per_day", "Conversions without any placement, per day", "conversions", "up",
        "Nine tenths of the days before: the campaign must not eat what came by itself.", True,
    ),
    KpiDefinition(
        "sessions_per_day", "Sessions of the app pages, per day", "sessions", "up",
        "Nine tenths of the days before.", True,
    ),
    KpiDefinition(
        "system_availability", "Share of system checks that passed", "share", "up", "99 of 100 checks.", True,
    ),
)  # fmt: skip


def kpis_for(objective: Objective, conversion_kind: ConversionKind) -> list[KpiDefinition]:
    """The KPIs of an objective, the main one first.

    Examples
    --------
    >>> [kpi.key for kpi in kpis_for(Objective.ACQUISITION, ConversionKind.PURCHASE)]
    ['conversions', 'cpa', 'roas']
    >>> kpis_for(Objective.GROWTH, ConversionKind.SIGN_UP)[0].name
    'Sign-ups'
    """
    kind = ConversionKind(conversion_kind)
    name = CONVERSION_NAMES[kind]
    conversions = KpiDefinition(
        "conversions", name, "conversions", "up", f"Sum of the {name.lower()} expected of the plan's placements."
    )
    cpa = KpiDefinition(
        "cpa", f"Cost per {name.lower().removesuffix('s')}", "money", "down", "Budget by expected conversions."
    )
    sold = [ROAS] if kind is ConversionKind.PURCHASE else []
    chosen = {
        Objective.POSITIONING: [UNIQUE_REACH, VIEWS, ENGAGEMENT_RATE],
        Objective.AWARENESS: [VIEWS, UNIQUE_REACH, CPM],
        Objective.ENGAGEMENT: [ENGAGEMENTS, ENGAGEMENT_RATE, CLICKS],
        Objective.GROWTH: [conversions, CLICKS, CPC],
        Objective.ACQUISITION: [conversions, cpa, *sold],
    }
    return chosen[Objective(objective)]


def health_indicators() -> list[KpiDefinition]:
    """Figures of the business that a campaign must not harm; they can veto success."""
    return list(HEALTH_INDICATORS)


def propose_target(
    kpi_key: str,
    *,
    budget: Decimal,
    forecast: OutcomeForecast | None = None,
    expected_reach: float | None = None,
    baseline: Decimal | None = None,
) -> Decimal | None:
    """The target to propose; None while what it rests on is not known yet.

    Raises
    ------
    ValueError
        There is no KPI of that key.

    Examples
    --------
    >>> sure = Range(800.0, 1000.0, 1200.0)
    >>> propose_target("cpc", budget=Decimal(500), forecast=OutcomeForecast(sure, sure, sure))
    Decimal('0.5')
    """
    if kpi_key not in _KNOWN:
        raise ValueError(f"There is no KPI {kpi_key!r}; there are {', '.join(sorted(_KNOWN))}")
    fixed = {"engagement_rate": Decimal("0.04"), "roas": Decimal(1), "system_availability": Decimal("0.99")}
    if kpi_key in fixed:
        return fixed[kpi_key]
    if kpi_key in ("organic_conversions_per_day", "sessions_per_day"):
        return None if baseline is None else baseline * Decimal("0.9")
    if kpi_key == "unique_reach":
        return None if expected_reach is None else _whole(expected_reach)
    return None if forecast is None else _from_forecast(kpi_key, budget, forecast)


def _from_forecast(kpi_key: str, budget: Decimal, forecast: OutcomeForecast) -> Decimal | None:
    volume: dict[str, Range] = {
        "views": forecast.views, "cpm": forecast.views, "engagements": forecast.views, "clicks": forecast.clicks,
        "cpc": forecast.clicks, "conversions": forecast.conversions, "cpa": forecast.conversions,
    }  # fmt: skip
    expected = volume[kpi_key].expected
    if kpi_key == "engagements":
        return _whole(expected * 0.04)
    if kpi_key in ("views", "clicks", "conversions"):
        return _whole(expected)
    if expected <= 0:
        return None
    thousand = 1000 if kpi_key == "cpm" else 1
    return round(budget * thousand / Decimal(repr(expected)), 4).normalize() + 0


def _whole(value: float) -> Decimal:
    return Decimal(round(value))


def measure(kpi_key: str, totals: Totals) -> Decimal | None:
    """The KPI's value for what was measured; None where it is undefined or comes from elsewhere (health indicators).

    Raises
    ------
    ValueError
        There is no KPI of that key.
    """
    if kpi_key not in _KNOWN:
        raise ValueError(f"There is no KPI {kpi_key!r}; there are {', '.join(sorted(_KNOWN))}")
    found = ratios(totals)
    values: dict[str, Decimal | None] = {
        "unique_reach": None if totals.unique_reach is None else _whole(totals.unique_reach),
        "views": Decimal(totals.views),
        "engagements": Decimal(totals.likes + totals.comments),
        "clicks": Decimal(totals.clicks),
        "conversions": Decimal(totals.conversions),
        "cpm": found.cpm,
        "cpc": found.cpc,
        "cpa": found.cpa,
        "roas": found.roas,
        "engagement_rate": found.engagement_rate,
    }
    return values.get(kpi_key)


def is_missed(direction: str, target: Decimal | None, result: Decimal | None) -> bool:
    """Whether the result falls short of the target; an unknown result or target is not a miss."""
    if target is None or result is None:
        return False
    return result < target if direction == "up" else result > target


_KNOWN = {
    kpi.key
    for objective in Objective
    for kind in ConversionKind
    for kpi in [*kpis_for(objective, kind), *HEALTH_INDICATORS]
}
