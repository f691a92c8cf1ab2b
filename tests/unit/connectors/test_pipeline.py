"""The request pipeline: what each kind of answer, or the lack of one, means to the caller."""

import inspect
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from builders.pipelines import NOON, Waits, Wire, google_pipeline_on, google_refusal, json_answer, pipeline_on
from mardev.connectors.calls import Call
from mardev.connectors.errors import AccessHidden, NotThere, RequestRefused
from mardev.connectors.http import RetryRule
from mardev.connectors.in_memory import InMemoryArchive, InMemoryBreaker, InMemoryQuota
from mardev.connectors.judgement import error_without_answer, retry_after_seconds
from mardev.connectors.pace import Pace
from mardev.connectors.quota import BucketLimit, pacific_day
from mardev.errors import (
    ContractBroken,
    CredentialRejected,
    FixFirst,
    QuotaExhausted,
    RetryLater,
    TransportFailed,
)

GET = Call("things.list", "GET", "http://service.example/things?b=2&a=1")
POST = Call("things.create", "POST", "http://service.example/things", content=b"{}")
FINE = json_answer({"fine": True})
BROKEN = json_answer({}, 503)


def ten_units() -> InMemoryQuota:
    return InMemoryQuota({("youtube", "default"): BucketLimit(10, pacific_day, "test")})


def spent(quota: InMemoryQuota) -> int:
    return sum(quota.spent.values())


def test_an_answer_comes_back_with_its_instant():
    answer = pipeline_on(Wire(FINE)).send(GET)
    assert (answer.json_object(), answer.status_code, answer.fetched_at) == ({"fine": True}, 200, NOON)


def test_a_source_without_a_policy_is_not_asked():
    with pytest.raises(FixFirst, match="no policy for the source 'myspace'"):
        pipeline_on(Wire(FINE), "myspace")


@pytest.mark.parametrize("trouble", [BROKEN, json_answer({}, 500), json_answer({}, 429), json_answer({}, 408)])
def test_trouble_that_passes_is_waited_out(trouble):
    wire = Wire(trouble, trouble, FINE)
    assert pipeline_on(wire).send(GET).json() == {"fine": True}
    assert len(wire.requests) == 3


@pytest.mark.parametrize("status", [500, 502, 503, 429, 408])
def test_trouble_that_stays_is_a_failed_transport(status):
    wire = Wire(json_answer({}, status))
    with pytest.raises(TransportFailed, match=f"things.list failed \\({status}\\)"):
        pipeline_on(wire).send(GET)
    assert len(wire.requests) == 3


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, RequestRefused),
        (401, CredentialRejected),
        (403, CredentialRejected),
        (404, NotThere),
        (410, NotThere),
        (409, RequestRefused),
        (302, ContractBroken),
    ],
)
def test_a_refusal_is_asked_once(status, error):
    wire = Wire(json_answer({}, status))
    with pytest.raises(error):
        pipeline_on(wire).send(GET)
    assert len(wire.requests) == 1


def test_every_attempt_passes_the_ledger():
    quota = ten_units()
    with pytest.raises(TransportFailed):
        pipeline_on(Wire(BROKEN), quota=quota).send(GET)
    assert spent(quota) == 3


def test_a_request_that_never_left_costs_nothing():
    quota = ten_units()
    with pytest.raises(TransportFailed):
        pipeline_on(Wire(httpx.ConnectError("refused")), quota=quota).send(GET)
    assert spent(quota) == 0


def test_a_request_that_timed_out_has_cost_its_units():
    quota = ten_units()
    with pytest.raises(TransportFailed, match="ReadTimeout"):
        pipeline_on(Wire(httpx.ReadTimeout("slow")), quota=quota).send(GET)
    assert spent(quota) == 3


def test_nothing_is_asked_once_the_quota_is_spent():
    wire, quota = Wire(FINE), ten_units()
    pipeline = pipeline_on(wire, quota=quota)
    for _ in range(10):
        pipeline.send(GET)
    with pytest.raises(QuotaExhausted) as caught:
        pipeline.send(GET)
    assert len(wire.requests) == 10
    assert caught.value.resets_at == datetime(2026, 10, 6, 7, tzinfo=UTC)  # midnight, UTC-7


def test_the_services_word_beats_our_ledger():
    quota = ten_units()
    pipeline = google_pipeline_on(Wire(google_refusal(403, "quotaExceeded")), quota=quota)
    with pytest.raises(QuotaExhausted) as caught:
        pipeline.send(GET)
    assert caught.value.not_before == datetime(2026, 10, 6, 7, tzinfo=UTC)
    assert pipeline.remaining_units() == 0


def test_a_spent_quota_of_a_service_without_a_ledger_is_asked_again_a_day_later():
    with pytest.raises(QuotaExhausted) as caught:
        google_pipeline_on(Wire(google_refusal(403, "quotaExceeded")), quota=InMemoryQuota()).send(GET)
    assert caught.value.resets_at == NOON + timedelta(days=1)


