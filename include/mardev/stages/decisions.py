"""Decisions of people: asked as a row, answered as a row. Only the answer row counts.

A request is one attempt to get one decision of one iteration; asking again opens the next attempt. An answer carries
the person of the login, whose role is checked here, whichever way it came (a page or Airflow's own form).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from mardev.clock import Clock
from mardev.domain.words import Role
from mardev.errors import FixFirst
from mardev.warehouse.tables import approval, decision_request, role_member

PASSING_ANSWERS: dict[str, frozenset[str]] = {
    "sign_plan_marketing": frozenset({"Sign"}),
    "sign_plan_technology": frozenset({"Sign"}),
    "extend_plan": frozenset({"Accept"}),
    "go_live": frozenset({"Go live"}),
    "learn_marketing": frozenset({"Done"}),
    "learn_technology": frozenset({"Done"}),
}
ANSWERS_WITH_REASON = frozenset({"Send back", "Stop", "Hold", "Override"})
HAND_OVER_PREFIX = "hand_over_"


class AnswerRefused(FixFirst):
    """The answer cannot be taken; the message says why."""


class NothingAsked(AnswerRefused):
    """There is no open request for this decision."""


class NotYourDecision(AnswerRefused):
    """The person does not hold the role that decides."""


class AlreadyAnswered(AnswerRefused):
    """Somebody answered before; the message names the person."""


class AnswerIncomplete(AnswerRefused):
    """The answer is not one of the options, or its reason is missing."""


@dataclass(frozen=True)
class Request:
    """What is asked of whom. `attempt` is given by `open_request`."""

    iteration_key: str
    decision_key: str
    role: Role
    accountable_role: Role
    responsible: str
    consulted: str
    informed: str
    subject: str
    page_path: str
    options: tuple[str, ...]
    dag_id: str
    run_id: str
    task_id: str
    attempt: int = 0
    state: str = "open"
    taken_up_at: datetime | None = None


@dataclass(frozen=True)
class Answer:
    """An answer as it was recorded."""

    iteration_key: str
    decision_key: str
    attempt: int
    role: Role
    person: str
    answer: str
    reason: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    answered_at: datetime | None = None


def open_request(connection: sa.Connection, request: Request, at: datetime) -> Request:
    """Open the next attempt of a decision; an earlier attempt still open is withdrawn. The caller owns the transaction.

    Returns:
        The request with its attempt.
    """
    columns = decision_request.c
    same = sa.and_(columns.iteration_key == request.iteration_key, columns.decision_key == request.decision_key)
    connection.execute(sa.update(decision_request).where(same, columns.state == "open").values(state="withdrawn"))
    attempt = (connection.scalar(sa.select(sa.func.max(columns.attempt)).where(same)) or 0) + 1
    values = {
        name: getattr(request, name)
        for name in ("iteration_key", "decision_key", "role", "accountable_role", "responsible", "consulted",
                     "informed", "subject", "page_path", "dag_id", "run_id", "task_id", "state")
    }  # fmt: skip
    connection.execute(
        sa.insert(decision_request).values(**values, attempt=attempt, options=list(request.options), asked_at=at)
    )
    return Request(**{**values, "options": request.options, "attempt": attempt})


def record_not_needed(connection: sa.Connection, request: Request, at: datetime) -> None:
    """Write down that a decision was looked at and nobody had to be asked."""
    opened = open_request(connection, request, at)
    _set_state(connection, opened, "not_needed")


def was_not_needed(connection: sa.Connection, iteration_key: str, decision_key: str) -> bool:
    """Whether the last look at this decision found that nobody had to be asked."""
    request = latest_request(connection, iteration_key, decision_key)
    return request is not None and request.state == "not_needed"


def latest_request(connection: sa.Connection, iteration_key: str, decision_key: str) -> Request | None:
    columns = decision_request.c
    row = connection.execute(
        sa.select(decision_request)
        .where(columns.iteration_key == iteration_key, columns.decision_key == decision_key)
        .order_by(columns.attempt.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    values = {key: value for key, value in row._mapping.items() if key != "asked_at"}
    return Request(
        **{
            **values,
            "options": tuple(row.options),
            "role": Role(row.role),
            "accountable_role": Role(row.accountable_role),
        }
    )


def latest_answer(connection: sa.Connection, iteration_key: str, decision_key: str) -> Answer | None:
    """The answer to the latest request; None while that one is open, whatever was answered before."""
    request = latest_request(connection, iteration_key, decision_key)
    return read_answer(connection, iteration_key, decision_key, request.attempt) if request else None


def read_answer(connection: sa.Connection, iteration_key: str, decision_key: str, attempt: int) -> Answer | None:
    columns = approval.c
    row = connection.execute(
        sa.select(approval).where(
            columns.iteration_key == iteration_key,
            columns.decision_key == decision_key,
            columns.attempt == attempt,
        )
    ).one_or_none()
    return Answer(**{**row._mapping, "role": Role(row.role)}) if row else None


def answer(
    engine: sa.Engine,
    clock: Clock,
    *,
    iteration_key: str,
    decision_key: str,
    person: str,
    answer: str,
    reason: str = "",
    fields: Mapping[str, Any] | None = None,
) -> Answer:
    """Record the answer of `person` (the login's name) to the open request. The same answer twice is one answer.

    Raises:
        NothingAsked, NotYourDecision, AlreadyAnswered, AnswerIncomplete: see there; nothing was written.
    """
    with engine.begin() as connection:
        request = _lock_latest(connection, iteration_key, decision_key)
        role = _role_that_answers(connection, request, person)
        given = read_answer(connection, iteration_key, decision_key, request.attempt)
        if given is not None:
            if (given.person, given.answer) == (person, answer):
                return given
            raise AlreadyAnswered(f"{given.person} has already answered «{given.answer}».")
        if request.state != "open":
            raise NothingAsked("This question is no longer open.")
        _require_complete(request, answer, reason)
        connection.execute(
            sa.insert(approval).values(
                iteration_key=iteration_key, decision_key=decision_key, attempt=request.attempt, role=role,
                person=person, answer=answer, reason=reason.strip(), fields=dict(fields or {}),
                answered_at=clock.now(),
            )
        )  # fmt: skip
        _set_state(connection, request, "answered")
        recorded = read_answer(connection, iteration_key, decision_key, request.attempt)
    assert recorded is not None  # noqa: S101  # written in this transaction
    return recorded


def take_up(connection: sa.Connection, given: Answer, at: datetime) -> None:
    """Write down that the run acts on the answer: clearing the decision after this asks again."""
    connection.execute(sa.update(decision_request).where(_is_attempt(given)).values(taken_up_at=at))


def withdraw(connection: sa.Connection, request: Request) -> None:
    """Close an attempt without an answer that counts."""
    _set_state(connection, request, "withdrawn")


def withdraw_open_requests(connection: sa.Connection, iteration_key: str) -> None:
    """Nobody has to answer any more: the iteration has ended."""
    columns = decision_request.c
    connection.execute(
        sa.update(decision_request)
        .where(columns.iteration_key == iteration_key, columns.state == "open")
        .values(state="withdrawn")
    )


def require_answers(connection: sa.Connection, iteration_key: str, decision_keys: Collection[str]) -> None:
    """Stop where a decision has no recorded answer that lets the iteration pass.

    Raises:
        FixFirst: names the decisions; a task marked as success by hand is no answer.
    """
    for decision_key in decision_keys:
        if was_not_needed(connection, iteration_key, decision_key):
            continue
        given = latest_answer(connection, iteration_key, decision_key)
        if given is None or given.answer not in PASSING_ANSWERS[decision_key]:
            raise FixFirst(
                f"The decision {decision_key} of {iteration_key} has no recorded answer that lets it pass. "
                f"Clear the task {decision_key} (with what follows it): the right person is then asked."
            )


def roles_that_answer(request: Request) -> tuple[Role, ...]:
    """The role that is asked; the head may lift any block, so answers hand-overs of either lane."""
    if request.decision_key.startswith(HAND_OVER_PREFIX):
        return tuple({request.role, Role.HEAD})
    return (request.role,)


def _lock_latest(connection: sa.Connection, iteration_key: str, decision_key: str) -> Request:
    columns = decision_request.c
    # Two people who answer at once are put in order here; the second one sees the first one's answer.
    connection.execute(
        sa.select(columns.attempt)
        .where(columns.iteration_key == iteration_key, columns.decision_key == decision_key)
        .with_for_update()
    )
    request = latest_request(connection, iteration_key, decision_key)
    if request is None:
        raise NothingAsked(f"Nobody was asked about {decision_key} of {iteration_key} yet.")
    return request


def _role_that_answers(connection: sa.Connection, request: Request, person: str) -> Role:
    held = set(connection.scalars(sa.select(role_member.c.role).where(role_member.c.person == person)))
    for role in sorted(roles_that_answer(request), key=lambda role: role is not request.role):
        if role in held:
            return role
    raise NotYourDecision(f"This decision belongs to the role {request.role}, which {person} does not hold.")


def _require_complete(request: Request, answer: str, reason: str) -> None:
    if answer not in request.options:
        raise AnswerIncomplete(f"«{answer}» is not an answer here. Choose one of: {', '.join(request.options)}.")
    if answer in ANSWERS_WITH_REASON and not reason.strip():
        raise AnswerIncomplete(f"«{answer}» needs a reason: others will read it. Write one sentence.")


def _set_state(connection: sa.Connection, request: Request, state: str) -> None:
    connection.execute(sa.update(decision_request).where(_is_attempt(request)).values(state=state))


def _is_attempt(attempt: Request | Answer) -> sa.ColumnElement[bool]:
    columns = decision_request.c
    return sa.and_(
        columns.iteration_key == attempt.iteration_key,
        columns.decision_key == attempt.decision_key,
        columns.attempt == attempt.attempt,
    )
