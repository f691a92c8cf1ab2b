"""Error bodies as Google's APIs send them.

Shapes were taken from error texts that users of the real APIs published and from the client library's own parser.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

JSON_MEDIA_TYPE = "application/json; charset=UTF-8"


@dataclass(frozen=True)
class WireAnswer:
    """One HTTP answer before the web framework sees it; a batch holds several."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    media_type: str = JSON_MEDIA_TYPE


class GoogleRefusal(Exception):
    """The request is answered with an error body."""

    def __init__(
        self,
        code: int,
        reason: str,
        message: str,
        *,
        domain: str = "global",
        location: str | None = None,
        location_type: str = "parameter",
        status: str | None = None,
        details: list[dict[str, Any]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{code} {reason}")
        self.code = code
        self.reason = reason
        self.message = message
        self.domain = domain
        self.location = location
        self.location_type = location_type
        self.status = status
        self.details = details
        self.headers = headers or {}

    def answer(self, *, lists_errors: bool = True) -> WireAnswer:
        """The error body, in the order of fields the platform uses.

        Args:
            lists_errors: newer APIs leave out the list `errors` with reason and domain.
        """
        entry: dict[str, Any] = {"message": self.message, "domain": self.domain, "reason": self.reason}
        if self.location is not None:
            entry |= {"location": self.location, "locationType": self.location_type}
        error: dict[str, Any] = {"code": self.code, "message": self.message}
        if lists_errors:
            error["errors"] = [entry]
        if self.status:
            error["status"] = self.status
        if self.details:
            error["details"] = self.details
        return WireAnswer(self.code, json.dumps({"error": error}, ensure_ascii=False).encode(), self.headers)


def invalid_parameter(name: str, message: str) -> GoogleRefusal:
    """A value is outside what the parameter takes."""
    return GoogleRefusal(400, "invalidParameter", message, location=name)


def unknown_parameter(name: str) -> GoogleRefusal:
    """The method has no such query parameter."""
    message = f"Invalid JSON payload received. Unknown name \"{name}\": Cannot bind query parameter. Field '{name}' could not be found in request message."  # noqa: E501 - the platform's one sentence
    return GoogleRefusal(
        400,
        "badRequest",
        message,
        status="INVALID_ARGUMENT",
        details=[{"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [{"description": message}]}],
    )


def missing_parameter(name: str) -> GoogleRefusal:
    """A required parameter was not sent."""
    return GoogleRefusal(400, "required", f"Required parameter: {name}", location=name)


def invalid_argument(message: str) -> GoogleRefusal:
    """A request body that the method does not accept."""
    return GoogleRefusal(400, "badRequest", message, status="INVALID_ARGUMENT")


def not_found(message: str = "Requested entity was not found.") -> GoogleRefusal:
    return GoogleRefusal(404, "notFound", message, status="NOT_FOUND")


def unregistered_caller() -> GoogleRefusal:
    """Neither a key nor a token was sent."""
    return GoogleRefusal(
        403,
        "forbidden",
        "Method doesn't allow unregistered callers (callers without established identity). "
        "Please use API Key or other form of API consumer identity to call this API.",
        status="PERMISSION_DENIED",
    )


def invalid_key(service: str) -> GoogleRefusal:
    """The key is not one of ours. The body never repeats it."""
    return GoogleRefusal(
        400,
        "badRequest",
        "API key not valid. Please pass a valid API key.",
        status="INVALID_ARGUMENT",
        details=[
            {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "API_KEY_INVALID",
                "domain": "googleapis.com",
                "metadata": {"service": service},
            },
            {
                "@type": "type.googleapis.com/google.rpc.LocalizedMessage",
                "locale": "en-US",
                "message": "API key not valid. Please pass a valid API key.",
            },
        ],
    )


def invalid_token(service: str) -> GoogleRefusal:
    """The bearer token is missing or not one of ours."""
    return GoogleRefusal(
        401,
        "authError",
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid "
        "authentication credential.",
        location="Authorization",
        location_type="header",
        status="UNAUTHENTICATED",
        details=[
            {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "ACCESS_TOKEN_TYPE_UNSUPPORTED",
                "domain": "googleapis.com",
                "metadata": {"service": service},
            }
        ],
        headers={"www-authenticate": 'Bearer realm="https://accounts.google.com/", error="invalid_token"'},
    )


def quota_exceeded() -> GoogleRefusal:
    """The bucket of the day is spent."""
    return GoogleRefusal(
        403,
        "quotaExceeded",
        "The request cannot be completed because you have exceeded your "
        '<a href="/youtube/v3/getting-started#quota">quota</a>.',
        domain="youtube.quota",
    )
