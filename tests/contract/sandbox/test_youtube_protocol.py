"""YouTube Data API v3 of the sandbox, used by the unmodified google-api-python-client over real HTTP."""

import gzip
import json
import logging
import time
from datetime import timedelta
from itertools import pairwise

import pytest
from googleapiclient.errors import HttpError

from builders.small_world import EMPTY, FILLERS, HIDDEN, HOSTILE, OPEN, START, VIDEOS, channel_id, video_id

ALL_PARTS = "snippet,statistics,contentDetails,topicDetails,brandingSettings,status"
UPLOADS = "UU" + channel_id(OPEN)[2:]


def reason(error: HttpError) -> str:
    return error.error_details[0]["reason"]


def all_pages(listing, first):
    """Items of every page, asked for as the client's users do."""
    pages, request = [], first
    while request is not None:
        pages.append(request.execute())
        request = listing.list_next(request, pages[-1])
    return pages


# ---- channels


def test_fifty_channels_come_in_one_call(served):
    ids = [channel_id(number) for number in range(50)]
    answer = served.youtube().channels().list(part=ALL_PARTS, id=",".join(ids), maxResults=50).execute()
    assert [item["id"] for item in answer["items"]] == ids


def test_a_listing_without_a_size_has_five_items(served):
    ids = ",".join(channel_id(number) for number in range(8))
    answer = served.youtube().channels().list(part="id", id=ids).execute()
    assert len(answer["items"]) == 5
    assert answer["pageInfo"] == {"totalResults": 8, "resultsPerPage": 5}


def test_more_than_fifty_ids_are_refused(served):
    ids = ",".join(channel_id(number) for number in range(51))
    with pytest.raises(HttpError) as caught:
        served.youtube().channels().list(part="id", id=ids, maxResults=50).execute()
    assert (caught.value.status_code, reason(caught.value)) == (400, "invalidFilters")


def test_unknown_channels_are_absent(served):
    both = f"{channel_id(OPEN)},UCnobodynobodynobodynobod"
    answer = served.youtube().channels().list(part="id", id=both, maxResults=50).execute()
    assert [item["id"] for item in answer["items"]] == [channel_id(OPEN)]


def test_an_answer_without_any_channel_has_no_items_field(served):
    answer = served.youtube().channels().list(part="id", id="UCnobodynobodynobodynobod").execute()
    assert "items" not in answer


def test_a_channel_is_found_by_its_handle(served):
    answer = served.youtube().channels().list(part="snippet", forHandle="@channel0").execute()
    assert answer["items"][0]["snippet"]["customUrl"] == "@channel0"


def test_subscribers_are_rounded_down_to_three_digits(served):
    answer = served.youtube().channels().list(part="statistics", id=channel_id(OPEN)).execute()
    assert answer["items"][0]["statistics"]["subscriberCount"] == "987000"  # 987 654 in the world


def test_a_hidden_subscriber_count_is_left_out(served):
    answer = served.youtube().channels().list(part="statistics", id=channel_id(HIDDEN)).execute()
    statistics = answer["items"][0]["statistics"]
    assert statistics["hiddenSubscriberCount"] is True
    assert "subscriberCount" not in statistics


def test_counters_beyond_32_bits_are_strings(served):
    answer = served.youtube().channels().list(part="statistics", id=channel_id(OPEN)).execute()
    assert answer["items"][0]["statistics"]["viewCount"] == "12345678901"


def test_asking_for_no_channel_in_particular_is_refused(served):
    with pytest.raises(HttpError) as caught:
        served.youtube().channels().list(part="id").execute()
    assert reason(caught.value) == "missingRequiredParameter"


def test_asking_for_my_channel_with_a_key_is_refused(served):
    with pytest.raises(HttpError) as caught:
        served.youtube().channels().list(part="id", mine=True).execute()
    assert (caught.value.status_code, reason(caught.value)) == (401, "authorizationRequired")


# ---- lists in pages


def test_uploads_are_paged_to_the_end_newest_first(served):
    items = served.youtube().playlistItems()
    pages = all_pages(items, items.list(part="snippet,contentDetails", playlistId=UPLOADS, maxResults=25))
    uploads = [item for page in pages for item in page["items"]]
    assert [len(page["items"]) for page in pages] == [25, 25, 10]
    assert [item["snippet"]["position"] for item in uploads] == list(range(VIDEOS))
    assert all(
        newer["contentDetails"]["videoPublishedAt"] > older["contentDetails"]["videoPublishedAt"]
        for newer, older in pairwise(uploads)
    )


