"""Believable iterations in a fresh warehouse: one over with all its results, one whose plan waits to be signed."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from builders.creator_rows import (
    NOW,
    BuiltChannel,
    build_channels,
    write_channels,
    write_graph,
    write_people,
)
from builders.result_rows import write_results, write_systems
from builders.retrospective_rows import write_gates, write_retrospective
from mardev.warehouse import tables

CHOSEN = 20
RESERVE = 10
BUDGET = Decimal(12000)


def fill_warehouse(
    engine: sa.Engine, *, channel_count: int = 300, edge_count: int = 2400, hostile_title: str | None = None
) -> None:
    """Two iterations of one sandbox world: `summer-players` in its retrospective, `autumn-players` to be signed."""
    channels = build_channels(channel_count, first_title=hostile_title)
    with engine.begin() as connection:
        write_people(connection)
        write_systems(connection)
        write_channels(connection, channels)
        write_iteration(connection, "summer-players", "Summer players", state="retrospect", days_ago=40)
        write_graph(
            connection, channels, graph_run_key="summer-players/graph", iteration_key="summer-players",
            edge_count=edge_count,
        )  # fmt: skip
        write_plan(connection, "summer-players", channels, "summer-players/graph", is_signed=True)
        write_results(connection, "summer-players", channels[:CHOSEN], hostile_title=hostile_title)
        write_retrospective(
            connection, "summer-players", hostile_title=hostile_title,
            must_have=[channels[0].channel_key], never=[channels[40].channel_key],
        )  # fmt: skip
        write_iteration(connection, "autumn-players", "Autumn players", state="plan", days_ago=1)
        write_plan(connection, "autumn-players", channels, "summer-players/graph", is_signed=False)
        write_wishes(connection, "autumn-players", channels)
        write_plan_requests(connection, "autumn-players")
        write_requirements(connection, "autumn-players")
        write_gates(connection)


def write_iteration(
    connection: sa.Connection, key: str, campaign: str, *, state: str, days_ago: int, world: str = "sandbox"
) -> None:
    opened = NOW - timedelta(days=days_ago)
    connection.execute(
        sa.insert(tables.iteration).values(
            iteration_key=key, world=world, campaign=campaign, objective="acquisition", conversion_kind="install",
            difference="The app store that shows you games the big stores hide.", form={"campaign": campaign},
            markets=["BR", "DE", "JP", "US"], languages=["de", "en", "ja", "pt"], topics=["mobile games", "android"],
            integration_types=["dedicated_video", "integrated_mention"], budget_amount=BUDGET, budget_currency="EUR",
            flight_from=opened + timedelta(days=12), flight_to=opened + timedelta(days=26), owner="Mia Keller",
            state=state, opened_by="mia", opened_by_run=f"run-{key}", opened_at=opened,
        )
    )  # fmt: skip
    connection.execute(sa.insert(tables.kpi_target), _kpis(key, is_over=state != "plan"))


def write_plan(
    connection: sa.Connection, key: str, channels: Sequence[BuiltChannel], graph_run_key: str, *, is_signed: bool
) -> None:
    """The first 20 channels chosen, the next 10 in reserve; together they leave a little of the budget."""
    connection.execute(
        sa.insert(tables.plan).values(
            iteration_key=key, world="sandbox", graph_run_key=graph_run_key,
            message="The app store that shows you games the big stores hide.", head_count=CHOSEN,
            tolerance_share=Decimal("0.15"), audience_size=4_200_000, expected_reach=1_310_000.0,
            quota_forecast={"needed": {"default": 1840, "search": 12}, "left": {"default": 10000, "search": 100}},
            proposed_at=NOW, signed_at=NOW if is_signed else None,
        )
    )  # fmt: skip
    connection.execute(
        sa.insert(tables.plan_row),
        [_plan_row(key, order, channel) for order, channel in enumerate(channels[: CHOSEN + RESERVE], start=1)],
    )


def write_wishes(connection: sa.Connection, key: str, channels: Sequence[BuiltChannel]) -> None:
    """One creator asked for and on the list, one not found, one left out because of `summer-players`."""
    wishes = [
        {"named_in": "must_have", "channel_key": channels[0].channel_key, "name": channels[0].title, "is_met": True,
         "text": "asked for, number 1 on the list.", "from_iteration_key": None},
        {"named_in": "must_have", "channel_key": None, "name": "@nobody-at-all", "is_met": False,
         "text": "was not found on the platform. Check the address or the handle.", "from_iteration_key": None},
        {"named_in": "never", "channel_key": channels[40].channel_key, "name": channels[40].title, "is_met": True,
         "text": "left out, because the last retrospective (Summer players) found that this creator did not publish.",
         "from_iteration_key": "summer-players"},
    ]  # fmt: skip
    connection.execute(sa.update(tables.plan).where(tables.plan.c.iteration_key == key).values(wishes=wishes))


def write_plan_requests(connection: sa.Connection, key: str) -> None:
    page = f"/mardev/iterations/{key}/plan"
    for role, subject in (
        ("marketing", "Sign the plan of Autumn players: 20 creators for €11,380"),
        ("technology", "Sign what Autumn players asks of the systems"),
    ):
        write_request(connection, key, f"sign_plan_{role}", role, ["Sign", "Send back"], page, subject=subject)


def write_request(
    connection: sa.Connection, key: str, decision_key: str, role: str, options: list[str], page_path: str, *,
    subject: str, dag_id: str = "plan", attempt: int = 1,
) -> None:  # fmt: skip
    connection.execute(
        sa.insert(tables.decision_request).values(
            iteration_key=key, decision_key=decision_key, attempt=attempt, role=role,
            accountable_role="marketing" if role == "marketing" else "technology",
            responsible="Community manager" if role == "marketing" else "Martech engineer",
            consulted="IT" if role == "marketing" else "Marketing", informed="Head of marketing technology",
            subject=subject, page_path=page_path, options=options, dag_id=dag_id, run_id=f"manual__2026/{key}",
            task_id=decision_key, asked_at=NOW - timedelta(hours=5),
        )
    )  # fmt: skip


def write_requirements(connection: sa.Connection, key: str) -> None:
    rows = (
        ("links", "redirector", "A link for each of 20 placements", "configure", "ready", "Shlink answers in 42 ms", 9),
        ("codes", "shop", "20 promo codes for the flight", "configure", "in_time", "Uploaded by CSV on Wed 14 Oct", 10),
        ("landing-jp", "landing", "The app page in Japanese", "build", "gap", "404 in Japan; two days of work", 6),
        ("quota", "youtube", "Counters of 20 posts, four times a day", "reuse", "ready", "1,840 of 10,000 units", 12),
    )  # fmt: skip
    connection.execute(
        sa.insert(tables.requirement),
        [
            {"iteration_key": key, "requirement_key": name, "system_key": system, "need": need, "approach": approach,
             "owner": "IT", "due_at": NOW + timedelta(days=days), "readiness": readiness, "detail": detail}
            for name, system, need, approach, readiness, detail, days in rows
        ],
    )  # fmt: skip


def _plan_row(key: str, order: int, channel: BuiltChannel) -> dict[str, Any]:
    views = channel.subscribers * 0.21
    return {
        "iteration_key": key, "channel_key": channel.channel_key, "world": "sandbox",
        "choice": "chosen" if order <= CHOSEN else "reserve", "approach_order": order,
        "integration_type": "dedicated_video" if order % 3 == 0 else "integrated_mention",
        "price_amount": Decimal(800 - 22 * order), "price_currency": "EUR", "expected_views": views,
        "expected_clicks": views * 0.012, "expected_conversions": views * 0.0009, "added_reach": views * 0.45,
        "reason": f"Reaches about {round(views * 0.45, -2):,.0f} people in {channel.country} whom nobody before on the "
                  f"list reaches; followed by {40 - order} creators of the same community; €{800 - 22 * order} is fair "
                  "for these views.",
    }  # fmt: skip


def _kpis(key: str, *, is_over: bool) -> list[dict[str, Any]]:
    rows = (
        ("conversions", "Conversions", "installs", "up", False, 310, 640, 487, "shop orders, attributed"),
        ("clicks", "Clicks", "clicks", "up", False, 4100, 9000, 9412, "redirector, judged human"),
        ("cpa", "Cost per conversion", "money", "down", False, None, 15, Decimal("19.47"), "costs and orders"),
        ("refund_share", "Refunds", "share", "down", True, *map(Decimal, ("0.021", "0.03", "0.024")), "shop"),
    )  # fmt: skip
    return [
        {"iteration_key": key, "kpi_key": kpi_key, "name": name, "unit": unit, "direction": direction,
         "is_health_indicator": health, "baseline_value": before, "target_value": target,
         "result_value": result if is_over else None, "source": source}
        for kpi_key, name, unit, direction, health, before, target, result, source in rows
    ]  # fmt: skip
