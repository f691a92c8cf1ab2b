"""The suites keep out what the tables would refuse: a bad row is quarantined, never a crash of the whole batch."""

from datetime import timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from tests.builders.batches import NOW, VALID_ROWS, fill_parents, gated_run, staged_run

from mardev.domain.words import World
from mardev.quality.gate import validate_all
from mardev.quality.suites import suite_of
from mardev.warehouse.tables import quarantined_row
from mardev.warehouse.write import publish

FUTURE = NOW + timedelta(days=2)
PAST = NOW - timedelta(days=20_000)

# Each change breaks exactly the rules named. Where the table has a constraint for it, the rule stands before it.
BAD = {
    "channel": [
        ({"external_id": "other"}, ["channel_key_names_platform_and_id"]),
        ({"country": "Germany"}, ["country_is_country"]),
        ({"language": "German"}, ["language_is_locale"]),
        ({"title": None}, ["title_is_present"]),
        ({"topics": None}, ["topics_is_present"]),
        ({"description": None}, ["description_is_present"]),
        ({"refreshed_at": FUTURE}, ["refreshed_at_is_plausible"]),
        ({"first_seen_at": "soon"}, ["values_are_readable", "first_seen_at_is_present"]),
        ({"world": "live"}, ["world_is_the_run's"]),
        ({"world": "moon"}, ["world_is_the_run's"]),
    ],
    "channel_snapshot": [
        ({"subscribers": -1}, ["subscribers_is_not_negative"]),
        ({"total_views": -1}, ["total_views_is_not_negative"]),
        ({"post_count": -1}, ["post_count_is_not_negative"]),
        ({"average_daily_views": -0.5}, ["average_daily_views_is_not_negative"]),
        ({"subscribers_hidden": True}, ["hidden_subscribers_are_null"]),
        ({"subscribers_hidden": None}, ["subscribers_hidden_is_present", "hidden_subscribers_are_null"]),
        ({"channel_key": "youtube:nobody"}, ["channel_key_is_known"]),
        ({"channel_key": "UC1"}, ["channel_key_names_platform_and_id", "channel_key_is_known"]),
        ({"snapshot_at": PAST}, ["snapshot_at_is_plausible"]),
    ],
    "contact": [
        ({"kind": "friend"}, ["kind_is_known_word"]),
        ({"email": "ann at ann"}, ["email_is_an_address", "sandbox_mails_nobody_real"]),
        ({"email": "ann@gmail.com"}, ["sandbox_mails_nobody_real"]),
        ({"legal_basis": ""}, ["legal_basis_is_said"]),
        ({"language": "xx_YY"}, ["language_is_locale"]),
        ({"channel_key": "youtube:nobody"}, ["channel_key_is_known"]),
        ({"found_at": FUTURE}, ["found_at_is_plausible"]),
    ],
    "follow_edge": [
        ({"kind": "likes"}, ["kind_is_known_word"]),
        ({"target_channel_key": "youtube:UC1"}, ["nobody_follows_itself"]),
        ({"weight": 0}, ["weight_is_positive"]),
        ({"weight": "NaNa"}, ["values_are_readable", "weight_is_present", "weight_is_positive"]),
        ({"first_seen_at": NOW + timedelta(hours=1)}, ["seen_first_before_last"]),
        ({"source_channel_key": "nobody"}, ["source_channel_key_names_platform_and_id"]),
        ({"evidence": None}, ["evidence_is_present"]),
    ],
    "follow_list": [
        ({"state": "secret"}, ["state_is_known_word"]),
        ({"kind": "likes"}, ["kind_is_known_word"]),
        ({"observed_at": FUTURE}, ["observed_at_is_plausible"]),
    ],
    "post": [
        ({"external_id": "other"}, ["post_key_names_platform_and_id"]),
        ({"matched_by": "luck"}, ["matched_by_is_known_word"]),
        ({"channel_key": "youtube:nobody"}, ["channel_key_is_known"]),
        ({"placement_key": "none-1", "matched_by": "link"}, ["placement_key_is_known"]),
        ({"published_at": PAST}, ["published_at_is_plausible"]),
    ],
    "post_metric_snapshot": [
        ({"views": -1}, ["views_is_not_negative"]),
        ({"likes": -1}, ["likes_is_not_negative"]),
        ({"comments": -1}, ["comments_is_not_negative"]),
        ({"views": "many"}, ["values_are_readable"]),
        ({"post_key": "youtube:unknown"}, ["post_key_is_known"]),
        ({"snapshot_at": FUTURE}, ["snapshot_at_is_plausible"]),
        ({"view_definition": None}, ["view_definition_is_present"]),
    ],
    "hit": [
        ({"is_click": True}, ["click_or_reason"]),
        ({"exclusion": None}, ["click_or_reason"]),
        ({"country": "de"}, ["country_is_country"]),
        ({"hit_key": ""}, ["hit_key_is_not_blank"]),
        ({"placement_key": "none-1"}, ["placement_key_is_known"]),
        ({"hit_at": PAST}, ["hit_at_is_plausible"]),
    ],
    "conversion": [
        ({"kind": "stolen"}, ["kind_is_known_word"]),
        ({"market": "Germany"}, ["market_is_country"]),
        ({"revenue_currency": None}, ["money_has_a_currency"]),
        ({"revenue_currency": "euro"}, ["revenue_currency_is_currency"]),
        ({"is_test": None}, ["is_test_is_present"]),
        ({"converted_at": FUTURE}, ["converted_at_is_plausible"]),
        ({"revenue_amount": Decimal(10) ** 20}, ["values_are_readable", "money_has_a_currency"]),
    ],
    "session_report": [
        ({"sessions": -1}, ["sessions_is_not_negative"]),
        ({"key_events": -1}, ["key_events_is_not_negative"]),
        ({"day_on": FUTURE.date()}, ["day_on_is_plausible"]),
        ({"utm_content": None}, ["utm_content_is_present"]),
    ],
    "system_check": [
        ({"system_key": "moon"}, ["system_key_is_known"]),
        ({"market": "everywhere"}, ["market_is_country_or_everywhere"]),
        ({"latency_ms": -1}, ["latency_ms_is_not_negative"]),
        ({"is_healthy": None}, ["is_healthy_is_present"]),
        ({"checked_at": FUTURE}, ["checked_at_is_plausible"]),
    ],
}


