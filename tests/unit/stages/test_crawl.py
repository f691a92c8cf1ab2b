"""The crawl: round by round through the markets, nothing asked twice, not even after a stop."""

from collections import Counter

import pytest

from builders.crawls import NOW, KeptMemory, Scripted, ScriptedYouTube, channel_id
from mardev.connectors.youtube.platform import YouTubePlatform
from mardev.errors import QuotaExhausted
from mardev.stages.plan.crawl import Crawl, CrawlScope, starting_point

CHAIN = (
    Scripted("ada", follows=["bob", "eve"], videos={"v1": "with @bob", "v2": ""}),
    Scripted("bob", follows=["cid"], features=["dan"]),
    Scripted("cid", follows=None),
    Scripted("dan", follows=[]),
    Scripted("eve", country="FR", follows=["fay"]),
    Scripted("fay"),
)
"""ada -> bob -> cid, bob features dan; eve is abroad, and fay is known to nobody else."""


def scope(*starting_points: str, limit: int = 100, topics=("games",)) -> CrawlScope:
    return CrawlScope(topics, ["DE"], ["de"], starting_points, limit)


def youtube(**changes) -> ScriptedYouTube:
    return ScriptedYouTube(*CHAIN, **{"found": {"games": ["ada"]}, **changes})


def crawl(client, memory=None, wanted: CrawlScope | None = None) -> Crawl:
    one = Crawl(YouTubePlatform(client), memory or KeptMemory(), wanted or scope(), NOW)
    one.run(lambda _step, _done, _total: None)
    return one


def names(ids) -> list[str]:
    return [one.removeprefix("UC").rstrip("_") for one in ids]


def test_it_follows_subscriptions_and_featured_channels_inside_the_markets():
    assert names(crawl(youtube()).members()) == ["ada", "bob", "cid", "dan"]


def test_a_channel_abroad_is_looked_at_and_not_followed():
    client = youtube()
    crawl(client)
    assert ("channel", channel_id("eve")) in client.asked
    assert ("subscriptions", channel_id("eve")) not in client.asked
    assert ("channel", channel_id("fay")) not in client.asked


def test_nothing_is_asked_twice():
    client = youtube()
    crawl(client)
    assert set(Counter(client.asked).values()) == {1}


def test_the_limit_ends_the_search_for_more():
    client = youtube()
    found = crawl(client, wanted=scope(limit=2))
    assert names(found.members()) == ["ada", "bob"]
    assert ("subscriptions", channel_id("cid")) not in client.asked


def test_a_hidden_list_stays_hidden():
    found = crawl(youtube())
    assert found.memory.state("subscriptions", channel_id("cid")) == "hidden"
    assert channel_id("cid") not in found.memory.results("subscriptions")


def test_a_channel_without_videos_may_have_no_playlist():
    client = ScriptedYouTube(Scripted("ada", has_playlist=False), found={"games": ["ada"]})
    assert crawl(client).memory.results("uploads") == {channel_id("ada"): []}


def test_a_starting_point_is_a_word_a_handle_or_a_channel():
    client = youtube(found={"games": [], "indie": ["dan"]})
    found = crawl(client, wanted=scope("@bob", channel_id("ada"), "indie"))
    assert names(found.members()) == ["bob", "ada", "dan", "cid"]
    assert found.unknown_starting_points() == []


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://www.youtube.com/channel/UC" + "x" * 22, "UC" + "x" * 22),
        ("youtube.com/channel/UC" + "x" * 22 + "/videos?view=0", "UC" + "x" * 22),
        ("https://m.youtube.com/@ada.plays", "@ada.plays"),
        ("http://youtube.com/@ゲーム/about", "@ゲーム"),
        (" @ada ", "@ada"),
        ("UC" + "x" * 22, "UC" + "x" * 22),
        ("cozy games", "cozy games"),
        ("https://www.youtube.com/watch?v=abc", "https://www.youtube.com/watch?v=abc"),
    ],
)
def test_an_address_means_the_channel_it_leads_to(written, meant):
    assert starting_point(written) == meant


def test_the_limit_keeps_the_starting_points_in_their_order():
    named = scope(channel_id("dan"), channel_id("cid"), limit=2)
    assert names(crawl(youtube(), wanted=named).members()) == ["dan", "cid"]


def test_starting_points_that_do_not_exist_are_named_and_harmless():
    found = crawl(youtube(), wanted=scope("@nobody", channel_id("gone"), "@bob"))
    assert found.unknown_starting_points() == ["@nobody", channel_id("gone")]
    assert names(found.members()) == ["bob", "ada", "cid", "dan"]


def test_unknown_starting_points_are_still_named_when_the_crawl_goes_on():
    wanted, memory = scope("@nobody", channel_id("gone")), KeptMemory()
    crawl(youtube(), memory, wanted)
    client = youtube()
    assert crawl(client, KeptMemory(memory.kept), wanted).unknown_starting_points() == ["@nobody", channel_id("gone")]
    assert client.asked == []


def test_words_that_find_nobody_end_the_crawl():
    assert crawl(youtube(found={})).members() == []


@pytest.mark.parametrize("units", range(1, 16))
def test_a_crawl_that_ran_out_of_quota_goes_on_where_it_was(units):
    whole, memory = crawl(youtube()), KeptMemory()
    starved = youtube(units=units)
    with pytest.raises(QuotaExhausted):
        crawl(starved, memory)
    next_day = youtube()
    resumed = crawl(next_day, KeptMemory(memory.kept))
    assert resumed.members() == whole.members()
    assert resumed.memory.kept == whole.memory.kept
    assert set(Counter(starved.asked + next_day.asked).values()) == {1}


def test_a_video_that_was_taken_down_is_not_asked_for_again():
    client = youtube()
    client.gone_videos = {"v1"}
    memory = KeptMemory()
    crawl(client, memory)
    again = youtube()
    crawl(again, KeptMemory(memory.kept))
    assert again.asked == []
    assert set(memory.results("statistics")) == {"v2"}


def test_an_answer_that_was_under_way_when_another_failed_is_kept():
    class OneBreaks(ScriptedYouTube):
        def featured_channels(self, one: str) -> list[str]:
            if one == channel_id("bob"):
                raise OSError("broken")
            return super().featured_channels(one)

    client = OneBreaks(Scripted("bob"), Scripted("ada"), Scripted("cid"), found={"games": ["bob", "ada", "cid"]})
    memory = KeptMemory()
    with pytest.raises(OSError, match="broken"):
        crawl(client, memory)
    asked = {item for what, item in client.asked if what == "featured"}
    assert asked == {item for step, item in memory.kept if step == "featured"}
