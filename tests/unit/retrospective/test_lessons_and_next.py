from datetime import UTC, datetime
from decimal import Decimal

from builders.retrospective import evidence, kpi, placement
from mardev.retrospective.fishbone import Finding, compute_findings
from mardev.retrospective.lessons import LESSONS, OTHER, draft_lessons
from mardev.retrospective.next_iteration import PlacementResult, creator_reasons, propose_form

FORM = {
    "campaign": "Autumn apps", "iteration_key": "autumn-apps", "markets": ["DE", "US"],
    "flight_from": datetime(2026, 10, 19, tzinfo=UTC), "flight_to": datetime(2026, 11, 2, tzinfo=UTC),
    "integration_types": ["dedicated_video", "short", "post"], "must_have": ["absent"], "never": ["banned"],
    "budget_amount": Decimal(2000),
}  # fmt: skip


def finding(cause: str, side: str = "marketing", weight: float = 0.5, kpi_key: str | None = "views") -> Finding:
    return Finding(f"autumn/{kpi_key}/{cause}/x", kpi_key, side, "people", f"{cause} happened.", weight, ())


def result(key: str, conversions: int, cost: str = "100", **more) -> PlacementResult:
    values = {"market": "DE", "integration_type": "short", "views": 1000, "clicks": 50, "was_published": True} | more
    return PlacementResult(
        placement_key=key, channel_key=key, creator=key.title(), conversions=conversions, cost=Decimal(cost), **values
    )


def test_each_kind_of_cause_gives_its_lane_one_lesson_the_heaviest_first():
    drafts = draft_lessons(
        [finding("late_post", weight=0.1), finding("landing_outage", "technology"), finding("late_post", weight=0.2)]
    )
    assert [(draft.lane, draft.statement) for draft in drafts] == [
        ("technology", LESSONS["landing_outage"]), ("marketing", LESSONS["late_post"]),
    ]  # fmt: skip


def test_what_nobody_can_place_is_a_lesson_for_both():
    drafts = draft_lessons([finding("unexplained", "undetermined"), finding("alien", "both", weight=0.1)])
    assert [draft.lane for draft in drafts] == ["marketing", "technology", "marketing", "technology"]
    assert drafts[-1].statement == OTHER


def test_a_clean_iteration_teaches_nothing():
    assert draft_lessons([]) == []


def test_every_known_marketing_cause_has_its_own_lesson():
    spoiled = [
        placement(1, published_at=None), placement(2, published_at=None, held_by="marketing"),
        placement(3, link_was_right=False), placement(4, is_disclosed=False),
        placement(5, published_at=datetime(2026, 11, 1, tzinfo=UTC), views=1),
    ]  # fmt: skip
    found = compute_findings(evidence(kpis=[kpi("views", "99999", "1")], placements=spoiled))
    assert {draft.statement for draft in draft_lessons(found)} <= set(LESSONS.values())


def test_the_next_flight_is_as_long_and_two_weeks_later():
    form, reasons = propose_form(FORM, [], [])
    assert form["flight_from"] == datetime(2026, 11, 16, tzinfo=UTC)
    assert form["flight_to"] == datetime(2026, 11, 30, tzinfo=UTC)
    assert (form["campaign"], form["follows_iteration_key"]) == ("Autumn apps 2", "autumn-apps")
    assert "iteration_key" not in form
    assert form["budget_amount"] == 2000
    assert reasons == ['Follows "Autumn apps".', "The same length of flight, two weeks after the last one ended."]


def test_dates_come_back_as_they_came_and_names_count_on():
    text = FORM | {
        "campaign": "Autumn 9",
        "flight_from": "2026-10-19T00:00:00+00:00",
        "flight_to": "2026-11-02T00:00:00+00:00",
    }
    form, _ = propose_form(text, [], [])
    assert (form["campaign"], form["flight_from"]) == ("Autumn 10", "2026-11-16T00:00:00+00:00")


def test_failed_offers_give_the_next_approach_more_time():
    form, _ = propose_form(FORM, [], [finding("lost_deals")])
    assert form["flight_from"] == datetime(2026, 11, 23, tzinfo=UTC)


def test_the_old_form_stays_as_it_was():
    before = dict(FORM)
    propose_form(FORM, [result("a", 5)], [finding("late_post")])
    assert before == FORM


def test_the_best_come_again_and_who_did_not_publish_does_not():
    results = [
        result("a", 10),
        result("b", 30),
        result("c", 1),
        result("d", 20),
        result("absent", 0, was_published=False),
    ]
    form, reasons = propose_form(FORM, results, [])
    assert form["must_have"] == ["b", "d", "a"]
    assert form["never"] == ["banned", "absent"]
    assert "Without Absent, who did not publish." in reasons
    assert any(reason.startswith("Again with those who brought most conversions") for reason in reasons)


def test_no_more_are_asked_for_than_the_list_has_places():
    results = [result("a", 10), result("b", 30), result("d", 20)]
    form, reasons = propose_form(FORM | {"must_have": ["kept"], "head_count": 2}, results, [])
    assert form["must_have"] == ["kept", "b"]
    assert any("B (30" in reason and "D (20" not in reason for reason in reasons)


def test_each_creator_on_a_list_has_a_reason():
    reasons = creator_reasons([result("b", 30), result("absent", 0, was_published=False), result("c", 0)], "EUR")
    assert reasons == {"b": "brought 30 conversions for 100 EUR", "absent": "did not publish"}


def test_formats_are_ordered_by_what_they_brought_and_none_is_dropped():
    results = [result("a", 10, integration_type="short"), result("b", 30, integration_type="post")]
    form, reasons = propose_form(FORM, results, [])
    assert form["integration_types"] == ["post", "short", "dedicated_video"]
    assert "Post comes first: most conversions for the money." in reasons


def test_the_best_market_is_named():
    _, reasons = propose_form(FORM, [result("a", 10), result("b", 40, market="US")], [])
    assert "US brought most for the money: 40 conversions at 2.50 each." in reasons


def test_the_heaviest_known_causes_are_to_be_watched():
    _, reasons = propose_form(
        FORM, [], [finding("unexplained", "undetermined", 0.9), finding("late_post"), finding("held", weight=0.7)]
    )
    assert [reason for reason in reasons if reason.startswith("To watch")] == [
        "To watch: held happened.", "To watch: late_post happened.",
    ]  # fmt: skip
