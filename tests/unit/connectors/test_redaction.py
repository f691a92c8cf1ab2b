"""No key, token, address or query in a log record, an error's text or a repr."""

import logging
import traceback

import httpx
import pytest

from builders.pipelines import KEY, NOON, Wire, google_pipeline_on, google_refusal, json_answer, pipeline_on, record_of
from mardev.connectors.calls import Answer, Call
from mardev.connectors.google import api_key
from mardev.connectors.google_credentials import BearerToken
from mardev.connectors.headers import HeaderKey
from mardev.connectors.redaction import WithoutQuery, credential_digest, guard_http_logs, safe_reason
from mardev.connectors.youtube import YouTube
from mardev.errors import MarDevError

ADDRESS = "someone@private.example"

ENDINGS = [
    httpx.ConnectError(f"cannot reach http://service.example/?key={KEY}"),
    httpx.ReadTimeout(f"key={KEY}"),
    httpx.UnsupportedProtocol(f"http://service.example/?key={KEY}"),
    httpx.InvalidURL(f"http://service.example/?key={KEY}"),
    google_refusal(403, "quotaExceeded", f"key {KEY}"),
    google_refusal(403, f"{KEY} {ADDRESS}", ADDRESS),
    google_refusal(400, "keyInvalid", f"API key {KEY} not valid"),
    google_refusal(404, "channelNotFound", ADDRESS),
    google_refusal(500, "backendError", ADDRESS),
    google_refusal(400, "invalidParameter", ADDRESS),
    lambda _: httpx.Response(200, content=f'{{"kind": "{KEY}'.encode()),
    lambda _: httpx.Response(302, headers={"location": f"http://elsewhere.example/?key={KEY}"}),
    json_answer({"kind": KEY}),
    json_answer([KEY]),
    json_answer({"kind": "youtube#channelListResponse", "items": [{"id": KEY, "snippet": {}}]}),
    json_answer({"kind": "youtube#channelListResponse", "items": [{"id": [KEY]}, ADDRESS]}),
]


@pytest.mark.parametrize("ending", ENDINGS)
def test_no_ending_of_a_request_tells_a_secret(ending, caplog):
    caplog.set_level(logging.DEBUG)
    youtube = YouTube(google_pipeline_on(Wire(ending)), record_of("mardev_youtube"), lambda: NOON)
    text = repr(youtube)
    try:
        text += repr(list(youtube.channels([ADDRESS])))
    except MarDevError as error:
        text += "".join(traceback.format_exception(error)) + repr(error)
    records = [record for record in caplog.records if record.name != "asyncio"]
    text += "".join(record.getMessage() + repr(record.args) for record in records)
    for secret in (KEY, ADDRESS, "key="):
        assert secret not in text


def test_a_request_is_logged_without_its_query(caplog):
    caplog.set_level(logging.INFO, "httpx")
    pipeline_on(Wire(json_answer({})), auth=api_key(KEY)).send(Call("x", "GET", "http://u:p@service.example/a?q=1"))
    assert "http://service.example/a" in caplog.text
    assert "?" not in caplog.text
    assert "u:p" not in caplog.text


@pytest.mark.parametrize(
    "thing",
    [
        api_key(KEY),
        BearerToken(lambda: KEY),
        HeaderKey("X-Api-Key", KEY),
        record_of("mardev_youtube"),
        pipeline_on(Wire(json_answer({}))),
        Call("x", "GET", f"http://service.example/?key={KEY}", headers={"a": KEY}, content=KEY.encode()),
        Answer("x", 200, {"a": KEY}, KEY.encode(), NOON),
    ],
    ids=lambda thing: type(thing).__name__,
)
def test_nothing_shows_a_secret_when_printed(thing):
    assert KEY not in repr(thing)
    assert KEY not in str(thing)


def test_the_archive_never_learns_the_key():
    archive = []
    pipeline = google_pipeline_on(Wire(json_answer({})))
    pipeline._archive.keep = lambda *row: archive.append(row)  # the real archive keeps only what it is given here
    pipeline.send(Call("x", "GET", "http://service.example/a"))
    assert KEY not in repr(archive)


def test_a_key_is_sent_all_the_same():
    wire = Wire(json_answer({}))
    google_pipeline_on(wire).send(Call("x", "GET", "http://service.example/a?b=1"))
    assert wire.requests[0].headers["x-goog-api-key"] == KEY
    assert dict(wire.requests[0].url.params) == {"b": "1"}


def test_a_reason_is_a_machine_word_or_nothing():
    assert safe_reason("quotaExceeded") == "quotaExceeded"
    assert safe_reason("some one@private.example") == ""
    assert safe_reason({"a": 1}) == ""


def test_a_credential_is_named_without_being_told():
    assert credential_digest(KEY) != credential_digest("other")
    assert KEY not in credential_digest(KEY)
    assert credential_digest("") == "none"


def test_the_log_filter_is_put_on_once():
    guard_http_logs()
    guard_http_logs()
    filters = [one for one in logging.getLogger("httpx").filters if isinstance(one, WithoutQuery)]
    assert len(filters) == 1


def test_a_log_record_with_named_arguments_passes():
    record = logging.LogRecord("httpx", logging.INFO, "f", 1, "%(a)s", ({"a": 1},), None)
    assert WithoutQuery().filter(record)
