"""What channels say as counted evidence: languages, platform topics and words, one sparse row a channel."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mardev.topidis.words import readable_topic, words_of

if TYPE_CHECKING:
    from scipy import sparse

LANGUAGE_WEIGHT = 4.0
TOPIC_WEIGHT = 4.0
WORD_WEIGHT = 4.0
"""A kind of evidence counts as this many follows at most: the words of one text depend on each other."""
LEAST_CHANNELS = 3
"""A word that fewer channels use tells nothing about a community."""
MOST_SHARE = 0.3
"""A word that more of the channels use tells nothing either."""


@dataclass(frozen=True, eq=False)
class ContentEvidence:
    """What n channels say.

    Attributes
    ----------
    counts : (n, f) sparse, >= 0; row sums at most 12 follows' worth
    features : f names, "language:de", "topic:Gaming", "word:android"
    """

    counts: "sparse.csr_array"
    features: tuple[str, ...]


def content_evidence(
    texts: Sequence[str], languages: Sequence[str | Mapping[str, float] | None], topics: Sequence[Sequence[str]]
) -> ContentEvidence:
    """Count what each channel says.

    Parameters
    ----------
    texts : n texts: title, description, titles of posts, in any script
    languages : n language codes ("de", "pt-BR"), or shares by code as `language_shares` gives them; None when unknown
    topics : n lists of platform topics, plain or as addresses

    Returns
    -------
    ContentEvidence
        A channel of which nothing is known has an empty row.

    Raises
    ------
    ValueError
        The lengths differ.

    Notes
    -----
    Languages weigh 4 together, topics 4, words 4; words share theirs by ``log(n / channels that use it)``. Words of
    fewer than 3 channels or more than 30 % are left out.

    Examples
    --------
    >>> evidence = content_evidence(["", ""], ["de", None], [["Music"], ["Music"]])
    >>> evidence.features, evidence.counts.toarray().tolist()
    (('language:de', 'topic:Music'), [[4.0, 4.0], [0.0, 4.0]])
    """
    if not len(texts) == len(languages) == len(topics):
        raise ValueError("texts, languages and topics must be of the same length")
    rows: list[dict[str, float]] = []
    for given, listed in zip(languages, topics, strict=True):
        row = {f"language:{code}": LANGUAGE_WEIGHT * share for code, share in _shares(given).items()}
        names = {readable_topic(topic) for topic in listed}
        row.update({f"topic:{name}": TOPIC_WEIGHT / len(names) for name in names})
        rows.append(row)
    words = [words_of(text, _main(given)) for text, given in zip(texts, languages, strict=True)]
    for row, own in zip(rows, _weighed(words), strict=True):
        row.update(own)
    return _as_matrix(rows)


def _shares(given: "str | Mapping[str, float] | None") -> Mapping[str, float]:
    if given is None:
        return {}
    return {short_language(given): 1.0} if isinstance(given, str) else given


def _main(given: "str | Mapping[str, float] | None") -> str | None:
    shares = _shares(given)
    return max(shares, key=lambda code: shares[code]) if shares else None


def short_language(language: str | None) -> str:
    """The language without its region, in small letters.

    Examples
    --------
    >>> short_language("pt-BR"), short_language(None)
    ('pt', '')
    """
    return (language or "").split("-")[0].lower()


def _weighed(words: Sequence[Sequence[str]]) -> list[dict[str, float]]:
    own = [set(given) for given in words]
    spread = Counter(word for given in own for word in given)
    n = len(own)
    telling = {
        word: math.log(n / count) for word, count in spread.items() if LEAST_CHANNELS <= count <= max(MOST_SHARE * n, 1)
    }
    rows = []
    for given in own:
        kept = sorted(word for word in given if word in telling)
        total = sum(telling[word] for word in kept)
        rows.append({f"word:{word}": WORD_WEIGHT * telling[word] / total for word in kept})
    return rows


def _as_matrix(rows: Sequence[Mapping[str, float]]) -> ContentEvidence:
    from scipy import sparse

    features = sorted({name for row in rows for name in row})
    place = {name: number for number, name in enumerate(features)}
    lengths = np.array([0, *(len(row) for row in rows)])
    columns = np.array([place[name] for row in rows for name in row], dtype=np.int64)
    values = np.array([value for row in rows for value in row.values()], dtype=np.float64)
    counts = sparse.csr_array((values, columns, np.cumsum(lengths)), shape=(len(rows), len(features)))
    return ContentEvidence(counts, tuple(features))
