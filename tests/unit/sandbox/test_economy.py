"""Creators, graph, videos and search."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from tests.builders.sandbox_world import small_world

from sandbox.model import MARKETS, UnknownCreator, UnknownVideo
from sandbox.world import World


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return small_world(tmp_path_factory.mktemp("economy"), creators=600)


def test_every_market_language_and_target_vertical_is_inhabited(world: World):
    assert {creator.market for creator in world.creators} == set(MARKETS)
    assert {creator.language for creator in world.creators} == {"de", "en", "pt", "ja"}
    assert {creator.vertical for creator in world.creators} >= {"gamers", "android", "entertainers"}
    assert len({creator.vertical for creator in world.creators}) >= 6


def test_ids_have_the_forms_of_the_platform(world: World):
    for creator in world.creators[:100]:
        assert re.fullmatch(r"UC[A-Za-z0-9_-]{22}", creator.channel_id)
        assert creator.uploads_playlist == "UU" + creator.channel_id[2:]
        assert re.fullmatch(r"[a-z0-9]{3,}", creator.handle)
    for video in world.videos(world.creators[0].channel_id):
        assert re.fullmatch(r"[A-Za-z0-9_-]{11}", video.video_id)


def test_handles_channel_ids_and_addresses_are_unique(world: World):
    creators = world.creators
    for values in (
        [c.handle for c in creators],
        [c.channel_id for c in creators],
        [c.address for c in creators if c.address],
    ):
        assert len(set(values)) == len(values)


def test_japanese_creators_are_named_in_their_script(world: World):
    names = [creator.name for creator in world.creators if creator.language == "ja"]
    assert all(re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", name) for name in names)


def test_the_business_address_stands_in_the_description_and_some_have_none(world: World):
    with_address = [creator for creator in world.creators if creator.address]
    assert 0.78 < len(with_address) / len(world.creators) < 0.92
    for creator in with_address:
        assert creator.address and creator.address in creator.description
        assert creator.address.endswith(f"@{creator.handle}.example")


def test_sizes_are_heavy_tailed(world: World):
    sizes = sorted(world.subscribers(creator.channel_id) for creator in world.creators)
    assert sizes[len(sizes) // 2] < 30_000
    assert sum(sizes[-60:]) > 0.4 * sum(sizes)  # the largest tenth has a large part of all


def test_communities_are_denser_inside_than_outside(world: World):
    truth = world.truth()
    community = truth["communities"]
    inside = sum(community[source] == community[target] for source, target, _ in truth["edges"])
    assert inside / len(truth["edges"]) > 0.6
    sizes = [list(community.values()).count(key) for key in set(community.values())]
    by_chance = sum(size * (size - 1) for size in sizes) / (len(community) * (len(community) - 1))
    assert inside / len(truth["edges"]) > 5 * by_chance


def test_hubs_attract_more_followers(world: World):
    truth = world.truth()
    followers = dict.fromkeys(truth["communities"], 0)
    for _, target, _ in truth["edges"]:
        followers[target] += 1
    hubs = [followers[channel] for channel in truth["hubs"]]
    rest = [count for channel, count in followers.items() if channel not in set(truth["hubs"])]
    assert sum(hubs) / len(hubs) > 3 * sum(rest) / len(rest)


def test_subscriptions_are_dated_in_the_past_and_name_existing_channels(world: World):
    for creator in world.creators[:50]:
        for channel_id, since in world.subscriptions(creator.channel_id):
            assert since <= world.now
            assert world.creator(channel_id).channel_id != creator.channel_id


def test_new_follows_appear_while_time_passes(tmp_path: Path):
    world = small_world(tmp_path)
    before = sum(len(world.subscriptions(creator.channel_id)) for creator in world.creators)
    world.advance_to(world.now + timedelta(days=30))
    assert sum(len(world.subscriptions(creator.channel_id)) for creator in world.creators) > before


def test_featured_channels_are_subscribed_to(world: World):
    featuring = [creator for creator in world.creators if world.featured_channels(creator.channel_id)]
    assert len(featuring) > len(world.creators) / 3
    for creator in featuring[:40]:
        followed = {channel_id for channel_id, _ in world.subscriptions(creator.channel_id)}
        assert set(world.featured_channels(creator.channel_id)) <= followed


def test_about_sixty_percent_hide_their_subscriptions(world: World):
    share = sum(creator.subscriptions_hidden for creator in world.creators) / len(world.creators)
    assert 0.52 < share < 0.68


def test_videos_come_newest_first_and_as_many_as_counted(world: World):
    for creator in world.creators[:20]:
        videos = world.videos(creator.channel_id)
        assert [v.published_at for v in videos] == sorted((v.published_at for v in videos), reverse=True)
        assert len(videos) == world.video_count(creator.channel_id)
        assert all(video.published_at <= world.now for video in videos)


def test_some_video_descriptions_mention_another_channel(world: World):
    handles = {creator.handle for creator in world.creators}
    videos = [video for creator in world.creators[:60] for video in world.videos(creator.channel_id)]
    mentions = [handle for video in videos for handle in re.findall(r"@([a-z0-9]+)", video.description)]
    assert 0.1 < len(mentions) / len(videos) < 0.35
    assert set(mentions) <= handles


def test_views_never_fall(tmp_path: Path):
    world = small_world(tmp_path)
    videos = [world.videos(creator.channel_id, 2) for creator in world.creators[:40]]
    ids = [video.video_id for pair in videos for video in pair]
    before = [world.statistics(video_id) for video_id in ids]
    totals = [world.total_views(creator.channel_id) for creator in world.creators]
    world.advance_to(world.now + timedelta(days=3))
    after = [world.statistics(video_id) for video_id in ids]
    assert all(
        b.views >= a.views and b.likes >= a.likes and b.comments >= a.comments
        for a, b in zip(before, after, strict=True)
    )
    assert sum(b.views for b in after) > sum(a.views for a in before)
    assert all(world.total_views(c.channel_id) >= total for c, total in zip(world.creators, totals, strict=True))


def test_videos_go_on_appearing_beyond_the_first_block(tmp_path: Path):
    world = small_world(tmp_path)
    creator = world.creators[0]
    counts = []
    for days in (0, 100, 300):
        world.advance_to(world.start + timedelta(days=days))
        counts.append(world.video_count(creator.channel_id))
    assert counts[0] < counts[1] < counts[2]


def test_a_video_of_tomorrow_is_unknown_today(tmp_path: Path):
    today, tomorrow = small_world(tmp_path / "a"), small_world(tmp_path / "b")
    tomorrow.advance_to(tomorrow.now + timedelta(days=5))
    creator = next(c for c in today.creators if today.video_count(c.channel_id) < tomorrow.video_count(c.channel_id))
    newest = tomorrow.videos(creator.channel_id, 1)[0].video_id
    with pytest.raises(UnknownVideo):
        today.video(newest)
    assert tomorrow.video(newest).video_id == newest


@pytest.mark.parametrize("video_id", ["", "short", "AAAAAAAAAAA", "ééééééééééé", "x" * 40])
def test_an_invented_video_is_unknown(world: World, video_id: str):
    with pytest.raises(UnknownVideo):
        world.statistics(video_id)


def test_an_invented_channel_is_unknown(world: World):
    with pytest.raises(UnknownCreator):
        world.videos("UC_nobody")


@pytest.mark.parametrize(
    ("query", "vertical"),
    [
        ("Handyspiele", "gamers"),
        ("mobile games", "gamers"),
        ("アプリ紹介", "android"),
        ("comédia", "entertainers"),
        ("android apps", "android"),
    ],
)
def test_search_finds_the_topic_in_any_language(world: World, query: str, vertical: str):
    found = world.search_channels(query, region="JP")
    assert found
    assert [creator.vertical for creator in found[:10]].count(vertical) >= 8
    assert all(creator.market == "JP" for creator in found)


def test_words_that_mean_nothing_find_nobody(world: World):
    assert world.search_channels("qqxxzz") == []


def test_search_finds_a_channel_by_its_name(world: World):
    wanted = world.creators[5]
    assert wanted in world.search_channels(wanted.handle)[:5]


def test_a_picture_is_harmless_svg(world: World):
    for creator in world.creators[:50]:
        assert creator.picture.startswith("<svg ")
        assert "script" not in creator.picture
        assert "href" not in creator.picture


def test_hidden_traits_do_not_show_in_a_repr(world: World):
    assert "reservation_price" not in repr(world.creators[0])
