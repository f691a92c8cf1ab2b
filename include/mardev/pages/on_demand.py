"""A web app that is built when it is first asked for.

Every process of Airflow loads the plugins, each task among them; only the API server ever answers a request. Building
the pages takes a third of a second, so nobody else should.
"""

from importlib import import_module
from typing import Any


class OnDemand:
    """ASGI app behind the dotted name of a function that makes it.

    Args:
        maker: ``package.module:function``, called without arguments at the first request.
    """

    def __init__(self, maker: str) -> None:
        self._maker = maker
        self._app: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer as the app behind it does."""
        if self._app is None:
            module, _, function = self._maker.partition(":")
            self._app = getattr(import_module(module), function)()
        await self._app(scope, receive, send)
