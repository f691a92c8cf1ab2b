"""How creators read mails."""

from datetime import UTC, datetime
from decimal import Decimal
from email.message import EmailMessage

import pytest
from tests.builders.sandbox_world import calendar

from sandbox.people import facts
from sandbox.people.reading import read_mail

NOW = datetime(2026, 10, 5, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("Fee: 250.00 EUR", "250.00"),
        ("Honorar: 1.250,00 EUR", "1250.00"),
        ("Cachê: 1,250.50 EUR", "1250.50"),
        ("報酬: EUR 300", "300.00"),
        ("€ 1 200 for you", "1200.00"),
        ("A prize of 9 EUR\nFee: 80.00 EUR", "80.00"),
    ],
)
def test_the_sum_is_found_however_it_is_written(text: str, amount: str):
    assert facts.find_amount(text) == Decimal(amount)


@pytest.mark.parametrize("label", ["Reference", "Referenz", "Referência", "照会番号"])
def test_the_reference_is_found_in_four_languages(label: str):
    assert facts.find_reference(f"x\n{label}: spring-1/UC_a-b\ny") == "spring-1/UC_a-b"


def test_the_link_behind_its_label_wins_over_other_addresses():
    text = "See http://other.example/a\n- The link http://wrong.example/x is wrong\nLink: http://go.example/s1\nStop: http://u.example"
    assert facts.find_link(text) == "http://go.example/s1"


def test_a_code_in_a_list_of_changes_is_not_the_code():
    assert facts.find_code("- Code missing: please add\nCódigo: APT7") == "APT7"


@pytest.mark.parametrize(
    ("text", "wording"),
    [('Disclosure: "#ad"', "#ad"), ("Kennzeichnung: Anzeige", "Anzeige"), ("広告表記: 「PR（広告）」", "PR（広告）")],
)
def test_the_disclosure_wording_is_taken_without_its_quotes(text: str, wording: str):
    assert facts.find_disclosure(text) == wording


def test_things_to_avoid_are_no_points():
    text = "Please say:\n- one\n- two\n\nDo not say:\n- never"
    assert facts.find_points(text) == ("one", "two")
    assert facts.find_points("Do not say:\n- never\n\nPlease say:\n- one") == ("one",)


def test_a_deadline_is_the_end_of_its_day():
    assert facts.find_deadline("Bitte antworten bis: 2026-10-08") == datetime(2026, 10, 9, tzinfo=UTC)


def test_the_window_comes_from_the_calendar_part():
    message = EmailMessage()
    message["From"] = "a@aptovia.example"
    message.set_content("Publish between: 2026-11-01 – 2026-11-30")
    start, end = datetime(2026, 10, 12, 6, tzinfo=UTC), datetime(2026, 10, 14, 6, tzinfo=UTC)
    message.add_attachment(calendar(start, end), maintype="text", subtype="calendar", filename="w.ics")
    assert read_mail(message.as_bytes(), NOW).window == (start, end)


def test_without_a_calendar_two_dates_in_a_line_are_the_window():
    raw = b"From: a@b.example\r\n\r\nPublish between: 2026-10-12 and 2026-10-14\r\n"
    assert read_mail(raw, NOW).window == (datetime(2026, 10, 12, tzinfo=UTC), datetime(2026, 10, 15, tzinfo=UTC))


@pytest.mark.parametrize(
    "raw",
    [b"", b"\xff\xfe\x00", b"Subject: =?nonsense?q?x?=\r\n\r\n\xff", b"Content-Type: multipart/mixed\r\n\r\nno border",
     b"Content-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:x\r\nEND:VEVENT\r\nEND:VCALENDAR"],
)  # fmt: skip
def test_a_damaged_mail_says_little_and_breaks_nothing(raw: bytes):
    mail = read_mail(raw, NOW)
    assert mail.amount_eur is None
    assert mail.reference == ""


def test_html_alone_is_read_too():
    raw = b"From: a@b.example\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Fee: 80 EUR</p><p>Reference: r/1</p>"
    mail = read_mail(raw, NOW)
    assert (mail.amount_eur, mail.reference) == (Decimal("80.00"), "r/1")
