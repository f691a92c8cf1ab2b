"""YouTube through its real code path: googleapiclient, our transport, a scripted wire."""

from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest

from builders import youtube_payloads as payloads
from builders.pipelines import (
    NOON,
    Wire,
    collected,
    google_pipeline_on,
    google_refusal,
    json_answer,
    pages_of,
    record_of,
)
from mardev.connectors.errors import NotThere, SubscriptionsHidden
from mardev.connectors.youtube import ChannelRecord, StatisticsRecord, SubscriptionRecord, YouTube, forecast_units
from mardev.connectors.youtube.limits import DEFAULT_BUCKET, SEARCH_BUCKET, STATISTICS_BUCKET, bucket_limits
from mardev.connectors.youtube.records import duration_seconds
from mardev.errors import ContractBroken, CredentialRejected, QuotaExhausted, RecordMalformed, TransportFailed


def youtube_on(*answers, on_malformed=None, **changes) -> tuple[YouTube, Wire]:
    wire = Wire(*answers)
    options = {"on_malformed": on_malformed} if on_malformed else {}
    return YouTube(google_pipeline_on(wire, **changes), record_of("mardev_youtube"), lambda: NOON, **options), wire


def answering(kind: str, *items, **more):
    return json_answer(payloads.page(kind, *items, **more))


ADA = ChannelRecord(
    channel_id="UC_ada",
    title="Ada plays",
    description="Mail: ada@creators.example",
    handle="@adaplays",
    country="DE",
    language="de",
    published_at=datetime(2015, 3, 1, 10, tzinfo=UTC),
    picture_url="https://yt3.example/ada.jpg",
    uploads_playlist="UU_ada",
    subscribers=123_000,
    subscribers_hidden=False,
    total_views=9_000_000,
    video_count=250,
    topic_categories=("https://en.wikipedia.org/wiki/Video_game_culture",),
    keywords="games android",
    observed_at=NOON,
)


def test_a_channel_is_read_with_exact_types():
    youtube, wire = youtube_on(answering(payloads.CHANNELS, payloads.channel()))
    assert list(youtube.channels(["UC_ada"])) == [ADA]
    assert wire.paths == ["/youtube/v3/channels"]
    assert wire.requests[0].url.host == "service.example"


def test_a_hidden_subscriber_count_is_none_and_never_0():
    hidden = payloads.channel(subscriberCount="0", hiddenSubscriberCount=True)
    youtube, _ = youtube_on(answering(payloads.CHANNELS, hidden))
    (channel,) = youtube.channels(["UC_ada"])
    assert (channel.subscribers, channel.subscribers_hidden) == (None, True)


def test_what_a_channel_does_not_tell_is_none():
    item = {"id": "UC_x", "snippet": {"title": "X"}, "statistics": {"hiddenSubscriberCount": False}}
    youtube, _ = youtube_on(answering(payloads.CHANNELS, item))
    (channel,) = youtube.channels(["UC_x"])
    assert (channel.subscribers, channel.total_views, channel.country, channel.picture_url) == (None,) * 4
    assert (channel.description, channel.topic_categories, channel.handle) == ("", (), None)


def test_fifty_channels_cost_one_unit():
    youtube, wire = youtube_on(answering(payloads.CHANNELS))
    assert list(youtube.channels([f"UC{number}" for number in range(101)])) == []
    assert [len(request.url.params["id"].split(",")) for request in wire.requests] == [50, 50, 1]
    assert youtube.remaining_units() == youtube.limit_units() - 3 == 9_997


def test_a_handle_is_looked_up_with_or_without_its_sign():
    youtube, wire = youtube_on(answering(payloads.CHANNELS, payloads.channel()), answering(payloads.CHANNELS))
    assert [channel.channel_id for channel in youtube.channels_for_handle("adaplays")] == ["UC_ada"]
    assert list(youtube.channels_for_handle(" @nobody ")) == []
    assert [request.url.params["forHandle"] for request in wire.requests] == ["@adaplays", "@nobody"]


