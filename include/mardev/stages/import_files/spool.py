"""Rows on their way from a file to several stages: read once, kept on disk, never all in memory."""

import json
import tempfile
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import IO, Any


class Spool:
    """Appends rows of plain JSON values to temporary files, one for each name; gone when closed."""

    def __init__(self) -> None:
        self._files: dict[str, IO[str]] = {}
        self.counts: dict[str, int] = {}

    def __enter__(self) -> "Spool":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file in self._files.values():
            file.close()

    def add(self, name: str, row: Mapping[str, Any]) -> None:
        if name not in self._files:
            self._files[name] = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115  # closed with the spool
        self._files[name].write(json.dumps(row, ensure_ascii=False))
        self._files[name].write("\n")
        self.counts[name] = self.counts.get(name, 0) + 1

    def rows(self, name: str) -> Iterator[dict[str, Any]]:
        """The rows of that name in the order added."""
        file = self._files.get(name)
        if file is None:
            return
        file.flush()
        file.seek(0)
        yield from map(json.loads, file)
