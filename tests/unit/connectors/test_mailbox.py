"""The brand's mailbox: positions, letters, replies, bounces."""

import base64
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import httpx
import pytest

from builders.pipelines import NOON, Wire, collected, google_pipeline_on, google_refusal, json_answer, record_of
from mardev.connectors.mailbox import Mailbox, parse_mail
from mardev.connectors.mailbox.client import Position
from mardev.connectors.mailbox.replies import without_quotation, words_of_html
from mardev.errors import ContractBroken, CredentialRejected, RecordMalformed

NOON_MS = int(NOON.timestamp() * 1000)


def letter(text: str = "Gerne, ich bin dabei.", **headers: str) -> EmailMessage:
    message = EmailMessage()
    defaults = {
        "From": "Ada <Ada@creators.example>",
        "To": "creators@aptovia.example",
        "Subject": "Re: Angebot",
        "Message-ID": "<answer@creators.example>",
        "In-Reply-To": "<offer@aptovia.example>",
        "References": "<first@aptovia.example> <offer@aptovia.example>",
        "Date": "Mon, 05 Oct 2026 10:00:00 +0200",
    }
    for name, value in {**defaults, **{name.replace("_", "-"): value for name, value in headers.items()}}.items():
        if value:
            message[name] = value
    message.set_content(text)
    return message


def parsed(message: EmailMessage | bytes):
    raw = message if isinstance(message, bytes) else message.as_bytes()
    return parse_mail(raw, mailbox_id="m1", received_at=NOON, position="p")


