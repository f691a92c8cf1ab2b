from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mardev.martech.incidents import CheckSeen, judge_checks
from mardev.martech.requirements import add_working_days, earliest_flight, readiness, requirements_for
from mardev.martech.systems import SYSTEMS, system

MONDAY = datetime(2026, 10, 5, 8, tzinfo=UTC)
FORM = {"markets": ["DE", "FR"], "conversion_kind": "install", "campaign": "Autumn"}


def requirement(key: str):
    return next(r for r in requirements_for(FORM, [{}] * 12) if r.requirement_key == key)


def test_every_requirement_names_a_system_and_its_owner():
    for need in requirements_for(FORM, []):
        assert need.owner == system(need.system_key).owner


def test_every_system_is_needed_by_some_plan():
    assert {need.system_key for need in requirements_for(FORM, [])} == {record.system_key for record in SYSTEMS}


def test_links_are_counted_by_placement():
    assert requirement("links").need == "12 tracking links, one for each placement"


def test_an_app_page_is_reused_where_it_exists_and_built_where_not():
    assert (requirement("landing-de").approach, requirement("landing-de").lead_days) == ("reuse", 0)
    assert (requirement("landing-fr").approach, requirement("landing-fr").markets) == ("build", ("FR",))


def test_what_exists_and_is_healthy_is_ready():
    found = readiness(requirement("landing-de"), {("landing", "DE"): True}, MONDAY, MONDAY + timedelta(days=14))
    assert (found.state, found.due_at) == ("ready", MONDAY + timedelta(days=13))


def test_what_must_be_set_up_is_in_time_when_the_flight_is_far():
    found = readiness(requirement("links"), {("redirector", ""): True}, MONDAY, MONDAY + timedelta(days=14))
    assert (found.state, found.detail) == ("in_time", "Takes 1 working day; expected on 06 October 2026, in time.")


def test_what_takes_longer_than_the_time_left_is_a_gap():
    # ten working days from Monday 5 October end on Monday 19; the flight on the 10th asks for the 9th
    found = readiness(requirement("landing-fr"), {("landing", "FR"): True}, MONDAY, MONDAY + timedelta(days=5))
    assert found.state == "gap"
    assert "expected on 19 October 2026, 10 days too late" in found.detail


def test_a_broken_system_needs_its_repair_first():
    health = {("landing", "DE"): False}
    found = readiness(requirement("landing-de"), health, MONDAY, MONDAY + timedelta(days=14))
    assert (found.state, found.detail[:35]) == ("in_time", "App page failed its last check; exp")
    assert readiness(requirement("landing-de"), health, MONDAY, MONDAY + timedelta(days=1)).state == "gap"


def test_a_system_that_was_never_checked_is_not_called_ready():
    found = readiness(requirement("counters"), {}, MONDAY, MONDAY + timedelta(days=14))
    assert (found.state, "was never checked" in found.detail) == ("in_time", True)


def test_the_earliest_flight_waits_for_the_longest_lead():
    assert earliest_flight(requirements_for(FORM, []), MONDAY) == datetime(2026, 10, 20, 8, tzinfo=UTC)
    assert earliest_flight([], MONDAY) == MONDAY


@settings(max_examples=30)
@given(st.integers(0, 400), st.integers(0, 6))
def test_working_days_end_on_a_working_day(days, offset):
    end = add_working_days(MONDAY + timedelta(days=offset), days)
    assert days == 0 or end.weekday() < 5


def check(system_key: str, hours: float, is_healthy: bool, market: str = "") -> CheckSeen:
    return CheckSeen(system_key, market, MONDAY + timedelta(hours=hours), is_healthy, "503")


def changes(checks, open_incidents=()):
    return [(c.change, c.system_key, c.market, c.since) for c in judge_checks(checks, open_incidents)]


def test_a_page_customers_meet_opens_at_its_first_failure():
    assert changes([check("landing", 1, False, "DE")]) == [("open", "landing", "DE", MONDAY + timedelta(hours=1))]


def test_a_collector_may_fail_once():
    assert changes([check("youtube", 1, False)]) == []
    assert changes([check("youtube", 2, False), check("youtube", 1, False)]) == [
        ("open", "youtube", "", MONDAY + timedelta(hours=1))
    ]
    assert changes([check("youtube", 1, False), check("youtube", 2, True), check("youtube", 3, False)]) == []


def test_an_open_incident_closes_with_the_first_passed_check_and_is_not_opened_twice():
    checks = [check("landing", 1, False, "DE"), check("landing", 13, True, "DE"), check("landing", 25, True, "DE")]
    assert changes(checks, [("landing", "DE")]) == [("close", "landing", "DE", MONDAY + timedelta(hours=13))]
    assert changes(checks[:1], [("landing", "DE")]) == []


def test_markets_are_judged_apart():
    found = changes(
        [check("landing", 1, False, "DE"), check("landing", 1, True, "US"), check("landing", 1, False, "BR")]
    )
    assert [market for _, _, market, _ in found] == ["BR", "DE"]


def test_an_incident_says_what_marketing_cannot_do():
    opened = judge_checks([check("redirector", 1, False)], [])[0]
    assert opened.title == "Link redirector (Shlink) does not answer"
    assert opened.next_step == "IT repairs it; until then marketing cannot count clicks, lead viewers to the app."


def test_an_unknown_system_is_refused():
    with pytest.raises(KeyError):
        system("fax")