def test_a_search_costs_a_call_of_its_own_bucket():
    youtube, wire = youtube_on(pages_of([payloads.found("UC1"), payloads.found("UC2")], 1, payloads.SEARCH))
    assert list(youtube.search_channels("android apps", region="DE", language="de")) == ["UC1", "UC2"]
    assert (youtube.remaining_units(SEARCH_BUCKET), youtube.remaining_units(DEFAULT_BUCKET)) == (98, 10_000)
    parameters = wire.requests[0].url.params
    assert (parameters["type"], parameters["regionCode"], parameters["relevanceLanguage"]) == ("channel", "DE", "de")


def test_a_search_stops_when_there_is_enough_and_names_nobody_twice():
    items = [payloads.found(name) for name in ("UC1", "UC1", "UC2", "UC3")]
    youtube, wire = youtube_on(pages_of(items, 2, payloads.SEARCH))
    assert list(youtube.search_channels("games", max_results=2)) == ["UC1", "UC2"]
    assert len(wire.requests) == 2


def test_uploads_come_newest_first_and_only_as_many_pages_as_wanted():
    items = [payloads.upload(f"v{number}") for number in range(120)]
    youtube, wire = youtube_on(pages_of(items, 50, payloads.UPLOADS))
    videos = list(youtube.uploads("UU_ada", max_results=60))
    assert [video.video_id for video in videos] == [f"v{number}" for number in range(60)]
    assert len(wire.requests) == 2


def test_an_upload_tells_its_own_instant_and_owner():
    youtube, _ = youtube_on(answering(payloads.UPLOADS, payloads.upload()))
    (video,) = youtube.uploads("UU_ada")
    assert (video.published_at, video.channel_id) == (datetime(2026, 10, 1, 8, tzinfo=UTC), "UC_ada")
    assert (video.duration_seconds, video.is_paid_promotion, video.tags) == (None, None, ())
    assert video.url == "https://www.youtube.com/watch?v=v1"


def test_a_playlist_that_is_gone_is_not_there():
    youtube, _ = youtube_on(google_refusal(404, "playlistNotFound"))
    with pytest.raises(NotThere):
        list(youtube.uploads("UU_gone"))


def test_a_video_tells_duration_tags_and_paid_promotion():
    youtube, _ = youtube_on(answering(payloads.VIDEOS, payloads.video()))
    (video,) = youtube.videos(["v1"])
    assert (video.duration_seconds, video.tags, video.language) == (601, ("game", "android"), "de")
    assert (video.is_paid_promotion, video.live_state) == (True, "none")


def test_statistics_are_read_fifty_at_a_time_from_their_own_bucket():
    youtube, wire = youtube_on(answering(payloads.STATISTICS, payloads.statistics()))
    found = list(youtube.statistics([f"v{number}" for number in range(51)]))
    assert found[0] == StatisticsRecord(
        video_id="v1",
        views=1500,
        likes=70,
        comments=9,
        published_at=datetime(2026, 10, 1, 8, tzinfo=UTC),
        duration_seconds=601,
        view_definition="youtube:started",
        observed_at=NOON,
    )
    assert youtube.remaining_units(STATISTICS_BUCKET) == 9_998
    assert len(wire.requests[0].url.params.get_list("id")) == 50


def test_hidden_counters_of_a_video_are_none():
    item = payloads.statistics()
    del item["statistics"]["likeCount"]
    youtube, _ = youtube_on(answering(payloads.STATISTICS, item))
    (statistics,) = youtube.statistics(["v1"])
    assert (statistics.views, statistics.likes) == (1500, None)


