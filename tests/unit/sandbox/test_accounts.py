"""Accounts beside the YouTube channel: who has them, what joins them, who follows whom."""

import hashlib
import re
from datetime import timedelta
from pathlib import Path

import pytest
from tests.builders.sandbox_world import small_world

from sandbox.accounts.model import PLATFORMS, UnknownAccount, UnknownPost
from sandbox.world import World

YOUTUBE_OF_SEED_7 = "96e3899360a890b3dad56837cee3d900cb68aced504d4d6a5b424a0f2584c894"
"""What 300 creators and their channels were before they had accounts elsewhere."""

ADDRESSES = {
    "youtube": "www.youtube.com/@",
    "bluesky": "bsky.app/profile/",
    "mastodon": ".example/@",
    "twitch": "www.twitch.tv/",
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return small_world(tmp_path_factory.mktemp("accounts"), creators=600)


def accounts_of(world: World) -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = {}
    for platform in PLATFORMS:
        for account in world.network(platform).accounts:
            found.setdefault(account.creator, {})[platform] = account.identity
    return found


def test_a_creator_has_one_to_four_accounts_and_each_number_occurs(world: World):
    others = accounts_of(world)
    counts = [1 + len(others.get(creator.number, {})) for creator in world.creators]
    assert set(counts) == {1, 2, 3, 4}


def test_vertical_and_market_decide_who_is_where(world: World):
    def share(platform: str, **wanted: str) -> float:
        here = {account.creator for account in world.network(platform).accounts}
        asked = [one for one in world.creators if all(getattr(one, name) == value for name, value in wanted.items())]
        return sum(one.number in here for one in asked) / len(asked)

    assert share("twitch", vertical="gamers") > 3 * share("twitch", vertical="style")
    assert share("mastodon", vertical="android") > 2 * share("mastodon", vertical="sport")
    assert share("mastodon", market="DE") > 1.5 * share("mastodon", market="BR")


@pytest.mark.parametrize(
    ("platform", "identity", "handle"),
    [
        ("bluesky", r"did:plc:[a-z2-7]{24}", r"[a-z0-9]+(\.bsky\.social|\.example)"),
        ("mastodon", r"\d{15,20}", r"[a-z0-9]+(@[a-z.]+\.example)?"),
        ("twitch", r"\d+", r"[a-z0-9_]{4,25}"),
    ],
)
def test_ids_and_handles_have_the_forms_of_the_platform_and_are_unique(
    world: World, platform: str, identity: str, handle: str
):
    accounts = world.network(platform).accounts
    assert all(re.fullmatch(identity, one.identity) and re.fullmatch(handle, one.handle) for one in accounts)
    assert len({one.identity for one in accounts}) == len({one.handle for one in accounts}) == len(accounts)


def test_most_accounts_can_be_joined_by_evidence_and_some_cannot(world: World):
    accounts = world.truth()["accounts"]
    joined = [one for one in accounts if any(found["kind"] != "same_handle" for found in one["evidence"])]
    assert 0.75 < len(joined) / len(accounts) < 0.98
    assert {found["kind"] for one in accounts for found in one["evidence"]} == {
        "link_in_description",
        "verified_link",
        "business_address",
        "domain_handle",
        "same_handle",
    }


def test_evidence_that_is_told_is_really_there(world: World):
    for platform in PLATFORMS:
        network = world.network(platform)
        for told in (one for one in world.truth()["accounts"] if one["platform"] == platform):
            account = network.by_identity(told["account"])
            creator = network.creator(account)
            shown = account.about + " ".join(field.value for field in account.fields)
            for found in told["evidence"]:
                if found["kind"] == "business_address":
                    assert creator.address and creator.address in account.about
                elif found["kind"] in ("link_in_description", "verified_link"):
                    address = {
                        "youtube": "www.youtube.com/@",
                        "twitch": "www.twitch.tv/",
                        "bluesky": "bsky.app/profile/",
                    }
                    assert address.get(found["leads_to"], "/@") in shown


def test_links_lead_to_accounts_of_the_same_creator(world: World):
    handles = {account.handle: account.creator for account in world.network("bluesky").accounts}
    for account in world.network("twitch").accounts:
        for handle in re.findall(r"bsky\.app/profile/(\S+)", account.about):
            assert handles[handle] == account.creator


def test_accounts_follow_whom_their_creators_follow_on_youtube_more_often_than_others(world: World):
    network = world.network("bluesky")
    edges = network.edges()
    youtube = {
        (creator.number, world.creator(one.channel_id).number)
        for creator in world.creators
        for one in world.subscriptions(creator.channel_id)
    }
    both = sum((source.creator, target.creator) in youtube for source, target, _ in edges)
    assert 0.25 < both / len(edges) < 0.8


def test_communities_show_in_the_follows_of_each_platform(world: World):
    for platform in ("bluesky", "mastodon"):
        network = world.network(platform)
        community = {one.number: network.creator(one).traits.community for one in network.accounts}
        edges = network.edges()
        inside = sum(community[source.number] == community[target.number] for source, target, _ in edges)
        assert inside / len(edges) > 0.5


def test_nobody_is_told_who_follows_whom_on_twitch(world: World):
    assert world.network("twitch").edges() == []


def test_follows_begin_when_both_are_there_and_new_ones_appear(tmp_path: Path):
    world = small_world(tmp_path)
    network = world.network("bluesky")
    for source, target, since in network.edges():
        assert since >= max(source.created_at, target.created_at)
    before = sum(len(network.follows(one)) for one in network.accounts)
    world.advance_to(world.now + timedelta(days=30))
    assert sum(len(network.follows(one)) for one in network.accounts) > before


def test_posts_never_lose_likes_and_new_ones_appear(tmp_path: Path):
    world = small_world(tmp_path)
    network = world.network("mastodon")
    keys = [key for one in network.accounts[:20] for key in network.post_keys(one)]
    likes = [network.counters(key).likes for key in keys]
    world.advance_to(world.now + timedelta(days=20))
    assert all(network.counters(key).likes >= before for key, before in zip(keys, likes, strict=True))
    assert sum(len(network.post_keys(one)) for one in network.accounts[:20]) > len(keys)


@pytest.mark.parametrize("identity", ["", "x" * 13, "2222222222222", "zzzzzzzzzzzzz", "é" * 13, "1"])
def test_an_invented_post_is_unknown(world: World, identity: str):
    network = world.network("bluesky")
    with pytest.raises(UnknownPost):
        network.post_key(network.accounts[0], identity)


@pytest.mark.parametrize("actor", ["", "fan0-ffffffff.bsky.social", "fanffffff-0.bsky.social", "did:plc:" + "a" * 24])
def test_an_invented_follower_is_unknown(world: World, actor: str):
    with pytest.raises(UnknownAccount):
        world.network("bluesky").fan(actor)


def test_two_worlds_of_one_seed_have_the_same_accounts(tmp_path: Path):
    first, second = (small_world(tmp_path / name) for name in ("a", "b"))
    assert accounts_of(first) == accounts_of(second)
    assert first.truth()["account_edges"] == second.truth()["account_edges"]
    assert accounts_of(small_world(tmp_path / "c", seed=8)) != accounts_of(first)


def test_youtube_is_as_it_was_before_there_were_other_accounts(tmp_path: Path):
    world = World(tmp_path, creator_count=300)
    seen = hashlib.sha256()
    for _ in range(2):
        for creator in world.creators:
            channel = creator.channel_id
            counters = (world.subscribers(channel), world.total_views(channel), world.video_count(channel))
            lists = (world.subscriptions(channel), world.featured_channels(channel))
            seen.update(repr((creator, creator.traits, *counters, *lists)).encode())
        for creator in world.creators[:60]:
            for video in world.videos(creator.channel_id, 10):
                seen.update(repr((video, world.statistics(video.video_id))).encode())
        seen.update(repr([one.channel_id for one in world.search_channels("mobile games")]).encode())
        world.advance_to(world.now + timedelta(days=9))
    assert seen.hexdigest() == YOUTUBE_OF_SEED_7
