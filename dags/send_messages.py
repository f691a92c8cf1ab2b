"""
# Send messages

Sends what is due, each message at most once: a message whose fate is unknown is left for a person.

**Writes** the state of every message in the outbox.
**Costs** nothing.
**When it fails** see `docs/runbooks/send_messages.md`.
"""

from airflow.sdk import dag

from mardev.domain.words import Lane
from mardev.orchestration.defaults import standing_dag
from mardev.orchestration.stage_task import stage_task
from mardev.stages.send_messages.send_messages import send_messages as work


@dag(
    schedule="*/5 * * * *",
    dag_display_name="Send messages",
    **standing_dag(docs=__doc__, owner=Lane.MARKETING),
)
def send_messages():
    stage_task(work, lane=Lane.MARKETING, display_name="Send messages")()


send_messages()