def test_subscriptions_are_read_over_all_pages():
    items = [payloads.subscription(f"UC{number}") for number in range(3)]
    youtube, _ = youtube_on(pages_of(items, 2, payloads.SUBSCRIPTIONS))
    found = list(youtube.subscriptions("UC_ada"))
    assert [one.target_channel_id for one in found] == ["UC0", "UC1", "UC2"]
    since = datetime(2024, 5, 1, tzinfo=UTC)
    assert found[0] == SubscriptionRecord("UC_ada", "UC0", "Channel UC0", since, NOON)


def test_hidden_subscriptions_are_an_error_of_their_own_and_cost_a_unit():
    youtube, _ = youtube_on(google_refusal(403, "subscriptionForbidden"))
    with pytest.raises(SubscriptionsHidden):
        list(youtube.subscriptions("UC_ada"))
    assert youtube.remaining_units() == 9_999


def test_featured_channels_are_read_whatever_the_case_of_the_section():
    sections = [
        payloads.section("multiplechannels", "UC1", "UC2"),
        payloads.section("multipleChannels", "UC2", "UC_ada", "UC3"),
        payloads.section("recentUploads"),
    ]
    youtube, _ = youtube_on(answering(payloads.SECTIONS, *sections))
    assert list(youtube.featured_channels("UC_ada")) == ["UC1", "UC2", "UC3"]


def test_a_channel_that_is_gone_features_nobody():
    youtube, _ = youtube_on(google_refusal(404, "channelNotFound"))
    assert list(youtube.featured_channels("UC_gone")) == []


def test_a_spent_quota_says_when_it_comes_back():
    youtube, _ = youtube_on(google_refusal(403, "quotaExceeded"))
    with pytest.raises(QuotaExhausted) as caught:
        list(youtube.channels(["UC_any"]))
    assert caught.value.resets_at == datetime(2026, 10, 6, 7, tzinfo=UTC)  # midnight, UTC-7


def test_the_hundred_and_first_search_of_a_day_is_not_asked():
    youtube, wire = youtube_on(answering(payloads.SEARCH, payloads.found("UC1")))
    for _ in range(100):
        list(youtube.search_channels("games"))
    with pytest.raises(QuotaExhausted):
        list(youtube.search_channels("games"))
    assert len(wire.requests) == 100


@pytest.mark.parametrize("reason", ["keyInvalid", "keyExpired", "accessNotConfigured"])
def test_a_wrong_key_asks_a_person(reason):
    youtube, _ = youtube_on(google_refusal(400, reason))
    with pytest.raises(CredentialRejected, match="connection mardev_youtube"):
        list(youtube.channels(["UC_any"]))


def test_googles_newer_error_shape_is_read_too():
    body = {
        "error": {
            "code": 400,
            "message": "API key not valid.",
            "status": "INVALID_ARGUMENT",
            "errors": [{"reason": "badRequest"}],
            "details": [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}],
        }
    }
    youtube, _ = youtube_on(json_answer(body, 400))
    with pytest.raises(CredentialRejected):
        list(youtube.channels(["UC_any"]))


def test_too_fast_is_waited_out():
    youtube, wire = youtube_on(google_refusal(403, "rateLimitExceeded"), answering(payloads.CHANNELS))
    assert list(youtube.channels(["UC_any"])) == []
    assert len(wire.requests) == 2


@pytest.mark.parametrize("content", [b"<html>502</html>", b'{"error": "text"}', b'{"error": {}}', b"[]"])
def test_a_refusal_without_googles_shape_is_judged_by_its_status(content):
    youtube, _ = youtube_on(lambda _: httpx.Response(502, content=content))
    with pytest.raises(TransportFailed, match="failed \\(502\\)"):
        list(youtube.channels(["UC_any"]))


def test_a_page_that_repeats_its_token_is_not_followed_for_ever():
    items = [payloads.upload(f"v{number}") for number in range(50)]
    youtube, wire = youtube_on(answering(payloads.UPLOADS, *items, nextPageToken="again"))
    with pytest.raises(ContractBroken, match="repeats a page token"):
        list(youtube.uploads("UU_ada", max_results=500))
    assert len(wire.requests) == 2


