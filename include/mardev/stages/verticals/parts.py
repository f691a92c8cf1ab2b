"""The parts that a vertical falls into when people split it, and their names."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from mardev.stages.verticals.found_verticals import text_of
from mardev.warehouse import tables

if TYPE_CHECKING:
    from mardev.topidis.graph import IntArray
    from mardev.topidis.labels import VerticalLabel

SEED = 7
SPLIT_RESOLUTIONS = (1.0, 1.5, 2.0, 3.0, 4.0)
LEAST_PART_SHARE = 0.1
LEAST_PART = 2
MOST_PARTS = 6

Row = Mapping[str, Any]


def parts_by_language(members: Sequence[Row]) -> "IntArray":
    """(n,) part of each member, the most spoken language 0; languages of few go with the first."""
    import numpy as np

    counts = Counter(row["language"] or "" for row in members)
    large = [code for code, count in counts.most_common(MOST_PARTS) if code and _is_enough(count, len(members))]
    return np.array(
        [large.index(row["language"]) if row["language"] in large else 0 for row in members], dtype=np.int64
    )


def parts_by_follows(connection: sa.Connection, world: str, own: Row, members: Sequence[Row]) -> "IntArray":
    """(n,) part of each member, the largest 0; what is too small to stand alone goes with the first."""
    import numpy as np

    from mardev.topidis.graph import FollowGraph
    from mardev.topidis.verticals import find_communities

    keys = [row["channel_key"] for row in members]
    known = set(keys)
    edge, rank = tables.follow_edge, tables.channel_rank
    inside = sa.select(rank.c.channel_key).where(
        rank.c.graph_run_key == own["graph_run_key"], rank.c.community_no == own["community_no"]
    )
    rows = connection.execute(
        sa.select(edge.c.source_channel_key, edge.c.target_channel_key, edge.c.weight).where(
            edge.c.world == world, edge.c.source_channel_key.in_(inside), edge.c.target_channel_key.in_(inside)
        )
    )
    graph = FollowGraph.from_edges(
        keys, [(source, target, weight) for source, target, weight in rows if {source, target} <= known]
    )
    part = np.zeros(len(keys), dtype=np.int64)
    for resolution in SPLIT_RESOLUTIONS:
        found = find_communities(graph, seed=SEED, resolution=resolution)
        sizes = np.bincount(found.labels, minlength=1)
        large = [
            number
            for number, size in enumerate(sizes.tolist())
            if number != found.unconnected and _is_enough(size, len(keys))
        ][:MOST_PARTS]
        part = np.array(
            [large.index(label) if label in large else 0 for label in found.labels.tolist()], dtype=np.int64
        )
        if len(large) >= 2:
            break
    return part


def _is_enough(count: int, total: int) -> bool:
    return count >= max(LEAST_PART, LEAST_PART_SHARE * total)


def part_labels(connection: sa.Connection, own: Row, members: Sequence[Row], part: "IntArray") -> "list[VerticalLabel]":
    """A name for each part; the first keeps the vertical's."""
    from dataclasses import replace

    from mardev.topidis.labels import label_communities

    vertical = tables.vertical
    used = set(connection.scalars(sa.select(vertical.c.label).where(vertical.c.graph_run_key == own["graph_run_key"])))
    labels = label_communities(
        part,
        [text_of(row) for row in members],
        [row["language"] for row in members],
        [row["topics"] for row in members],
    )
    named = [replace(labels[0], label=own["label"])]
    for label in labels[1:]:
        name, turn = label.label, 2
        while name in used:
            name, turn = f"{label.label}, part {turn}", turn + 1
        used.add(name)
        named.append(replace(label, label=name))
    return named
