"""Both lanes' check-ins of `create`, given by the lanes' own facts."""

from typing import Any

import sqlalchemy as sa

from mardev.domain.words import Lane, Stage, Verdict
from mardev.stages.context import StageContext
from mardev.stages.lookups import Row, placements_of
from mardev.stages.toolchain.check_in import PlacementVerdict, give_check_in
from mardev.warehouse import tables


def check_in_marketing(context: StageContext) -> dict[str, Any]:
    """Ready is a placement whose brief went out and whose draft came back."""
    with context.warehouse.begin() as connection:
        drafted = set(connection.execute(sa.select(tables.draft.c.placement_key)).scalars())
        return _check_in(context, connection, Lane.MARKETING, lambda row: _marketing(row, drafted))


def check_in_technology(context: StageContext) -> dict[str, Any]:
    """Ready is a placement that has its link and its code."""
    with context.warehouse.begin() as connection:
        linked = set(connection.execute(sa.select(tables.tracking_link.c.placement_key)).scalars())
        return _check_in(context, connection, Lane.TECHNOLOGY, lambda row: _technology(row, linked))


def _check_in(context: StageContext, connection: sa.Connection, lane: Lane, judge: Any) -> dict[str, Any]:
    verdicts = [judge(row) for row in placements_of(connection, context.iteration_key)]
    give_check_in(connection, context.iteration_key, Stage.CREATE, lane, context.clock.now(), verdicts)
    return {str(verdict): sum(row.verdict is verdict for row in verdicts) for verdict in Verdict}


def _marketing(placement: Row, drafted: set[str]) -> PlacementVerdict:
    if placement["placement_key"] in drafted:
        return PlacementVerdict(placement["placement_key"], Verdict.READY)
    return PlacementVerdict(
        placement["placement_key"], Verdict.HELD, "No draft came by the date asked for", placement["channel_title"]
    )


def _technology(placement: Row, linked: set[str]) -> PlacementVerdict:
    if placement["placement_key"] in linked:
        return PlacementVerdict(placement["placement_key"], Verdict.READY)
    return PlacementVerdict(placement["placement_key"], Verdict.HELD, "It has no tracking link yet", "IT")
