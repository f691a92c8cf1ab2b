"""Mail going out: the message, who may get it, and what a server's refusal means."""

import smtplib
from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from builders.pipelines import NOON, record_of
from mardev.connectors.errors import AddressRefused, DeliveryUncertain, RecipientNotAllowed
from mardev.connectors.mail import SmtplibTransport, calendar_of, compose, guard_recipient, guard_recipients
from mardev.connectors.mail.compose import SANDBOX_BANNER
from mardev.connectors.mail.refusals import recipient_refusal, refusal_of
from mardev.connectors.mailbox import parse_mail
from mardev.domain.words import World
from mardev.errors import CredentialRejected, FixFirst, RecordMalformed, TransportFailed, WorldsMixed

LETTER = {
    "sender": "creators@aptovia.example",
    "sender_name": "Aptovia",
    "recipient": "ada@creators.example",
    "subject": "Ein Angebot für dich",
    "body": "Hallo Ada,\n\nHonorar: 250.00 EUR\n",
    "message_id": "<offer@aptovia.example>",
    "sent_at": NOON,
}
WINDOW = {
    "uid": "autumn-1@aptovia.example",
    "summary": "Aptovia: 公開期間",
    "starts_at": NOON,
    "ends_at": NOON + timedelta(days=2),
}


def written(**changes):
    return message_from_bytes(compose(**{**LETTER, **changes}).as_bytes(), policy=policy.default)


def test_a_letter_has_the_headers_that_answers_need_and_none_of_our_own():
    message = written(in_reply_to="<b@x.example>", references=("<a@x.example>",), reply_to="r@aptovia.example")
    assert message["From"] == "Aptovia <creators@aptovia.example>"
    assert (message["To"], message["Subject"]) == ("ada@creators.example", "Ein Angebot für dich")
    assert (message["Message-ID"], message["In-Reply-To"]) == ("<offer@aptovia.example>", "<b@x.example>")
    assert (message["References"], message["Reply-To"]) == ("<a@x.example> <b@x.example>", "r@aptovia.example")
    assert message["Date"].datetime == NOON
    assert [name for name in message.keys() if name.lower().startswith("x-")] == []  # noqa: SIM118  # not a dict


def test_a_first_letter_answers_nothing():
    message = written()
    assert (message["In-Reply-To"], message["References"], message["List-Unsubscribe"]) == (None, None, None)


def test_references_name_a_message_once():
    assert written(in_reply_to="<a@x>", references=("<a@x>",))["References"] == "<a@x>"


def test_a_letter_may_say_how_to_unsubscribe():
    message = written(list_unsubscribe="<https://aptovia.example/u/1>", one_click=True)
    assert message["List-Unsubscribe"] == "<https://aptovia.example/u/1>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize("body", ["plain", "ぜひご一緒に", "a" * 3000, "line\r\nline"])
def test_the_words_arrive_as_they_were_written(body):
    mail = parse_mail(compose(**{**LETTER, "body": body}).as_bytes(), mailbox_id="m", received_at=NOON, position="p")
    assert mail.full_text == f"{SANDBOX_BANNER}\n\n{body}\n".replace("\r\n", "\n")


def test_a_letter_to_a_real_address_has_no_sandbox_banner():
    assert SANDBOX_BANNER not in written(recipient="ada@creators.org").get_content()


def test_a_date_travels_as_a_calendar_part():
    calendar = calendar_of(**WINDOW, description="More", organizer="creators@aptovia.example")
    message = compose(**LETTER, calendar=calendar)
    (part,) = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    assert part.get_param("method") == "PUBLISH"
    assert message.get_body(("plain",)) is not None
    mail = parse_mail(message.as_bytes(), mailbox_id="m", received_at=NOON, position="p")
    assert mail.calendar is not None
    lines = mail.calendar.replace("\r\n", "\n").split("\n")
    assert {"METHOD:PUBLISH", "BEGIN:VEVENT", "DTSTART:20261005T080000Z", "DTEND:20261007T080000Z"} <= set(lines)
    assert "SUMMARY:Aptovia: 公開期間" in lines


def test_the_same_date_is_the_same_text():
    assert calendar_of(**WINDOW) == calendar_of(**WINDOW)


def test_a_date_ends_after_it_starts():
    with pytest.raises(ValueError, match="after it starts"):
        calendar_of(**{**WINDOW, "ends_at": NOON})


@pytest.mark.parametrize(
    "change",
    [
        {"recipient": "no address"},
        {"recipient": "ada@creators.example\r\nBcc: all@creators.example"},
        {"message_id": "<a>\r\nBcc: all@creators.example"},
        {"in_reply_to": "<a>\nX: y"},
    ],
)
def test_a_header_cannot_be_smuggled_in(change):
    with pytest.raises(RecordMalformed) as caught:
        compose(**{**LETTER, **change})
    assert "creators.example" not in str(caught.value)


