"""Steps with almost nothing in them: what is left is the wiring. A key tells what goes wrong with its iteration.

`slow-...` asks for go-live (all others do not need it); `late-...`: the technology lane of `create` fails until it is
overridden.
"""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from mardev.domain.words import Lane, Role, Stage
from mardev.errors import FixFirst
from mardev.stages import decisions
from mardev.stages.context import StageContext
from mardev.stages.decisions import Request
from mardev.stages.toolchain.check_in import give_check_in, lanes_overridden
from mardev.stages.toolchain.claim import take_claim
from mardev.warehouse import tables

NOT_ASKED = {
    Stage.PLAN: ("sign_plan_marketing", "sign_plan_technology"),
    Stage.CREATE: ("extend_plan",),
}


def open_iteration(context: StageContext) -> str:
    key, now = str(context.params["campaign"]), context.clock.now()
    with context.warehouse.begin() as connection:
        known = connection.scalar(
            sa.select(tables.iteration.c.iteration_key).where(tables.iteration.c.opened_by_run == context.run.run_id)
        )
        if not known:
            connection.execute(sa.insert(tables.iteration).values(**iteration_row(key, now, context.run.run_id)))
        take_claim(connection, key, Stage.PLAN, context.run.run_id, now)
    return key


def iteration_row(key: str, now: Any, run_id: str) -> dict[str, Any]:
    return {
        "iteration_key": key, "world": "sandbox", "campaign": key, "objective": "growth", "conversion_kind": "install",
        "difference": "small", "form": {}, "markets": ["DE"], "languages": ["de"], "topics": ["games"],
        "integration_types": ["short"], "budget_amount": 100, "budget_currency": "EUR", "flight_from": now,
        "flight_to": now + timedelta(seconds=1), "owner": "mia", "opened_by": "mia", "opened_by_run": run_id,
        "opened_at": now,
    }  # fmt: skip


def work_marketing(context: StageContext) -> None:
    stage = Stage(context.run.dag_id)
    with context.warehouse.begin() as connection:
        for decision_key in NOT_ASKED.get(stage, ()):
            decisions.record_not_needed(connection, request(context, decision_key), context.clock.now())
        give_check_in(connection, context.iteration_key, stage, Lane.MARKETING, context.clock.now())


def work_technology(context: StageContext) -> None:
    stage = Stage(context.run.dag_id)
    with context.warehouse.begin() as connection:
        overridden = lanes_overridden(connection, context.iteration_key, stage)
        if stage is Stage.CREATE and context.iteration_key.startswith("late-") and not overridden:
            raise FixFirst("A planted failure of the technology lane.")
        give_check_in(connection, context.iteration_key, stage, Lane.TECHNOLOGY, context.clock.now())


def work_both(context: StageContext) -> None:
    work_marketing(context)
    work_technology(context)


def has_to_be_asked(context: StageContext) -> bool:
    return context.iteration_key.startswith("slow-")


def request(context: StageContext, decision_key: str) -> Request:
    return Request(
        iteration_key=context.iteration_key, decision_key=decision_key, role=Role.MARKETING,
        accountable_role=Role.MARKETING, responsible="", consulted="", informed="", subject="", page_path="",
        options=("Sign",), dag_id=context.run.dag_id, run_id=context.run.run_id, task_id=context.run.task_id,
    )  # fmt: skip
