"""
# Import files

Brings the tables that people uploaded and confirmed on the page *Bring a table* into the warehouse.

**Writes** channels, contacts, counters and who follows whom; lines that were not understood go to quarantine.
**Costs** nothing.
**When it fails** see `docs/runbooks/import_files.md`. A file that is refused stops no other; its page says why.
"""

from airflow.sdk import dag

from mardev.domain.words import Lane
from mardev.orchestration.defaults import EVERYBODY, WORKS, standing_dag
from mardev.orchestration.stage_task import stage_task
from mardev.stages.import_files.import_files import import_files as work


@dag(
    schedule="*/10 * * * *",
    dag_display_name="Import files",
    **standing_dag(docs=__doc__, owner=Lane.MARKETING, access_control=dict.fromkeys(EVERYBODY, WORKS)),
)
def import_files():
    stage_task(work, lane=Lane.MARKETING, display_name="Import files")()


import_files()