def test_the_rows_that_the_tests_call_good_pass_every_rule(engine):
    fill_parents(engine)
    runs = [staged_run(engine, asset, [row]) for asset, row in VALID_ROWS.items()]
    for decision in validate_all(engine, runs):
        assert decision.broken_rules == ()
        assert publish(engine, decision.run, suite_of(decision.run.asset).requirements).inserted == 1


@pytest.mark.parametrize("asset", BAD)
def test_each_kind_of_bad_row_is_quarantined_for_its_own_reason(engine, asset):
    fill_parents(engine)
    for number, (change, rules) in enumerate(BAD[asset]):
        run = gated_run(engine, asset, [VALID_ROWS[asset] | change], label=f"bad/{number}/{asset}")
        count = publish(engine, run, suite_of(asset).requirements)
        assert (count.quarantined, count.published) == (1, 0), change
        with engine.connect() as connection:
            kept = connection.execute(
                sa.select(quarantined_row.c.rules).where(quarantined_row.c.ingest_run_id == run.ingest_run_id)
            )
            assert kept.scalar_one() == rules, change


@pytest.mark.parametrize("asset", ["channel", "conversion"])
def test_a_row_never_overwrites_one_of_the_other_world(engine, asset):
    requirements = suite_of(asset).requirements
    publish(engine, gated_run(engine, asset, [VALID_ROWS[asset]]), requirements)
    other = gated_run(engine, asset, [VALID_ROWS[asset] | {"world": "live"}], world=World.LIVE)
    assert publish(engine, other, requirements).quarantined == 1
    with engine.connect() as connection:
        [kept] = connection.scalars(sa.select(quarantined_row.c.rules)).all()
    assert kept == [f"{asset}_key_is_of_no_other_world"]
