"""A decision that is a person's: asked as three lines and a link, answered as a row in the warehouse."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from importlib import import_module
from typing import Any, NoReturn

import sqlalchemy as sa
from airflow.sdk import Param
from airflow.sdk.exceptions import DownstreamTasksSkipped

from mardev.domain.words import Lane, Role, Stage
from mardev.orchestration.asking import REASON, AskingOperator, campaign_of, escaped
from mardev.orchestration.defaults import standard_options
from mardev.orchestration.running import stage_context
from mardev.orchestration.translation import airflow_errors
from mardev.stages import decisions
from mardev.stages.context import StageContext
from mardev.stages.decisions import Answer, Request
from mardev.stages.toolchain.check_in import give_check_in
from mardev.stages.toolchain.rejection import reject_iteration
from mardev.warehouse.tables import iteration

RESPONSE_TIMEOUT = timedelta(days=60)
"""Wall time after which an unanswered request becomes an incident."""


class DecisionOperator(AskingOperator):
    """Asks a role for one decision of the run's iteration.

    Args:
        decision_key: its name in the warehouse, and the task's id.
        question: one sentence; ``{campaign}`` is replaced.
        role: who is asked, looked up when it is asked.
        accountable_role: who answers for it.
        responsible, consulted, informed: the other words of RACI, as people read them.
        options: the answers to choose from.
        page: the page that shows picture, table and reasons; ``{key}`` is replaced by the iteration's key.
        closes_with: answers that close the run: the iteration is rejected and its next revision proposed.
        only_if: dotted name of ``def needed(context: StageContext) -> bool``; where it says no, nobody is asked.
        checks_in: the lane whose work is complete when this is asked (in `plan`, where a lane ends in its signature).
        signer_field: field of the form that may name the one person who signs.
        fields: further texts to ask for, name to title.
    """

    def __init__(
        self,
        *,
        decision_key: str,
        question: str,
        role: Role,
        options: Sequence[str],
        page: str = "/mardev/iterations/{key}/decisions/{decision_key}",
        accountable_role: Role | None = None,
        responsible: str = "",
        consulted: str = "nobody",
        informed: str = "both teams",
        closes_with: Sequence[str] = (),
        only_if: str | None = None,
        checks_in: Lane | None = None,
        signer_field: str | None = None,
        fields: Mapping[str, str] | None = None,
        **task_options: Any,
    ) -> None:
        lane = Lane.TECHNOLOGY if role is Role.TECHNOLOGY else Lane.MARKETING
        texts = {REASON: "Reason", **(fields or {})}
        super().__init__(
            subject=question,
            options=list(options),
            **{
                "task_id": decision_key,
                **standard_options(lane, takes=None),
                "response_timeout": RESPONSE_TIMEOUT,
                **task_options,
                "params": {name: Param("", type=["null", "string"], title=title) for name, title in texts.items()},
            },
        )
        self.decision_key = decision_key
        self.question = question
        self.role = role
        self.page = page
        self.accountable_role = accountable_role or role
        self.responsible = responsible or str(role)
        self.consulted = consulted
        self.informed = informed
        self.closes_with = tuple(closes_with)
        self.only_if = only_if
        self.checks_in = checks_in
        self.signer_field = signer_field

    @airflow_errors()
    def execute(self, context: Any) -> Any:
        """Ask, unless nobody has to be asked or the answer is there already."""
        stage = stage_context(context)
        request = self._request(stage)
        self.subject = request.subject
        if self.only_if and not _named(self.only_if)(stage):
            with stage.warehouse.begin() as connection:
                decisions.record_not_needed(connection, request, stage.clock.now())
            return {"answer": None}
        with stage.warehouse.begin() as connection:
            if self.checks_in:
                give_check_in(
                    connection, request.iteration_key, Stage.PLAN, self.checks_in, stage.clock.now(), note="Plan ready"
                )
            asked = decisions.latest_request(connection, request.iteration_key, request.decision_key)
            given = decisions.latest_answer(connection, request.iteration_key, request.decision_key)
        if asked and given and asked.run_id == request.run_id and asked.taken_up_at is None:
            # Answered while this task was down: nobody is asked twice.
            return self._act_on(context, stage, given)
        return self.ask(context, stage, request, only=self._signer(stage))

    @airflow_errors()
    def execute_complete(self, context: Any, event: dict[str, Any]) -> Any:
        """Somebody answered: take the recorded answer, or ask again."""
        stage = stage_context(context)
        request = self._request(stage)
        given = self.take_answer(context, stage, event, request, only=self._signer(stage))
        return self._act_on(context, stage, given)

    def _act_on(self, context: Any, stage: StageContext, given: Answer) -> Any:
        with stage.warehouse.begin() as connection:
            decisions.take_up(connection, given, stage.clock.now())
        if given.answer in self.closes_with:
            self._close_run(context, stage, given)
        return {"answer": given.answer, "person": given.person, "reason": given.reason}

    def _close_run(self, context: Any, stage: StageContext, given: Answer) -> NoReturn:
        """The iteration ends here. Everything of this run that has not begun, or waits for somebody, is skipped."""
        with stage.warehouse.begin() as connection:
            reject_iteration(connection, stage.iteration_key, given, stage.clock.now())
        following = set(context["task"].get_flat_relative_ids(upstream=False))
        waiting = {task.task_id for task in context["dag"].tasks if isinstance(task, AskingOperator)}
        skipped = sorted((following | waiting) - {self.task_id})
        raise DownstreamTasksSkipped(tasks=skipped)  # type: ignore[no-untyped-call]  # Airflow leaves it untyped

    def _request(self, stage: StageContext) -> Request:
        key = stage.iteration_key
        return Request(
            iteration_key=key,
            decision_key=self.decision_key,
            role=self.role,
            accountable_role=self.accountable_role,
            responsible=self.responsible,
            consulted=self.consulted,
            informed=self.informed,
            subject=self.question.format(campaign=escaped(campaign_of(stage))),
            page_path=self.page.format(key=key, decision_key=self.decision_key),
            options=tuple(self.options),
            dag_id=stage.run.dag_id,
            run_id=stage.run.run_id,
            task_id=stage.run.task_id,
        )

    def _signer(self, stage: StageContext) -> str | None:
        if self.signer_field is None:
            return None
        with stage.warehouse.connect() as connection:
            form = connection.scalar(
                sa.select(iteration.c.form).where(iteration.c.iteration_key == stage.iteration_key)
            )
        return (form or {}).get(self.signer_field)


def _named(dotted_name: str) -> Callable[[StageContext], bool]:
    module, _, function = dotted_name.rpartition(".")
    found: Callable[[StageContext], bool] = getattr(import_module(module), function)
    return found
