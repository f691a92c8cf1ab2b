"""The last task of a stage: hands the iteration over when the warehouse says that it may, asks a person when not."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NoReturn

from airflow.sdk import Param, TriggerRule
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from mardev.domain.words import Lane, Stage
from mardev.errors import FixFirst
from mardev.orchestration.asking import REASON, AskingOperator, campaign_of, escaped
from mardev.orchestration.assets import ASSETS
from mardev.orchestration.decisions import RESPONSE_TIMEOUT
from mardev.orchestration.defaults import standard_options
from mardev.orchestration.failures import NothingToHandOver, open_missing_incidents
from mardev.orchestration.running import stage_context
from mardev.orchestration.translation import airflow_errors
from mardev.orchestration.waiting import ConditionTrigger
from mardev.stages import decisions
from mardev.stages.context import StageContext
from mardev.stages.decisions import HAND_OVER_PREFIX, Answer, Request
from mardev.stages.toolchain.hand_over import HandOverState, read_hand_over, record_hand_over
from mardev.stages.toolchain.override import record_override, role_that_overrides

WAIT, OVERRIDE = "Wait", "Override"
ASK_AGAIN_AFTER = timedelta(hours=12)
"""Time of the iteration's clock after «Wait» until the person is asked again."""


class HandOverOperator(AskingOperator):
    """Emits the stage's asset for the iteration once both lanes have checked in and the decisions are recorded.

    A run that does not hold the stage, an iteration that has ended and a stage that was handed over before are
    skipped: an event is sent once.
    """

    def __init__(self, *, stage: Stage, **task_options: Any) -> None:
        super().__init__(
            subject=f"Can {stage} go on?",
            options=[WAIT, OVERRIDE],
            **{
                **standard_options(Lane.TECHNOLOGY, takes=None),
                "task_id": "hand_over",
                "task_display_name": "Hand over",
                "trigger_rule": TriggerRule.ALL_DONE,
                "outlets": [ASSETS[stage]],
                "response_timeout": RESPONSE_TIMEOUT,
                **task_options,
                "params": {REASON: Param("", type=["null", "string"], title="Reason")},
            },
        )
        self.stage = stage

    @airflow_errors()
    def execute(self, context: Any) -> Any:
        """Look at the warehouse: hand over, ask, or stop."""
        running = stage_context(context)
        found = self._found(context, running)
        if found.missing_lanes:
            self._failed_before(context)
            request = self._request(running, found.missing_lanes)
            self.subject = request.subject
            self.ask(context, running, request)
        if found.missing_answers:
            self._stop(context, running, found.missing_answers)
        return self._hand_over(context, running, found)

    @airflow_errors()
    def execute_complete(self, context: Any, event: dict[str, Any]) -> Any:
        """Somebody said what to do about a missing check-in."""
        running = stage_context(context)
        found = self._found(context, running)
        if found.missing_lanes:
            request = self._request(running, found.missing_lanes)
            self.subject = request.subject
            given = self.take_answer(context, running, event, request)
            self._act_on(running, given, found.missing_lanes)
        return self.execute(context)

    def look_again(self, context: Any, event: Mapping[str, Any] | None = None) -> Any:  # noqa: ARG002
        """The lane checked in meanwhile, or it is time to ask again."""
        return self.execute(context)

    def _act_on(self, running: StageContext, given: Answer, lanes: tuple[Lane, ...]) -> None:
        now = running.clock.now()
        with running.warehouse.begin() as connection:
            if given.answer == OVERRIDE:
                record_override(connection, given.iteration_key, self.stage, lanes, given.person, given.reason, now)
            decisions.take_up(connection, given, now)
        if given.answer == WAIT:
            self.defer(
                trigger=ConditionTrigger(
                    "lanes_checked_in",
                    {"iteration_key": given.iteration_key, "stage": str(self.stage)},
                    until=(now + ASK_AGAIN_AFTER).isoformat(),
                ),
                method_name="look_again",
                timeout=RESPONSE_TIMEOUT,
            )

    def _found(self, context: Any, running: StageContext) -> HandOverState:
        """What the warehouse says, where this run has anything to hand over at all."""
        if running.iteration is None:
            self._nothing(context, "No iteration was opened by this run.")
        with running.warehouse.connect() as connection:
            found = read_hand_over(connection, running.iteration_key, self.stage)
        if found.holder != running.run.run_id:
            self._nothing(context, f"{self.stage} belongs to another run ({found.holder}), or was never begun.")
        if found.is_ended:
            raise AirflowSkipException("The iteration has ended; nothing is handed over.")
        if found.handed_over_at and found.next_stage_claimed:
            raise AirflowSkipException(f"This stage was handed over before ({found.handed_over_at:%Y-%m-%d %H:%M}).")
        return found

    def _hand_over(self, context: Any, running: StageContext, found: HandOverState) -> dict[str, Any]:
        # Written before the event is sent: the next stage's claim reads it.
        with running.warehouse.begin() as connection:
            asked = decisions.latest_request(connection, running.iteration_key, f"{HAND_OVER_PREFIX}{self.stage}")
            if asked and asked.state == "open":
                decisions.withdraw(connection, asked)  # the lane checked in before anybody answered
            record_hand_over(connection, running.iteration_key, self.stage, running.run.run_id, running.clock.now())
        if self.stage is Stage.PLAN:
            context["outlet_events"][ASSETS[self.stage]].add_partitions(running.iteration_key)
        return {"iteration": running.iteration_key, "overridden": [str(lane) for lane in found.overridden_lanes]}

    def _stop(self, context: Any, running: StageContext, missing: tuple[str, ...]) -> NoReturn:
        if self._failed_before(context):
            self._nothing(context, "A step before this one failed; see its incident.")
        raise FixFirst(
            f"{self.stage} of {running.iteration_key} cannot be handed over: {', '.join(missing)} has no recorded "
            "answer that lets it pass. A task marked as success is no answer. Clear the task "
            f"{missing[0]}: the right person is then asked."
        )

    def _nothing(self, context: Any, why: str) -> NoReturn:
        """Nothing to hand over: skipped, or failed where an earlier failure is the reason (so the run shows it)."""
        if self._failed_before(context):
            raise AirflowFailException(f"{why} A step before this one failed.") from NothingToHandOver(why)
        raise AirflowSkipException(why)

    def _failed_before(self, context: Any) -> bool:
        """Whether a step of this run failed; one that was killed gets its incident here."""
        run = context["ti"]
        states = run.get_task_states(dag_id=run.dag_id, run_ids=[run.run_id])
        has_failed = any(state == "failed" for tasks in states.values() for state in tasks.values())
        if has_failed:
            open_missing_incidents(context["dag"], run.run_id)
        return has_failed

    def _request(self, running: StageContext, lanes: tuple[Lane, ...]) -> Request:
        key = running.iteration_key
        role = role_that_overrides(lanes)
        decision_key = f"{HAND_OVER_PREFIX}{self.stage}"
        names = " and ".join(lanes)
        return Request(
            iteration_key=key,
            decision_key=decision_key,
            role=role,
            accountable_role=role,
            responsible=f"{names} lane",
            consulted="the other team",
            informed="both teams, in the retrospective",
            subject=f"{escaped(campaign_of(running))}: {names} has not checked in from {self.stage}. Wait, or go on?",
            page_path=f"/mardev/iterations/{key}/decisions/{decision_key}",
            options=(WAIT, OVERRIDE),
            dag_id=running.run.dag_id,
            run_id=running.run.run_id,
            task_id=running.run.task_id,
        )


def hand_over(stage: Stage, **task_options: Any) -> HandOverOperator:
    """The closing task of `stage`'s DAG."""
    return HandOverOperator(stage=stage, **task_options)
