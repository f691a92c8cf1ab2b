"""The plugin's apps are built by whoever answers requests, and by nobody else."""

import sys

import pytest

from mardev.pages.on_demand import OnDemand

BUILT = []


def make_app():
    BUILT.append("app")

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 204, "path": scope["path"]})

    return app


def ask(app, path):
    sent = []

    async def send(message):
        sent.append(message)

    with pytest.raises(StopIteration):  # it never has to wait, so no event loop is needed
        app({"type": "http", "path": path}, None, send).send(None)
    return sent


def test_an_app_is_built_at_its_first_request_and_once(monkeypatch):
    monkeypatch.setitem(sys.modules, "some_app", sys.modules[__name__])
    BUILT.clear()
    app = OnDemand("some_app:make_app")
    assert BUILT == []
    assert [message["path"] for path in ("/a", "/b") for message in ask(app, path)] == ["/a", "/b"]
    assert BUILT == ["app"]
