"""Rules on briefs, drafts and posts; each finding says what was looked for and what was found."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from mardev.briefs.disclosure import disclosure_for, find_disclosure
from mardev.briefs.labels import LABELS
from mardev.domain.words import Verdict

Severity = Literal["block", "warn"]
LINES_BEFORE_THE_FOLD = 3
LETTERS_BEFORE_THE_FOLD = 300
"""A description is cut after about three lines; a wording below that is not seen at once."""
_URL = re.compile(r"https?://[^\s<>\"'「」『』（）()\[\]、。]+", re.I)
_SUPERLATIVES = re.compile(
    r"\b(?:guaranteed|100\s?% (?:safe|free|secure)|risk[- ]free|best app (?:store )?in the world|garantiert|risikofrei|"
    r"beste[r]? app(?:-store)? der welt|garantido|sem risco|melhor (?:app|loja) do mundo)\b"
    r"|絶対に(?:安全|儲)|世界一|必ず(?:儲|当た)",
    re.I,
)


@dataclass(frozen=True)
class RuleFinding:
    """One rule's answer.

    Attributes
    ----------
    rule : stable name: link, code, disclosure, language, claims, points, fee, reference, availability
    detail : what has to change when it failed, what was found when it passed; one plain sentence
    severity : "block" holds the placement when the rule failed, "warn" only says so
    """

    rule: str
    passed: bool
    detail: str
    severity: Severity = "block"


def check_brief(
    body: str,
    *,
    link: str,
    code: str,
    fee: str,
    reference: str,
    market: str,
    language: str,
    mandatory_points: Sequence[str] = (),
) -> list[RuleFinding]:
    """Whether a brief says everything a creator needs, as it was agreed.

    Parameters
    ----------
    fee : as agreed, ``250.00 EUR``
    mandatory_points : must stand in the brief word by word
    """
    label = LABELS.get(language.split("-")[0].lower(), LABELS["en"])
    wording = disclosure_for(market).wording
    findings = [
        _contains("fee", body, f"{label['fee']}: {fee}", f"the agreed fee {fee}"),
        _contains("reference", body, f"{label['reference']}: {reference}", f"the reference {reference}"),
        _contains("code", body, f"{label['code']}: {code}", f"the code {code}"),
        _contains("disclosure", body, wording, f"the disclosure wording {wording}"),
        _link_finding(body, link),
    ]
    missing = [point for point in mandatory_points if point not in body]
    findings.append(
        RuleFinding(
            "points", not missing, f"The brief lacks: {'; '.join(missing)}" if missing else "All points are in it."
        )
    )
    return findings


def check_draft(
    text: str,
    *,
    link: str,
    code: str,
    market: str,
    language: str,
    mandatory_points: Sequence[str] = (),
    forbidden_claims: Sequence[str] = (),
) -> list[RuleFinding]:
    """Whether a creator's draft may go out.

    Parameters
    ----------
    text : the draft without quoted mail
    mandatory_points : words that must occur (a brand, a product); ways of saying it are the creator's own
    forbidden_claims : phrases that must not occur, whatever their case
    """
    findings = [
        _link_finding(text, link),
        _code_finding(text, code),
        _disclosure_finding(text, market),
        _language_finding(text, language),
        _claims_finding(text, forbidden_claims),
    ]
    missing = [point for point in mandatory_points if _plain(point) not in _plain(text)]
    detail = f"Please mention {', '.join(missing)}." if missing else "Every point is mentioned."
    findings.append(RuleFinding("points", not missing, detail, "warn"))
    return findings


def check_post(
    title: str, description: str, *, link: str, code: str, market: str, is_available: bool = True
) -> list[RuleFinding]:
    """Whether a post is as agreed: there, with the right link, the code, and marked where everybody sees it.

    A post that is gone gets only the finding ``availability``.
    """
    if not is_available:
        return [RuleFinding("availability", False, "The post is not to be seen any more.")]
    seen_at_once = title + "\n" + _before_the_fold(description)
    return [
        RuleFinding("availability", True, "The post is online."),
        _link_finding(description, link),
        _code_finding(f"{title}\n{description}", code, severity="warn"),
        _disclosure_finding(seen_at_once, market, where="in the title or in the first lines of the description"),
    ]


def verdict_of(findings: Iterable[RuleFinding]) -> Verdict:
    """READY when every blocking rule passed, else HELD."""
    return Verdict.HELD if any(not f.passed and f.severity == "block" for f in findings) else Verdict.READY


def failed_details(findings: Iterable[RuleFinding]) -> list[str]:
    """What has to change, one plain sentence each."""
    return [finding.detail for finding in findings if not finding.passed]


def passed(findings: Iterable[RuleFinding], rule: str) -> bool | None:
    """The answer of one rule; None when it was not asked."""
    return next((finding.passed for finding in findings if finding.rule == rule), None)


def links_in(text: str) -> list[str]:
    """Web addresses in a text as written, without the punctuation that ends a sentence.

    Examples
    --------
    >>> links_in("Hier: https://go.example/x7k. Danke!")
    ['https://go.example/x7k']
    """
    return [found.rstrip(".,;:!?…*_") for found in _URL.findall(text)]


def same_link(one: str, other: str) -> bool:
    """Whether two addresses lead to the same place; scheme, case of the host and a last slash do not matter."""
    first, second = (
        (parts.netloc.lower().removeprefix("www."), parts.path.rstrip("/"), parts.query)
        for parts in (urlsplit(one), urlsplit(other))
    )
    return first == second


def _link_finding(text: str, link: str) -> RuleFinding:
    found = links_in(text)
    if any(same_link(candidate, link) for candidate in found):
        return RuleFinding("link", True, f"The link {link} is in it.")
    host = urlsplit(link).netloc.lower()
    wrong = next((candidate for candidate in found if urlsplit(candidate).netloc.lower() == host), None)
    if wrong:
        return RuleFinding("link", False, f"The link {wrong} is wrong; please use {link}")
    return RuleFinding("link", False, f"The link is missing; please add {link}")


def _code_finding(text: str, code: str, severity: Severity = "block") -> RuleFinding:
    is_there = re.search(
        rf"(?<![A-Za-z0-9]){re.escape(code)}(?![A-Za-z0-9])", unicodedata.normalize("NFKC", text), re.I
    )
    detail = f"The code {code} is in it." if is_there else f"The code is missing; please add {code}"
    return RuleFinding("code", bool(is_there), detail, severity)


def _disclosure_finding(text: str, market: str, where: str = "where it is seen at once") -> RuleFinding:
    found = find_disclosure(text, market)
    if found:
        return RuleFinding("disclosure", True, f'Marked with "{found}".')
    wording = disclosure_for(market).wording
    return RuleFinding("disclosure", False, f'It is not marked as paid; please write "{wording}" {where}.')


def _language_finding(text: str, language: str) -> RuleFinding:
    """Tells scripts apart, not languages: a Japanese text has kana, others mostly have not."""
    letters = [letter for letter in text if letter.isalpha()]
    kana = sum("\u3040" <= letter <= "\u30ff" for letter in letters)
    wants_kana = language.split("-")[0].lower() == "ja"
    fits = not letters or ((kana * 20 >= len(letters)) == wants_kana)
    detail = (
        f"The text fits the language {language}." if fits else f"The text does not look like the language {language}."
    )
    return RuleFinding("language", fits, detail, "warn")


def _claims_finding(text: str, forbidden_claims: Sequence[str]) -> RuleFinding:
    found = [claim for claim in forbidden_claims if _plain(claim) in _plain(text)]
    if found:
        return RuleFinding("claims", False, f"Please leave out: {'; '.join(found)}")
    superlative = _SUPERLATIVES.search(text)
    if superlative:
        return RuleFinding(
            "claims", False, f'"{superlative.group(0)}" promises too much; please say it otherwise.', "warn"
        )
    return RuleFinding("claims", True, "No claim we must not make.")


def _contains(rule: str, body: str, wanted: str, what: str) -> RuleFinding:
    is_there = wanted in body
    return RuleFinding(rule, is_there, f"The brief says {what}." if is_there else f"The brief lacks {what}.")


def _before_the_fold(description: str) -> str:
    lines = [line for line in description.splitlines() if line.strip()]
    return "\n".join(lines[:LINES_BEFORE_THE_FOLD])[:LETTERS_BEFORE_THE_FOLD]


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
