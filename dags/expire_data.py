"""
# Expire data

Keeps the terms of the platforms: what they told us is read again or deleted on time, in every table, rollup, raw
answer, picture and export. Our own record (deals, costs, clicks, conversions, decisions) stays.

**Writes** what ended, table by table, into `ops.expiry`; refreshed words of creators and posts in use.
**Costs** one unit of YouTube quota for 50 creators or posts that are read again.
**When it fails** see `docs/runbooks/expire_data.md`.
"""

from airflow.sdk import dag

from mardev.domain.words import Lane
from mardev.orchestration.defaults import standing_dag
from mardev.orchestration.stage_task import stage_task
from mardev.stages.expire_data.expire_data import expire_data as work


@dag(
    schedule="@hourly",
    dag_display_name="Expire data",
    **standing_dag(docs=__doc__, owner=Lane.TECHNOLOGY),
)
def expire_data():
    stage_task(work, lane=Lane.TECHNOLOGY, display_name="Expire data")()


expire_data()
