"""
# 6 Retrospective

What was missed, and why: a fishbone computed from evidence, the same for both teams. Both write down what they learned;
the next iteration is proposed with its form filled in.

**Writes** findings with their evidence, the lessons of both teams, the proposal of the next iteration.
**Costs** nothing.
**When it fails** see `docs/runbooks/retrospect.md`.
"""

from airflow.sdk import TaskGroup, chain, dag

from mardev.domain.words import Lane, Role, Stage
from mardev.orchestration.assets import after_stage_before
from mardev.orchestration.decisions import DecisionOperator
from mardev.orchestration.defaults import stage_dag
from mardev.orchestration.stage_task import stage_task
from mardev.stages.retrospect.close_iteration import close_iteration
from mardev.stages.retrospect.compute_findings import compute_findings
from mardev.stages.retrospect.propose_next import propose_next
from mardev.stages.toolchain.claim import claim_stage

PAGE = "/mardev/iterations/{key}/retrospective"
LESSONS = ["learn_marketing", "learn_technology"]


@dag(schedule=after_stage_before(Stage.RETROSPECT), **stage_dag(6, Stage.RETROSPECT, docs=__doc__))
def retrospect():
    with TaskGroup("marketing"):
        learn_marketing = DecisionOperator(
            decision_key="learn_marketing",
            task_display_name="Marketing writes what it learned",
            question="What did marketing learn from {campaign}?",
            role=Role.MARKETING,
            responsible="marketing manager",
            consulted="IT",
            options=["Done"],
            fields={"lesson": "What we learned"},
            page=PAGE,
        )
    with TaskGroup("technology"):
        learn_technology = DecisionOperator(
            decision_key="learn_technology",
            task_display_name="Technology writes what it learned",
            question="What did technology learn from {campaign}?",
            role=Role.TECHNOLOGY,
            responsible="martech engineer",
            consulted="marketing",
            options=["Done"],
            fields={"lesson": "What we learned"},
            page=PAGE,
        )
    findings = stage_task(compute_findings)()
    proposal = stage_task(propose_next, lane=Lane.MARKETING, needs_answers=LESSONS)()
    closed = stage_task(close_iteration, needs_answers=LESSONS)()

    chain(stage_task(claim_stage)(), findings, [learn_marketing, learn_technology], proposal, closed)


retrospect()
