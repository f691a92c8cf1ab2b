"""Mails to creators and colleagues, written from templates in their language.

A template is a text file ``templates/<kind>.<language>.txt``: its first line is the subject, the rest the body. A field
that is missing is an error, never an empty place.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from mardev.briefs.labels import LABELS

LANGUAGES = tuple(LABELS)
"""Languages we have templates in; another one gets English."""


class MailKind(StrEnum):
    """A mail we send; the name of its template."""

    OFFER = "offer"
    COUNTER_ACCEPT = "counter_accept"
    BRIEF = "brief"
    REVISION = "revision"
    GO_LIVE = "go_live"
    CORRECTION = "correction"
    DECISION_REQUEST = "decision_request"


_ALWAYS = frozenset({"creator", "brand", "reference", "sender", "footer"})
_TRACKING = frozenset({"link", "code", "disclosure"})
_WINDOW = frozenset({"window_from", "window_to"})
FIELDS: Mapping[MailKind, frozenset[str]] = {
    MailKind.OFFER: _ALWAYS
    | _WINDOW
    | {"campaign", "difference", "integration", "fee", "answer_by", "reason", "signed_names"},
    MailKind.COUNTER_ACCEPT: _ALWAYS | {"fee", "integration", "answer_by"},
    MailKind.BRIEF: _ALWAYS
    | _TRACKING
    | _WINDOW
    | {
        "campaign",
        "difference",
        "integration",
        "fee",
        "mandatory_points",
        "forbidden_claims",
        "disclosure_hint",
        "draft_by",
    },
    MailKind.REVISION: _ALWAYS | _TRACKING | {"changes", "draft_by"},
    MailKind.GO_LIVE: _ALWAYS | _TRACKING | _WINDOW | {"integration", "disclosure_hint"},
    MailKind.CORRECTION: _ALWAYS | _TRACKING | {"post_title", "post_url", "changes"},
    MailKind.DECISION_REQUEST: frozenset({"person", "campaign", "subject", "summary", "page_url", "options", "footer"}),
}
"""What each template needs.

`mandatory_points`, `forbidden_claims`, `changes`, `options` and `signed_names` are lists of texts, all others texts.
Dates are written as ISO dates, `fee` as ``250.00 EUR``; `footer` (the world's banner, the postal address, how to stop
mails), `reason` (a whole sentence) and `disclosure_hint` may be empty."""


@dataclass(frozen=True)
class RenderedMail:
    """A mail ready to be addressed.

    Attributes
    ----------
    template : which template made it ("offer.de")
    language : the language it is written in
    """

    subject: str
    body: str
    template: str
    language: str


def render_mail(kind: MailKind, language: str | None, fields: Mapping[str, Any]) -> RenderedMail:
    """Write the mail of that kind.

    Parameters
    ----------
    language : of the reader ("pt-BR"); requests to colleagues are in English
    fields : those of `FIELDS[kind]`; more do no harm

    Raises
    ------
    ValueError
        Fields are missing; the message names them.
    """
    mail_kind = MailKind(kind)
    missing = sorted(FIELDS[mail_kind] - set(fields))
    if missing:
        raise ValueError(f"The {mail_kind} mail lacks {', '.join(missing)}")
    written_in = "en" if mail_kind is MailKind.DECISION_REQUEST else template_language(language)
    template = f"{mail_kind}.{written_in}"
    text = _environment().get_template(f"{template}.txt").render(fields, label=LABELS[written_in])
    subject, _, body = text.partition("\n")
    return RenderedMail(" ".join(subject.split()), _tidy(body), template, written_in)


def template_language(language: str | None) -> str:
    """The language a mail is written in for somebody who reads `language`.

    Examples
    --------
    >>> template_language("pt-BR"), template_language("fr"), template_language(None)
    ('pt', 'en', 'en')
    """
    short = (language or "").split("-")[0].lower()
    return short if short in LANGUAGES else "en"


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("mardev.briefs", "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
        autoescape=False,  # noqa: S701  plain text mails; nothing here is HTML
    )


def _tidy(body: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", body).strip() + "\n"
