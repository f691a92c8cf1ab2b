"""The form that starts an iteration: one required field, everything wrong told at once, in plain words."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from mardev.domain.words import IntegrationType, Objective, Role
from mardev.economics.kpis import kpis_for
from mardev.errors import FormRejected
from mardev.stages.plan.form import Known, key_of_campaign, read_form
from mardev.stages.plan.form_fields import FIELDS, KPI_NAMES, KPI_OF_OBJECTIVE

NOW = datetime(2026, 10, 5, 8, tzinfo=UTC)
ROLES = {"mia": frozenset({Role.MARKETING}), "ian": frozenset({Role.TECHNOLOGY})}


ADA = "youtube:UC" + "a" * 22


def read(campaigns=None, channels=None, **fields):
    known = Known(campaigns or {}, ROLES, started_by="mia", channels=channels or {})
    return read_form({"campaign": "Summer Games", **fields}, NOW, known)


def problems(**fields):
    with pytest.raises(FormRejected) as caught:
        read(**fields)
    return caught.value.problems


def test_the_campaign_is_all_that_has_to_be_filled_in():
    form = read()
    assert form.iteration_key == "summer-games"
    assert form.objective is Objective.POSITIONING
    assert form.kpi == "unique_reach"
    assert form.target is None
    assert form.markets == ("DE", "US")
    assert form.languages == ("de", "en")
    assert form.topics == ("mobile games", "android")
    assert form.budget_amount == 5000
    assert form.tolerance_share == Decimal("0.15")
    assert form.integration_types == (IntegrationType.DEDICATED_VIDEO, IntegrationType.INTEGRATED_MENTION)
    assert form.owner == "mia"


def test_a_flight_without_a_date_starts_when_everything_can_be_ready():
    form = read(flight_from=None)
    assert form.flight_from == NOW + timedelta(days=10)
    assert form.flight_to == form.flight_from + timedelta(days=14)


def test_a_flight_starts_at_midnight_of_its_first_day():
    assert read(flight_from="2026-11-01", flight_days=7).flight_from == datetime(2026, 11, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("campaign", "  ", "fill this in"),
        ("budget_amount", -1, "more than zero"),
        ("budget_amount", 0, "more than zero"),
        ("budget_amount", 1e20, "less than"),
        ("budget_amount", "1e999999999", "less than"),
        ("budget_amount", "much", "not a number"),
        ("budget_amount", "NaN", "not a number"),
        ("budget_currency", "XQQ", "not a currency"),
        ("markets", ["DE", "ATLANTIS"], "ATLANTIS: no such country"),
        ("markets", [], "at least one market"),
        ("languages", ["qqx"], "no such language"),
        ("flight_from", "2026-10-04", "in the past"),
        ("flight_from", "soon", "not a day"),
        ("flight_from", "9999-12-31", "more than"),
        ("flight_days", 0, "whole number from 1"),
        ("topics", [], "at least one topic"),
        ("target", -5, "more than zero"),
        ("target", "1e999999999", "less than"),
        ("kpi", "fame", "not measured"),
        ("objective", "world_domination", "unknown"),
        ("integration_types", ["skywriting"], "skywriting: unknown"),
        ("owner", "nobody", "holds no role"),
        ("signed_by_marketing", "ian", "does not hold the role marketing"),
        ("signed_by_technology", "eve", "holds no role"),
        ("head_count", 2.5, "whole number"),
        ("head_count", "1e999999999", "whole number"),
        ("tolerance_percent", 101, "whole number from 0 to 100"),
        ("must_have", ["cozy games"], "«cozy games»: not a channel"),
        ("never", ["https://example.org/@ada", "@ok"], "«https://example.org/@ada»: not a channel"),
        ("must_have", [f"@creator{n}" for n in range(21)], "21 creators must be on the list, which has 20 at most"),
    ],
)
def test_a_field_that_cannot_be_accepted_is_named_with_what_to_do(field, value, says):
    found = problems(**{field: value})
    assert list(found) == [field]
    assert says in found[field]


def test_creators_are_named_by_address_handle_or_key_and_each_counts_once():
    form = read(
        must_have=[ADA, f"https://www.youtube.com/channel/{ADA.removeprefix('youtube:')}", "@Bob", "@bob"],
        never="https://youtube.com/@cid.plays/videos\n\n@dan",
    )
    assert form.must_have == (ADA, "@Bob")
    assert form.never == ("@cid.plays", "@dan")
    assert (read().must_have, read().never) == ((), ())


def test_a_creator_cannot_be_asked_for_and_ruled_out():
    assert "@bob: must be on the list as well" in problems(must_have=["@bob"], never=["@Bob"])["never"]


def test_a_creator_in_both_lists_is_recognised_in_two_spellings():
    found = problems(channels={"ada.plays": ADA}, must_have=[ADA], never=["@Ada.Plays"])
    assert list(found) == ["never"]


def test_everything_wrong_is_told_at_once():
    assert set(problems(budget_amount=-1, markets=["XX1"], topics=[])) == {"budget_amount", "markets", "topics"}


def test_a_running_campaign_cannot_be_started_again():
    assert "already" in problems(campaigns={"summer-games": "create"})["campaign"]


def test_a_rejected_campaign_starts_again_as_its_next_revision():
    form = read(campaigns={"summer-games": "rejected", "summer-games-r2": "rejected"})
    assert (form.iteration_key, form.revision, form.follows_iteration_key) == (
        "summer-games-r3", 3, "summer-games-r2"
    )  # fmt: skip


def test_a_name_without_latin_letters_still_has_a_key():
    assert key_of_campaign("夏のゲーム").startswith("campaign-")


def test_a_form_that_was_read_can_be_filled_in_again():
    form = read(target=100, flight_from="2026-11-01", signed_by_marketing="mia", starting_points=["@one", "two"],
                must_have=[ADA, "@bob"], never=["@cid"])  # fmt: skip
    again = read_form(form.as_json(), NOW, Known({}, ROLES, started_by="mia"))
    assert again == form


def test_what_no_database_can_hold_is_left_out():
    assert read(campaign="Sum\x00mer\ud800 games").campaign == "Summer games"
    assert read(topics=["ga\x00mes"]).topics == ("games",)


@pytest.mark.parametrize(
    ("one", "other"),
    [("夏 10", "冬 10"), ("Große Spiele", "Grüße Spiele"), ("x" * 49, "x" * 50), ("ф" * 20 + " 2", "ы" * 20 + " 2")],
)
def test_two_names_do_not_meet_in_one_key(one, other):
    assert key_of_campaign(one) != key_of_campaign(other)


@pytest.mark.parametrize("campaign", ["夏 10", "Große Spiele", "x" * 50, "!", "Ⅷ" * 50, "ﷺ" * 50])
def test_every_name_has_a_key_that_the_warehouse_takes(campaign):
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]{1,60}", key_of_campaign(campaign, revision=123))


def test_each_objective_is_measured_by_its_first_kpi():
    assert {objective: kpis_for(objective, "install")[0].key for objective in Objective} == KPI_OF_OBJECTIVE
    assert set(KPI_OF_OBJECTIVE.values()) <= set(KPI_NAMES)


def test_only_the_campaign_is_required():
    assert [spec.name for spec in FIELDS if spec.is_required] == ["campaign"]
