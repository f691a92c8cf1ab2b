"""What an iteration that is over left behind: deals, placements, posts, traffic, incidents, findings, gates."""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import sqlalchemy as sa

from builders.creator_rows import NOW, BuiltChannel, open_ingest_run
from mardev.martech.systems import SYSTEMS
from mardev.warehouse import tables

DECLINED = (3, 11)
HELD = 8
DROPPED = 15


def write_systems(connection: sa.Connection) -> None:
    connection.execute(
        sa.insert(tables.system),
        [
            {"system_key": system.system_key, "name": system.name, "owner": system.owner, "purpose": system.purpose,
             "activities": list(system.activities)}
            for system in SYSTEMS
        ],
    )  # fmt: skip


def write_results(
    connection: sa.Connection, key: str, channels: Sequence[BuiltChannel], *, hostile_title: str | None
) -> None:
    """Offers to `channels`: two decline, one placement is held, one dropped, the others are live with traffic."""
    draw = random.Random(11)
    flight_from = NOW - timedelta(days=28)
    run_id = open_ingest_run(connection, "post", len(channels))
    for name in ("core.post_metric_snapshot", "core.hit"):
        connection.execute(
            sa.text("SELECT ops.ensure_month_partitions(CAST(:parent AS regclass), :month, 4)"),
            {"parent": name, "month": date(2026, 8, 1)},
        )
    for order, channel in enumerate(channels, start=1):
        state = "declined" if order in DECLINED else "accepted"
        price = Decimal(800 - 22 * order)
        deal_key = f"{key}/{channel.channel_key}"
        connection.execute(
            sa.insert(tables.deal).values(
                deal_key=deal_key, iteration_key=key, channel_key=channel.channel_key, world="sandbox",
                approach_order=order, state=state, offered_amount=price,
                agreed_amount=price if state == "accepted" else None, currency="EUR",
                offered_at=NOW - timedelta(days=39), answer_due_at=NOW - timedelta(days=36),
                answered_at=NOW - timedelta(days=37), reason="no time this month" if state == "declined" else "",
            )
        )  # fmt: skip
        if state == "accepted":
            _write_placement(connection, key, order, channel, deal_key, price, flight_from)
            if order not in (HELD, DROPPED):
                _write_post(connection, draw, key, order, channel, price, flight_from, run_id, hostile_title)
    _write_stages(connection, key)
    _write_incidents(connection, key, hostile_title)
    _write_decisions(connection, key)


def _write_placement(connection, key, order, channel, deal_key, price, flight_from) -> None:
    placement_key = f"{key}-{order}"
    state = {HELD: "held", DROPPED: "dropped"}.get(order, "live")
    connection.execute(
        sa.insert(tables.placement).values(
            placement_key=placement_key, iteration_key=key, deal_key=deal_key, channel_key=channel.channel_key,
            world="sandbox", integration_type="dedicated_video" if order % 3 == 0 else "integrated_mention",
            window_from=flight_from + timedelta(days=order % 7), window_to=flight_from + timedelta(days=order % 7 + 2),
            booked_amount=price, booked_currency="EUR", state=state, created_at=NOW - timedelta(days=36),
        )
    )  # fmt: skip
    connection.execute(
        sa.insert(tables.tracking_link).values(
            placement_key=placement_key, world="sandbox", short_code=f"su{order:02d}x",
            short_url=f"http://127.0.0.1:9000/shlink/su{order:02d}x", destination_url="http://127.0.0.1:9000/app/de",
            utm_source="youtube", utm_medium="paid_social", utm_campaign=key, utm_content=placement_key,
            promo_code=f"SUMMER{order:02d}", check_passed=True,
        )
    )  # fmt: skip
    verdicts = [
        {"iteration_key": key, "stage": "verify", "lane": lane, "placement_key": placement_key,
         "verdict": _verdict(order, lane), "reason": _reason(order, lane),
         "waits_for": "the creator's second draft" if order == HELD and lane == "marketing" else ""}
        for lane in ("marketing", "technology")
    ]  # fmt: skip
    connection.execute(sa.insert(tables.check_in_placement), verdicts)


def _verdict(order: int, lane: str) -> str:
    if lane == "marketing":
        return {HELD: "held", DROPPED: "dropped"}.get(order, "ready")
    return "ready"


def _reason(order: int, lane: str) -> str:
    if lane == "technology":
        return ""
    return {HELD: "The draft does not name the advertiser.", DROPPED: "No draft came by the date agreed."}.get(
        order, ""
    )


def _write_post(connection, draw, key, order, channel, price, flight_from, run_id, hostile_title) -> None:
    placement_key = f"{key}-{order}"
    post_key = f"youtube:v{order:03d}"
    title = (
        hostile_title if hostile_title and order == 1 else f"10 hidden games you have never played ({channel.title})"
    )
    published = flight_from + timedelta(days=order % 7, hours=3 + (48 if order == 2 else 0))
    connection.execute(
        sa.insert(tables.post).values(
            post_key=post_key, world="sandbox", platform="youtube", external_id=f"v{order:03d}",
            channel_key=channel.channel_key, placement_key=placement_key, matched_by="link", title=title,
            url="javascript:alert(1)" if hostile_title and order == 1 else f"http://127.0.0.1:9000/world/video/v{order:03d}",
            published_at=published, refreshed_at=NOW, ingest_run_id=run_id,
        )
    )  # fmt: skip
    views = int(channel.subscribers * draw.uniform(0.08, 0.3))
    connection.execute(
        sa.insert(tables.post_latest).values(
            post_key=post_key, snapshot_at=NOW, views=views, likes=views // 30, comments=views // 400,
            view_definition="youtube views",
        )
    )  # fmt: skip
    connection.execute(
        sa.insert(tables.post_check).values(
            post_key=post_key, check_no=1, world="sandbox", due_at=published + timedelta(hours=1),
            checked_at=published + timedelta(hours=1), is_available=True, link_is_right=order != 5,
            is_disclosed=order != 4,
        )
    )  # fmt: skip
    connection.execute(
        sa.insert(tables.cost).values(
            cost_key=f"{placement_key}/fee", iteration_key=key, placement_key=placement_key, world="sandbox",
            kind="placement", amount=price, currency="EUR", incurred_at=published,
        )
    )  # fmt: skip
    _write_traffic(connection, draw, placement_key, order, published, run_id, channel.country)


