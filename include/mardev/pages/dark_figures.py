"""Why a figure is dark, and what to do: the sentences that stand where a platform's terms leave a gap. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from mardev.policy.column_map import COUNTER_KPIS

PLATFORM_NAMES = {"youtube": "YouTube", "bluesky": "Bluesky", "mastodon": "Mastodon", "twitch": "Twitch"}
WHOSE_FIGURES = (
    "Views come from the platform. Clicks, conversions, cost and revenue are our own record and stay when the "
    "platform's figures must go."
)
HOW_TO_KEEP = (
    "To keep statistics longer, apply to the platform for its approval and let IT set approval_reference in the extra "
    "field of its connection (Airflow, Admin, Connections)."
)


def forecast_note(plan: Mapping[Any, Any] | None) -> str:
    """Beside a plan: why it has no forecasts, or whose figures they are. Empty for a plan of earlier versions."""
    basis = plan["score_basis"] if plan else {}
    if not basis:
        return ""
    asking = [source for source in basis["sources"] if source not in basis["approvals"]]
    if basis["features"] == ["graph"]:
        names = " and ".join(platform_name(source) for source in asking)
        return (
            f"Views, clicks and conversions are not forecast here: the terms of {names} allow no figures made of its "
            "statistics without its approval. Creators are chosen by who endorses whom, reach counts the endorsing "
            "channels, and each price is an even share of the budget for you to correct. To see forecasts, apply for "
            "the approval and let IT set approval_reference in the extra field of the connection "
            f"{' and '.join(f'mardev_{source}' for source in asking)}; then start the iteration again."
        )
    names = ", ".join(platform_name(source) for source in basis["sources"])
    approved = "".join(
        f" {platform_name(source)} approved it: {reference}."
        for source, reference in sorted(basis["approvals"].items())
    )
    return f"Forecasts, ranks and reach are MarDev's own figures, not those of {names}.{approved}"


def graph_note(run: Mapping[Any, Any] | None, shown_count: int) -> str:
    """Where a graph was, when its ranks and names had to go."""
    if run is None or shown_count or not run["node_count"]:
        return ""
    return (
        f"This graph had {run['node_count']:,} creators. The platform's terms let us keep names, follows and ranks for "
        "30 days only, so it is gone. The next iteration's plan draws a new one."
    )


def rank_note(rows: Sequence[Mapping[Any, Any]]) -> str:
    """Beside the creators of a plan whose ranks, names and counters had to go."""
    if not rows or any(row["rank_no"] is not None for row in rows):
        return ""
    return (
        "Ranks, communities and subscribers are gone: the platform's terms let us keep them for 30 days only. Choice, "
        f"price, forecast and reason are our own record and stay. {HOW_TO_KEEP}"
    )


def is_dark(placement: Mapping[Any, Any], iteration_state: str) -> bool:
    """Whether a placement's views had to go, as opposed to not being counted yet."""
    is_over = iteration_state == "closed" or placement["post_expired_at"] is not None
    return placement["published_at"] is not None and placement["views"] is None and is_over


def views_note(placements: Sequence[Mapping[Any, Any]], iteration_state: str) -> str:
    """Below the placements: how many have no views any more, and why."""
    dark = sum(is_dark(row, iteration_state) for row in placements)
    if not dark:
        return ""
    posts = "1 post" if dark == 1 else f"{dark} posts"
    return (
        f"The views of {posts} are no longer shown: the platform's terms let us keep its counters for 30 days only. "
        f"{HOW_TO_KEEP}"
    )


def result_note(kpis: Sequence[Mapping[Any, Any]]) -> str:
    """Beside the KPIs: results that were measured and had to go."""
    gone = [
        row["name"]
        for row in kpis
        if row["kpi_key"] in COUNTER_KPIS and row["measured_at"] is not None and row["result_value"] is None
    ]
    if not gone:
        return ""
    return (
        f"{', '.join(gone)}: measured, and no longer shown, because these results are made of the platform's counters, "
        f"which its terms let us keep for 30 days only. {HOW_TO_KEEP}"
    )


def sum_of_views(placements: Sequence[Mapping[Any, Any]], iteration_state: str) -> int | None:
    """Views of all placements together; None, and not zero, when all that there were had to go."""
    known: list[int] = [row["views"] for row in placements if row["views"] is not None]
    if not known and any(is_dark(row, iteration_state) for row in placements):
        return None
    return sum(known)


def platform_name(source: str) -> str:
    """``youtube`` -> ``YouTube``."""
    return PLATFORM_NAMES.get(source, source.capitalize())
