"""Clocks: what the business asks instead of the operating system."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from mardev.clock import FixedClock, RemoteClock, asked_rarely
from mardev.errors import TransportFailed

NOON = datetime(2026, 10, 5, 12, tzinfo=UTC)


class CountingClock(FixedClock):
    """Knows how often it was asked."""

    asked = 0

    def now(self):
        self.asked += 1
        return super().now()


def remote(*answers):
    left = iter(answers)
    return RemoteClock("http://world/clock", httpx.Client(transport=httpx.MockTransport(lambda _request: next(left)())))


def told(text):
    return lambda: httpx.Response(200, json={"now": text})


def broken():
    raise httpx.RemoteProtocolError("the connection was closed")


def test_a_clock_asked_rarely_answers_many_questions_with_one():
    clock = CountingClock(NOON)
    now = asked_rarely(clock, seconds=60)
    assert {now() for _ in range(5)} == {NOON}
    assert clock.asked == 1


def test_a_clock_asked_rarely_is_asked_again_when_its_answer_is_old():
    clock = CountingClock(NOON)
    now = asked_rarely(clock, seconds=0)
    now()
    clock.instant = NOON + timedelta(hours=12)
    assert now() == NOON + timedelta(hours=12)


def test_the_worlds_time_is_read_as_utc():
    assert remote(told("2026-10-05T14:00:00+02:00")).now() == NOON


def test_a_connection_that_was_closed_under_the_question_is_no_trouble():
    assert remote(broken, told("2026-10-05T12:00:00Z")).now() == NOON


@pytest.mark.parametrize("answer", [lambda: httpx.Response(503), lambda: httpx.Response(200, json={}), told("soon")])
def test_a_world_that_does_not_tell_its_time_is_trouble_that_passes(answer):
    with pytest.raises(TransportFailed, match="clock"):
        remote(answer).now()
