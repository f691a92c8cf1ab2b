"""What a crawl remembers becomes rows: edges between known channels, addresses, expected views."""

from datetime import timedelta

import pytest

from builders.crawls import NOW, KeptMemory, Scripted, ScriptedYouTube, channel_id
from mardev.connectors.youtube.platform import YouTubePlatform
from mardev.domain.words import World
from mardev.stages.plan.crawl import Crawl, CrawlScope
from mardev.stages.plan.crawl_rows import CrawlRows, counted_as

EXPIRY = NOW + timedelta(days=30)


def rows_of(*channels: Scripted) -> CrawlRows:
    names = [channel.name for channel in channels]
    client = ScriptedYouTube(*channels, found={"games": names})
    crawl = Crawl(YouTubePlatform(client), KeptMemory(), CrawlScope(["games"], ["DE"], ["de"], [], 100), NOW)
    crawl.run(lambda _step, _done, _total: None)
    return CrawlRows(crawl.memory, crawl.members(), world=World.SANDBOX, observed_at=NOW, expires_at=EXPIRY)


def edges(*channels: Scripted) -> set[tuple[str, str, str]]:
    def name(key: str) -> str:
        return key.removeprefix("youtube:UC").rstrip("_")

    return {
        (name(edge["source_channel_key"]), name(edge["target_channel_key"]), edge["kind"])
        for edge in rows_of(*channels).edges()
    }


def test_a_channel_is_keyed_by_platform_and_id():
    (row,) = rows_of(Scripted("ada")).channels()
    assert row["channel_key"] == f"youtube:{channel_id('ada')}"
    assert (row["world"], row["first_seen_at"], row["expires_at"]) == ("sandbox", NOW, EXPIRY)


def test_a_channel_that_tells_no_language_gets_its_countrys():
    (row,) = rows_of(Scripted("ada")).channels()
    assert row["language"] == "de"


@pytest.mark.parametrize(
    ("description", "address"),
    [
        ("Business: ada@creators.example", "ada@creators.example"),
        ("Write to ada.plays+work@mail.creators.example.", "ada.plays+work@mail.creators.example"),
        ("(ada@creators.example)", "ada@creators.example"),
        ("ご連絡は ada@creators.example まで", "ada@creators.example"),
        ("Follow @ada", None),
        ("", None),
    ],
)
def test_an_address_is_read_from_the_description(description, address):
    found = [row["email"] for row in rows_of(Scripted("ada", description=description)).contacts()]
    assert found == ([address] if address else [])


def test_each_kind_of_endorsement_is_an_edge():
    ada = Scripted("ada", follows=["bob"], features=["bob"], videos={"v1": "with @bob"})
    assert edges(ada, Scripted("bob")) == {
        ("ada", "bob", "subscribes"), ("ada", "bob", "features"), ("ada", "bob", "mentions")
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["Thanks to @bob.", "Thanks to @bob, really", "(@Bob)", "https://youtube.com/channel/" + channel_id("bob")],
)
def test_a_mention_is_found_whatever_stands_behind_it(text):
    assert edges(Scripted("ada", videos={"v1": text}), Scripted("bob")) == {("ada", "bob", "mentions")}


def test_an_address_is_no_mention():
    assert edges(Scripted("ada", videos={"v1": "me@bob"}), Scripted("bob")) == set()


def test_two_mentions_are_one_edge():
    ada = Scripted("ada", videos={"v1": "with @bob", "v2": "again @bob"})
    assert len(list(rows_of(ada, Scripted("bob")).edges())) == 1


def test_nobody_endorses_themselves_and_nobody_unknown():
    assert edges(Scripted("ada", follows=["ada", "stranger"], videos={"v1": "@ada"})) == set()


def test_an_edge_is_as_old_as_the_subscription():
    (edge,) = rows_of(Scripted("ada", follows=["bob"]), Scripted("bob")).edges()
    assert edge["first_seen_at"] == NOW - timedelta(days=100)
    assert edge["last_seen_at"] == NOW


def test_lists_say_whether_they_were_read_or_hidden():
    states = {
        row["channel_key"]: row["state"] for row in rows_of(Scripted("ada"), Scripted("bob", follows=None)).lists()
    }
    assert states == {f"youtube:{channel_id('ada')}": "read", f"youtube:{channel_id('bob')}": "hidden"}


def test_views_of_recent_posts_are_counted():
    # Two posts of ten days ago with 1,000 views each: 2,000 views in 10 days, 1,000 views a post.
    (row,) = rows_of(Scripted("ada", videos={"v1": "", "v2": ""})).snapshots()
    assert row["average_daily_views"] == pytest.approx(200)
    assert row["views_per_post"] == 1000


def test_no_recent_post_says_nothing_about_views():
    (row,) = rows_of(Scripted("ada")).snapshots()
    assert row["average_daily_views"] is None
    assert row["views_per_post"] is None


def test_likes_and_comments_are_kept_beside_the_views():
    client = ScriptedYouTube(Scripted("ada", videos={"v1": ""}), found={"games": ["ada"]})
    memory = KeptMemory()
    Crawl(YouTubePlatform(client), memory, CrawlScope(["games"], ["DE"], ["de"], [], 9), NOW).run(lambda *_: None)
    counted = memory.results("statistics")["v1"]
    assert counted == {"views": 1000, "likes": 10, "comments": 1}
    assert counted_as({"external_id": "v1"}, memory.results("statistics"), "likes") == 10


def test_a_crawl_that_began_when_views_alone_were_kept_goes_on_with_them():
    ada = Scripted("ada", videos={"v1": "", "v2": ""})
    scope, memory = CrawlScope(["games"], ["DE"], ["de"], [], 9), KeptMemory()
    Crawl(YouTubePlatform(ScriptedYouTube(ada, found={"games": ["ada"]})), memory, scope, NOW).run(lambda *_: None)
    older = {asked: answer for asked, answer in memory.kept.items() if asked != ("statistics", "v2")}
    older["statistics", "v1"] = ("done", {"views": 3000})
    client = ScriptedYouTube(ada, found={"games": ["ada"]})
    crawl = Crawl(YouTubePlatform(client), KeptMemory(older), scope, NOW)
    crawl.run(lambda *_: None)
    assert client.asked == [("statistics", "v2")]
    told = crawl.memory.results("statistics")
    assert [counted_as({"external_id": one}, told, "likes") for one in ("v1", "v2")] == [None, 10]
    (row,) = CrawlRows(
        crawl.memory, crawl.members(), world=World.SANDBOX, observed_at=NOW, expires_at=EXPIRY
    ).snapshots()
    assert row["views_per_post"] == 2000


def test_counters_that_come_with_the_post_are_read_from_it():
    assert counted_as({"external_id": "v1", "likes": 7}, {}, "likes") == 7
    assert counted_as({"external_id": "v1", "likes": 7}, {}, "comments") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Gewinnspiel! Schreib einen Kommentar", {"says_giveaway": True}),
        ("Kooperation mit @bob", {"says_promoted": True}),
        ("A #adventure", {}),
    ],
)
def test_what_a_description_announces_is_kept_and_the_description_is_not(text, said):
    client = ScriptedYouTube(Scripted("ada", videos={"v1": text}), found={"games": ["ada"]})
    memory = KeptMemory()
    Crawl(YouTubePlatform(client), memory, CrawlScope(["games"], ["DE"], ["de"], [], 9), NOW).run(lambda *_: None)
    (post,) = memory.results("uploads")[channel_id("ada")]
    assert {name: value for name, value in post.items() if name.startswith("says_")} == said
    assert text not in str(post)
