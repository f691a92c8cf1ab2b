"""Tries every system the campaigns depend on, opens an incident for what is down and closes it when it is back."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from mardev.martech.incidents import CheckSeen, IncidentChange, judge_checks
from mardev.martech.systems import SYSTEMS
from mardev.stages.check_systems.catalogue import write_catalogue
from mardev.stages.check_systems.probes import Probes
from mardev.stages.context import StageContext
from mardev.stages.cursors import move_cursor
from mardev.stages.publishing import publish_batch
from mardev.warehouse import tables
from mardev.warehouse.read import query

CURSOR = "check_systems"


def check_systems(context: StageContext) -> dict[str, Any]:
    """One check for each system and, where it is one for each market, for each market of a running iteration."""
    now = context.clock.now()
    with context.warehouse.begin() as connection:
        write_catalogue(connection)
        markets = query(connection, "markets_in_use", world=str(context.world))
    probes = Probes(context)
    results = [
        {"system_key": system.system_key, "market": market, "checked_at": now, "world": str(context.world)}
        | probes.probe(system.system_key, market)
        for system in SYSTEMS
        for market in ([row["market"] for row in markets] if system.per_market else [""])
    ]
    publish_batch(context, "system_check", results, snapshot_at=now)
    changes = _apply(context, results)
    with context.warehouse.begin() as connection:
        move_cursor(connection, CURSOR, context.world, now.isoformat(), now)
    unhealthy = [f"{row['system_key']} {row['market']}".strip() for row in results if not row["is_healthy"]]
    return {"checked": len(results), "unhealthy": unhealthy, "incidents_changed": changes}


def _apply(context: StageContext, results: Sequence[dict[str, Any]]) -> int:
    incident = tables.incident
    with context.warehouse.begin() as connection:
        open_now = {
            (row.system_key, row.market): row.incident_key
            for row in connection.execute(
                sa.select(incident.c.system_key, incident.c.market, incident.c.incident_key).where(
                    incident.c.source == "system_check",
                    incident.c.closed_at.is_(None),
                    incident.c.world == str(context.world),
                )
            )
        }
        checks = [
            CheckSeen(row["system_key"], row["market"], row["checked_at"], row["is_healthy"], row["detail"])
            for row in results
        ]
        changes = judge_checks(checks, set(open_now))
        for change in changes:
            if change.change == "open":
                _open(connection, context, change)
            else:
                key = open_now[change.system_key, change.market]
                connection.execute(
                    sa.update(incident).where(incident.c.incident_key == key).values(closed_at=change.since)
                )
    return len(changes)


def _open(connection: sa.Connection, context: StageContext, change: IncidentChange) -> None:
    place = f"{change.system_key}/{change.market}" if change.market else change.system_key
    connection.execute(
        postgresql.insert(tables.incident)
        .values(
            incident_key=f"system/{place}/{change.since.isoformat()}",
            world=str(context.world),
            system_key=change.system_key,
            market=change.market,
            lane="technology",
            source="system_check",
            title=change.title,
            detail=change.detail,
            next_step=change.next_step,
            page_path="/mardev/",
            opened_at=change.since,
        )
        .on_conflict_do_nothing(index_elements=["incident_key"])
    )
