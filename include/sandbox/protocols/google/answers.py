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


ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def entity_tag(content: Any) -> str:
    """A tag of the content, as it stands in the field `etag` (without quotes)."""
    return text_tag(ENCODE(content).encode())


def listing_tag(body: dict[str, Any]) -> str:
    """The tag of a listing: made from its items' tags, so that the items are not written out once more."""
    tags = [item["etag"] for item in body.get("items", [])]
    return entity_tag([{name: value for name, value in body.items() if name != "items"}, tags])


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
        body = {"kind": body["kind"], "etag": listing_tag(body), **body}
    contract.check_answer(method_id, body)
    if selector:
        selection = fields.parse(selector)
        response = contract.definitions[contract.methods[method_id].response]
        fields.check(selection, response, contract.definitions)
        body = fields.prune(body, selection)
    raw = ENCODE(body).encode()
    tag = f'"{text_tag(raw)}"'
    headers = {**ANSWER_HEADERS, "etag": tag}
    if if_none_match and _matches(if_none_match, tag):
        return WireAnswer(304, b"", headers)
    return WireAnswer(200, raw, headers)


def _matches(header: str, tag: str) -> bool:
    candidates = {candidate.strip().removeprefix("W/") for candidate in header.split(",")}
    return "*" in candidates or tag in candidates or tag.strip('"') in candidates