def test_line_breaks_in_a_subject_become_spaces_and_a_long_one_is_cut():
    assert written(subject="Hello\r\nBcc: all@x.example")["Subject"] == "Hello Bcc: all@x.example"
    assert len(written(subject="x" * 500)["Subject"]) == 200


def mail_record(world: World = World.SANDBOX, **extra):
    return record_of("mardev_mail", host="127.0.0.1", world=world, password="", extra=extra)


@pytest.mark.parametrize("address", ["ada@creators.example", "ADA@Creators.EXAMPLE"])
def test_the_sandbox_writes_to_made_up_addresses(address):
    guard_recipient(World.SANDBOX, address, mail_record())


@pytest.mark.parametrize("address", ["ada@creators.org", "ada@example.com", "ada@creators.example.org", "ada@xexample"])
def test_the_sandbox_writes_to_nobody_else(address):
    with pytest.raises(RecipientNotAllowed) as caught:
        guard_recipient(World.SANDBOX, address, mail_record(allow_everybody_approved_by="hana"))
    assert address not in str(caught.value)


@pytest.mark.parametrize("address", ["", "ada", "@x.example", "a b@x.example", "ada@", "ädä@x.example"])
def test_what_is_no_address_gets_nothing(address):
    with pytest.raises(RecipientNotAllowed, match="Not an address"):
        guard_recipient(World.SANDBOX, address, mail_record())


def test_a_live_world_writes_to_nobody_at_first():
    with pytest.raises(RecipientNotAllowed, match="allow-list"):
        guard_recipient(World.LIVE, "ada@creators.org", mail_record(World.LIVE))


@pytest.mark.parametrize(
    "extra",
    [
        {"allow_list": ["Ada@Creators.org"]},
        {"allow_list": ["@creators.org"]},
        {"allow_list": "bob@x.org, ada@creators.org"},
        {"allow_everybody_approved_by": "Hana Sato"},
    ],
)
def test_a_live_world_writes_to_its_allow_list_or_to_all_once_it_is_lifted(extra):
    guard_recipient(World.LIVE, "ada@creators.org", mail_record(World.LIVE, **extra))


def test_a_live_world_never_writes_into_the_sandbox():
    with pytest.raises(RecipientNotAllowed):
        guard_recipient(World.LIVE, "ada@creators.example", mail_record(World.LIVE, allow_everybody_approved_by="x"))


def test_a_message_cannot_leave_through_the_other_world():
    with pytest.raises(WorldsMixed):
        guard_recipient(World.SANDBOX, "ada@creators.example", mail_record(World.LIVE))


def test_every_recipient_of_a_message_is_looked_at():
    message = compose(**LETTER)
    message["Cc"] = "bob@creators.org"
    with pytest.raises(RecipientNotAllowed):
        guard_recipients(mail_record(), message)
    del message["Cc"]
    assert guard_recipients(mail_record(), message) == ("ada@creators.example",)
    del message["To"]
    with pytest.raises(RecipientNotAllowed, match="no recipient"):
        guard_recipients(mail_record(), message)


@pytest.mark.parametrize(
    ("error", "ours"),
    [
        (smtplib.SMTPRecipientsRefused({"a@x": (550, b"a@x unknown")}), AddressRefused),
        (smtplib.SMTPRecipientsRefused({"a@x": (451, b"a@x later")}), TransportFailed),
        (smtplib.SMTPAuthenticationError(535, b"a@x"), CredentialRejected),
        (smtplib.SMTPNotSupportedError("a@x"), FixFirst),
        (smtplib.SMTPSenderRefused(550, b"a@x", "a@x"), TransportFailed),
        (smtplib.SMTPServerDisconnected("a@x"), TransportFailed),
        (TimeoutError("a@x"), TransportFailed),
        (ConnectionRefusedError("a@x"), TransportFailed),
    ],
)
def test_a_servers_refusal_is_told_by_what_to_do_without_its_words(error, ours):
    refusal = refusal_of(error)
    assert isinstance(refusal, ours)
    assert "a@x" not in str(refusal)


def test_a_refused_address_keeps_its_code():
    refusal = recipient_refusal(550)
    assert isinstance(refusal, AddressRefused)
    assert refusal.code == 550


def test_an_uncertain_delivery_is_never_repeated_by_itself():
    assert issubclass(DeliveryUncertain, FixFirst)


def test_a_transport_needs_a_server():
    with pytest.raises(FixFirst, match="has no host"):
        SmtplibTransport(record_of("mardev_mail", host=""))
