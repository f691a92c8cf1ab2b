"""Finding channels by plain words, in any of the four languages."""

import math
import re
import unicodedata

from sandbox.economy.creators import Population
from sandbox.economy.verticals import VERTICALS
from sandbox.hashing import unit
from sandbox.model import Creator

_WORD = re.compile(r"[a-z0-9']{2,}|[\u3040-\u30ff\u4e00-\u9fff\u30fc]+")
FILLER = frozenset(
    ("and", "as", "canal", "channel", "com", "da", "das", "de", "der", "die", "do", "for", "kanal", "mit", "os", "para",
     "the", "um", "uma", "und", "von", "with")
)  # fmt: skip


class ChannelSearch:
    """Scores name, topics and description; a word of one language also finds its topic in the others."""

    def __init__(self, seed: int, population: Population) -> None:
        self._seed, self._population = seed, population
        self._vocabulary = {
            vertical.key: [fold(word) for words in vertical.words.values() for word in words] + [vertical.key]
            for vertical in VERTICALS
        }
        self._names = [fold(f"{creator.name} {creator.handle}") for creator in population.creators]
        self._texts = [fold(" ".join((*creator.topics, creator.description))) for creator in population.creators]

    def ranked(self, query: str, region: str | None, language: str | None) -> list[Creator]:
        """Best first; an empty query lists by size, words that match nothing find nobody."""
        words = [word for word in _WORD.findall(fold(query)) if word not in FILLER]
        verticals = {key: self._topic_score(words, vocabulary) for key, vocabulary in self._vocabulary.items()}
        scored = []
        for creator in self._population.creators:
            if region and creator.market != region.upper():
                continue
            match = verticals[creator.vertical] + self._own_score(creator.number, words)
            if query.strip() and match <= 0:
                continue
            size = math.log10(1 + float(self._population.subscribers_at_start[creator.number]))
            spoken = 2.0 if language and creator.language == language.lower()[:2] else 0.0
            jitter = unit(self._seed, "search", query, creator.number)
            scored.append((match + 0.45 * size + spoken + 0.6 * jitter, creator))
        return [creator for _, creator in sorted(scored, key=lambda pair: (-pair[0], pair[1].number))]

    @staticmethod
    def _topic_score(words: list[str], vocabulary: list[str]) -> float:
        hits = sum(any(_same_topic(word, entry) for entry in vocabulary) for word in words)
        return 3.0 * hits / max(1, len(words))

    def _own_score(self, number: int, words: list[str]) -> float:
        named = sum(word in self._names[number] for word in words)
        told = sum(word in self._texts[number] for word in words)
        return 2.5 * named + 0.5 * told


def fold(text: str) -> str:
    """Lower case without accents; Japanese script stays as it is."""
    decomposed = unicodedata.normalize("NFKD", text.lower().replace("ß", "ss"))
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not "\u0300" <= c <= "\u036f"))


def _same_topic(word: str, entry: str) -> bool:
    if word == entry:
        return True
    if word.isascii():
        return word in entry.split() or (len(word) >= 4 and any(part.startswith(word) for part in entry.split()))
    return len(word) >= 2 and (word in entry or entry in word)
