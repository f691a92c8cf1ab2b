"""One search over all platforms: rows of each, edges with their kind, accounts of one creator, trouble on the way."""

from contextlib import ExitStack
from dataclasses import replace

import pytest
import sqlalchemy as sa

from builders.mishaps import at_statement
from mardev.connectors.platforms import platforms
from mardev.errors import CredentialRejected, FixFirst, TransportFailed
from mardev.stages.plan.collect_creators import collect_creators
from mardev.stages.plan.forecast_quota import forecast_quota
from mardev.stages.plan.gate_creators import gate_creators
from mardev.stages.plan.join_accounts import decide_same_creator, joined_creators
from mardev.stages.plan.open_iteration import open_iteration
from mardev.stages.plan.publish_creators import publish_creators
from mardev.stages.plan.rank_creators import rank_creators
from mardev.stages.plan.shortlist_creators import shortlist_creators
from mardev.warehouse import tables

KEY = "everywhere"
NAMES = ["youtube", "bluesky", "mastodon", "twitch"]
FORM = {
    "campaign": "Everywhere",
    "markets": ["DE", "US"],
    "topics": ["mobile games", "android"],
    "platforms": NAMES,
    "channel_limit": 60,
}


@pytest.fixture(scope="module")
def opened(world, new_warehouse) -> str:
    engine = new_warehouse()
    open_iteration(world.context(engine, params=FORM))
    return str(engine.url.database)


@pytest.fixture
def context(world, new_warehouse, opened):
    return world.context(new_warehouse(opened), iteration=KEY)


@pytest.fixture(scope="module")
def published(world, new_warehouse, opened):
    """The search's context when everything is published."""
    context = world.context(new_warehouse(opened), iteration=KEY)
    forecast_quota(context)
    reports = publish_creators(context, gate_creators(context, collect_creators(context)))
    assert all(report["quarantined"] == 0 for report in reports.values())
    return context


def rows(context, query: str) -> list[sa.RowMapping]:
    with context.warehouse.connect() as connection:
        return list(connection.execute(sa.text(query)).mappings())


def test_all_four_are_platforms():
    assert sorted(platforms()) == sorted(NAMES)


def test_every_platform_brings_channels_counters_and_a_plan(published):
    channels = {
        row["platform"]: row["n"]
        for row in rows(published, "SELECT platform, count(*) AS n FROM core.channel GROUP BY 1")
    }
    assert sorted(channels) == sorted(NAMES)
    assert min(channels.values()) >= 3
    plans = rows(published, "SELECT platform, state, units_spent, covers FROM ops.crawl_plan")
    assert {row["platform"] for row in plans if row["state"] == "done" and row["covers"]} == set(NAMES)
    assert all(sum(row["units_spent"].values()) > 0 for row in plans)


def test_the_graph_has_all_platforms_and_the_plan_only_those_whose_posts_can_be_watched(published):
    rank_creators(published)
    shortlist_creators(published)
    ranked = {
        row["platform"]
        for row in rows(
            published, "SELECT DISTINCT platform FROM core.channel_rank JOIN core.channel USING (channel_key)"
        )
    }
    assert ranked == set(NAMES)
    planned = rows(published, "SELECT DISTINCT split_part(channel_key, chr(58), 1) AS platform FROM core.plan_row")
    assert [row["platform"] for row in planned] == ["youtube"]
    (plan,) = rows(published, "SELECT quota_forecast FROM core.plan")
    assert {"default", "bluesky default", "twitch default"} <= set(plan["quota_forecast"]["spent"])


def test_views_are_told_only_where_the_platform_tells_them(published):
    told = {
        row["platform"]: (row["views"], row["definitions"])
        for row in rows(
            published,
            "SELECT platform, count(average_daily_views) AS views, array_agg(DISTINCT view_definition) AS definitions "
            "FROM core.channel_snapshot JOIN core.channel USING (channel_key) GROUP BY 1",
        )
    }
    assert told["bluesky"] == told["mastodon"] == (0, ["none"])
    assert told["twitch"][0] > 0
    assert told["twitch"][1] == ["twitch:recording_views"]
    assert told["youtube"][0] > 0


def test_cadence_and_the_last_post_are_known_everywhere(published):
    known = rows(
        published,
        "SELECT platform, count(posts_per_week) FILTER (WHERE posts_per_week > 0) AS posting, count(last_post_at) AS n "
        "FROM core.channel_snapshot JOIN core.channel USING (channel_key) GROUP BY 1",
    )
    assert all(row["posting"] > 0 and row["n"] > 0 for row in known)
    latest = rows(published, "SELECT count(last_post_at) AS n FROM mart.channel_latest")
    assert latest[0]["n"] == sum(row["n"] for row in known)


def test_languages_come_from_the_posts_where_the_profile_tells_none(published):
    told = rows(published, "SELECT platform, language FROM core.channel WHERE platform <> 'youtube'")
    assert sum(row["language"] is not None for row in told) > len(told) * 0.8


