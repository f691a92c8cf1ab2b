"""Channels that change while a crawl looks at them: they vanish, turn private, take another handle."""

from builders.crawls import NOW, KeptMemory, Scripted, ScriptedYouTube, channel_id
from mardev.connectors.errors import AccessHidden, NotThere
from mardev.connectors.youtube.platform import YouTubePlatform
from mardev.domain.words import World
from mardev.stages.plan.crawl import Crawl, CrawlScope
from mardev.stages.plan.crawl_rows import CrawlRows

ADA, BOB = channel_id("ada"), channel_id("bob")
PAIR = (Scripted("ada", follows=["bob"], videos={"v1": "with @bob"}), Scripted("bob", follows=[], videos={"v2": ""}))


class Changing(YouTubePlatform):
    """Bob changes after his details were read."""

    def __init__(self, client, lists=None, posts=None) -> None:
        super().__init__(client)
        self._lists, self._posts = lists, posts

    def endorsed(self, step, external_id):
        if self._lists and external_id == BOB:
            raise self._lists
        return super().endorsed(step, external_id)

    def posts(self, external_id, posts_at, most):
        if self._posts and external_id == BOB:
            raise self._posts
        return super().posts(external_id, posts_at, most)


def crawl(client, memory=None) -> tuple[Crawl, CrawlRows]:
    one = Crawl(client, memory or KeptMemory(), CrawlScope(["games"], ["DE"], ["de"], [], 10), NOW)
    one.run(lambda _step, _done, _total: None)
    return one, CrawlRows(one.memory, one.members(), world=World.SANDBOX, observed_at=NOW, expires_at=None)


def youtube() -> ScriptedYouTube:
    return ScriptedYouTube(*PAIR, found={"games": ["ada"]})


def test_a_channel_that_vanishes_after_its_details_keeps_them_and_has_nothing_else():
    gone = NotThere("gone")
    one, rows = crawl(Changing(youtube(), lists=gone, posts=gone))
    assert one.members() == [ADA, BOB]
    (_, bob) = rows.snapshots()
    assert (bob["average_daily_views"], bob["posts_per_week"], bob["last_post_at"]) == (None, 0.0, None)
    assert {row["kind"] for row in rows.edges()} == {"subscribes", "mentions"}  # what others say of it stays


def test_a_channel_that_turns_private_is_hidden_and_not_empty():
    hidden = AccessHidden("private")
    one, rows = crawl(Changing(youtube(), lists=hidden, posts=hidden))
    assert one.memory.state("uploads", BOB) == one.memory.state("subscriptions", BOB) == "hidden"
    (_, bob) = rows.snapshots()
    assert (bob["average_daily_views"], bob["posts_per_week"], bob["last_post_at"]) == (None, None, None)
    assert [row["state"] for row in rows.lists()] == ["read", "hidden"]


def test_a_channel_that_vanished_before_its_details_is_no_member():
    client = ScriptedYouTube(PAIR[0], found={"games": ["ada"]})
    one, rows = crawl(YouTubePlatform(client))
    assert one.members() == [ADA]
    assert one.memory.state("channel", BOB) == "absent"
    assert list(rows.edges()) == []


def test_two_channels_that_became_one_are_one_row():
    # A merged channel is answered for with the id that it has now: the one asked for is gone.
    client = ScriptedYouTube(*PAIR, found={"games": ["ada", "bob", "ada"]})
    _, rows = crawl(YouTubePlatform(client))
    assert [row["external_id"] for row in rows.channels()] == [ADA, BOB]


def test_another_handle_is_the_same_channel_and_mentions_of_the_new_one_find_it():
    memory = KeptMemory()
    crawl(YouTubePlatform(youtube()), memory)
    state, known = memory.kept["channel", BOB]
    memory.kept["channel", BOB] = (state, known | {"handle": "@robert"})
    memory.kept["uploads", ADA] = ("done", [memory.kept["uploads", ADA][1][0] | {"mentions": ["robert"]}])
    _, rows = crawl(YouTubePlatform(youtube()), KeptMemory(memory.kept))
    mentions = [row for row in rows.edges() if row["kind"] == "mentions"]
    assert [row["target_channel_key"] for row in mentions] == [f"youtube:{BOB}"]


def test_a_self_follow_and_a_double_entry_are_no_edges():
    client = ScriptedYouTube(
        Scripted("ada", follows=["ada", "bob", "bob"]), Scripted("bob"), found={"games": ["ada", "bob"]}
    )
    _, rows = crawl(YouTubePlatform(client))
    assert [(row["source_channel_key"], row["target_channel_key"]) for row in rows.edges()] == [
        (f"youtube:{ADA}", f"youtube:{BOB}")
    ]
