"""
# Watch posts

Finds posts that went live, matches them to their placement by link or code, and checks each again.

**Writes** posts with the placement they belong to, and their checks.
**Costs** two units of YouTube quota for a channel with an armed placement.
**When it fails** see `docs/runbooks/watch_posts.md`.
"""

from airflow.sdk import dag

from mardev.domain.words import Lane
from mardev.orchestration.defaults import standing_dag
from mardev.orchestration.stage_task import stage_task
from mardev.stages.watch_posts.watch_posts import watch_posts as work


@dag(
    schedule="*/5 * * * *",
    dag_display_name="Watch posts",
    **standing_dag(docs=__doc__, owner=Lane.MARKETING),
)
def watch_posts():
    stage_task(work, lane=Lane.MARKETING, display_name="Watch posts")()


watch_posts()
