"""A live plan of YouTube creators: by the graph alone, until the platform's approval stands on the connection."""

import pytest
import sqlalchemy as sa

from mardev.errors import ScoreNotAllowed
from mardev.policy.features import EVERYTHING
from mardev.stages.licences import without_averages
from mardev.stages.lookups import iteration_row, plan_of, plan_rows
from mardev.stages.plan.candidates import proposals
from mardev.stages.plan.review import totals
from mardev.stages.plan.shortlist_creators import shortlist_creators


def candidates(context, **options):
    with context.warehouse.connect() as connection:
        iteration = iteration_row(connection, context.iteration_key)
        return proposals(connection, iteration, f"{context.iteration_key}/graph", **options)


def test_ranking_with_statistics_is_a_policy_error_and_the_graph_alone_works(live):
    with pytest.raises(ScoreNotAllowed, match="approval_reference"):
        candidates(live.context, features=EVERYTHING)
    by_graph = candidates(live.context)
    assert len(by_graph) > 10
    assert {one.outcome for one in by_graph} == {None}
    approved = candidates(live.context, features=EVERYTHING, approvals={"youtube": "AMD-7"})
    assert all(one.outcome for one in approved)


def test_a_plan_by_the_graph_alone_depends_on_no_counter_of_the_platform(live):
    before = candidates(live.context)
    with live.context.warehouse.begin() as connection:
        connection.execute(
            sa.text("UPDATE mart.channel_latest SET subscribers = NULL, views_per_post = NULL, total_views = 1")
        )
    assert candidates(live.context) == before


def test_a_live_plan_is_proposed_without_forecasts_and_says_what_it_is_made_of(live):
    shortlist_creators(live.context)
    with live.context.warehouse.connect() as connection:
        plan, rows = (
            plan_of(connection, live.context.iteration_key),
            plan_rows(connection, live.context.iteration_key, "chosen"),
        )
        summed = totals(connection, live.context.iteration_key)
        targets = connection.scalars(
            sa.text("SELECT target_value FROM core.kpi_target WHERE kpi_key = 'conversions'")
        ).all()
    assert plan["score_basis"] == {"features": ["graph"], "sources": ["youtube"], "approvals": {}}
    assert len(rows) == 5
    assert {row["expected_views"] for row in rows} == {None}
    assert "endorsed by" in rows[0]["reason"].lower()
    assert "even share of the budget" in rows[0]["reason"]
    assert summed.expected_views is summed.expected_conversions is None
    assert summed.left_amount >= 0
    assert summed.price_amount > 0
    assert len(targets) == 1


def test_an_approved_plan_has_forecasts_marked_as_ours_with_the_reference(live):
    shortlist_creators(live.approved("AMD-2026-7"))
    with live.context.warehouse.connect() as connection:
        plan, rows = (
            plan_of(connection, live.context.iteration_key),
            plan_rows(connection, live.context.iteration_key, "chosen"),
        )
    assert plan["score_basis"]["approvals"] == {"youtube": "AMD-2026-7"}
    assert plan["score_basis"]["features"] == ["graph", "subscribers", "views"]
    assert all(row["expected_views"] > 0 for row in rows)
    assert {row["view_definition"] for row in rows} == {"youtube:started"}


def test_averages_are_not_made_without_the_approval():
    (row,) = without_averages(
        [{"channel_key": "youtube:UC1", "subscribers": 10, "average_daily_views": 5.0, "views_per_post": 7.0}]
    )
    assert row == {"channel_key": "youtube:UC1", "subscribers": 10, "average_daily_views": None, "views_per_post": None}