def test_a_page_token_is_a_text():
    youtube, _ = youtube_on(answering(payloads.UPLOADS, payloads.upload(), nextPageToken=7))
    with pytest.raises(ContractBroken, match="nextPageToken is not a text"):
        list(youtube.uploads("UU_ada"))


def test_an_answer_of_another_kind_breaks_the_contract():
    youtube, _ = youtube_on(json_answer({"items": []}))
    with pytest.raises(ContractBroken, match="does not say that it is one"):
        list(youtube.channels(["UC_any"]))


def test_an_answer_that_is_no_object_breaks_the_contract():
    youtube, _ = youtube_on(json_answer([]))
    with pytest.raises(ContractBroken, match="JSON list"):
        list(youtube.channels(["UC_any"]))


def test_items_that_are_no_list_break_the_contract():
    youtube, _ = youtube_on(json_answer({"kind": payloads.CHANNELS, "items": {"id": "UC"}}))
    with pytest.raises(ContractBroken, match="items is not a list"):
        list(youtube.channels(["UC_any"]))


def test_a_documented_field_that_is_missing_everywhere_breaks_the_contract():
    items = [payloads.channel("UC1"), payloads.channel("UC2")]
    for item in items:
        del item["snippet"]["title"]
    youtube, _ = youtube_on(answering(payloads.CHANNELS, *items))
    with pytest.raises(ContractBroken, match=r"snippet\.title is missing in every item"):
        list(youtube.channels(["UC1", "UC2"]))


def broken_channels():
    without_title, negative, worded, listed = (payloads.channel(f"UC{number}") for number in range(4))
    del without_title["snippet"]["title"]
    negative["statistics"]["viewCount"] = "-5"
    worded["statistics"]["subscriberCount"] = "many"
    listed["snippet"]["title"] = ["a"]
    flagged, dated, abroad, topical = (payloads.channel(f"UC{number}") for number in range(4, 8))
    flagged["statistics"]["hiddenSubscriberCount"] = "no"
    dated["snippet"]["publishedAt"] = "yesterday"
    abroad["snippet"]["country"] = "Germany"
    topical["topicDetails"]["topicCategories"] = "games"
    untold = payloads.channel("UC8")
    del untold["statistics"]["hiddenSubscriberCount"]
    return [without_title, negative, worded, listed, flagged, dated, abroad, topical, untold, "not an object"]


def test_malformed_channels_are_handed_over_and_the_rest_goes_on():
    found, on_malformed = collected()
    items = [*broken_channels(), payloads.channel("UC_fine")]
    youtube, _ = youtube_on(answering(payloads.CHANNELS, *items), on_malformed=on_malformed)
    assert [channel.channel_id for channel in youtube.channels(["UC"])] == ["UC_fine"]
    assert [reason for _, reason in found] == [
        "channels.list: snippet.title is missing",
        "channels.list: statistics.viewCount is not a whole number",
        "channels.list: statistics.subscriberCount is not a whole number",
        "channels.list: snippet.title is not a text",
        "channels.list: statistics.hiddenSubscriberCount is neither true nor false",
        "channels.list: snippet.publishedAt is not an instant",
        "channels.list: snippet.country is not a country code",
        "channels.list: topicDetails.topicCategories is not a list of texts",
        "channels.list: statistics.hiddenSubscriberCount is missing",
        "channels.list: not an object",
    ]


def test_malformed_statistics_are_handed_over():
    found, on_malformed = collected()
    items = [payloads.statistics("v1", viewCount=-1), payloads.statistics("v2", viewCount=True), {"id": "v3"}]
    youtube, _ = youtube_on(
        answering(payloads.STATISTICS, *items, payloads.statistics("v4")), on_malformed=on_malformed
    )
    assert [one.video_id for one in youtube.statistics(["v"])] == ["v4"]
    assert len(found) == 3


