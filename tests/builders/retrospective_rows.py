"""What a retrospective and the data-quality gates left behind: findings with evidence, a lesson, a proposal, gates."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

import sqlalchemy as sa

from builders.creator_rows import NOW, open_ingest_run
from mardev.warehouse import tables


def write_retrospective(
    connection: sa.Connection,
    key: str,
    *,
    hostile_title: str | None,
    must_have: Sequence[str] = (),
    never: Sequence[str] = (),
) -> None:
    """Two planted causes and two smaller ones, each with evidence; one lesson; a proposal naming channels by key."""
    page = f"/mardev/iterations/{key}"
    findings = (
        ("landing", "conversions", "technology", "technology", 0.46,
         "The app page in Germany was down for 36 hours while 412 people clicked",
         [("App page is down in Germany", 36, "hours"), ("Clicks in that time", 412, "clicks"),
          ("Conversions in that time", 0, "conversions")]),
        ("late", "conversions", "marketing", "process", 0.22,
         hostile_title or "One post came two days late and missed the weekend",
         [("Published after its window", 48, "hours"), ("Conversions expected on those days", 34, "conversions")]),
        ("link", "conversions", "marketing", "content", 0.14, "One post carried a wrong link for 11 hours",
         [("Views with the wrong link", 21800, "views")]),
        ("declined", "conversions", "undetermined", "people", 0.06,
         "Two creators declined and the reserve reached fewer people",
         [("Expected conversions lost", 9, "conversions")]),
        ("disclosure", None, "marketing", "content", 0.0,
         "One post went out without the disclosure and was corrected after 8 hours",
         [("Time without the disclosure", 8, "hours")]),
        ("cpa", "cpa", "both", "technology", 0.5,
         "Paid clicks led to a page that was down, and the price was agreed on views alone",
         [("Spent on posts in Germany", Decimal(3120), "money")]),
    )  # fmt: skip
    connection.execute(
        sa.insert(tables.finding),
        [
            {"finding_key": f"{key}/{name}", "iteration_key": key, "world": "sandbox", "kpi_key": kpi_key, "side": side,
             "category": category, "statement": statement, "weight": weight, "found_at": NOW,
             "evidence": [{"sentence": sentence, "figure": float(figure), "unit": unit, "page_path": page}
                          for sentence, figure, unit in evidence]}
            for name, kpi_key, side, category, weight, statement, evidence in findings
        ],
    )  # fmt: skip
    connection.execute(
        sa.insert(tables.lesson).values(
            lesson_key=f"{key}/1", iteration_key=key, finding_key=f"{key}/landing", lane="technology",
            statement="No post goes live in a market whose app page failed a check in the last hour.", owner="Ian Osei",
            learned_at=NOW, expires_at=NOW + timedelta(days=180),
        )
    )  # fmt: skip
    connection.execute(
        sa.insert(tables.proposal).values(
            iteration_key=key, proposed_at=NOW,
            form={"campaign": "Winter players", "budget_amount": 12000, "budget_currency": "EUR",
                  "markets": ["DE", "US"], "flight_from": "2026-11-09", "flight_to": "2026-11-23",
                  "must_have": must_have, "never": never},
            creator_reasons={key: "did not publish" for key in never},
            reasons=["Germany gets a second chance: its page was down for 36 of 336 hours.",
                     "Dedicated videos brought conversions at half the price of mentions."],
        )
    )  # fmt: skip


def write_gates(connection: sa.Connection) -> None:
    """Three gates, one with rows in quarantine."""
    for asset, decision, rule in (
        ("channel", "publish_with_warnings", "subscribers_not_negative"),
        ("post_metric_snapshot", "publish", None),
        ("conversion", "block", "world_is_of_the_run"),
    ):
        run_id = open_ingest_run(connection, asset, 320, 2 if rule else 0)
        validation = connection.execute(
            sa.insert(tables.validation_run)
            .values(ingest_run_id=run_id, asset=asset, decision=decision, row_count=320)
            .returning(tables.validation_run.c.validation_run_id)
        ).scalar_one()
        if rule:
            connection.execute(
                sa.insert(tables.expectation_result).values(
                    validation_run_id=validation,
                    sequence_no=1,
                    rule=rule,
                    expectation="row_rule",
                    severity="warning",
                    passed=False,
                    unexpected_count=2,
                )
            )
            connection.execute(
                sa.insert(tables.quarantined_row).values(
                    ingest_run_id=run_id,
                    asset=asset,
                    world="sandbox",
                    row_no=17,
                    rules=[rule],
                    payload={"channel_key": "youtube:UCbad", "subscribers": -4, "email": "someone@creator.example"},
                )
            )
