"""An earlier iteration, made by the same stage code without Airflow, so that every page has something to show.

It lives in the weeks before the demo's own iteration, in the same world and warehouse.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from mardev.cli.demo.persons_answers import ANSWERS, Answering
from mardev.cli.world_control import WorldControl
from mardev.cli.world_driver import QUERIES, on_grid
from mardev.domain.words import Role, Stage
from mardev.errors import FixFirst
from mardev.stages.check_systems.check_systems import check_systems
from mardev.stages.conditions import is_met
from mardev.stages.context import RunLabel, StageContext
from mardev.stages.create.check_in import check_in_marketing, check_in_technology
from mardev.stages.create.provision_links import provision_links
from mardev.stages.create.settle_deals import plan_is_outside_tolerance, settle_deals
from mardev.stages.create.write_briefs import write_briefs
from mardev.stages.create.write_offers import write_offers
from mardev.stages.decisions import Request, answer, open_request, record_not_needed, take_up
from mardev.stages.due_work import due_work, next_due_instant
from mardev.stages.expire_data.expire_data import expire_data
from mardev.stages.monitor.settle_results import settle_results
from mardev.stages.monitor.summarise_systems import summarise_systems
from mardev.stages.plan.collect_creators import collect_creators
from mardev.stages.plan.derive_requirements import derive_requirements
from mardev.stages.plan.forecast_quota import forecast_quota
from mardev.stages.plan.gate_creators import gate_creators
from mardev.stages.plan.open_iteration import open_iteration
from mardev.stages.plan.publish_creators import publish_creators
from mardev.stages.plan.rank_creators import rank_creators
from mardev.stages.plan.shortlist_creators import shortlist_creators
from mardev.stages.plan.state_readiness import state_readiness
from mardev.stages.publish.arm_placements import arm_placements
from mardev.stages.publish.write_go_live_mails import write_go_live_mails
from mardev.stages.read_mailbox.read_mailbox import read_mailbox
from mardev.stages.refresh_metrics.refresh_metrics import refresh_metrics
from mardev.stages.retrospect.close_iteration import close_iteration
from mardev.stages.retrospect.compute_findings import compute_findings
from mardev.stages.retrospect.propose_next import propose_next
from mardev.stages.send_messages.send_messages import send_messages
from mardev.stages.toolchain.claim import claim_stage
from mardev.stages.toolchain.hand_over import read_hand_over, record_hand_over
from mardev.stages.verify.check_briefs_and_drafts import check_briefs_and_drafts
from mardev.stages.verify.check_links import check_links
from mardev.stages.watch_posts.watch_posts import watch_posts

STANDING: Mapping[str, Callable[[StageContext], Any]] = {
    "send_messages": send_messages,
    "read_mailbox": read_mailbox,
    "watch_posts": watch_posts,
    "refresh_metrics": refresh_metrics,
    "check_systems": check_systems,
    "expire_data": expire_data,
}
MOST_STEPS = 120


@dataclass
class EarlierIteration:
    """One iteration worked through in this process.

    Args:
        context: as a stage step gets it; its run label is replaced for each step.
        world: control of the world's clock.
        run_id: stands for the run; the same id continues what was begun.
        progress: told each step's name.
    """

    context: StageContext
    world: WorldControl
    run_id: str
    progress: Callable[[str], None] = lambda _step: None

    def work(self, form: Mapping[str, Any]) -> str:
        """Work the iteration from plan to retrospective. Returns its key."""
        self.context = replace(self.context, params=form)
        key: str = self._do(Stage.PLAN, open_iteration)
        self.context = replace(self.context, iteration=key)
        stages = (
            (Stage.PLAN, self._plan),
            (Stage.CREATE, self._create),
            (Stage.VERIFY, self._verify),
            (Stage.PUBLISH, self._publish),
            (Stage.MONITOR, self._monitor),
            (Stage.RETROSPECT, self._retrospect),
        )
        for stage, work in stages:
            if not self._is_handed_over(stage):
                if stage is not Stage.PLAN:
                    self._do(stage, claim_stage)
                work()
                self._hand_over(stage)
        self._do(Stage.RETROSPECT, close_iteration)
        return key

    def _plan(self) -> None:
        self._do(Stage.PLAN, forecast_quota)
        collected = self._do(Stage.PLAN, collect_creators)
        gated = self._do(Stage.PLAN, gate_creators, collected)
        self._do(Stage.PLAN, publish_creators, gated)
        for step in (rank_creators, shortlist_creators, derive_requirements, state_readiness):
            self._do(Stage.PLAN, step)
        self._decide(Stage.PLAN, "sign_plan_marketing", Role.MARKETING, "plan")
        self._decide(Stage.PLAN, "sign_plan_technology", Role.TECHNOLOGY, "plan")

    def _create(self) -> None:
        self._do(Stage.CREATE, write_offers)
        self._wait("answers_settled")
        self._do(Stage.CREATE, settle_deals)
        needed = plan_is_outside_tolerance(self.context)
        self._decide(Stage.CREATE, "extend_plan", Role.MARKETING, "decisions/extend_plan", needed=needed)
        self._do(Stage.CREATE, provision_links)
        self._do(Stage.CREATE, write_briefs)
        self._wait("drafts_settled")
        self._do(Stage.CREATE, check_in_marketing)
        self._do(Stage.CREATE, check_in_technology)

    def _verify(self) -> None:
        self._do(Stage.VERIFY, check_briefs_and_drafts)
        self._do(Stage.VERIFY, check_links)
        self._decide(Stage.VERIFY, "go_live", Role.MARKETING, "go-live")

    def _publish(self) -> None:
        self._do(Stage.PUBLISH, write_go_live_mails)
        self._do(Stage.PUBLISH, arm_placements)

    def _monitor(self) -> None:
        self._wait("flight_ended")
        self._do(Stage.MONITOR, settle_results)
        self._do(Stage.MONITOR, summarise_systems)

    def _retrospect(self) -> None:
        self._do(Stage.RETROSPECT, compute_findings)
        self._decide(Stage.RETROSPECT, "learn_marketing", Role.MARKETING, "retrospective")
        self._decide(Stage.RETROSPECT, "learn_technology", Role.TECHNOLOGY, "retrospective")
        self._do(Stage.RETROSPECT, propose_next)

    def _do(self, stage: str, step: Callable[..., Any], *given: Any) -> Any:
        name: str = step.__name__
        self.progress(f"{stage}: {name.replace('_', ' ')}")
        # A standing pipeline runs anew at each instant, a stage once.
        run_id = self.run_id if stage in tuple(Stage) else f"{self.run_id}@{self.context.clock.now().isoformat()}"
        label = RunLabel(str(stage), run_id, name, started_by=ANSWERS[Role.MARKETING].person)
        return step(replace(self.context, run=label), *given)

    def _decide(self, stage: Stage, decision_key: str, role: Role, page: str, *, needed: bool = True) -> None:
        key = self.context.iteration_key
        answering: Answering = ANSWERS[role]
        request = Request(
            iteration_key=key,
            decision_key=decision_key,
            role=role,
            accountable_role=role,
            responsible=str(role),
            consulted="the other team",
            informed="both teams",
            subject=answering.subject(decision_key),
            page_path=f"/mardev/iterations/{key}/{page}",
            options=(answering.option(decision_key),),
            dag_id=str(stage),
            run_id=self.run_id,
            task_id=decision_key,
        )
        with self.context.warehouse.begin() as connection:
            if not needed:
                record_not_needed(connection, request, self.context.clock.now())
                return
            open_request(connection, request, self.context.clock.now())
        given = answer(
            self.context.warehouse,
            self.context.clock,
            iteration_key=key,
            decision_key=decision_key,
            person=answering.person,
            answer=answering.option(decision_key),
            reason=answering.reason(decision_key),
            fields=answering.fields(decision_key),
        )
        with self.context.warehouse.begin() as connection:
            take_up(connection, given, self.context.clock.now())

    def _is_handed_over(self, stage: Stage) -> bool:
        with self.context.warehouse.connect() as connection:
            return read_hand_over(connection, self.context.iteration_key, stage).handed_over_at is not None

    def _hand_over(self, stage: Stage) -> None:
        with self.context.warehouse.begin() as connection:
            state = read_hand_over(connection, self.context.iteration_key, stage)
            if not state.is_complete:
                missing = ", ".join(map(str, (*state.missing_lanes, *state.missing_answers)))
                raise FixFirst(f"The earlier iteration cannot leave {stage}: missing {missing}.")
            record_hand_over(connection, self.context.iteration_key, stage, self.run_id, self.context.clock.now())

    def _wait(self, condition: str) -> None:
        """Do what is due and move the clock until the condition holds."""
        parameters = {"iteration_key": self.context.iteration_key}
        for _ in range(MOST_STEPS):
            now = self.context.clock.now()
            while due := self._due(now):
                for pipeline in due:
                    self._do(pipeline, STANDING[pipeline])
            if is_met(self.context.warehouse, QUERIES, condition, parameters, now):
                return
            with self.context.warehouse.connect() as connection:
                due_at = next_due_instant(connection, now)
            event_at = self.world.time().next_event_at
            instants = [instant for instant in (due_at, event_at) if instant is not None]
            self.world.advance(on_grid(min(instants, default=now), after=now))
        raise FixFirst(f"The earlier iteration waited {MOST_STEPS} steps for {condition} in vain.")

    def _due(self, now: Any) -> list[str]:
        with self.context.warehouse.connect() as connection:
            return [pipeline for pipeline, count in due_work(connection, now).items() if count]