def test_a_service_without_a_ledger_has_no_number_of_units_left():
    pipeline = pipeline_on(Wire(FINE))
    assert (pipeline.remaining_units(), pipeline.limit_units()) == (None, None)


def test_a_short_retry_after_is_honoured():
    waits = Waits()
    wire = Wire(json_answer({}, 429, **{"retry-after": "3"}), FINE)
    pipeline_on(wire, retries=RetryRule(sleep=waits)).send(GET)
    assert waits.seconds == [3.0]


def test_a_long_retry_after_is_left_to_the_scheduler():
    waits = Waits()
    wire = Wire(json_answer({}, 503, **{"retry-after": "120"}))
    with pytest.raises(TransportFailed) as caught:
        pipeline_on(wire, retries=RetryRule(sleep=waits)).send(GET)
    assert caught.value.not_before == NOON + timedelta(seconds=120)
    assert (len(wire.requests), waits.seconds) == (1, [])


def test_a_retry_after_may_be_a_date():
    assert retry_after_seconds("Mon, 05 Oct 2026 08:00:30 GMT", NOON) == 30.0
    assert retry_after_seconds("Mon, 05 Oct 2026 07:00:00 GMT", NOON) == 0.0
    assert retry_after_seconds("Mon, 05 Oct 2026 08:00:30 -0000", NOON) == 30.0
    assert retry_after_seconds("soon", NOON) is None
    assert retry_after_seconds(None, NOON) is None


def test_a_post_that_may_have_worked_is_not_repeated():
    wire = Wire(BROKEN)
    with pytest.raises(TransportFailed):
        pipeline_on(wire).send(POST)
    assert len(wire.requests) == 1


def test_a_post_that_timed_out_is_not_repeated():
    wire = Wire(httpx.ReadTimeout("slow"))
    with pytest.raises(TransportFailed):
        pipeline_on(wire).send(POST)
    assert len(wire.requests) == 1


@pytest.mark.parametrize("nothing_happened", [json_answer({}, 429), httpx.ConnectError("refused")])
def test_a_post_that_surely_did_not_work_is_repeated(nothing_happened):
    wire = Wire(nothing_happened, FINE)
    pipeline_on(wire).send(POST)
    assert len(wire.requests) == 2


def test_a_body_that_is_cut_off_is_asked_for_again():
    wire = Wire(lambda _: httpx.Response(200, content=b'{"items": [{"id'), FINE)
    assert pipeline_on(wire).send(GET).json() == {"fine": True}


def test_a_body_that_stays_cut_off_is_a_failed_transport():
    with pytest.raises(TransportFailed):
        pipeline_on(Wire(lambda _: httpx.Response(200, content=b'{"items": [{"id'))).send(GET)


def test_a_text_is_not_expected_to_be_json():
    call = Call("orders.list", "GET", "http://service.example/orders.csv", expects="text")
    assert pipeline_on(Wire(lambda _: httpx.Response(200, text="a,b"))).send(call).text() == "a,b"


def test_an_object_is_not_a_list():
    with pytest.raises(ContractBroken, match="JSON list, not an object"):
        pipeline_on(Wire(json_answer([1]))).send(GET).json_object()


def test_an_answer_without_a_body_is_an_answer():
    assert pipeline_on(Wire(lambda _: httpx.Response(304))).send(GET).status_code == 304
    assert pipeline_on(Wire(lambda _: httpx.Response(204))).send(GET).status_code == 204


def test_a_status_may_be_declared_an_answer():
    call = Call("page", "GET", "http://service.example/", expects="anything", accepted=frozenset({404}))
    assert pipeline_on(Wire(json_answer({}, 404))).send(call).status_code == 404


def test_a_service_that_keeps_failing_is_left_alone():
    wire, breaker = Wire(BROKEN), InMemoryBreaker(failures_to_open=3, cool_down=timedelta(minutes=1))
    pipeline = pipeline_on(wire, breaker=breaker)
    with pytest.raises(TransportFailed):
        pipeline.send(GET)
    with pytest.raises(TransportFailed, match="left alone") as caught:
        pipeline.send(GET)
    assert len(wire.requests) == 3
    assert caught.value.not_before == NOON + timedelta(minutes=1)


def test_after_the_cool_down_one_caller_tries_and_its_success_closes_the_breaker():
    breaker = InMemoryBreaker(failures_to_open=1, cool_down=timedelta(minutes=1))
    breaker.failed("youtube", NOON, "503")
    later = NOON + timedelta(minutes=2)
    breaker.check("youtube", later)
    with pytest.raises(TransportFailed):
        breaker.check("youtube", later)
    breaker.succeeded("youtube", later)
    breaker.check("youtube", later)


