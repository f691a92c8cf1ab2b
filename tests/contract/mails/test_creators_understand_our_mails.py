"""Whoever reads our mails as a person does finds what we meant; and we read what creators write."""

from datetime import UTC, datetime
from decimal import Decimal
from email.message import EmailMessage

import pytest

from builders.mails import mail_fields
from mardev.briefs.disclosure import disclosure_for, switch_hint
from mardev.briefs.labels import INTEGRATION_NAMES, integration_name
from mardev.briefs.mails import LANGUAGES, MailKind, render_mail
from mardev.briefs.replies import read_answer
from sandbox.people import phrases
from sandbox.people.reading import ReadMail, read_mail

MARKETS = {"de": "DE", "en": "US", "pt": "BR", "ja": "JP"}


def received(kind: MailKind, language: str, **more: object) -> ReadMail:
    wording = {"disclosure": disclosure_for(MARKETS[language]).wording, "disclosure_hint": switch_hint(language)}
    mail = render_mail(kind, language, mail_fields(kind) | wording | more)
    message = EmailMessage()
    message["Subject"] = mail.subject
    message["From"] = "team@aptovia.example"
    message.set_content(mail.body)
    return read_mail(message.as_bytes(), received_at=datetime(2026, 10, 6, 9, tzinfo=UTC))


@pytest.mark.parametrize("integration_type", list(INTEGRATION_NAMES))
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_offer_is_understood(language, integration_type):
    read = received(MailKind.OFFER, language, integration=integration_name(integration_type, language))
    assert read.sounds_like == "offer"
    assert read.amount_eur == Decimal("250.00")
    assert read.reference == "autumn-apps/UC123"
    assert read.format == integration_type
    assert f"{read.deadline:%Y-%m-%d}" == "2026-10-13"  # until the end of the 12th


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_new_fee_is_understood_as_an_offer(language):
    read = received(MailKind.COUNTER_ACCEPT, language, fee="320.00 EUR")
    assert (read.sounds_like, read.amount_eur, read.reference) == ("offer", Decimal("320.00"), "autumn-apps/UC123")


@pytest.mark.parametrize(
    ("kind", "understood"),
    [
        (MailKind.BRIEF, "brief"), (MailKind.REVISION, "revision"), (MailKind.GO_LIVE, "go_live"),
        (MailKind.CORRECTION, "correction"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_asked_for_is_understood(kind, understood, language):
    read = received(kind, language)
    assert read.sounds_like == understood
    assert read.link == "https://go.example/x7k"
    assert read.code == "MRA4K7P"
    assert read.disclosure == disclosure_for(MARKETS[language]).wording
    assert read.reference == "autumn-apps/UC123"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_brief_gives_its_points_and_its_window(language):
    read = received(MailKind.BRIEF, language)
    assert read.points == tuple(mail_fields(MailKind.BRIEF)["mandatory_points"])
    assert f"{read.window[0]:%Y-%m-%d}" == "2026-10-19"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["accept", "counter", "decline"])
def test_every_answer_creators_write_is_read_as_they_mean_it(language, kind):
    sentences = getattr(phrases, kind.upper())[language]
    for sentence in (*sentences, *([phrases.DECLINE_LOW[language]] if kind == "decline" else [])):
        closing = phrases.CLOSING[language][0].format(person="Mira")
        text = f"{phrases.GREETING[language][0]}\n\n{sentence.format(amount='320.00')}\n\n{closing}"
        answer = read_answer(text, language, offered=Decimal("250.00"))
        assert answer.kind == kind
        assert not answer.needs_a_person
        assert answer.amount == (Decimal("320.00") if kind == "counter" else None)
