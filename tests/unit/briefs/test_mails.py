import re

import pytest
from jinja2 import Environment, PackageLoader, meta

from builders.mails import LISTS, mail_fields
from mardev.briefs.labels import INTEGRATION_NAMES, LABELS, integration_name
from mardev.briefs.mails import FIELDS, LANGUAGES, MailKind, render_mail
from mardev.domain.words import IntegrationType

TO_CREATORS = [kind for kind in MailKind if kind is not MailKind.DECISION_REQUEST]


@pytest.mark.parametrize("kind", TO_CREATORS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_template_uses_exactly_the_fields_it_states(kind, language):
    environment = Environment(loader=PackageLoader("mardev.briefs", "templates"), autoescape=False)
    source, _, _ = environment.loader.get_source(environment, f"{kind}.{language}.txt")
    assert meta.find_undeclared_variables(environment.parse(source)) - {"label"} == FIELDS[kind]


@pytest.mark.parametrize("kind", TO_CREATORS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_mail_says_its_facts_after_its_labels(kind, language):
    fields = mail_fields(kind)
    mail = render_mail(kind, language, fields)
    assert mail.template == f"{kind}.{language}"
    assert "\n" not in mail.subject
    assert mail.subject
    for name in LABELS[language].keys() & fields.keys():
        value = fields[name]
        quoted = {value, f'"{value}"', f"「{value}」"}
        assert any(f"\n{LABELS[language][name]}: {form}\n" in mail.body for form in quoted)
    assert "{" not in mail.body
    assert "\n\n\n" not in mail.body


@pytest.mark.parametrize("language", LANGUAGES)
def test_lists_stand_one_point_a_line(language):
    body = render_mail(MailKind.BRIEF, language, mail_fields(MailKind.BRIEF)).body
    points = re.findall(r"^- (.*)$", body, re.M)
    assert points == LISTS["mandatory_points"] + LISTS["forbidden_claims"]


def test_what_is_empty_leaves_no_trace():
    fields = mail_fields(MailKind.BRIEF, forbidden_claims=[])
    assert "do not say" not in render_mail(MailKind.BRIEF, "en", fields).body


def test_signed_names_footer_and_reason_are_shown_when_there_are_some():
    fields = mail_fields(MailKind.OFFER, reason="Your audience loves games.", footer="This is a rehearsal.")
    body = render_mail(MailKind.OFFER, "en", fields).body
    assert "Already with us: Lena Spielt, ゲームのユウ." in body
    assert ": Your audience loves games." in body
    assert body.endswith("This is a rehearsal.\n")


def test_a_missing_field_is_named():
    fields = mail_fields(MailKind.OFFER)
    del fields["fee"], fields["reference"]
    with pytest.raises(ValueError, match="offer mail lacks fee, reference"):
        render_mail(MailKind.OFFER, "de", fields)


def test_colleagues_are_asked_in_english_whatever_their_language():
    mail = render_mail(MailKind.DECISION_REQUEST, "ja", mail_fields(MailKind.DECISION_REQUEST))
    assert mail.language == "en"
    assert "Decide here: https://mardev.example/mardev/iterations/autumn-apps/plan" in mail.body


def test_a_language_without_templates_gets_english():
    assert render_mail(MailKind.OFFER, "fr", mail_fields(MailKind.OFFER)).template == "offer.en"


def test_a_line_break_in_a_field_cannot_split_the_subject():
    mail = render_mail(MailKind.CORRECTION, "en", mail_fields(MailKind.CORRECTION, creator="Eve\nBcc: x@y.example"))
    assert "\n" not in mail.subject


def test_every_format_has_a_name_in_every_language():
    assert set(INTEGRATION_NAMES) == set(IntegrationType)
    for names in INTEGRATION_NAMES.values():
        assert set(names) == set(LANGUAGES)
    assert integration_name("short", "fr") == "Short"
