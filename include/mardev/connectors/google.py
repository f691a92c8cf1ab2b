"""google-api-python-client on the request pipeline: its documents and paging, our transport and errors."""

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from mardev.connectors.calls import Answer, Call
from mardev.connectors.headers import HeaderKey
from mardev.connectors.http import Dialect, RequestPipeline
from mardev.connectors.judgement import Judgement, judge_by_status
from mardev.connectors.redaction import safe_reason
from mardev.errors import TransportFailed

Cost = Callable[[str, str], tuple[str, int]]
"""Method and path of a request to its quota bucket and units."""

Operation = Callable[[str, str], str]
"""Method and path of a request to the name that errors use."""

_BY_REASON: Mapping[str, Judgement] = {
    "quotaExceeded": Judgement.QUOTA_SPENT,
    "dailyLimitExceeded": Judgement.QUOTA_SPENT,
    "rateLimitExceeded": Judgement.BUSY,
    "userRateLimitExceeded": Judgement.BUSY,
    "RESOURCE_EXHAUSTED": Judgement.BUSY,
    "backendError": Judgement.TROUBLE,
    "internalError": Judgement.TROUBLE,
    "subscriptionForbidden": Judgement.HIDDEN,
    "playlistItemsNotAccessible": Judgement.HIDDEN,
    "channelClosed": Judgement.ABSENT,
    "channelSuspended": Judgement.ABSENT,
    "keyInvalid": Judgement.CREDENTIAL,
    "API_KEY_INVALID": Judgement.CREDENTIAL,
    "keyExpired": Judgement.CREDENTIAL,
    "authError": Judgement.CREDENTIAL,
    "accessNotConfigured": Judgement.CREDENTIAL,
}
"""Google's words, from the error pages of YouTube Data API v3 and google.rpc.ErrorInfo."""


def reason_of(answer: Answer) -> str:
    """Google's own word for a refusal, whichever of its three error shapes the answer has; empty when none.

    ``error.errors[0].reason`` (older APIs), ``error.details[].reason`` (google.rpc.ErrorInfo), ``error.status``.
    """
    try:
        error = answer.json()["error"]
    except (TransportFailed, KeyError, TypeError):
        return ""
    if not isinstance(error, dict):
        return ""
    details = [one for one in error.get("details") or [] if isinstance(one, dict) and one.get("reason")]
    errors = [one for one in error.get("errors") or [] if isinstance(one, dict) and one.get("reason")]
    found = (details or errors or [{}])[0].get("reason") or error.get("status")
    return safe_reason(found)


def judge_google(status_code: int, reason: str) -> Judgement:
    """What Google's answer means: its word first, its status where the word is unknown."""
    by_status = judge_by_status(status_code)
    return by_status if by_status is Judgement.FINE else _BY_REASON.get(reason, by_status)


GOOGLE_DIALECT = Dialect(judge=judge_google, reason=reason_of)


def api_key(key: str) -> HeaderKey:
    """A Google API key as a header: so it is in no address, and in no log of an address."""
    return HeaderKey("X-Goog-Api-Key", key)


class PipelineTransport:
    """What google-api-python-client takes for its `http`: passes each request to the pipeline.

    Refusals leave as our errors, so the library never builds an `HttpError` out of a URL with a query.
    """

    redirect_codes: frozenset[int] = frozenset()

    def __init__(self, pipeline: RequestPipeline, cost: Cost, operation: Operation) -> None:
        self._pipeline = pipeline
        self._cost = cost
        self._operation = operation

    def request(
        self,
        uri: str,
        method: str = "GET",
        body: str | bytes | None = None,
        headers: Mapping[str, str] | None = None,
        redirections: int = 0,  # noqa: ARG002  # httplib2's signature
        connection_type: object = None,  # noqa: ARG002  # httplib2's signature
    ) -> tuple[Any, bytes]:
        """One request of the library. Raises what `RequestPipeline.send` raises."""
        import httplib2

        sent = {name: value for name, value in (headers or {}).items() if name.lower() != "content-length"}
        overridden = next((value for name, value in sent.items() if name.lower() == "x-http-method-override"), method)
        path = urlsplit(uri).path
        bucket, units = self._cost(overridden, path)
        operation = self._operation(overridden, path)
        answer = self._pipeline.send(
            Call(
                operation=operation,
                method=method,
                url=uri,
                headers=sent,
                content=body.encode() if isinstance(body, str) else body,
                bucket=bucket,
                units=units,
                is_repeatable=overridden.upper() == "GET" or operation in REPEATABLE_POSTS,
            )
        )
        dropped = ("content-encoding", "content-length", "transfer-encoding")
        info = {name.lower(): value for name, value in answer.headers.items() if name.lower() not in dropped}
        return httplib2.Response({**info, "status": str(answer.status_code)}), answer.content

    def close(self) -> None:
        """The pipeline is closed by the client that owns it."""


REPEATABLE_POSTS = frozenset({"properties.runReport"})
"""POST only because the question is long: asking twice changes nothing."""


class Collections:
    """The collections of a client as attributes, each built once.

    The library builds a collection, documentation included, at every call of ``service.channels()``: 10 ms each time.
    """

    def __init__(self, service: Any) -> None:
        self._service = service

    def __getattr__(self, name: str) -> Any:
        collection = getattr(self._service, name)()
        setattr(self, name, collection)
        return collection


def build_service(name: str, version: str, host: str, transport: PipelineTransport) -> Collections:
    """Client for one Google API from the document that comes with the library: no request is made.

    Args:
        name: as in ``youtube``.
        version: as in ``v3``.
        host: base URL that takes the place of Google's; empty for the real service.
        transport: every request of the client goes through it.
    """
    from googleapiclient.discovery import build_from_document
    from googleapiclient.discovery_cache import get_static_doc

    document = json.loads(get_static_doc(name, version))
    document.pop("mtlsRootUrl", None)
    if host:
        document["rootUrl"] = host.rstrip("/") + "/"
    return Collections(build_from_document(document, http=transport))
