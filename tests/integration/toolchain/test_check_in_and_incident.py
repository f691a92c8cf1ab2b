"""What a lane says of its placements, what a wait asks, and what a failed step leaves."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from mardev.domain.words import Lane, Stage, Verdict, World
from mardev.errors import FixFirst
from mardev.settings import PROJECT_ROOT
from mardev.stages.conditions import is_met
from mardev.stages.toolchain.check_in import PlacementVerdict, give_check_in, ready_placements
from mardev.stages.toolchain.incident import (
    FailedStep,
    close_earlier_incidents,
    close_incident,
    has_earlier_incident,
    open_incident,
)
from mardev.warehouse import tables

KEY = "summer"
QUERIES = PROJECT_ROOT / "sql" / "queries"


@pytest.fixture
def booked(summer, clock):
    """Two placements, `summer-1` and `summer-2`, of one creator each."""
    now = clock.now()
    with summer.begin() as connection:
        for number in (1, 2):
            common = {"world": "sandbox", "channel_key": f"youtube:{number}"}
            connection.execute(
                sa.insert(tables.channel).values(
                    **common, platform="youtube", external_id=str(number), title="A channel", first_seen_at=now,
                    refreshed_at=now, ingest_run_id=1,
                )
            )  # fmt: skip
            connection.execute(
                sa.insert(tables.deal).values(
                    **common, deal_key=f"{KEY}/{number}", iteration_key=KEY, approach_order=number, state="accepted",
                    offered_amount=10, agreed_amount=10, currency="EUR", offered_at=now,
                    answer_due_at=now + timedelta(days=2),
                )
            )  # fmt: skip
            connection.execute(
                sa.insert(tables.placement).values(
                    **common, placement_key=f"{KEY}-{number}", iteration_key=KEY, deal_key=f"{KEY}/{number}",
                    integration_type="short", window_from=now + timedelta(days=5), window_to=now + timedelta(days=6),
                    booked_amount=10, booked_currency="EUR", created_at=now, draft_due_at=now + timedelta(days=1),
                )
            )  # fmt: skip
    return summer


def holds(engine, clock, condition, **parameters):
    return is_met(engine, QUERIES, condition, {"iteration_key": KEY, **parameters}, clock.now())


def test_the_stage_goes_on_with_what_no_lane_holds(booked, clock):
    held = PlacementVerdict(f"{KEY}-1", Verdict.HELD, "No draft yet", "Ann")
    ready = PlacementVerdict(f"{KEY}-2", Verdict.READY)
    with booked.begin() as connection:
        give_check_in(connection, KEY, Stage.CREATE, Lane.MARKETING, clock.now(), [held, ready])
        assert ready_placements(connection, KEY, Stage.CREATE) == [f"{KEY}-2"]
        give_check_in(
            connection, KEY, Stage.CREATE, Lane.MARKETING, clock.now(), [PlacementVerdict(f"{KEY}-1", Verdict.READY)]
        )
        assert ready_placements(connection, KEY, Stage.CREATE) == [f"{KEY}-1", f"{KEY}-2"]


def test_what_is_not_ready_carries_its_reason():
    with pytest.raises(ValueError, match="without a reason"):
        PlacementVerdict("summer-1", Verdict.DROPPED)


def test_answers_are_settled_when_no_offer_is_open_any_more(booked, clock):
    assert holds(booked, clock, "answers_settled")
    with booked.begin() as connection:
        connection.execute(sa.update(tables.deal).values(state="offered", agreed_amount=None))
    assert not holds(booked, clock, "answers_settled")
    with booked.begin() as connection:
        connection.execute(sa.update(tables.deal).values(state="silent"))
    assert holds(booked, clock, "answers_settled")


def test_drafts_are_settled_when_each_came_or_is_overdue(booked, clock):
    draft = {"version": 1, "world": "sandbox", "body": "…", "received_at": clock.now()}
    with booked.begin() as connection:
        connection.execute(sa.insert(tables.draft).values(placement_key=f"{KEY}-1", **draft))
    assert not holds(booked, clock, "drafts_settled")
    with booked.begin() as connection:
        connection.execute(sa.insert(tables.draft).values(placement_key=f"{KEY}-2", **draft))
    assert holds(booked, clock, "drafts_settled")


def test_a_late_draft_stops_nobody(booked, clock):
    clock.instant += timedelta(days=1)
    assert holds(booked, clock, "drafts_settled")


def test_a_flight_ends_at_the_iterations_own_clock(summer, clock):
    assert not holds(summer, clock, "flight_ended")
    clock.instant += timedelta(days=24)
    assert holds(summer, clock, "flight_ended")


def test_placements_are_armed_when_all_that_go_on_are(booked, clock):
    with booked.begin() as connection:
        connection.execute(sa.update(tables.placement).values(state="armed"))
        assert not holds(booked, clock, "placements_armed")
    assert holds(booked, clock, "placements_armed")


def test_lanes_have_checked_in_when_both_spoke_or_were_overridden(summer, clock):
    with summer.begin() as connection:
        give_check_in(connection, KEY, Stage.CREATE, Lane.MARKETING, clock.now())
    assert not holds(summer, clock, "lanes_checked_in", stage="create")
    with summer.begin() as connection:
        give_check_in(connection, KEY, Stage.CREATE, Lane.TECHNOLOGY, clock.now())
    assert holds(summer, clock, "lanes_checked_in", stage="create")


def test_an_instant_is_waited_for_without_the_warehouse(clock):
    assert is_met(None, QUERIES, "clock_reached", {"instant": clock.now().isoformat()}, clock.now())


def test_an_unknown_condition_says_so(summer, clock):
    with pytest.raises(FixFirst, match="no condition pigs_fly"):
        holds(summer, clock, "pigs_fly")


def test_a_step_that_fails_twice_has_one_incident_and_closes_it_when_it_succeeds(summer, clock):
    step = FailedStep("plan", "run", "rank", "Rank creators", "1 Plan", Lane.MARKETING, KEY)
    with summer.begin() as connection:
        open_incident(connection, step, World.SANDBOX, "First.", "Do this.", clock.now())
        close_incident(connection, step.incident_key, clock.now())
        open_incident(connection, step, World.SANDBOX, "Second.", "Do that.", clock.now())
        row = connection.execute(sa.select(tables.incident)).one()
        assert (row.detail, row.closed_at, row.title) == ("Second.", None, "Rank creators failed in 1 Plan")
        assert "docs/runbooks/plan.md" in row.next_step
        close_incident(connection, step.incident_key, clock.now())
        assert connection.scalar(sa.select(tables.incident.c.closed_at)) == clock.now()


def test_an_incident_of_an_unknown_iteration_is_still_seen(summer, clock):
    step = FailedStep("plan", "run", "open", "Open", "1 Plan", Lane.MARKETING, "never-opened")
    with summer.begin() as connection:
        open_incident(connection, step, World.SANDBOX, "Bad form.", "Correct it.", clock.now())
        assert connection.scalar(sa.select(tables.incident.c.iteration_key)) is None


def test_the_next_run_of_a_standing_pipeline_closes_what_the_failed_one_opened(summer, clock):
    steps = [
        FailedStep("refresh_metrics", f"run_{number}", "refresh_metrics", "Refresh", "Refresh", Lane.TECHNOLOGY, None)
        for number in (1, 2)
    ]
    other = FailedStep("watch_posts", "run_1", "watch_posts", "Watch posts", "Watch posts", Lane.MARKETING, None)
    with summer.begin() as connection:
        for step in (*steps, other):
            open_incident(connection, step, World.SANDBOX, "Killed.", "Clear it.", clock.now())
        close_earlier_incidents(connection, "refresh_metrics", "refresh_metrics", clock.now())
        assert not has_earlier_incident(connection, "refresh_metrics", "refresh_metrics")
        assert has_earlier_incident(connection, "watch_posts", "watch_posts")
