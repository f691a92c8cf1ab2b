"""Channels that vanish, change or lose views, giveaways and engagement pods."""

from datetime import timedelta
from itertools import permutations
from pathlib import Path

import pytest

from sandbox.accounts.model import GoneAccount, UnknownAccount
from sandbox.accounts.network import ANSWER
from sandbox.model import Creator, SandboxError, UnknownCreator, UnknownVideo
from sandbox.troubles import TroublePlan, read_plan
from sandbox.world import World

PLAN = TroublePlan(pods=3, giveaways=4, vanish=4, rename=4, turn_private=4, views_fall=4)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path, 7, "none", 200)


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A world with all troubles, forty days old: everything has happened."""
    world = World(tmp_path_factory.mktemp("planted"), 7, "none", 400, troubles=PLAN)
    world.advance_to(world.now + timedelta(days=40))
    return world


def with_account(world: World, platform: str) -> Creator:
    """Somebody with an account there whom somebody follows on YouTube."""
    followed = {one.channel_id for creator in world.creators for one in world.subscriptions(creator.channel_id)}
    accounts = world.network(platform).accounts
    return next(one for one in (world.creators[account.creator] for account in accounts) if one.channel_id in followed)


# ---- what happens


def test_a_channel_that_vanishes_is_gone_everywhere(world: World):
    gone = with_account(world, "bluesky")
    account = next(one for one in world.network("bluesky").accounts if one.creator == gone.number)
    video = world.videos(gone.channel_id, 1)[0].video_id
    world.cause_trouble("vanish", gone.channel_id)
    for ask in (world.creator, world.videos, world.subscriptions):
        with pytest.raises(UnknownCreator):
            ask(gone.channel_id)
    for ask in (world.video, world.statistics):
        with pytest.raises(UnknownVideo):
            ask(video)
    with pytest.raises(UnknownCreator):
        world.creator_by_handle(gone.handle)
    followed = {one.channel_id for one in world.creators if one != gone for one in world.subscriptions(one.channel_id)}
    assert gone.channel_id not in followed
    assert gone.channel_id not in {one.channel_id for one in world.search_channels("")}
    with pytest.raises(GoneAccount):
        world.network("bluesky").by_handle(account.handle)
    here = world.network("bluesky").here()
    assert account.identity not in {other.identity for one in here for other in world.network("bluesky").follows(one)}


def test_an_account_may_vanish_on_one_platform_only(world: World):
    creator = with_account(world, "mastodon")
    account = next(one for one in world.network("mastodon").accounts if one.creator == creator.number)
    world.cause_trouble("vanish", creator.channel_id, "mastodon")
    assert world.creator(creator.channel_id) == creator
    with pytest.raises(GoneAccount):
        world.network("mastodon").by_identity(account.identity)


def test_a_renamed_channel_keeps_its_id_and_loses_its_old_handle(world: World):
    creator = with_account(world, "bluesky")
    network = world.network("bluesky")
    account = next(one for one in network.accounts if one.creator == creator.number)
    world.cause_trouble("rename", creator.channel_id)
    renamed = world.creator(creator.channel_id)
    assert renamed.handle != creator.handle
    assert world.creator_by_handle(renamed.handle) == renamed
    with pytest.raises(UnknownCreator):
        world.creator_by_handle(creator.handle)
    known = network.by_identity(account.identity)
    assert known.handle != account.handle
    assert network.by_handle(known.handle) == known
    with pytest.raises(UnknownAccount):
        network.by_handle(account.handle)


def test_a_channel_can_close_its_lists(world: World):
    creator = next(one for one in world.creators if not one.subscriptions_hidden)
    world.cause_trouble("turn_private", creator.channel_id)
    assert world.creator(creator.channel_id).subscriptions_hidden
    network = world.network("mastodon")
    open_account = next(one for one in network.accounts if not one.hides_lists)
    world.cause_trouble("turn_private", network.creator(open_account).channel_id, "mastodon")
    assert network.by_identity(open_account.identity).hides_lists


def test_views_fall_once_and_grow_again(world: World):
    channel = world.creators[3].channel_id
    video = world.videos(channel, 20)[-1].video_id
    before, total = world.statistics(video).views, world.total_views(channel)
    world.cause_trouble("views_fall", channel)
    fallen = world.statistics(video).views
    assert 0.45 * before < fallen < 0.95 * before
    assert world.total_views(channel) < total
    world.advance_to(world.now + timedelta(days=5))
    assert world.statistics(video).views >= fallen


def test_a_giveaway_brings_followers_of_whom_some_leave(world: World):
    creator = with_account(world, "bluesky")
    network = world.network("bluesky")
    account = next(one for one in network.accounts if one.creator == creator.number)
    channel, begun = creator.channel_id, world.now
    world.cause_trouble("giveaway", channel)
    counted = []
    for days in (0, 2, 40):
        world.advance_to(begun + timedelta(days=days))
        counted.append((world.subscribers(channel), network.follower_count(account)))
    for before, peak, later in zip(*counted, strict=True):
        assert before < later < peak
    assert counted[1][0] > 1.12 * counted[0][0]


def test_a_giveaway_is_announced_with_the_newest_video(world: World):
    creator = next(one for one in world.creators if one.language == "en")
    newest = world.videos(creator.channel_id, 1)[0]
    world.cause_trouble("giveaway", creator.channel_id)
    assert "GIVEAWAY" in world.video(newest.video_id).description
    assert "GIVEAWAY" not in newest.description


# ---- pods


def test_members_of_a_pod_follow_each_other(planted: World):
    pods = planted.truth()["pods"]
    assert len(pods) == 3
    for pod in pods:
        assert 6 <= len(pod) <= 14
        followed = {member: {one.channel_id for one in planted.subscriptions(member)} for member in pod}
        inside = sum(target in followed[source] for source, target in permutations(pod, 2))
        assert inside / (len(pod) * (len(pod) - 1)) > 0.75


def test_members_of_a_pod_answer_and_like_each_other_and_others_do_not(planted: World):
    network = planted.network("bluesky")
    pod_of = {member: place for place, pod in enumerate(planted.truth()["pods"]) for member in pod}

    def place(number: int) -> int | None:
        return pod_of.get(network.creator(network.account(number)).channel_id)

    members = [one for one in network.accounts if place(one.number) is not None]
    mates = [one for one in members if sum(place(other.number) == place(one.number) for other in members) > 1]
    assert len(mates) > 5
    answers = [key for one in mates for key in network.post_keys(one) if network.kind(key) == ANSWER]
    pairs = [(key, target) for key in answers if (target := network.target(key))]
    assert len(pairs) > 0.8 * len(answers)
    assert all(place(target.account) == place(key.account) for key, target in pairs)
    posts = [key for one in mates for key in network.post_keys(one)]
    assert len(answers) / len(posts) > 0.3


def test_creators_without_a_pod_are_as_they_would_be(planted: World, tmp_path: Path):
    usual = World(tmp_path, 7, "none", 400)
    usual.advance_to(planted.now)
    touched = {one for pod in planted.truth()["pods"] for one in pod}
    touched |= {one["channel_id"] for one in planted.truth()["troubles"]}
    gone = {one["channel_id"] for one in planted.truth()["troubles"] if one["kind"] == "vanish"}
    for creator in [one for one in usual.creators if one.channel_id not in touched][:60]:
        assert planted.creator(creator.channel_id) == creator
        assert planted.subscribers(creator.channel_id) == usual.subscribers(creator.channel_id)
        kept = [one for one in usual.subscriptions(creator.channel_id) if one.channel_id not in gone]
        assert planted.subscriptions(creator.channel_id) == kept


# ---- planting


def test_as_many_are_planted_as_were_asked_for(planted: World):
    kinds = [one["kind"] for one in planted.truth()["troubles"]]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == dict.fromkeys(
        ("giveaway", "vanish", "rename", "turn_private", "views_fall"), 4
    )


def test_nothing_is_planted_by_default(world: World):
    truth = world.truth()
    assert (truth["pods"], truth["troubles"]) == ([], [])


def test_what_was_caused_is_there_again_after_a_restart(tmp_path: Path):
    first = World(tmp_path, 7, "none", 60, troubles=PLAN)
    first.cause_trouble("rename", first.creators[0].channel_id)
    told = first.truth()
    first.close()
    again = World(tmp_path, 7, "none", 60, troubles=PLAN)
    assert (again.truth()["troubles"], again.truth()["pods"]) == (told["troubles"], told["pods"])
    again.close()
    with pytest.raises(SandboxError, match="another world"):
        World(tmp_path, 7, "none", 60)


@pytest.mark.parametrize("text", ["pods", "pods=x", "pods=-1", "sharks=2"])
def test_a_plan_that_makes_no_sense_is_refused(text: str):
    with pytest.raises(SandboxError, match="there are pods, giveaways"):
        read_plan(text)


@pytest.mark.parametrize(("kind", "platform"), [("explode", None), ("rename", "mastodon"), ("vanish", "nowhere")])
def test_what_cannot_happen_there_is_refused(world: World, kind: str, platform: str | None):
    with pytest.raises(SandboxError):
        world.cause_trouble(kind, world.creators[0].channel_id, platform)