def test_the_page_before_can_be_asked_for(served):
    items = served.youtube().playlistItems()
    first = items.list(part="id", playlistId=UPLOADS, maxResults=50).execute()
    second = items.list(part="id", playlistId=UPLOADS, maxResults=50, pageToken=first["nextPageToken"]).execute()
    back = items.list(part="id", playlistId=UPLOADS, maxResults=50, pageToken=second["prevPageToken"]).execute()
    assert back["items"] == first["items"]


@pytest.mark.parametrize("token", ["CAUQAA", "not a token", "é"])
def test_a_made_up_page_token_is_refused(served, token):
    with pytest.raises(HttpError) as caught:
        served.youtube().playlistItems().list(part="id", playlistId=UPLOADS, pageToken=token).execute()
    assert (caught.value.status_code, reason(caught.value)) == (400, "invalidPageToken")


def test_a_page_token_of_another_list_is_refused(served):
    items = served.youtube().playlistItems()
    token = items.list(part="id", playlistId=UPLOADS).execute()["nextPageToken"]
    other = "UU" + channel_id(HIDDEN)[2:]
    with pytest.raises(HttpError) as caught:
        items.list(part="id", playlistId=other, pageToken=token).execute()
    assert reason(caught.value) == "invalidPageToken"


def test_a_faulty_page_repeats_its_own_token(served):
    served.world.start_incident("youtube", kind="repeats_page")
    items = served.youtube().playlistItems()
    first = items.list(part="id", playlistId=UPLOADS).execute()
    again = items.list(part="id", playlistId=UPLOADS, pageToken=first["nextPageToken"]).execute()
    assert again["nextPageToken"] == first["nextPageToken"]
    assert again["items"] == first["items"]


@pytest.mark.parametrize("playlist", ["UUnobodynobodynobodynobod", "UU" + channel_id(EMPTY)[2:], "PLother"])
def test_a_playlist_that_is_not_there_is_refused(served, playlist):
    with pytest.raises(HttpError) as caught:
        served.youtube().playlistItems().list(part="id", playlistId=playlist).execute()
    assert (caught.value.status_code, reason(caught.value)) == (404, "playlistNotFound")


def test_subscriptions_are_paged_to_the_end(served):
    subscriptions = served.youtube().subscriptions()
    pages = all_pages(subscriptions, subscriptions.list(part="snippet", channelId=channel_id(OPEN), maxResults=50))
    followed = [item["snippet"]["resourceId"]["channelId"] for page in pages for item in page["items"]]
    assert len(set(followed)) == FILLERS + 3
    assert pages[0]["pageInfo"]["totalResults"] == FILLERS + 3


def test_a_hidden_subscription_list_is_forbidden(served):
    with pytest.raises(HttpError) as caught:
        served.youtube().subscriptions().list(part="snippet", channelId=channel_id(HIDDEN)).execute()
    assert (caught.value.status_code, reason(caught.value)) == (403, "subscriptionForbidden")


def test_subscriptions_of_nobody_are_not_found(served):
    with pytest.raises(HttpError) as caught:
        served.youtube().subscriptions().list(part="snippet", channelId="UCnobodynobodynobodynobod").execute()
    assert (caught.value.status_code, reason(caught.value)) == (404, "subscriberNotFound")


# ---- videos


def test_videos_come_with_every_public_part(served):
    parts = "snippet,statistics,contentDetails,status,topicDetails,paidProductPlacementDetails"
    answer = served.youtube().videos().list(part=parts, id=f"{video_id(OPEN, 3)},nothing").execute()
    [video] = answer["items"]
    assert video["contentDetails"]["duration"] == "PT10M1S"
    assert video["statistics"]["viewCount"] == "12345"
    assert video["paidProductPlacementDetails"] == {"hasPaidProductPlacement": True}