def _write_traffic(connection, draw, placement_key, order, published, run_id, country) -> None:
    hits = draw.randrange(20, 90)
    connection.execute(
        sa.insert(tables.hit),
        [
            {"hit_key": f"{placement_key}/{number}", "hit_at": published + timedelta(hours=draw.uniform(0.2, 200)),
             "world": "sandbox", "short_code": f"su{order:02d}x", "placement_key": placement_key, "country": country,
             "is_click": number % 9 != 0, "exclusion": None if number % 9 else "bot", "ingest_run_id": run_id}
            for number in range(hits)
        ],
    )  # fmt: skip
    for number in range(hits // 8):
        conversion_key = f"order-{order}-{number}"
        connection.execute(
            sa.insert(tables.conversion).values(
                conversion_key=conversion_key, world="sandbox", converted_at=published + timedelta(hours=5 + number),
                kind="install" if number % 4 else "purchase", market=country, utm_content=placement_key,
                revenue_amount=None if number % 4 else Decimal("249.90"),
                revenue_currency=None if number % 4 else "EUR", ingest_run_id=run_id,
            )
        )  # fmt: skip
        connection.execute(
            sa.insert(tables.credit).values(
                conversion_key=conversion_key, placement_key=placement_key, world="sandbox", given_by="link",
                credited_at=published + timedelta(hours=6 + number),
            )
        )  # fmt: skip


def _write_stages(connection: sa.Connection, key: str) -> None:
    begun = NOW - timedelta(days=40)
    for number, stage in enumerate(("plan", "create", "verify", "publish", "monitor", "retrospect")):
        at = begun + timedelta(days=3 * number)
        connection.execute(
            sa.insert(tables.stage_claim).values(
                iteration_key=key,
                stage=stage,
                run_id=f"run-{stage}",
                claimed_at=at,
                handed_over_at=None if stage == "retrospect" else at + timedelta(days=2),
            )
        )
        for lane in ("marketing", "technology"):
            if stage != "retrospect" and (stage, lane) != ("publish", "technology"):
                connection.execute(
                    sa.insert(tables.check_in).values(
                        iteration_key=key, stage=stage, lane=lane, checked_in_at=at + timedelta(days=1)
                    )
                )
    connection.execute(
        sa.insert(tables.check_in_override).values(
            iteration_key=key, stage="publish", lane="technology", person="hana",
            reason="Link monitoring starts an hour late; no placement goes out before noon.",
            made_at=begun + timedelta(days=10),
        )
    )  # fmt: skip


def _write_incidents(connection: sa.Connection, key: str, hostile_title: str | None) -> None:
    start = NOW - timedelta(days=24)
    rows = [
        {"incident_key": "landing-de", "system_key": "landing", "market": "DE", "lane": "technology",
         "source": "system_check", "title": hostile_title or "App page is down in Germany", "opened_at": start,
         "detail": "12 of 12 checks failed: the page answered 503.",
         "next_step": "Ask the web team to restart the page.",
         "closed_at": start + timedelta(hours=36)},
        {"incident_key": "link-5", "system_key": None, "market": "", "lane": "marketing", "source": "post_check",
         "title": "A post carries a wrong link", "opened_at": NOW - timedelta(hours=9), "closed_at": None,
         "detail": "The link in the description leads to another campaign.",
         "next_step": "A correction mail is on its way; look again tomorrow."},
    ]  # fmt: skip
    connection.execute(sa.insert(tables.incident), [{**row, "world": "sandbox", "iteration_key": key} for row in rows])


def _write_decisions(connection: sa.Connection, key: str) -> None:
    from builders.iteration_rows import write_request

    asked = (
        ("sign_plan_marketing", "marketing", "mia", "Sign", "", "Sign the plan of Summer players", "plan"),
        ("sign_plan_technology", "technology", "ian", "Sign", "", "Sign its requirements", "plan"),
        ("go_live", "marketing", "mia", "Go live", "16 of 18 are ready, the held one follows",
         "Go live with Summer players", "verify"),
    )  # fmt: skip
    for decision_key, role, person, answer, reason, subject, dag_id in asked:
        write_request(
            connection,
            key,
            decision_key,
            role,
            [answer],
            f"/mardev/iterations/{key}/plan",
            subject=subject,
            dag_id=dag_id,
        )
        connection.execute(
            sa.insert(tables.approval).values(
                iteration_key=key, decision_key=decision_key, attempt=1, role=role, person=person, answer=answer,
                reason=reason, fields={"plan_digest": "4f1c", "chosen_count": 20}, answered_at=NOW - timedelta(days=30),
            )
        )  # fmt: skip
        connection.execute(
            sa.update(tables.decision_request)
            .where(
                tables.decision_request.c.iteration_key == key, tables.decision_request.c.decision_key == decision_key
            )
            .values(state="answered", taken_up_at=NOW - timedelta(days=30))
        )
    for lane in ("marketing", "technology"):
        write_request(connection, key, f"learn_{lane}", lane, ["Done"], f"/mardev/iterations/{key}/retrospective",
                      subject=f"Write what {lane} learned from Summer players", dag_id="retrospect")  # fmt: skip
