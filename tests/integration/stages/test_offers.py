"""From a signed plan to deals when people and machines misbehave."""

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from builders.mishaps import DyingSender, KeptAndSent, ProcessKilled, RefusedSender, at_statement, killing
from builders.served_world import PlannedIteration, fingerprints, rename_iteration
from mardev.connectors.mail import SmtplibTransport
from mardev.connectors.mailbox.records import parse_mail
from mardev.errors import CredentialRejected, TransportFailed
from mardev.stages.create.settle_deals import plan_is_outside_tolerance, settle_deals
from mardev.stages.create.write_offers import write_offers
from mardev.stages.due_work import due_work, next_due_instant
from mardev.stages.lookups import plan_rows
from mardev.stages.plan.rank_creators import rank_creators
from mardev.stages.plan.shortlist_creators import shortlist_creators
from mardev.stages.read_mailbox.read_mailbox import read_mailbox
from mardev.stages.read_mailbox.threads import deal_of, message_answered
from mardev.stages.send_messages.send_messages import send_messages

FORM = {
    "campaign": "Winter games",
    "markets": ["DE", "US"],
    "head_count": 3,
    "channel_limit": 60,
    "flight_days": 7,
}

_name = itertools.count(1)


@pytest.fixture(scope="module")
def planned(world, new_warehouse) -> str:
    """Database with an iteration whose plan is signed and whose flight is far away, to be copied."""
    engine = new_warehouse()
    flight_from = world.control.time().now + timedelta(days=60)
    iteration = PlannedIteration(world.context(engine), world.control, "planned")
    iteration.work(FORM | {"flight_from": flight_from.date().isoformat(), "starting_points": ["@nobody-at-all"]})
    return str(engine.url.database)


@pytest.fixture
def context(world, new_warehouse, planned, postgres):
    """The planned iteration under a name of its own: all tests write to the same creators of the same world."""
    engine = new_warehouse(planned)
    key = f"winter-games-{next(_name)}"
    rename_iteration(postgres, engine, "winter-games", key)
    with engine.begin() as connection:  # as `claim_stage` of `create` leaves it
        connection.execute(sa.text("UPDATE core.iteration SET state = 'create'"))
    return world.context(engine, dag_id="create", iteration=key)


def rows(context, query: str):
    with context.warehouse.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.text(query))]


def states(context) -> dict[str, int]:
    return dict(rows(context, "SELECT state, count(*) FROM core.deal GROUP BY state"))


def exchange_mails(world, context, days: int) -> None:
    """Send, let the creators answer, read; day by day."""
    for _ in range(days):
        send_messages(context)
        world.let_pass(days=1)
        read_mailbox(context)


def test_a_starting_point_that_was_not_found_stands_in_the_note_of_the_plan(context):
    ((note,),) = rows(context, "SELECT note FROM core.check_in WHERE stage = 'plan' AND lane = 'marketing'")
    assert "Not found: @nobody-at-all" in note


def test_everybody_declines_an_insult_and_the_plan_asks_again(world, context):
    with context.warehouse.begin() as connection:
        connection.execute(sa.text("UPDATE core.plan_row SET price_amount = 1"))
        asked = len(plan_rows(connection, context.iteration_key, "chosen", "reserve"))
    write_offers(context)
    exchange_mails(world, context, days=9)
    assert "accepted" not in states(context)
    assert sum(states(context).values()) == asked
    assert set(states(context)) <= {"declined", "silent", "withdrawn"}
    assert settle_deals(context) == states(context)
    assert plan_is_outside_tolerance(context)
    assert rows(context, "SELECT count(*) FROM core.placement") == [(0,)]


def test_what_was_agreed_stays_inside_budget_seats_and_tolerance(world, context):
    write_offers(context)
    exchange_mails(world, context, days=6)
    ((agreed, deals),) = rows(context, "SELECT sum(agreed_amount), count(*) FROM core.deal WHERE state = 'accepted'")
    ((budget, head_count),) = rows(
        context, "SELECT budget_amount, head_count FROM core.iteration JOIN core.plan USING (iteration_key)"
    )
    assert 0 < agreed <= budget
    assert 0 < deals <= head_count
    dearer = "SELECT count(*) FROM core.deal, core.plan WHERE agreed_amount > offered_amount * (1 + tolerance_share)"
    assert rows(context, dearer) == [(0,)]


def test_a_creator_whose_address_is_gone_leaves_the_seat_to_the_next(context):
    with context.warehouse.begin() as connection:
        first, second, *_ = (row["channel_key"] for row in plan_rows(connection, context.iteration_key, "chosen"))
        connection.execute(sa.text("DELETE FROM core.contact WHERE channel_key = :key"), {"key": first})
    assert write_offers(context) == {"offers": 1}  # the first wave of three seats is one
    assert rows(context, "SELECT channel_key FROM core.deal") == [(second,)]


