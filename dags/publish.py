"""
# 4 Publish

Links are switched on and every creator gets the go-live mail: link, code, wording of the disclosure, date. The posts
themselves appear on channels we do not own; *Watch posts* finds them and checks them again and again.

**Writes** go-live mails, armed placements, both lanes' check-ins.
**Costs** nothing.
**When it fails** see `docs/runbooks/publish.md`.
"""

from airflow.sdk import TaskGroup, chain, dag

from mardev.domain.words import Lane, Stage
from mardev.orchestration.assets import after_stage_before
from mardev.orchestration.defaults import stage_dag
from mardev.orchestration.hand_over import hand_over
from mardev.orchestration.stage_task import stage_task
from mardev.stages.publish.arm_placements import arm_placements
from mardev.stages.publish.write_go_live_mails import write_go_live_mails
from mardev.stages.toolchain.claim import claim_stage


@dag(schedule=after_stage_before(Stage.PUBLISH), **stage_dag(4, Stage.PUBLISH, docs=__doc__))
def publish():
    with TaskGroup("marketing"):
        mails = stage_task(write_go_live_mails, needs_answers=["go_live"])()
    with TaskGroup("technology"):
        armed = stage_task(arm_placements, lane=Lane.TECHNOLOGY, needs_answers=["go_live"])()

    chain(stage_task(claim_stage)(), [mails, armed], hand_over(Stage.PUBLISH))


publish()
