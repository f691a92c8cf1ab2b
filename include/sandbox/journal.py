"""Append-only record of everything that came into the world from outside. Replaying it rebuilds the state."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sandbox.model import SandboxError

FORMAT = 1


class Journal:
    """One JSON object a line. The first line says which world it belongs to."""

    def __init__(self, path: Path, world: dict[str, Any]) -> None:
        """Open or begin. SandboxError: the file belongs to another world."""
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        header = {"kind": "world", "format": FORMAT, **world}
        self._drop_torn_end()
        if path.exists() and path.stat().st_size:
            with path.open(encoding="utf-8") as lines:
                found = json.loads(next(lines))
            if found != header:
                raise SandboxError(f"{path} is the journal of another world; use another home or remove it")
        else:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as lines:
                lines.write(_line(header))
        self._is_open = True

    def entries(self) -> Iterator[dict[str, Any]]:
        """All inputs in the order in which they came."""
        with self._path.open(encoding="utf-8") as lines:
            next(lines)
            for line in lines:
                yield json.loads(line)

    def append(self, entry: dict[str, Any]) -> None:
        """Write one input; the system has it when this returns. SandboxError after `close`."""
        if not self._is_open:
            raise SandboxError("The world is closed and takes no more inputs")
        with self._path.open("a", encoding="utf-8") as lines:
            lines.write(_line(entry))

    def close(self) -> None:
        """Take no more inputs."""
        self._is_open = False

    def _drop_torn_end(self) -> None:
        """A process that was killed while writing leaves half a line: that input was never acknowledged."""
        if not self._path.exists():
            return
        content = self._path.read_bytes()
        if content and not content.endswith(b"\n"):
            with self._path.open("r+b") as file:
                file.truncate(content.rfind(b"\n") + 1)


def _line(entry: dict[str, Any]) -> str:
    return json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"
