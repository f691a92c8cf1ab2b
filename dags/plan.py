"""
# 1 Plan

Finds the creators, ranks their influence, proposes whom to sign for your budget, and derives what our systems must do
for it. Marketing signs creators, message and money; technology signs requirements, dates and readiness.

**Writes** the iteration with its KPIs and their baseline, channels and who follows whom, the graph run, the audience
scores, the plan, the requirements, and both signatures.
**Costs** YouTube quota: forecast before the first call; no call is made once the day's quota is spent.
**When it fails** see `docs/runbooks/plan.md`. A form that cannot be accepted says what to correct, field by field.
"""

from airflow.sdk import PartitionedAtRuntime, TaskGroup, chain, dag

from mardev.domain.words import Lane, Role, Stage
from mardev.orchestration.decisions import DecisionOperator
from mardev.orchestration.defaults import stage_dag
from mardev.orchestration.form import plan_params
from mardev.orchestration.hand_over import hand_over
from mardev.orchestration.stage_task import stage_task
from mardev.stages.plan.collect_creators import collect_creators
from mardev.stages.plan.derive_requirements import derive_requirements
from mardev.stages.plan.forecast_quota import forecast_quota
from mardev.stages.plan.gate_creators import gate_creators
from mardev.stages.plan.open_iteration import open_iteration
from mardev.stages.plan.publish_creators import publish_creators
from mardev.stages.plan.rank_creators import rank_creators
from mardev.stages.plan.shortlist_creators import shortlist_creators
from mardev.stages.plan.state_readiness import state_readiness


@dag(schedule=PartitionedAtRuntime(), params=plan_params(), **stage_dag(1, Stage.PLAN, docs=__doc__))
def plan():
    opened = stage_task(open_iteration, display_name="Open the iteration")()
    with TaskGroup("marketing"):
        forecast = stage_task(forecast_quota)()
        collected = stage_task(collect_creators)()
        gated = stage_task(gate_creators)(collected)
        published = stage_task(publish_creators)(gated)
        ranked = stage_task(rank_creators)()
        shortlist = stage_task(shortlist_creators)()
    with TaskGroup("technology"):
        requirements = stage_task(derive_requirements, lane=Lane.TECHNOLOGY)()
        readiness = stage_task(state_readiness, lane=Lane.TECHNOLOGY)()
    sign_plan_marketing = DecisionOperator(
        decision_key="sign_plan_marketing",
        task_display_name="Marketing signs",
        question="Sign the creators, the message and the money of {campaign}?",
        role=Role.MARKETING,
        responsible="marketing manager",
        consulted="community manager, IT",
        options=["Sign", "Send back"],
        closes_with=["Send back"],
        page="/mardev/iterations/{key}/plan",
        checks_in=Lane.MARKETING,
        signer_field="signed_by_marketing",
    )
    sign_plan_technology = DecisionOperator(
        decision_key="sign_plan_technology",
        task_display_name="Technology signs",
        question="Sign the requirements, dates and readiness of {campaign}?",
        role=Role.TECHNOLOGY,
        responsible="martech engineer",
        consulted="marketing manager",
        options=["Sign", "Send back"],
        closes_with=["Send back"],
        page="/mardev/iterations/{key}/plan",
        checks_in=Lane.TECHNOLOGY,
        signer_field="signed_by_technology",
    )

    chain(opened, forecast, collected, gated, published, ranked, shortlist, [sign_plan_marketing, requirements])
    chain(requirements, readiness, sign_plan_technology)
    [sign_plan_marketing, sign_plan_technology] >> hand_over(Stage.PLAN)


plan()
