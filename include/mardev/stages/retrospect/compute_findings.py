"""First step of `retrospect`: the fishbone of each missed KPI, computed from evidence."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from mardev.domain.words import Lane, Stage
from mardev.retrospective.fishbone import Finding
from mardev.retrospective.fishbone import compute_findings as compute
from mardev.stages.context import StageContext
from mardev.stages.lookups import iteration_row
from mardev.stages.retrospect.evidence import gather_evidence
from mardev.stages.toolchain.check_in import give_check_in
from mardev.warehouse import tables


def compute_findings(context: StageContext) -> dict[str, Any]:
    """Compute and store the findings; the same evidence gives the same findings."""
    now = context.clock.now()
    with context.warehouse.begin() as connection:
        iteration = iteration_row(connection, context.iteration_key)
        findings = compute(gather_evidence(connection, context.iteration_key))
        finding, lesson = tables.finding, tables.lesson
        kept = sa.select(lesson.c.finding_key).where(
            lesson.c.iteration_key == context.iteration_key, lesson.c.finding_key.is_not(None)
        )
        connection.execute(
            sa.delete(finding).where(
                finding.c.iteration_key == context.iteration_key, finding.c.finding_key.not_in(kept)
            )
        )
        if findings:
            connection.execute(
                postgresql.insert(finding).on_conflict_do_nothing(index_elements=["finding_key"]),
                [_row(one, iteration, now) for one in findings],
            )
        for lane in Lane:
            give_check_in(
                connection, context.iteration_key, Stage.RETROSPECT, lane, now, note="Evidence is on the table"
            )
    return {"findings": len(findings), "sides": sorted({str(one.side) for one in findings})}


def _row(one: Finding, iteration: sa.RowMapping, now: datetime) -> dict[str, Any]:
    return {
        "finding_key": one.finding_key,
        "iteration_key": iteration["iteration_key"],
        "world": iteration["world"],
        "kpi_key": one.kpi_key,
        "side": one.side,
        "category": one.category,
        "statement": one.statement,
        "weight": one.weight,
        "evidence": [asdict(item) for item in one.evidence],
        "found_at": now,
    }
