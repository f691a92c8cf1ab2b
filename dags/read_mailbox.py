"""
# Read mailbox

Reads what creators wrote and files it under its deal.

**Writes** answers, drafts and bounces, and what follows from them for deals and placements.
**Costs** nothing.
**When it fails** see `docs/runbooks/read_mailbox.md`.
"""

from airflow.sdk import dag

from mardev.domain.words import Lane
from mardev.orchestration.defaults import standing_dag
from mardev.orchestration.stage_task import stage_task
from mardev.stages.read_mailbox.read_mailbox import read_mailbox as work


@dag(
    schedule="*/5 * * * *",
    dag_display_name="Read mailbox",
    **standing_dag(docs=__doc__, owner=Lane.MARKETING),
)
def read_mailbox():
    stage_task(work, lane=Lane.MARKETING, display_name="Read mailbox")()


read_mailbox()
