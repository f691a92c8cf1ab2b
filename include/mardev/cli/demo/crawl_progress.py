"""Tells how far a crawl is, the longest step of an iteration."""

from time import monotonic

import sqlalchemy as sa

from mardev.cli.demo.standing import running_iteration
from mardev.cli.demo.story import Story
from mardev.warehouse import tables

TOLD_EVERY_SECONDS = 5.0
STEPS = {
    "channel": "channels found",
    "subscriptions": "subscription lists",
    "featured": "channel pages",
    "uploads": "upload lists",
    "statistics": "posts counted",
}


class CrawlProgress:
    """Prints one line every few seconds while answers come in."""

    def __init__(self, story: Story, reader: sa.Engine) -> None:
        self._story = story
        self._reader = reader
        self._told_at = monotonic()
        self._told = ""

    def __call__(self) -> None:
        if monotonic() - self._told_at < TOLD_EVERY_SECONDS:
            return
        self._told_at = monotonic()
        text = self._text()
        if text and text != self._told:
            self._told = text
            self._story.line(f"[dim]  {text}[/]")

    def _text(self) -> str:
        item = tables.crawl_item
        with self._reader.connect() as connection:
            key = running_iteration(connection)
            rows = connection.execute(
                sa.select(item.c.step, sa.func.count()).where(item.c.crawl_key == (key or "")).group_by(item.c.step)
            )
            counts = {step: count for step, count in rows}
        return ", ".join(f"{counts[step]:,} {words}" for step, words in STEPS.items() if step in counts)
