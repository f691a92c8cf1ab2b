"""Gmail API v1 on the brand's mailboxes: list, get, modify, profile."""

import json
from typing import Any
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from starlette.responses import Response

from sandbox.model import BRAND_DOMAIN, BRAND_MAILBOX, StoredMail
from sandbox.protocols.google.answers import finish
from sandbox.protocols.google.http import respond
from sandbox.protocols.google.mail_query import compile_query
from sandbox.protocols.google.messages import labels, message
from sandbox.protocols.google.paging import window
from sandbox.protocols.google.parameters import Parameters
from sandbox.protocols.google.refusals import (
    GoogleRefusal,
    WireAnswer,
    invalid_argument,
    invalid_token,
    not_found,
)
from sandbox.protocols.tokens import Tokens, bearer, same
from sandbox.protocols.validation import google_contract
from sandbox.world import World

SERVICE = "gmail.googleapis.com"
MAX_RESULTS = 500
FOLDERS = ("inbox", "sent")


class GmailService:
    """The brand's mailboxes of one world."""

    def __init__(self, world: World, tokens: Tokens) -> None:
        self._world = world
        self._tokens = tokens
        self._contract = google_contract("gmail.v1")

    async def answer(self, method_id: str, request: Request) -> WireAnswer:
        """Answer one call of `method_id`; refusals are answers too.

        Raises:
            AnswerBreaksContract: what we were about to send is not what the platform sends.
        """
        try:
            if not same(bearer(request.headers.get("authorization")), self._tokens.google_bearer):
                raise invalid_token(SERVICE)
            mailbox = _mailbox(request.path_params["user"])
            query = parse_qs(request.url.query, keep_blank_values=True)
            parameters = Parameters(self._contract, method_id, query)
            body = self._body(method_id, request, mailbox, parameters, await request.body())
            return finish(
                self._contract,
                method_id,
                body,
                selector=parameters.text("fields"),
                if_none_match=request.headers.get("if-none-match"),
                tagged=False,
            )
        except GoogleRefusal as refusal:
            return refusal.answer()

    def _body(
        self, method_id: str, request: Request, mailbox: str, parameters: Parameters, sent: bytes
    ) -> dict[str, Any]:
        if method_id == "users.messages.list":
            return self._list(mailbox, parameters)
        if method_id == "users.getProfile":
            return self._profile(mailbox)
        mail = self._mail(mailbox, request.path_params["id"])
        if method_id == "users.messages.modify":
            return self._modify(mail, sent)
        return message(mail, parameters.text("format") or "full", parameters.texts("metadataHeaders"))

    def _list(self, mailbox: str, parameters: Parameters) -> dict[str, Any]:
        wanted_labels = set(parameters.texts("labelIds"))
        matches = compile_query(parameters.text("q") or "")
        found = [mail for mail in self._mails(mailbox) if wanted_labels <= set(labels(mail)) and matches(mail)]
        try:
            page = window(
                found,
                query="\n".join((mailbox, *parameters.identity())),
                token=parameters.text("pageToken"),
                size=min(parameters.number("maxResults"), MAX_RESULTS),
            )
        except GoogleRefusal:
            raise GoogleRefusal(400, "invalidArgument", "Invalid pageToken", status="INVALID_ARGUMENT") from None
        body: dict[str, Any] = {}
        if page.items:
            body["messages"] = [{"id": mail.id, "threadId": mail.thread_id} for mail in page.items]
        if page.next_token:
            body["nextPageToken"] = page.next_token
        return body | {"resultSizeEstimate": len(found)}

    def _profile(self, mailbox: str) -> dict[str, Any]:
        mails = self._mails(mailbox)
        return {
            "emailAddress": mailbox,
            "messagesTotal": len(mails),
            "threadsTotal": len({mail.thread_id for mail in mails}),
            "historyId": str(max((mail.sequence for mail in mails), default=1)),
        }

    def _modify(self, mail: StoredMail, sent: bytes) -> dict[str, Any]:
        try:
            changes = json.loads(sent or b"{}")
        except ValueError:
            raise invalid_argument("Invalid JSON payload received. Unexpected token.") from None
        if found := self._contract.checker("ModifyMessageRequest").violations(changes):
            raise invalid_argument(f"Invalid JSON payload received: {found[0]}")
        added, removed = set(changes.get("addLabelIds", [])), set(changes.get("removeLabelIds", []))
        if unknown := (added | removed) - {"UNREAD"}:
            raise invalid_argument(f"Invalid label: {min(unknown)[:80]}")
        if added & removed or not added | removed:
            raise invalid_argument("No label add or removes specified" if not added else "Conflicting label changes")
        changed = self._world.mark_mail(mail.id, unread="UNREAD" in added)
        return {"id": changed.id, "threadId": changed.thread_id, "labelIds": labels(changed)}

    def _mails(self, mailbox: str) -> list[StoredMail]:
        """All of a mailbox, newest first."""
        mails = [mail for folder in FOLDERS for mail in self._world.mailbox(mailbox, folder)]
        return sorted(mails, key=lambda mail: (mail.sent_at, mail.sequence), reverse=True)

    def _mail(self, mailbox: str, mail_id: str) -> StoredMail:
        try:
            mail = self._world.mail(mail_id)
        except KeyError:
            raise not_found() from None
        if mail.mailbox != mailbox:
            raise not_found()
        return mail


def _mailbox(user: str) -> str:
    """The mailbox that `me` or an address means; creators' mailboxes are none of ours."""
    if user == "me":
        return BRAND_MAILBOX
    if user.lower().endswith(f"@{BRAND_DOMAIN}"):
        return user.lower()
    raise GoogleRefusal(403, "forbidden", f"Delegation denied for {BRAND_MAILBOX}", status="PERMISSION_DENIED")


def router(service: GmailService) -> APIRouter:
    """Routes of the API under ``/gmail/``."""
    routes = APIRouter(prefix="/gmail/gmail/v1/users/{user}", include_in_schema=False)

    def route(path: str, method: str, method_id: str) -> None:
        async def call(request: Request) -> Response:
            return respond(await service.answer(method_id, request))

        routes.add_api_route(path, call, methods=[method])

    route("/messages", "GET", "users.messages.list")
    route("/messages/{id}", "GET", "users.messages.get")
    route("/messages/{id}/modify", "POST", "users.messages.modify")
    route("/profile", "GET", "users.getProfile")
    return routes
