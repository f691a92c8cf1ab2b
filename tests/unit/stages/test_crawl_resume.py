"""A crawl that is killed at any call goes on to exactly what an undisturbed one finds: channels, order and rows."""

import random

import pytest

from builders.crawls import NOW, KeptMemory, Scripted, ScriptedYouTube
from builders.mishaps import ProcessKilled
from mardev.connectors.youtube.platform import YouTubePlatform
from mardev.domain.words import World
from mardev.stages.plan import crawl as crawling
from mardev.stages.plan.crawl import Crawl, CrawlScope
from mardev.stages.plan.crawl_rows import CrawlRows

LIMIT = 40
SCOPE = CrawlScope(["games"], ["DE"], ["de"], ["@c3"], LIMIT)


def world_of_channels() -> list[Scripted]:
    """120 channels, a fifth abroad, a fourth with hidden lists; more of them than the limit lets in."""
    draw = random.Random(11)
    names = [f"c{number}" for number in range(120)]
    return [
        Scripted(
            name,
            country="DE" if draw.random() < 0.8 else "FR",
            follows=None if draw.random() < 0.25 else draw.sample(names, 6),
            features=draw.sample(names, 2),
            videos={f"{name}-{post}": f"with @{draw.choice(names)}" for post in range(3)},
        )
        for name in names
    ]


CHANNELS = world_of_channels()


class DyingYouTube(ScriptedYouTube):
    """The process dies at call number `dies_at`; `memory` keeps nothing after that."""

    def __init__(self, dies_at: int, memory: KeptMemory) -> None:
        super().__init__(*CHANNELS, found={"games": ["c0", "c1"]})
        self._dies_at = dies_at
        self._memory = memory

    def _ask(self, what: str, *items: str) -> None:
        self._dies_at -= 1
        if self._dies_at < 0:
            self._memory.flush = lambda: None  # what is not written yet is gone
            raise ProcessKilled
        super()._ask(what, *items)


@pytest.fixture(autouse=True)
def small_batches(monkeypatch):
    """So that one round takes several calls of each kind, and several writes."""
    monkeypatch.setattr(crawling, "IDS_PER_CALL", 7)
    monkeypatch.setattr("mardev.stages.plan.crawl_memory.FLUSH_AFTER", 9)


def rows_after(client, memory: KeptMemory):
    one = Crawl(YouTubePlatform(client), memory, SCOPE, NOW)
    one.run(lambda _step, _done, _total: None)
    rows = CrawlRows(memory, one.members(), world=World.SANDBOX, observed_at=NOW, expires_at=None)
    return [list(part()) for part in (rows.channels, rows.contacts, rows.snapshots, rows.edges, rows.lists)]


def undisturbed():
    client = ScriptedYouTube(*CHANNELS, found={"games": ["c0", "c1"]})
    return rows_after(client, KeptMemory()), 10_000 - client.units


@pytest.mark.parametrize("seed", range(3))
def test_killed_at_ten_random_calls_it_finds_the_identical_graph(seed):
    expected, calls = undisturbed()
    assert len(expected[0]) == LIMIT
    assert len(expected[3]) > LIMIT
    kept: dict = {}
    for dies_at in random.Random(seed).choices(range(1, calls // 15), k=10):
        memory = KeptMemory(kept)
        with pytest.raises(ProcessKilled):
            rows_after(DyingYouTube(dies_at, memory), memory)
    assert rows_after(ScriptedYouTube(*CHANNELS, found={"games": ["c0", "c1"]}), KeptMemory(kept)) == expected


def test_whatever_call_it_is_killed_at_it_finds_the_identical_graph():
    expected, calls = undisturbed()
    for dies_at in range(calls):
        memory = KeptMemory({})
        with pytest.raises(ProcessKilled):
            rows_after(DyingYouTube(dies_at, memory), memory)
        rest = ScriptedYouTube(*CHANNELS, found={"games": ["c0", "c1"]})
        assert rows_after(rest, KeptMemory(memory.kept)) == expected
