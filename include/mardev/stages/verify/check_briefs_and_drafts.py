"""Marketing step of `verify`: every placement's brief and newest draft against the rules, then the check-in."""

from typing import Any

import sqlalchemy as sa

from mardev.briefs.rules import RuleFinding, check_brief, failed_details, verdict_of
from mardev.domain.words import Lane, Stage, Verdict
from mardev.stages.context import StageContext
from mardev.stages.create.write_briefs import deal_of, link_of
from mardev.stages.lookups import Row, iteration_row, placements_of
from mardev.stages.read_mailbox.drafts import judge_draft
from mardev.stages.toolchain.check_in import PlacementVerdict, give_check_in
from mardev.warehouse import tables

IN_PREPARATION = ("booked", "briefed", "drafted", "verified")


def check_briefs_and_drafts(context: StageContext) -> dict[str, Any]:
    """Judge each placement that `create` handed on."""
    with context.warehouse.begin() as connection:
        verdicts = [
            _judge(connection, placement)
            for placement in placements_of(connection, context.iteration_key, *IN_PREPARATION)
        ]
        give_check_in(connection, context.iteration_key, Stage.VERIFY, Lane.MARKETING, context.clock.now(), verdicts)
    return {str(verdict): sum(row.verdict is verdict for row in verdicts) for verdict in Verdict}


def _judge(connection: sa.Connection, placement: Row) -> PlacementVerdict:
    key, creator = placement["placement_key"], placement["channel_title"]
    draft = _newest(connection, tables.draft, key)
    if draft is None:
        return PlacementVerdict(key, Verdict.HELD, "No draft came by the date asked for", creator)
    findings = _judge_brief(connection, placement) + judge_draft(connection, placement, draft["body"])
    if verdict_of(findings) is Verdict.READY:
        return PlacementVerdict(key, Verdict.READY)
    return PlacementVerdict(key, Verdict.HELD, " ".join(failed_details(findings)), creator)


def _judge_brief(connection: sa.Connection, placement: Row) -> list[RuleFinding]:
    brief = _newest(connection, tables.brief, placement["placement_key"])
    link = link_of(connection, placement["placement_key"])
    if brief is None or link is None:
        return [RuleFinding("brief", False, "There is no brief, or no tracking link.")]
    deal = deal_of(connection, placement)
    return check_brief(
        brief["body"],
        link=link["short_url"],
        code=link["promo_code"],
        fee=deal["terms"]["fee"],
        reference=deal["deal_key"],
        market=placement["country"],
        language=brief["language"],
        mandatory_points=[iteration_row(connection, placement["iteration_key"])["difference"]],
    )


def _newest(connection: sa.Connection, table: sa.Table, placement_key: str) -> Row | None:
    return (
        connection.execute(
            sa.select(table).where(table.c.placement_key == placement_key).order_by(table.c.version.desc()).limit(1)
        )
        .mappings()
        .first()
    )