def test_follows_have_their_kind_and_hidden_lists_stay_hidden(published):
    kinds = {
        (row["platform"], row["kind"])
        for row in rows(
            published,
            "SELECT DISTINCT platform, kind FROM core.follow_edge "
            "JOIN core.channel ON channel_key = source_channel_key",
        )
    }
    assert {("youtube", "subscribes"), ("bluesky", "follows")} <= kinds
    assert ("twitch", "follows") not in kinds
    lists = rows(
        published,
        "SELECT platform, state, count(*) AS n FROM core.follow_list JOIN core.channel USING (channel_key) "
        "GROUP BY 1, 2",
    )
    states = {(row["platform"], row["state"]): row["n"] for row in lists}
    assert ("bluesky", "hidden") not in states
    assert states["mastodon", "hidden"] > 0
    assert not any(platform == "twitch" for platform, _ in states)


def test_accounts_of_one_creator_are_joined_only_by_proof_or_by_a_person(world, published):
    pairs = rows(published, "SELECT * FROM core.same_creator ORDER BY confidence DESC")
    owner = owners(world)

    def is_true(row) -> bool:
        return owner[tuple(row["channel_key"].split(":", 1))] == owner[tuple(row["other_channel_key"].split(":", 1))]

    assert len(pairs) >= 5
    confirmed = [row for row in pairs if row["state"] == "confirmed"]
    assert confirmed
    assert all(is_true(row) for row in confirmed)
    assert sum(is_true(row) for row in pairs) / len(pairs) >= 0.9
    assert all(row["evidence"] for row in pairs)
    open_pair = next(row for row in pairs if row["state"] == "proposed")
    one, other = open_pair["channel_key"], open_pair["other_channel_key"]
    with published.warehouse.connect() as connection:
        before = joined_creators(connection, "sandbox")
    assert before.get(one, one) != before.get(other, other)
    decide_same_creator(published.warehouse, other, one, "confirmed", "mia", published.clock.now())
    with published.warehouse.connect() as connection:
        after = joined_creators(connection, "sandbox")
        assert joined_creators(connection, "live") == {}
    assert after[one] == after[other]
    decide_same_creator(published.warehouse, one, other, "refused", "mia", published.clock.now())
    collect_creators(published)  # evidence that comes again does not undo what a person said
    (again,) = [
        row
        for row in rows(published, "SELECT * FROM core.same_creator")
        if row["channel_key"] == one and row["other_channel_key"] == other
    ]
    assert (again["state"], again["decided_by"]) == ("refused", "mia")
    with pytest.raises(FixFirst, match="Nobody proposed"):
        decide_same_creator(published.warehouse, one, "youtube:nobody", "confirmed", "mia", published.clock.now())


def owners(world) -> dict[tuple[str, str], str]:
    """Platform and id of every account to its creator, by the world's truth; a creator is called by the channel."""
    found = {}
    for one in world.truth("accounts"):
        found[one["platform"], one["account"]] = one["channel_id"]
        found["youtube", one["channel_id"]] = one["channel_id"]
    return found


def test_a_platform_that_is_down_stops_the_search_and_it_goes_on_with_what_was_answered(world, context):
    with ExitStack() as until_mended:

        def break_it(_connection: sa.Connection) -> None:
            until_mended.enter_context(world.broken("bluesky", "outage"))

        # When the first platform's answers are written down, the second breaks.
        with (
            at_statement(context.warehouse, break_it, containing="INSERT INTO ops.crawl_item"),
            pytest.raises(TransportFailed, match="bluesky"),
        ):
            collect_creators(context)
    states = {row["platform"]: row["state"] for row in rows(context, "SELECT platform, state FROM ops.crawl_plan")}
    assert states == {"youtube": "done", "bluesky": "waiting"}
    youtube_calls = rows(context, "SELECT count(*) AS n FROM ops.raw_payload WHERE api = 'youtube'")[0]["n"]
    world.let_pass(minutes=2)
    assert collect_creators(context)["channels"] > FORM["channel_limit"]
    assert rows(context, "SELECT count(*) AS n FROM ops.raw_payload WHERE api = 'youtube'")[0]["n"] == youtube_calls


def test_a_revoked_secret_names_its_connection_and_nothing_of_the_others_is_lost(world, context):
    revoked = replace(
        context, connection=world.context(context.warehouse, twitch={"password": "REVOKED-CANARY"}).connection
    )
    with pytest.raises(CredentialRejected, match="mardev_twitch") as caught:
        collect_creators(revoked)
    assert "REVOKED-CANARY" not in str(caught.value)
    (plan,) = rows(context, "SELECT state, note FROM ops.crawl_plan WHERE platform = 'twitch'")
    assert plan["state"] == "stopped"
    assert "mardev_twitch" in plan["note"]
    assert collect_creators(context)["channels"] > FORM["channel_limit"]


def test_without_a_word_on_platforms_only_youtube_is_asked(world, new_warehouse):
    engine = new_warehouse()
    quiet = {name: value for name, value in FORM.items() if name != "platforms"}
    context = replace(
        world.context(engine, params=quiet), iteration=open_iteration(world.context(engine, params=quiet))
    )
    collect_creators(context)
    assert {row["api"] for row in rows(context, "SELECT DISTINCT api FROM ops.raw_payload")} & set(NAMES) == {"youtube"}
    with context.warehouse.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(tables.same_creator)) == 0
