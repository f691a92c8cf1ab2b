"""How long a cell of a CSV file may be, for one reader and not for all others of the process."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def cells_up_to(letters: int) -> Iterator[None]:
    """Let the csv module take cells of up to `letters` inside the block.

    The module keeps one limit for the whole process: if it stayed raised, every other reader would refuse less.

    Examples:
        >>> with cells_up_to(200_000):
        ...     len(next(csv.reader(["x" * 150_000]))[0])
        150000
        >>> csv.field_size_limit()
        131072
    """
    before = csv.field_size_limit(letters)
    try:
        yield
    finally:
        csv.field_size_limit(before)
