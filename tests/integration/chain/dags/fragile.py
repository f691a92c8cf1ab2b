"""Steps that are killed, that ask to be tried later, and that cannot go on."""

from airflow.sdk import dag
from fragile_steps import comes_back_later, gets_killed, needs_a_person

from mardev.domain.words import Lane
from mardev.orchestration.defaults import standing_dag
from mardev.orchestration.stage_task import stage_task


@dag(schedule=None, **standing_dag(docs="", owner=Lane.TECHNOLOGY))
def fragile():
    stage_task(comes_back_later)()
    stage_task(gets_killed, lane=Lane.TECHNOLOGY, retries=0)()
    stage_task(needs_a_person)()


fragile()
