"""
# Check systems

Asks every system whether it works, market by market, and opens or closes incidents.

**Writes** health of every system a campaign depends on; incidents.
**Costs** nothing.
**When it fails** see `docs/runbooks/check_systems.md`.
"""

from airflow.sdk import dag

from mardev.domain.words import Lane
from mardev.orchestration.defaults import standing_dag
from mardev.orchestration.stage_task import stage_task
from mardev.stages.check_systems.check_systems import check_systems as work


@dag(
    schedule="*/5 * * * *",
    dag_display_name="Check systems",
    **standing_dag(docs=__doc__, owner=Lane.TECHNOLOGY),
)
def check_systems():
    stage_task(work, lane=Lane.TECHNOLOGY, display_name="Check systems")()


check_systems()
