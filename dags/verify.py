"""
# 3 Verify

Nothing goes live unseen: rules on every brief and draft, every link followed end to end with a test order, and one
question to marketing: go live, with the placements that are ready?

**Writes** what was found on drafts and links, both lanes' check-ins (ready, held with the reason, dropped), the answer.
**Costs** one test order a link; it is marked as a test and counts nowhere.
**When it fails** see `docs/runbooks/verify.md`. A placement that is held stops no other.
"""

from airflow.sdk import TaskGroup, chain, dag

from mardev.domain.words import Lane, Role, Stage
from mardev.orchestration.assets import after_stage_before
from mardev.orchestration.decisions import DecisionOperator
from mardev.orchestration.defaults import stage_dag
from mardev.orchestration.hand_over import hand_over
from mardev.orchestration.stage_task import stage_task
from mardev.stages.toolchain.claim import claim_stage
from mardev.stages.verify.check_briefs_and_drafts import check_briefs_and_drafts
from mardev.stages.verify.check_links import check_links


@dag(schedule=after_stage_before(Stage.VERIFY), **stage_dag(3, Stage.VERIFY, docs=__doc__))
def verify():
    with TaskGroup("marketing"):
        drafts = stage_task(check_briefs_and_drafts)()
    with TaskGroup("technology"):
        links = stage_task(check_links, lane=Lane.TECHNOLOGY)()
    go_live = DecisionOperator(
        decision_key="go_live",
        task_display_name="Marketing decides to go live",
        question="Go live with the placements of {campaign} that are ready?",
        role=Role.MARKETING,
        responsible="marketing manager",
        consulted="copywriter, QA specialist",
        options=["Go live", "Hold"],
        closes_with=["Hold"],
        page="/mardev/iterations/{key}/go-live",
    )

    chain(stage_task(claim_stage)(), [drafts, links], go_live, hand_over(Stage.VERIFY))


verify()