class Gmail:
    """A mailbox on the wire: newest first, two ids a page, searched by whole seconds."""

    def __init__(self) -> None:
        self.letters: list[tuple[str, int, bytes]] = []
        self.reads: list[str] = []

    def receive(self, mailbox_id: str, milliseconds: int, message: EmailMessage | bytes) -> None:
        self.letters.append((mailbox_id, milliseconds, message if isinstance(message, bytes) else message.as_bytes()))

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/messages"):
            return self._list(request)
        mailbox_id = request.url.path.rsplit("/", 1)[-1]
        self.reads.append(mailbox_id)
        for known, milliseconds, raw in self.letters:
            if known == mailbox_id:
                encoded = base64.urlsafe_b64encode(raw).decode().rstrip("=")
                return json_answer({"id": known, "internalDate": str(milliseconds), "raw": encoded})(request)
        return google_refusal(404, "notFound")(request)

    def _list(self, request: httpx.Request) -> httpx.Response:
        query = request.url.params.get("q", "after:0")
        after = int(query.removeprefix("after:"))
        newest_first = sorted(reversed(self.letters), key=lambda one: -one[1])
        found = [{"id": one[0], "threadId": "t"} for one in newest_first if one[1] // 1000 >= after]
        start = int(request.url.params.get("pageToken", "0"))
        body = {"resultSizeEstimate": len(found)}
        if found[start : start + 2]:
            body["messages"] = found[start : start + 2]
        if start + 2 < len(found):
            body["nextPageToken"] = str(start + 2)
        return json_answer(body)(request)


def mailbox_on(wire, **options) -> Mailbox:
    scripted = wire if isinstance(wire, Wire) else Wire(wire)
    return Mailbox(google_pipeline_on(scripted, "gmail"), record_of("mardev_mailbox"), lambda: NOON, **options)


def test_letters_come_oldest_first_over_all_pages():
    gmail = Gmail()
    for number in range(5):
        gmail.receive(f"m{number}", NOON_MS + number, letter())
    assert [mail.mailbox_id for mail in mailbox_on(gmail).new_messages()] == ["m0", "m1", "m2", "m3", "m4"]


def test_nothing_is_read_twice_and_nothing_is_left_out_within_one_millisecond():
    gmail = Gmail()
    gmail.receive("m1", NOON_MS, letter())
    (first,) = mailbox_on(gmail).new_messages()
    gmail.receive("m2", NOON_MS, letter())
    gmail.receive("m3", NOON_MS + 10, letter())
    later = list(mailbox_on(gmail).new_messages(first.position))
    assert [mail.mailbox_id for mail in later] == ["m2", "m3"]
    assert list(mailbox_on(gmail).new_messages(later[-1].position)) == []
    # m1 and m2 were asked for again (same second), recognised as older, and left out
    assert list(mailbox_on(gmail).new_messages(later[0].position)) == [later[-1]]


def test_a_reading_that_stops_in_the_middle_goes_on_there():
    gmail = Gmail()
    for number in range(3):
        gmail.receive(f"m{number}", NOON_MS, letter())
    reading = mailbox_on(gmail).new_messages()
    first = next(reading)
    reading.close()
    assert [mail.mailbox_id for mail in mailbox_on(gmail).new_messages(first.position)] == ["m1", "m2"]


def test_a_reading_takes_the_oldest_letters_first():
    gmail = Gmail()
    for number in range(5):
        gmail.receive(f"m{number}", NOON_MS + number * 1000, letter())
    assert [mail.mailbox_id for mail in mailbox_on(gmail).new_messages(max_messages=2)] == ["m0", "m1"]


def test_a_letter_that_was_deleted_meanwhile_is_left_out():
    gmail = Gmail()
    gmail.receive("m1", NOON_MS, letter())
    wire = Wire(gmail._list, google_refusal(404, "notFound"))
    assert list(mailbox_on(wire).new_messages()) == []


def test_a_letter_that_cannot_be_read_is_handed_over_and_the_rest_goes_on():
    found, on_malformed = collected()
    gmail = Gmail()
    gmail.receive("m1", NOON_MS, letter(From="nobody"))
    gmail.receive("m2", NOON_MS + 1, letter())
    mails = list(mailbox_on(gmail, on_malformed=on_malformed).new_messages())
    assert [mail.mailbox_id for mail in mails] == ["m2"]
    assert found == [("m1", "messages.get: From has no address")]


@pytest.mark.parametrize(
    "item", [{"id": "m1", "raw": "QQ"}, {"id": "m1", "internalDate": "1"}, {"internalDate": "1", "raw": "A"}]
)
def test_a_letter_without_its_fields_is_handed_over(item):
    found, on_malformed = collected()
    wire = Wire(json_answer({"messages": [{"id": "m1"}]}), json_answer(item))
    assert list(mailbox_on(wire, on_malformed=on_malformed).new_messages()) == []
    assert len(found) == 1


def test_a_list_without_ids_is_handed_over():
    found, on_malformed = collected()
    wire = Wire(json_answer({"messages": [{"threadId": "t"}]}))
    assert list(mailbox_on(wire, on_malformed=on_malformed).new_messages()) == []
    assert found[0][1] == "messages.list: id is missing"


@pytest.mark.parametrize("body", [[], {"messages": "many"}])
def test_a_list_of_another_shape_breaks_the_contract(body):
    with pytest.raises(ContractBroken):
        list(mailbox_on(Wire(json_answer(body))).new_messages())


def test_a_position_nobody_wrote_is_refused():
    with pytest.raises(ContractBroken, match="stored position"):
        Position.parse("yesterday")


def test_an_expired_token_asks_a_person():
    with pytest.raises(CredentialRejected):
        list(mailbox_on(Wire(google_refusal(401, "authError"))).new_messages())


def test_the_client_closes_what_it_opened():
    with mailbox_on(Gmail()) as mailbox:
        assert list(mailbox.new_messages()) == []


def test_a_letter_is_read_with_exact_types():
    mail = parsed(letter())
    assert (mail.from_address, mail.from_name) == ("ada@creators.example", "Ada")
    assert (mail.message_id, mail.in_reply_to) == ("<answer@creators.example>", "<offer@aptovia.example>")
    assert mail.sent_at == datetime(2026, 10, 5, 8, tzinfo=UTC)
    assert mail.to_addresses == ("creators@aptovia.example",)
    assert (mail.is_bounce, mail.is_automatic, mail.calendar, mail.attachments) == (False, False, None, ())
    assert mail.answers == ("<offer@aptovia.example>", "<first@aptovia.example>")


def test_a_letter_without_message_id_is_named_by_the_mailbox():
    mail = parsed(letter(Message_ID="", In_Reply_To="", References="", Date=""))
    assert (mail.message_id, mail.in_reply_to, mail.references, mail.sent_at) == ("<m1>", None, (), None)


def test_a_date_without_an_offset_is_utc():
    assert parsed(letter(Date="Mon, 05 Oct 2026 08:00:00 -0000")).sent_at == NOON


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("Yes, gladly!\n\nOn Mon, 5 Oct 2026 at 10:00, Aptovia <creators@aptovia.example> wrote:\n> Fee: 250.00 EUR\n",
         "Yes, gladly!"),
        ("Gerne, für 320.00 EUR.\n\nAm 05.10.2026 um 10:00 schrieb Aptovia <creators@aptovia.example>:\n> Fee\n",
         "Gerne, für 320.00 EUR."),
        ("Topo!\n\nEm seg., 5 de out. de 2026 às 10:00, Aptovia <creators@aptovia.example> escreveu:\n> Fee: 250\n",
         "Topo!"),
        ("ぜひ参加します。\n\n2026年10月5日(月) 10:00 Aptovia <creators@aptovia.example>:\n> Fee: 250.00 EUR\n",
         "ぜひ参加します。"),
        ("Sim\n> Fee: 250.00 EUR\n> Reference: x\n", "Sim"),
        ("No quotation here", "No quotation here"),
        ("> only a quotation", "> only a quotation"),
    ],
)  # fmt: skip
def test_the_letter_that_is_answered_is_left_out(text, reply):
    assert without_quotation(text) == reply


def test_the_whole_letter_stays_at_hand():
    mail = parsed(letter("Yes\n\n> Fee: 250.00 EUR\n"))
    assert (mail.reply_text, "Fee: 250.00 EUR" in mail.full_text) == ("Yes", True)


