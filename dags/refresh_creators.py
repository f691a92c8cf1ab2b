"""
# Refresh creators

Renews what is known of creators, and lets what is too old expire.

**Writes** one snapshot a day of every channel we know.
**Costs** one unit of YouTube quota for 50 channels; elsewhere a call for 25 (Bluesky), 40 (Mastodon) or each (Twitch).
**When it fails** see `docs/runbooks/refresh_creators.md`.
"""

from airflow.sdk import dag

from mardev.domain.words import Lane
from mardev.orchestration.defaults import standing_dag
from mardev.orchestration.stage_task import stage_task
from mardev.stages.refresh_creators.refresh_creators import refresh_creators as work


@dag(
    schedule="@daily",
    dag_display_name="Refresh creators",
    **standing_dag(docs=__doc__, owner=Lane.MARKETING),
)
def refresh_creators():
    stage_task(work, lane=Lane.MARKETING, display_name="Refresh creators")()


refresh_creators()
