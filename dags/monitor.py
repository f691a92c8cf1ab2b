"""
# 5 Monitor

Holds to the end of the flight while the standing pipelines measure every post as an ad and every system as a service;
then settles what the iteration brought and what it cost.

**Writes** results of the KPIs, costs, both lanes' check-ins.
**Costs** nothing here; *Refresh metrics* spends YouTube quota.
**When it fails** see `docs/runbooks/monitor.md`.
"""

from airflow.sdk import TaskGroup, chain, dag

from mardev.domain.words import Lane, Stage
from mardev.orchestration.assets import after_stage_before
from mardev.orchestration.defaults import stage_dag
from mardev.orchestration.hand_over import hand_over
from mardev.orchestration.stage_task import stage_task
from mardev.orchestration.waiting import wait_for
from mardev.stages.monitor.settle_results import settle_results
from mardev.stages.monitor.summarise_systems import summarise_systems
from mardev.stages.toolchain.claim import claim_stage


@dag(schedule=after_stage_before(Stage.MONITOR), **stage_dag(5, Stage.MONITOR, docs=__doc__))
def monitor():
    flight = wait_for("flight_ended", task_display_name="Wait for the end of the flight")
    with TaskGroup("marketing"):
        results = stage_task(settle_results)()
    with TaskGroup("technology"):
        systems = stage_task(summarise_systems, lane=Lane.TECHNOLOGY)()

    chain(stage_task(claim_stage)(), flight, [results, systems], hand_over(Stage.MONITOR))


monitor()