def test_a_refusal_does_not_open_the_breaker():
    pipeline = pipeline_on(Wire(json_answer({}, 404)), breaker=InMemoryBreaker(failures_to_open=1))
    for _ in range(3):
        with pytest.raises(NotThere):
            pipeline.send(GET)


def test_raw_answers_are_archived_until_the_policy_ends():
    archive = InMemoryArchive()
    pipeline_on(Wire(FINE), archive=archive).send(GET)
    (kept,) = archive.answers
    assert (kept.api, kept.status_code, kept.body) == ("youtube", 200, b'{"fine": true}')
    assert kept.expires_at == NOON + timedelta(days=30)


def test_the_archive_keeps_a_bounded_number_of_answers():
    archive = InMemoryArchive(capacity=2)
    pipeline = pipeline_on(Wire(FINE), archive=archive)
    for _ in range(3):
        pipeline.send(GET)
    assert len(archive.answers) == 2


def test_letters_are_not_archived():
    archive = InMemoryArchive()
    pipeline_on(Wire(FINE), "gmail", archive=archive).send(GET)
    assert archive.answers == []


def test_the_same_question_has_the_same_digest_whatever_the_order_of_its_parameters():
    other = Call("x", "get", "http://service.example/things?a=1&b=2")
    assert GET.digest == other.digest != POST.digest


def test_closing_writes_the_archive_and_closes_what_was_opened():
    closed: list[str] = []

    class Archive(InMemoryArchive):
        def flush(self) -> None:
            closed.append("archive")

    pipeline = pipeline_on(Wire(FINE), archive=Archive(), on_close=lambda: closed.append("rest"))
    pipeline.close()
    assert closed == ["archive", "rest"]


def test_hidden_is_an_error_of_its_own():
    with pytest.raises(AccessHidden):
        google_pipeline_on(Wire(google_refusal(403, "subscriptionForbidden"))).send(GET)


def httpx_errors() -> list[type[Exception]]:
    public = [getattr(httpx, name) for name in httpx.__all__]
    return [one for one in public if inspect.isclass(one) and issubclass(one, Exception)]


def make(kind: type[Exception]) -> Exception:
    if kind is httpx.HTTPStatusError:
        request = httpx.Request("GET", "http://service.example")
        return kind("text", request=request, response=httpx.Response(500, request=request))
    try:
        return kind("text")
    except TypeError:
        return kind()


@pytest.mark.parametrize("kind", httpx_errors(), ids=lambda kind: kind.__name__)
def test_every_error_of_httpx_becomes_one_of_ours(kind):
    assert isinstance(error_without_answer(make(kind), "youtube", "things.list"), RetryLater | FixFirst)
    with pytest.raises((RetryLater, FixFirst)):
        pipeline_on(Wire(make(kind))).send(GET)


def test_a_host_that_is_no_address_asks_a_person():
    call = Call("things.list", "GET", "service.example/things")
    with pytest.raises(FixFirst, match="Check the host"):
        pipeline_on(Wire(httpx.UnsupportedProtocol("no protocol"))).send(call)


def test_a_pace_lets_a_burst_through_and_then_waits():
    now = [0.0]
    waits = Waits()
    pace = Pace(2.0, 3.0, monotonic=lambda: now[0], sleep=waits)
    assert [pace.wait() for _ in range(4)] == [0.0, 0.0, 0.0, 0.5]  # three at once, then two a second
    now[0] = 10.0
    assert pace.wait() == 0.0
    assert waits.seconds == [0.5]


def test_the_pipeline_keeps_the_pace():
    waits = Waits()
    pipeline = pipeline_on(Wire(FINE), pace=Pace(1.0, 1.0, monotonic=lambda: 0.0, sleep=waits))
    pipeline.send(GET)
    pipeline.send(GET)
    assert waits.seconds == [1.0]


def test_a_credential_that_cannot_be_had_costs_nothing():
    class Refusing(httpx.Auth):
        def auth_flow(self, request):
            raise CredentialRejected("no token")
            yield request

    quota = ten_units()
    with pytest.raises(CredentialRejected):
        pipeline_on(Wire(FINE), quota=quota, auth=Refusing()).send(GET)
    assert spent(quota) == 0


def test_a_refused_credential_names_the_connection_to_correct():
    with pytest.raises(CredentialRejected, match="connection mardev_mailbox"):
        pipeline_on(Wire(json_answer({}, 401)), "gmail", connection="mardev_mailbox").send(GET)


def test_a_day_of_the_quota_has_23_hours_when_the_clocks_change():
    start, end = pacific_day(datetime(2026, 3, 8, 20, tzinfo=UTC))
    assert end - start == timedelta(hours=23)


def test_settling_without_a_ledger_does_nothing():
    quota = InMemoryQuota()
    quota.settle(quota.reserve("shlink", "default", "x", 1, NOON), 0)
    assert spent(quota) == 0
