"""The six stages from the real wiring helpers, with steps that do almost nothing."""

from airflow.sdk import Param, PartitionedAtRuntime, TaskGroup, chain, dag
from chain_steps import open_iteration, work_both, work_marketing, work_technology

from mardev.domain.words import Lane, Role, Stage
from mardev.orchestration.assets import after_stage_before
from mardev.orchestration.decisions import DecisionOperator
from mardev.orchestration.defaults import stage_dag
from mardev.orchestration.hand_over import hand_over
from mardev.orchestration.stage_task import stage_task
from mardev.orchestration.waiting import wait_for
from mardev.stages.toolchain.claim import claim_stage


def lanes(this):
    if this in (Stage.PUBLISH, Stage.MONITOR):  # one task for both lanes: the chain is what is tested
        return stage_task(work_both)()
    with TaskGroup("marketing"):
        marketing = stage_task(work_marketing)()
    with TaskGroup("technology"):
        technology = stage_task(work_technology, lane=Lane.TECHNOLOGY)()
    return [marketing, technology]


def go_live():
    return DecisionOperator(
        decision_key="go_live",
        question="Go live with {campaign}?",
        role=Role.MARKETING,
        options=["Go live", "Hold"],
        closes_with=["Hold"],
        only_if="chain_steps.has_to_be_asked",
    )


@dag(
    schedule=PartitionedAtRuntime(), params={"campaign": Param("x", type="string")}, **stage_dag(1, Stage.PLAN, docs="")
)
def plan():
    chain(stage_task(open_iteration)(), lanes(Stage.PLAN), hand_over(Stage.PLAN))


def stage(number, this):
    @dag(schedule=after_stage_before(this), **stage_dag(number, this, docs=""))
    def later():
        first = stage_task(claim_stage)()
        if this is Stage.VERIFY:
            chain(first, lanes(this), go_live(), hand_over(this))
        elif this is Stage.MONITOR:
            chain(first, wait_for("flight_ended"), lanes(this), hand_over(this))
        elif this is not Stage.RETROSPECT:
            chain(first, lanes(this), hand_over(this))

    return later()


plan()
for number, this in enumerate(Stage, start=1):
    if this is not Stage.PLAN:
        stage(number, this)
