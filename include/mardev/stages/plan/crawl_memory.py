"""What a crawl has asked already, kept in the warehouse, so that a stopped crawl goes on where it was."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from mardev.warehouse import tables

FLUSH_AFTER = 50


class CrawlMemory:
    """Answers of one crawl by step and item. Written in batches: a kill costs at most the last 50 answers.

    Args:
        warehouse: writer.
        crawl_key: what tells crawls apart.
        beside: writes, in the same transaction, what belongs to the answers; told how many there are of each step.
    """

    def __init__(
        self,
        warehouse: sa.Engine,
        crawl_key: str,
        beside: Callable[[sa.Connection, Mapping[str, int]], None] = lambda _connection, _items: None,
    ) -> None:
        self._warehouse = warehouse
        self._crawl_key = crawl_key
        self._beside = beside
        self._unwritten: list[dict[str, Any]] = []
        self._known: dict[tuple[str, str], tuple[str, Any]] = {}
        table = tables.crawl_item
        with warehouse.connect() as connection:
            remembered = sa.select(table).where(table.c.crawl_key == crawl_key).order_by(table.c.sequence_no)
            for row in connection.execute(remembered).mappings():
                self._known[row["step"], row["item_key"]] = (row["state"], row["result"])

    def __contains__(self, asked: tuple[str, str]) -> bool:
        return asked in self._known

    def state(self, step: str, item_key: str) -> str | None:
        """`done`, `absent` or `hidden`; None when it was not asked yet."""
        known = self._known.get((step, item_key))
        return known[0] if known else None

    def results(self, step: str) -> Mapping[str, Any]:
        """Item to answer, for everything of `step` that was answered."""
        return {
            item: result for (known, item), (state, result) in self._known.items() if known == step and state == "done"
        }

    def remember(self, step: str, item_key: str, result: Any, *, state: str = "done") -> None:
        """Keep an answer (JSON)."""
        self._known[step, item_key] = (state, result)
        self._unwritten.append(
            {"crawl_key": self._crawl_key, "step": step, "item_key": item_key, "state": state, "result": result}
        )
        if len(self._unwritten) >= FLUSH_AFTER:
            self.flush()

    def flush(self) -> None:
        """Write what is not written yet."""
        if not self._unwritten:
            return
        with self._warehouse.begin() as connection:
            connection.execute(postgresql.insert(tables.crawl_item).on_conflict_do_nothing(), self._unwritten)
            self._beside(connection, Counter(row["step"] for row in self._unwritten))
        self._unwritten.clear()

    def forget(self) -> None:
        """Drop the answers: they were staged."""
        self._unwritten.clear()
        with self._warehouse.begin() as connection:
            connection.execute(sa.delete(tables.crawl_item).where(tables.crawl_item.c.crawl_key == self._crawl_key))
