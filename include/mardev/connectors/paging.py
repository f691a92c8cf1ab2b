"""Goes from page to page without going in circles."""

from collections.abc import Callable, Iterator
from typing import Any

from mardev.errors import ContractBroken


def pages(
    fetch: Callable[[str | None], dict[str, Any]], what: str, *, next_field: str = "nextPageToken"
) -> Iterator[dict[str, Any]]:
    """Yield each page until one names no next.

    The next page is asked for only when the caller wants it, so that stopping early costs nothing.

    Args:
        fetch: token (None for the first page) to page.
        what: name of the operation, for the error.
        next_field: where a page names the next.

    Raises:
        ContractBroken: a page names a page that was already read.
    """
    seen: set[str] = set()
    token: str | None = None
    while True:
        page = fetch(token)
        yield page
        token = page.get(next_field)
        if not token:
            return
        if not isinstance(token, str):
            raise ContractBroken(f"{what}: {next_field} is not a text.")
        if token in seen:
            raise ContractBroken(
                f"{what}: page {len(seen) + 1} repeats a page token, so it would never end. Nothing more was asked; "
                "report it to the service."
            )
        seen.add(token)
