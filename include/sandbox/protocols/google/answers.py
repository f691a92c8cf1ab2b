"""From a method's result to bytes: entity tag, contract check, partial answer, "not modified"."""

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from sandbox.protocols.google import fields
from sandbox.protocols.google.refusals import WireAnswer
from sandbox.protocols.validation import GoogleContract

ETAG_CHARACTERS = 27
ANSWER_HEADERS: Mapping[str, str] = {
    "cache-control": "private",
    "vary": "Origin, X-Origin, Referer",
    "x-content-type-options": "nosniff",
}


def entity_tag(body: Any) -> str:
    """A tag of the content, as it stands in the field `etag` (without quotes)."""
    raw = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    return text_tag(raw)


def text_tag(raw: bytes) -> str:
    digest = hashlib.blake2b(raw, digest_size=20).digest()
    return base64.urlsafe_b64encode(digest)[:ETAG_CHARACTERS].decode()


def finish(
    contract: GoogleContract,
    method_id: str,
    body: dict[str, Any],
    *,
    selector: str | None,
    if_none_match: str | None,
    tagged: bool,
) -> WireAnswer:
    """Check the whole answer, then cut it to what was asked for.

    Args:
        contract: the API.
        method_id: the method that was called.
        body: what it answers.
        selector: the parameter `fields`.
        if_none_match: the request header.
        tagged: whether the answer's type has a field `etag` to be filled in.

    Raises:
        AnswerBreaksContract: the answer is not one the platform could give.
        GoogleRefusal: the selector is wrong.
    """
    if tagged:
        body = {"kind": body["kind"], "etag": entity_tag(body), **body}
    contract.check_answer(method_id, body)
    if selector:
        selection = fields.parse(selector)
        response = contract.definitions[contract.methods[method_id].response]
        fields.check(selection, response, contract.definitions)
        body = fields.prune(body, selection)
    raw = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    tag = f'"{text_tag(raw)}"'
    headers = {**ANSWER_HEADERS, "etag": tag}
    if if_none_match and _matches(if_none_match, tag):
        return WireAnswer(304, b"", headers)
    return WireAnswer(200, raw, headers)


def _matches(header: str, tag: str) -> bool:
    candidates = {candidate.strip().removeprefix("W/") for candidate in header.split(",")}
    return "*" in candidates or tag in candidates or tag.strip('"') in candidates
