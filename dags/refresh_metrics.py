"""
# Refresh metrics

Measures every live post as its cadence asks, and always takes in clicks, orders and sessions: a
purchase shows under its creator within a minute.

**Writes** snapshots of live posts, hits and clicks, orders, sessions, credits.
**Costs** one unit of YouTube quota for 50 posts that are due.
**When it fails** see `docs/runbooks/refresh_metrics.md`.
"""

from airflow.sdk import dag

from mardev.domain.words import Lane
from mardev.orchestration.defaults import standing_dag
from mardev.orchestration.stage_task import stage_task
from mardev.stages.refresh_metrics.refresh_metrics import refresh_metrics as work


@dag(
    schedule="* * * * *",
    dag_display_name="Refresh metrics",
    **standing_dag(docs=__doc__, owner=Lane.MARKETING),
)
def refresh_metrics():
    stage_task(work, lane=Lane.MARKETING, display_name="Refresh metrics")()


refresh_metrics()