def test_batch_statistics_write_durations_in_seconds(served):
    ids = [video_id(OPEN, index) for index in range(50)]
    answer = served.youtube().videos().batchGetStats(part="snippet,statistics,contentDetails", id=ids).execute()
    assert len(answer["items"]) == 50
    assert answer["items"][0]["contentDetails"] == {"duration": "601s"}
    assert answer["items"][0]["snippet"] == {"publishTime": (START - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")}


def test_recommended_channels_are_a_section_of_the_channel_page(served):
    answer = (
        served.youtube().channelSections().list(part="snippet,contentDetails", channelId=channel_id(OPEN)).execute()
    )
    recommended = [item for item in answer["items"] if item["snippet"]["type"] == "multipleChannels"]
    assert recommended[0]["contentDetails"]["channels"] == [channel_id(number) for number in (1, 2, 3)]


# ---- search


def test_channels_are_found_by_words(served):
    answer = served.youtube().search().list(part="snippet", type="channel", q="open", regionCode="US").execute()
    assert [item["id"]["channelId"] for item in answer["items"]] == [channel_id(OPEN)]


def test_videos_are_found_by_words_and_window(served):
    answer = (
        served.youtube()
        .search()
        .list(
            part="snippet",
            type="video",
            q="episode channel 0|1 -hidden",
            channelId=channel_id(OPEN),
            publishedAfter=(START - timedelta(days=10)).strftime("%Y-%m-%dT%H:%M:%SZ"),
            order="date",
            maxResults=50,
        )
        .execute()
    )
    assert [item["id"]["videoId"] for item in answer["items"]] == [video_id(OPEN, index) for index in range(5)]


def test_titles_of_search_results_come_with_entities(served):
    answer = served.youtube().search().list(part="snippet", type="channel", q="<script>").execute()
    assert answer["items"][0]["snippet"]["title"] == (
        "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;friends&quot;"
    )


def test_a_filter_for_videos_needs_the_type_video(served):
    with pytest.raises(HttpError) as caught:
        served.youtube().search().list(part="snippet", q="x", videoDuration="short").execute()
    assert reason(caught.value) == "invalidSearchFilter"


# ---- who asks, and what it costs


def test_a_wrong_key_is_told_apart_by_its_error_info(served):
    with pytest.raises(HttpError) as caught:
        served.youtube(key="KEY-OF-SOMEBODY").channels().list(part="id", id=channel_id(OPEN)).execute()
    assert caught.value.status_code == 400
    assert caught.value.error_details[0]["reason"] == "API_KEY_INVALID"
    assert "KEY-OF-SOMEBODY" not in caught.value.content.decode()


def test_callers_without_a_key_are_unregistered(served):
    answer = served.http.get("/youtube/youtube/v3/channels", params={"part": "id", "id": channel_id(OPEN)})
    assert answer.status_code == 403
    assert answer.json()["error"]["status"] == "PERMISSION_DENIED"


def test_the_hundred_and_first_search_of_the_day_is_refused(served):
    search = served.youtube().search()
    for _ in range(100):
        search.list(part="snippet", q="nobody", type="channel").execute()
    with pytest.raises(HttpError) as caught:
        search.list(part="snippet", q="nobody", type="channel").execute()
    assert (caught.value.status_code, reason(caught.value)) == (403, "quotaExceeded")
    served.youtube().channels().list(part="id", id=channel_id(OPEN)).execute()  # another bucket


def test_a_spent_bucket_is_full_again_at_midnight_pacific_of_the_world(served):
    search = served.youtube().search()
    for _ in range(100):
        search.list(part="snippet", q="nobody", type="channel").execute()
    served.world.advance_to(START.replace(day=6, hour=6, minute=59))  # 23:59 in Los Angeles, daylight saving time
    with pytest.raises(HttpError):
        search.list(part="snippet", q="nobody", type="channel").execute()
    served.world.advance_to(START.replace(day=6, hour=7))
    search.list(part="snippet", q="nobody", type="channel").execute()


def test_a_badly_formed_request_costs_a_unit_too(served):
    served.http.get("/youtube/youtube/v3/channels", params={"key": served.tokens.youtube_key})
    assert served.http.get("/_sandbox/health").json()["youtube_quota"]["default"]["spent"] == 1


def test_an_incident_can_spend_the_quota_at_once(served):
    served.world.start_incident("youtube", kind="quota")
    with pytest.raises(HttpError) as caught:
        served.youtube().channels().list(part="id", id=channel_id(OPEN)).execute()
    assert reason(caught.value) == "quotaExceeded"


# ---- the form of requests


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"part": "id", "id": "x", "colour": "red"}, "badRequest"),
        ({"id": "x"}, "required"),
        ({"part": "id", "id": "x", "maxResults": "51"}, "invalidParameter"),
        ({"part": "id", "id": "x", "maxResults": "many"}, "invalidParameter"),
        ({"part": "gossip", "id": "x"}, "unknownPart"),
        ({"part": "id", "id": "x", "forHandle": "y"}, "incompatibleParameters"),
        ({"part": "id", "id": "x", "fields": "items(id"}, "invalidParameter"),
        ({"part": "id", "id": "x", "fields": "items/shoeSize"}, "invalidParameter"),
    ],
)
def test_bad_requests_are_refused_with_a_reason(served, parameters, expected):
    answer = served.http.get("/youtube/youtube/v3/channels", params={"key": served.tokens.youtube_key, **parameters})
    assert answer.status_code == 400
    assert answer.json()["error"]["errors"][0]["reason"] == expected


def test_a_request_too_long_for_an_address_comes_as_a_post(served):
    ids = ",".join([channel_id(OPEN)] * 40 + [f"UC{'x' * 50}{number}" for number in range(9)])
    handle = served.youtube().channels().list(part=ALL_PARTS, id=ids, fields="items(id)" + ",etag" * 400)
    assert len(handle.uri) > 2048  # the client then sends x-http-method-override
    assert handle.execute()["items"] == [{"id": channel_id(OPEN)}]


