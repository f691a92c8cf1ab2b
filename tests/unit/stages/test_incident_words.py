"""What people read when a step fails."""

from mardev.errors import FixFirst, TransportFailed
from mardev.stages.toolchain.incident import describe_failure


def raised_from(error, cause):
    try:
        raise error from cause
    except Exception as caught:
        return caught


def test_our_own_error_is_quoted():
    assert describe_failure(FixFirst("Renew the key."))[0] == "Renew the key."
    assert describe_failure(raised_from(RuntimeError("airflow"), TransportFailed("No answer.")))[0] == "No answer."


def test_a_strange_error_is_named_but_not_quoted():
    detail, next_step = describe_failure(ValueError("https://api.example/?key=SECRET-CANARY"))
    assert "ValueError" in detail
    assert "SECRET-CANARY" not in detail + next_step


def test_a_killed_step_says_so():
    assert "stopped from outside" in describe_failure("Executor reported that the task finished")[0]
