"""The AT Protocol's client on the request pipeline: its addresses and parameters, our transport and errors."""

from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

from mardev.connectors.bluesky.limits import BUCKET
from mardev.connectors.calls import Answer, Call
from mardev.connectors.http import Dialect, RequestPipeline
from mardev.connectors.judgement import Judgement, judge_by_status
from mardev.connectors.redaction import safe_reason
from mardev.errors import TransportFailed

if TYPE_CHECKING:
    from atproto_client.client.base import ClientBase

NOT_FOUND = "NotFound"
"""Our word for what XRPC words as a wrong request with a text."""
_NOT_FOUND_TEXTS = ("profile not found", "actor not found", "unable to resolve handle", "could not find")
_BY_REASON = {
    NOT_FOUND: Judgement.ABSENT,
    "AccountTakedown": Judgement.ABSENT,
    "AccountDeactivated": Judgement.ABSENT,
    "RepoDeactivated": Judgement.ABSENT,
    "RepoTakendown": Judgement.ABSENT,
    "BlockedActor": Judgement.HIDDEN,
    "BlockedByActor": Judgement.HIDDEN,
    "AuthMissing": Judgement.CREDENTIAL,
    "AuthenticationRequired": Judgement.CREDENTIAL,
    "InvalidToken": Judgement.CREDENTIAL,
    "ExpiredToken": Judgement.CREDENTIAL,
    "RateLimitExceeded": Judgement.BUSY,
    "UpstreamFailure": Judgement.TROUBLE,
    "NotEnoughResources": Judgement.TROUBLE,
}


def reason_of(answer: Answer) -> str:
    """The word in ``error``; `NOT_FOUND` where only the text says that somebody does not exist."""
    try:
        body = answer.json()
    except TransportFailed:
        return ""
    if not isinstance(body, dict):
        return ""
    message = body.get("message")
    if body.get("error") == "InvalidRequest" and isinstance(message, str):
        return NOT_FOUND if message.lower().startswith(_NOT_FOUND_TEXTS) else "InvalidRequest"
    return safe_reason(body.get("error"))


def judge_xrpc(status_code: int, reason: str) -> Judgement:
    """What an answer means: its word first, its status where the word is unknown."""
    by_status = judge_by_status(status_code)
    return by_status if by_status is Judgement.FINE else _BY_REASON.get(reason, by_status)


XRPC_DIALECT = Dialect(judge=judge_xrpc, reason=reason_of)


def xrpc_client(pipeline: RequestPipeline, host: str) -> "ClientBase":
    """The library's client; every request of it goes through the pipeline.

    Args:
        pipeline: where requests go.
        host: base address, with or without ``/xrpc``.
    """
    from atproto_client.client.base import ClientBase
    from atproto_client.request import RequestBase, Response

    class PipelineRequest(RequestBase):  # type: ignore[misc]  # the library is read without its types
        """What the library takes for its way to the network. It only reads, so there is no `post`."""

        def get(self, url: str, params: Any = None, **_options: Any) -> Response:
            query = urlencode([pair for pair in (params or {}).items() if pair[1] is not None], doseq=True)
            call = Call(
                operation=url.rsplit("/", 1)[-1],
                method="GET",
                url=f"{url}?{query}" if query else url,
                headers=self.get_headers(),
                bucket=BUCKET,
            )
            answer = pipeline.send(call)
            return Response(True, answer.status_code, answer.json_object(), dict(answer.headers))

    return ClientBase(host, cast(Any, PipelineRequest()))
