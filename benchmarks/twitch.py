"""Four real friendship graphs of Twitch, one a language, merged into one file with shuffled ids.

Read from ``../shared/data/twitch_musae`` beside the project; its origin and licence stand in the SOURCE.md there.
"""

import csv
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from mardev.topidis.graph import FollowGraph

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data" / "twitch_musae"
LANGUAGES = {"DE": "de", "ENGB": "en", "FR": "fr", "PTBR": "pt"}
SHUFFLE_SEED = 20


@dataclass(frozen=True, eq=False)
class TwitchGraph:
    """n streamers of all languages.

    Attributes:
        graph: friendships, mutual, so each is two follows; nothing in a node's key tells its language.
        language: (n,) index into `LANGUAGES`.
        views: (n,) real views of the channel.
    """

    graph: FollowGraph
    language: npt.NDArray[np.int64]
    views: npt.NDArray[np.float64]


def load_twitch(folder: Path = FOLDER) -> TwitchGraph:
    """Merge the four graphs.

    Raises:
        FileNotFoundError: the data does not lie beside the project.
    """
    low: list[int] = []
    high: list[int] = []
    language: list[int] = []
    views: list[float] = []
    for number, country in enumerate(LANGUAGES):
        first = len(language)
        counted = {int(row["new_id"]): float(row["views"]) for row in _rows(folder / f"{country}_target.csv")}
        views += [counted[node] for node in range(len(counted))]
        language += [number] * len(counted)
        for row in _rows(folder / f"{country}_edges.csv"):
            low.append(first + int(row["from"]))
            high.append(first + int(row["to"]))
    place = np.random.default_rng(SHUFFLE_SEED).permutation(len(language))
    source, target = place[np.array(low)], place[np.array(high)]
    pairs = np.unique(np.stack((np.r_[source, target], np.r_[target, source])), axis=1)
    pairs = pairs[:, pairs[0] != pairs[1]]
    keys = tuple(f"twitch:{node}" for node in range(len(language)))
    shuffled_language, shuffled_views = np.empty(len(language), dtype=np.int64), np.empty(len(language))
    shuffled_language[place], shuffled_views[place] = language, views
    return TwitchGraph(
        FollowGraph(keys, pairs[0], pairs[1], np.ones(pairs.shape[1])), shuffled_language, shuffled_views
    )


def _rows(path: Path) -> Iterator[dict[str, str]]:
    packed = path.with_name(f"{path.name}.gz")
    with gzip.open(packed, "rt") if packed.exists() else path.open() as lines:
        yield from csv.DictReader(lines)
