"""Moves the clock of a simulated world. Who drives a world uses this; the stages never do."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx

from mardev.errors import FixFirst, TransportFailed
from mardev.settings import Settings

TIMEOUT_SECONDS = 120.0


@dataclass(frozen=True)
class WorldTime:
    """The world's instant, and when something happens in it next by itself."""

    now: datetime
    next_event_at: datetime | None


class WorldControl:
    """The control of one world, with its token."""

    def __init__(self, base_url: str, token: str) -> None:
        self._http = httpx.Client(
            base_url=base_url,
            timeout=TIMEOUT_SECONDS,
            headers={"Authorization": f"Bearer {token}"},
            trust_env=False,
        )

    @classmethod
    def of_home(cls, settings: Settings) -> "WorldControl":
        """The world of this home.

        Raises:
            FixFirst: no world was set up.
        """
        from mardev.home.ports import read_ports
        from mardev.home.secret_files import control_token

        ports = read_ports(settings)
        if ports is None:
            raise FixFirst("There is no sandbox world here yet; `mardev up` makes it.")
        return cls(ports.sandbox_url, control_token(settings.secrets))

    def time(self) -> WorldTime:
        return self._read("GET")

    def advance(self, instant: datetime) -> WorldTime:
        """Move the clock forward to `instant`; everything due on the way happens in order."""
        text = instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
        return self._read("POST", json={"now": text})

    def _read(self, method: str, **options: Any) -> WorldTime:
        try:
            answer = self._http.request(method, "/_sandbox/clock", **options)
        except httpx.HTTPError as error:
            raise TransportFailed(f"The sandbox world does not answer ({type(error).__name__}).") from error
        if answer.is_error:
            raise TransportFailed(f"The sandbox world's clock answered {answer.status_code}.")
        content = answer.json()
        following = content.get("next_event_at")
        return WorldTime(
            datetime.fromisoformat(content["now"]),
            datetime.fromisoformat(following) if following else None,
        )
