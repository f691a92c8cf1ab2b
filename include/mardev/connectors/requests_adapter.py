"""Clients that are made for `requests` on the request pipeline: an adapter, where requests looks for one."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from mardev.connectors.calls import Call
from mardev.connectors.http import RequestPipeline

Operation = Callable[[str, str], str]
"""Method and path of a request to the name that errors use."""


class PipelineAdapter(BaseAdapter):
    """Passes each request of a session to the pipeline. Refusals leave as our errors, before the client sees them."""

    def __init__(self, pipeline: RequestPipeline, operation: Operation, bucket: str = "default") -> None:
        super().__init__()
        self._pipeline = pipeline
        self._operation = operation
        self._bucket = bucket

    def send(  # type: ignore[override]  # requests names every option; none of them means anything to a pipeline
        self, request: requests.PreparedRequest, **_options: Any
    ) -> requests.Response:
        """One request of the client. Raises what `RequestPipeline.send` raises."""
        method, url = request.method or "GET", request.url or ""
        answer = self._pipeline.send(
            Call(
                operation=self._operation(method, urlsplit(url).path),
                method=method,
                url=url,
                headers=_headers(request.headers),
                content=_content(request.body),
                bucket=self._bucket,
            )
        )
        response = requests.Response()
        response.status_code = answer.status_code
        response.headers = CaseInsensitiveDict(
            {name: value for name, value in answer.headers.items() if _is_for_the_client(name)}
        )
        response._content = answer.content
        response.encoding = "utf-8"
        response.url = url
        response.request = request
        return response

    def close(self) -> None:
        """The pipeline is closed by the client that owns it."""


_OF_THE_WIRE = ("content-encoding", "content-length", "transfer-encoding")
_OF_THE_PIPELINE = "x-ratelimit-"
"""The pipeline keeps the limits; Mastodon.py's own bookkeeping of them is not safe between threads."""


def _is_for_the_client(name: str) -> bool:
    return name.lower() not in _OF_THE_WIRE and not name.lower().startswith(_OF_THE_PIPELINE)


def _content(body: Any) -> bytes | None:
    if body is None or isinstance(body, bytes):
        return body
    return str(body).encode()


def _headers(given: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in given.items() if name.lower() not in ("content-length", "connection")}


def session_on(pipeline: RequestPipeline, operation: Operation) -> requests.Session:
    """A session whose every request takes the pipeline."""
    session = requests.Session()
    session.trust_env = False
    adapter = PipelineAdapter(pipeline, operation)
    for scheme in ("https://", "http://"):
        session.mount(scheme, adapter)
    return session