def test_a_letter_in_html_only_is_read_as_words():
    message = letter()
    message.set_content("<html><style>p{}</style><p>Yes,</p><p>gladly &amp; soon</p></html>", subtype="html")
    assert parsed(message).reply_text == "Yes,\ngladly & soon"


def test_words_of_odd_markup_are_read_all_the_same():
    assert words_of_html("a</style><br/>b<script>c</script>") == "a\nb"


def test_a_letter_without_any_text_is_empty():
    message = letter()
    message.set_content(b"x", maintype="application", subtype="pdf", filename="rates.pdf")
    mail = parsed(message)
    assert (mail.full_text, mail.reply_text) == ("", "")


def test_an_unknown_character_set_is_read_as_well_as_possible():
    raw = letter("Grüße").as_bytes().replace(b'charset="utf-8"', b'charset="klingon"')
    assert "Gr" in parsed(raw).full_text


def test_calendar_and_attachments_are_told_apart():
    message = letter()
    message.add_attachment("BEGIN:VCALENDAR\nEND:VCALENDAR\n", subtype="calendar", filename="date.ics")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="rates.pdf")
    mail = parsed(message)
    assert mail.calendar is not None
    assert mail.calendar.startswith("BEGIN:VCALENDAR")
    assert [(one.file_name, one.content_type, one.content) for one in mail.attachments] == [
        ("rates.pdf", "application/pdf", b"%PDF")
    ]


def test_an_absence_note_is_automatic():
    assert parsed(letter(Auto_Submitted="auto-replied")).is_automatic
    assert not parsed(letter(Auto_Submitted="no")).is_automatic


def test_what_is_no_message_is_malformed():
    with pytest.raises(RecordMalformed):
        parsed(b"\xff\xfe\x00")


def delivery_report(action: str = "failed", status: str = "5.1.1", original: bytes | None = None) -> bytes:
    returned = original if original is not None else (
        b"Content-Type: message/rfc822\r\n\r\nMessage-ID: <offer@aptovia.example>\r\nSubject: Offer\r\n\r\nHi\r\n"
    )  # fmt: skip
    return (
        b"From: MAILER-DAEMON@mx.creators.example\r\nTo: creators@aptovia.example\r\nSubject: Undelivered\r\n"
        b'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        b"--b\r\nContent-Type: text/plain\r\n\r\nIt failed.\r\n"
        b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.creators.example\r\n\r\n"
        b"Final-Recipient: rfc822; ada@creators.example\r\nAction: " + action.encode() + b"\r\nStatus: "
        + status.encode() + b"\r\n\r\n--b\r\n" + returned + b"\r\n--b--\r\n"
    )  # fmt: skip


def test_a_delivery_report_is_a_bounce_that_names_address_and_message():
    mail = parsed(delivery_report())
    assert mail.bounce is not None
    assert mail.bounce.addresses == ("ada@creators.example",)
    assert (mail.bounce.message_id, mail.bounce.is_permanent, mail.bounce.status) == (
        "<offer@aptovia.example>", True, "5.1.1",
    )  # fmt: skip
    assert mail.answers == ("<offer@aptovia.example>",)
    assert mail.attachments == ()


def test_a_report_with_headers_only_names_the_message_too():
    headers = b"Content-Type: text/rfc822-headers\r\n\r\nSubject: Offer\r\nMessage-Id: <offer@aptovia.example>\r\n"
    bounce = parsed(delivery_report(original=headers)).bounce
    assert bounce is not None
    assert bounce.message_id == "<offer@aptovia.example>"


def test_a_report_that_returns_nothing_names_no_message():
    bounce = parsed(delivery_report(original=b"Content-Type: text/rfc822-headers\r\n\r\nSubject: x\r\n")).bounce
    assert bounce is not None
    assert bounce.message_id is None


@pytest.mark.parametrize(("action", "status"), [("delayed", "4.4.1"), ("failed", "4.2.2"), ("delivered", "2.0.0")])
def test_a_delay_or_a_receipt_is_no_failure_for_good(action, status):
    bounce = parsed(delivery_report(action, status)).bounce
    assert bounce is not None
    assert not bounce.is_permanent


def test_a_postmasters_letter_is_a_bounce_even_without_a_report():
    mail = parsed(letter(From="postmaster@mx.example", X_Failed_Recipients="ada@creators.example, b@x.example"))
    assert mail.bounce is not None
    assert mail.bounce.addresses == ("ada@creators.example", "b@x.example")
    assert mail.bounce.message_id == "<offer@aptovia.example>"


def test_a_letter_about_a_bounce_is_none():
    assert not parsed(letter("My mail bounced, sorry!", Subject="Undelivered?")).is_bounce


def test_positions_survive_being_written_down():
    position = Position(5, frozenset({"b", "a"}))
    assert Position.parse(str(position)) == position
    assert str(position.after(6, "c")) == "6;c"
    assert Position.parse("") == Position()
    assert datetime.fromtimestamp(NOON_MS / 1000, UTC) - NOON < timedelta(milliseconds=1)