def test_a_sender_that_died_leaves_an_uncertain_message_that_is_never_sent_twice(world, context):
    with context.warehouse.begin() as connection:
        connection.execute(sa.text("UPDATE core.plan SET head_count = 9"))
    assert write_offers(context)["offers"] == 3
    real = SmtplibTransport(context.record("mardev_mail"))
    kept = KeptAndSent(real)
    with pytest.raises(ProcessKilled):
        send_messages(_with_mail(context, DyingSender(kept, dies_after=2)))
    assert _message_states(context) == {"sent": 1, "sending": 1, "queued": 1}

    survivor = _with_mail(context, kept)
    assert send_messages(survivor) == {"sent": 1, "failed": 0, "uncertain": 0}
    assert _message_states(context) == {"sent": 2, "sending": 1}
    now = context.clock.now()
    with context.warehouse.connect() as connection:
        assert due_work(connection, now)["send_messages"] == 0
        assert next_due_instant(connection, now) == now + timedelta(hours=6)

    world.let_pass(hours=6)
    with context.warehouse.connect() as connection:
        assert due_work(connection, context.clock.now())["send_messages"] == 1
    assert send_messages(survivor) == {"sent": 0, "failed": 0, "uncertain": 1}
    assert _message_states(context) == {"sent": 2, "uncertain": 1}
    assert len(kept.sent) == len(set(kept.sent)) == 3


@pytest.mark.parametrize("error", [CredentialRejected("login refused"), TransportFailed("not now")])
def test_what_the_mail_server_did_not_take_waits_in_the_outbox(context, error):
    write_offers(context)
    with pytest.raises(type(error)):
        send_messages(_with_mail(context, RefusedSender(error)))
    assert _message_states(context) == {"queued": 1}
    assert send_messages(context)["sent"] == 1


@pytest.mark.parametrize("step", [rank_creators, shortlist_creators, write_offers])
def test_a_step_whose_database_died_completes_when_it_is_repeated(world, new_warehouse, postgres, planned, step):
    undisturbed, engine = new_warehouse(planned), new_warehouse(planned)
    for warehouse in (undisturbed, engine):
        with warehouse.begin() as connection:
            connection.execute(sa.text("DELETE FROM core.approval"))  # a signed plan is never made anew
    with at_statement(undisturbed, killing(postgres), number=0) as statements:
        step(world.context(undisturbed, iteration="winter-games"))
    context = world.context(engine, iteration="winter-games")
    for part in (0.2, 0.9):
        with (
            at_statement(engine, killing(postgres), number=max(1, round(len(statements) * part))),
            pytest.raises((sa.exc.DBAPIError, TransportFailed)),
        ):
            step(context)
    step(context)
    assert fingerprints(engine) == fingerprints(undisturbed)


def test_answers_are_read_once_though_the_database_dies_while_they_are_read(world, new_warehouse, postgres, context):
    with context.warehouse.begin() as connection:
        connection.execute(sa.text("UPDATE core.plan SET head_count = 9"))
    write_offers(context)
    send_messages(context)
    world.let_pass(days=1)
    undisturbed = world.context(
        new_warehouse(str(context.warehouse.url.database)), dag_id="create", iteration=context.iteration
    )
    with at_statement(undisturbed.warehouse, killing(postgres), number=0) as statements:
        read_mailbox(undisturbed)
    for part in (0.3, 0.6):
        with (
            at_statement(context.warehouse, killing(postgres), number=round(len(statements) * part)),
            pytest.raises((sa.exc.DBAPIError, TransportFailed)),
        ):
            read_mailbox(context)
    read_mailbox(context)
    assert states(context) == states(undisturbed)
    assert fingerprints(context.warehouse) == fingerprints(undisturbed.warehouse)


@pytest.mark.parametrize(
    ("headers", "text", "is_found"),
    [
        ({}, "Gladly!", True),
        ({"In-Reply-To": "<about@something.else>"}, "Gladly!", False),
        ({"In-Reply-To": "<rewritten@on.the.way>"}, "Gladly!\n\n> Reference: {deal}\n", True),
        ({"In-Reply-To": "<about@something.else>"}, "Gladly!\n\n> Reference: old-{deal}\n", False),
        ({"Date": "yesterday"}, "Gladly!", False),
    ],
)
def test_a_mail_belongs_to_a_deal_only_when_nothing_speaks_against_it(context, headers, text, is_found):
    write_offers(context)
    ((deal, address, offered_at),) = rows(
        context, "SELECT deal_key, email, offered_at FROM core.deal JOIN core.contact USING (channel_key)"
    )
    received_at = offered_at + timedelta(hours=-24 if "Date" in headers else 24)
    lines = [f"From: {address}", "To: team@aptovia.example", "Subject: Re: Collab", "Message-ID: <a@b.example>"]
    lines += [f"{name}: {value}" for name, value in headers.items() if name != "Date"]
    raw = "\r\n".join([*lines, "", text.format(deal=deal)]).encode()
    mail = parse_mail(raw, mailbox_id="1", received_at=received_at, position="1;1")
    with context.warehouse.connect() as connection:
        found = deal_of(connection, mail, message_answered(connection, mail))
    assert (found is not None) is is_found


def _with_mail(context, mail):
    return replace(context, mail=mail)


def _message_states(context) -> dict[str, int]:
    return dict(rows(context, "SELECT state, count(*) FROM core.message WHERE kind = 'offer' GROUP BY state"))