def test_partial_answers_hold_only_the_selected_fields(served):
    answer = (
        served.youtube()
        .channels()
        .list(part=ALL_PARTS, id=channel_id(OPEN), fields="items(id,statistics/subscriberCount),pageInfo/totalResults")
        .execute()
    )
    assert answer == {
        "pageInfo": {"totalResults": 1},
        "items": [{"id": channel_id(OPEN), "statistics": {"subscriberCount": "987000"}}],
    }


def test_an_unchanged_answer_is_not_sent_again(served):
    parameters = {"part": "snippet", "id": channel_id(OPEN), "key": served.tokens.youtube_key}
    first = served.http.get("/youtube/youtube/v3/channels", params=parameters)
    headers = {"if-none-match": first.headers["etag"]}
    again = served.http.get("/youtube/youtube/v3/channels", params=parameters, headers=headers)
    assert (again.status_code, again.content) == (304, b"")


def test_a_not_modified_answer_reaches_the_client_as_304(served):
    request = served.youtube().channels().list(part="snippet", id=channel_id(OPEN))
    first = served.http.get(request.uri)
    request.headers["if-none-match"] = first.headers["etag"]
    with pytest.raises(HttpError) as caught:
        request.execute()
    assert caught.value.status_code == 304


def test_the_client_gets_its_answers_compressed(served):
    ids = ",".join(channel_id(number) for number in range(50))
    uri = served.youtube().channels().list(part=ALL_PARTS, id=ids, maxResults=50).uri
    with served.http.stream("GET", uri, headers={"accept-encoding": "gzip"}) as answer:
        raw = b"".join(answer.iter_raw())
    assert answer.headers["content-encoding"] == "gzip"
    assert len(json.loads(gzip.decompress(raw))["items"]) == 50


def test_a_batch_answers_each_of_its_requests(served):
    youtube = served.youtube()
    batch, outcomes = youtube.new_batch_http_request(), {}

    def keep(request_id, response, exception):
        outcomes[request_id] = reason(exception) if exception else response["items"][0]["id"]

    for number in (OPEN, HOSTILE):
        batch.add(youtube.channels().list(part="snippet", id=channel_id(number)), keep, request_id=f"channel {number}")
    batch.add(youtube.subscriptions().list(part="snippet", channelId=channel_id(HIDDEN)), keep, request_id="hidden")
    batch.execute()
    assert outcomes == {
        f"channel {OPEN}": channel_id(OPEN),
        f"channel {HOSTILE}": channel_id(HOSTILE),
        "hidden": "subscriptionForbidden",
    }


def test_each_request_of_a_batch_is_charged(served):
    youtube = served.youtube()
    batch = youtube.new_batch_http_request(callback=lambda *_: None)
    for number in range(7):
        batch.add(youtube.channels().list(part="id", id=channel_id(number)))
    batch.execute()
    assert served.http.get("/_sandbox/health").json()["youtube_quota"]["default"]["spent"] == 7


# ---- faults and honesty


@pytest.mark.parametrize(("kind", "status"), [("unavailable", 503), ("outage", 503), ("html_error", 502)])
def test_an_outage_of_the_platform_reaches_the_client(served, kind, status):
    served.world.start_incident("youtube", kind=kind)
    with pytest.raises(HttpError) as caught:
        served.youtube().channels().list(part="id", id=channel_id(OPEN)).execute()
    assert caught.value.status_code == status


def test_a_cut_answer_is_no_json(served):
    served.world.start_incident("youtube", kind="truncated")
    answer = served.youtube().channels().list(part=ALL_PARTS, id=channel_id(OPEN)).execute()
    assert isinstance(answer, str)  # the client hands on what it cannot read
    with pytest.raises(json.JSONDecodeError):
        json.loads(answer)


def test_a_slow_platform_answers_late_but_right(served):
    served.world.start_incident("youtube", kind="slow")
    begin = time.perf_counter()
    answer = served.youtube().channels().list(part="id", id=channel_id(OPEN)).execute()
    assert time.perf_counter() - begin >= 0.3  # what the fixture sets
    assert answer["items"]


def test_an_answer_that_breaks_the_contract_is_held_back(served, caplog):
    served.world.broken_views = -1
    with caplog.at_level(logging.ERROR, logger="sandbox.contract"):
        answer = served.http.get(
            "/youtube/youtube/v3/videos",
            params={"part": "statistics", "id": video_id(OPEN, 0), "key": served.tokens.youtube_key},
        )
    assert answer.status_code == 500
    assert "VideoListResponse" in caplog.text
    assert "statistics/viewCount" in caplog.text
    assert "CANARY" not in caplog.text
    assert served.http.get("/_sandbox/health").json()["contract_violations"] == 1
