"""
# 2 Create

Offers go out, big fish first; answers become deals; each placement gets link, code and brief; drafts come back.

**Writes** offers and deals, placements, tracking links and promo codes, briefs, both lanes' check-ins.
**Costs** the money of the accepted offers, never more than what was signed and its tolerance.
**When it fails** see `docs/runbooks/create.md`. A creator who does not answer stops nobody else.
"""

from airflow.sdk import TaskGroup, chain, dag

from mardev.domain.words import Lane, Role, Stage
from mardev.orchestration.assets import after_stage_before
from mardev.orchestration.decisions import DecisionOperator
from mardev.orchestration.defaults import stage_dag
from mardev.orchestration.hand_over import hand_over
from mardev.orchestration.stage_task import stage_task
from mardev.orchestration.waiting import wait_for
from mardev.stages.create.check_in import check_in_marketing, check_in_technology
from mardev.stages.create.provision_links import provision_links
from mardev.stages.create.settle_deals import settle_deals
from mardev.stages.create.write_briefs import write_briefs
from mardev.stages.create.write_offers import write_offers
from mardev.stages.toolchain.claim import claim_stage


@dag(schedule=after_stage_before(Stage.CREATE), **stage_dag(2, Stage.CREATE, docs=__doc__))
def create():
    with TaskGroup("marketing"):
        offers = stage_task(write_offers)()
        answers = wait_for("answers_settled", task_display_name="Wait for the answers")
        deals = stage_task(settle_deals)()
        briefs = stage_task(write_briefs, needs_answers=["extend_plan"])()
        drafts = wait_for("drafts_settled", task_display_name="Wait for the drafts")
        marketing_checks_in = stage_task(check_in_marketing, display_name="Marketing checks in")()
    with TaskGroup("technology"):
        links = stage_task(provision_links, lane=Lane.TECHNOLOGY, needs_answers=["extend_plan"])()
        technology_checks_in = stage_task(
            check_in_technology, lane=Lane.TECHNOLOGY, display_name="Technology checks in"
        )()
    extend_plan = DecisionOperator(
        decision_key="extend_plan",
        task_display_name="Marketing accepts what was agreed",
        question="What was agreed for {campaign} is outside the signed tolerance. Go on with it?",
        role=Role.MARKETING,
        responsible="marketing manager",
        consulted="community manager",
        options=["Accept", "Stop"],
        closes_with=["Stop"],
        only_if="mardev.stages.create.settle_deals.plan_is_outside_tolerance",
    )

    chain(stage_task(claim_stage)(), offers, answers, deals, extend_plan, links, [briefs, technology_checks_in])
    chain(briefs, drafts, marketing_checks_in)
    [marketing_checks_in, technology_checks_in] >> hand_over(Stage.CREATE)


create()