def test_a_malformed_record_nobody_asked_about_is_logged_without_its_content(caplog):
    youtube, _ = youtube_on(answering(payloads.CHANNELS, payloads.channel("UC1", viewCount="x"), payloads.channel()))
    list(youtube.channels(["UC1"]))
    assert "channels.list: statistics.viewCount is not a whole number" in caplog.text
    assert "UC1" not in caplog.text


def test_a_nul_in_a_title_does_not_reach_the_database():
    item = payloads.channel()
    item["snippet"]["title"] = "A\x00da"
    youtube, _ = youtube_on(answering(payloads.CHANNELS, item))
    assert [channel.title for channel in youtube.channels(["UC"])] == ["Ada"]


def test_an_empty_host_means_the_real_service():
    wire = Wire(answering(payloads.CHANNELS))
    youtube = YouTube(google_pipeline_on(wire), replace(record_of("mardev_youtube"), host=""), lambda: NOON)
    list(youtube.channels(["UC_any"]))
    assert wire.requests[0].url.host == "youtube.googleapis.com"


def test_a_host_may_hold_a_path():
    wire = Wire(answering(payloads.CHANNELS))
    record = record_of("mardev_youtube", host="http://127.0.0.1:8765/youtube")
    list(YouTube(google_pipeline_on(wire), record, lambda: NOON).channels(["UC_any"]))
    assert wire.paths == ["/youtube/youtube/v3/channels"]


def test_a_question_too_long_for_an_address_is_still_a_reading():
    youtube, wire = youtube_on(google_refusal(503, "backendError"), answering(payloads.CHANNELS))
    list(youtube.channels([f"UC{'x' * 60}{number}" for number in range(50)]))
    assert [request.method for request in wire.requests] == ["POST", "POST"]
    assert wire.requests[0].headers["x-http-method-override"] == "GET"
    assert youtube.remaining_units() == 9_998


def test_leaving_the_client_closes_its_connections():
    closed: list[str] = []
    youtube, _ = youtube_on(answering(payloads.CHANNELS), on_close=lambda: closed.append("yes"))
    with youtube:
        pass
    assert closed == ["yes"]


def test_the_forecast_equals_the_crawl_that_was_measured():
    # 1,000 channels: 20 + 1,000 + 1,318 + 1,000 units of the default bucket, 50,000 statistics in fifties
    crawl = forecast_units(channels=1000, uploads_per_channel=50, statistics=50_000, subscriptions=1000, sections=1000)
    assert crawl == {"default": 3338, "search": 0, "batchGetStats": 1000}


def test_the_forecast_counts_what_the_client_then_spends():
    youtube, _ = youtube_on(answering(payloads.CHANNELS))
    list(youtube.channels([f"UC{number}" for number in range(120)]))
    for handle in ("a", "b"):
        list(youtube.channels_for_handle(handle))
    assert forecast_units(channels=120, handles=2)["default"] == 10_000 - youtube.remaining_units()


def test_the_forecast_of_searches_counts_pages():
    assert forecast_units(searches=4, pages_per_search=2, videos=51) == {"default": 2, "search": 8, "batchGetStats": 0}


def test_a_connection_may_grant_more_units():
    limits = bucket_limits({"quota_limits": {"default": 50_000}})
    assert limits["youtube", "default"].unit_limit == 50_000
    assert limits["youtube", "search"].unit_limit == 100


@pytest.mark.parametrize("text", ["P", "PT", "10 minutes", "", "PT1.5H"])
def test_what_is_no_duration_is_malformed(text):
    with pytest.raises(RecordMalformed):
        duration_seconds(text)


def test_a_long_live_stream_has_days_and_weeks():
    assert duration_seconds("P1DT1S") == 86_401
    assert duration_seconds("P1W") == 604_800
