"""The verticals of one graph run: found, matched with those of the run before, named, with people's wishes kept."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from mardev.stages.lookups import Row
from mardev.warehouse import tables

if TYPE_CHECKING:
    from mardev.topidis.graph import FloatArray, FollowGraph, IntArray
    from mardev.topidis.labels import VerticalLabel
    from mardev.topidis.matching import VerticalChange

KEPT_LABEL_OVERLAP = 0.5
"""A name found by machine goes on where at least this share of the members is the same; a person's always does."""


@dataclass(frozen=True)
class EarlierVerticals:
    """What was known before.

    Attributes:
        members: channel key to the key of its vertical.
        rows: key to its row of `core.vertical`.
        is_same_run: it is the very run that is computed again, so nothing became of anything.
    """

    members: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    is_same_run: bool = False

    @property
    def pinned(self) -> set[str]:
        return {key for key, row in self.rows.items() if row["is_pinned"]}


def earlier_verticals(connection: sa.Connection, iteration: Row, graph_run_key: str) -> EarlierVerticals:
    """Verticals of this run where it was computed before, else of the newest run of the same world and markets."""
    run, one = tables.graph_run, tables.iteration
    newest = (
        sa.select(run.c.graph_run_key)
        .outerjoin(one, one.c.iteration_key == run.c.iteration_key)
        .where(
            run.c.world == iteration["world"],
            sa.or_(
                run.c.graph_run_key == graph_run_key,
                sa.and_(run.c.as_of <= iteration["opened_at"], one.c.markets.overlap(list(iteration["markets"]))),
            ),
        )
        .order_by(run.c.graph_run_key == graph_run_key, run.c.as_of)
    )
    keys = connection.scalars(newest).all()
    if not keys:
        return EarlierVerticals()
    vertical, rank, channel = tables.vertical, tables.channel_rank, tables.channel
    rows = connection.execute(
        sa.select(vertical).where(vertical.c.graph_run_key == keys[-1], vertical.c.vertical_key.is_not(None))
    ).mappings().all()  # fmt: skip
    # A vertical of a market that is not looked at now has not died.
    members = connection.execute(
        sa.select(rank.c.channel_key, vertical.c.vertical_key)
        .join(
            vertical,
            sa.and_(vertical.c.graph_run_key == rank.c.graph_run_key, vertical.c.community_no == rank.c.community_no),
        )
        .join(channel, channel.c.channel_key == rank.c.channel_key)
        .where(
            rank.c.graph_run_key == keys[-1],
            vertical.c.vertical_key.is_not(None),
            channel.c.country.in_(iteration["markets"]),
        )
    )
    return EarlierVerticals(
        {row.channel_key: row.vertical_key for row in members},
        {row["vertical_key"]: dict(row) for row in rows},
        keys[-1] == graph_run_key,
    )


class FoundVerticals:
    """Verticals of the channels of one graph, ready to be stored.

    Attributes:
        community: (n,) number of each channel's vertical.
        count: how many there are.
        modularity: of the follow graph, resolution 1.
        labels: names, in rising order of the numbers.
    """

    def __init__(
        self, channels: Sequence[Row], graph: "FollowGraph", earlier: EarlierVerticals, *, graph_run_key: str, seed: int
    ) -> None:
        from mardev.topidis.leiden import modularity_of
        from mardev.topidis.matching import keep_together, match_verticals

        self._key = graph_run_key
        self._channels = channels
        self._earlier = earlier
        found, self._stability = _find(channels, graph, seed)
        kept = keep_together(earlier.members, earlier.pinned, graph.nodes, found) if earlier.pinned else found
        self.community: IntArray = _by_size(kept)
        self._unchanged = _unchanged(self.community, found)
        self.count = int(self.community.max()) + 1 if len(self.community) else 0
        self.modularity = modularity_of(*graph.undirected(), self.community) if self.count else 0.0
        self.changes: list[VerticalChange] = match_verticals(earlier.members, graph.nodes, self.community)
        self.labels: list[VerticalLabel] = self._named()

    def vertical_rows(self) -> list[dict[str, Any]]:
        """Rows of `core.vertical`."""
        members: dict[int, list[Row]] = {label.community_no: [] for label in self.labels}
        for channel, community in zip(self._channels, self.community.tolist(), strict=True):
            members[community].append(channel)
        return [
            {
                "graph_run_key": self._key,
                "community_no": label.community_no,
                "vertical_key": self._vertical_key(label.community_no),
                "label": label.label,
                "label_source": self._label_source(label.community_no),
                "terms": list(label.terms),
                "topic": label.topic,
                "stability": self._stability_of(label.community_no),
                "is_pinned": self._continued_row(label.community_no).get("is_pinned", False),
                "channel_count": len(members[label.community_no]),
                "languages": Counter(row["language"] or "unknown" for row in members[label.community_no]),
                "countries": Counter(row["country"] or "unknown" for row in members[label.community_no]),
            }
            for label in self.labels
        ]

    def event_rows(self, world: str) -> list[dict[str, Any]]:
        """Rows of `core.vertical_event`; none for the first graph and for one that is computed again."""
        if self._earlier.is_same_run or not self._earlier.members:
            return []
        return [
            {
                "graph_run_key": self._key,
                "event_no": number,
                "world": world,
                "kind": change.kind,
                "vertical_key": None if change.community_no is None else self._vertical_key(change.community_no),
                "earlier_key": change.earlier,
                "earlier_label": self._earlier.rows[change.earlier]["label"] if change.earlier else "",
                "overlap": change.overlap,
            }
            for number, change in enumerate(self.changes)
        ]

    def _named(self) -> "list[VerticalLabel]":
        from dataclasses import replace

        from mardev.topidis.labels import label_communities

        fresh = label_communities(
            self.community,
            [text_of(channel) for channel in self._channels],
            [channel["language"] for channel in self._channels],
            [channel["topics"] for channel in self._channels],
        )
        kept = {one.community_no: self._kept_label(one.community_no) for one in fresh}
        used = {label for label in kept.values() if label}
        named = []
        for one in fresh:
            label = kept[one.community_no]
            if not label:
                label = one.label if one.label not in used else f"{one.label}, group {one.community_no + 1}"
                used.add(label)
            named.append(replace(one, label=label))
        return named

    def _kept_label(self, community_no: int) -> str:
        change, row = self._continuing(community_no), self._continued_row(community_no)
        if change is None:
            return ""
        is_kept = row["label_source"] == "person" or change.overlap >= KEPT_LABEL_OVERLAP
        return str(row["label"]) if is_kept else ""

    def _label_source(self, community_no: int) -> str:
        if not self._kept_label(community_no):
            return "found"
        source = str(self._continued_row(community_no)["label_source"])
        return source if source == "person" or self._earlier.is_same_run else "kept"

    def _vertical_key(self, community_no: int) -> str:
        change = self._continuing(community_no)
        return change.earlier if change and change.earlier else f"{self._key}#{community_no}"

    def _continuing(self, community_no: int) -> "VerticalChange | None":
        change = self.changes[community_no]
        return change if change.kind == "continued" else None

    def _continued_row(self, community_no: int) -> Mapping[str, Any]:
        change = self._continuing(community_no)
        return self._earlier.rows[change.earlier] if change and change.earlier else {}

    def _stability_of(self, community_no: int) -> float | None:
        found = self._unchanged.get(community_no)
        return None if found is None else float(self._stability[found])


def text_of(channel: Mapping[str, Any] | Row) -> str:
    """What a channel says of itself and in the titles of its posts."""
    return "\n".join([channel["title"], channel["description"], *channel["post_titles"]])


def _find(channels: Sequence[Row], graph: "FollowGraph", seed: int) -> "tuple[IntArray, FloatArray]":
    """Community of each channel and stability of each community."""
    from mardev.topidis.content import content_evidence
    from mardev.topidis.verticals import find_verticals

    content = content_evidence(
        [text_of(channel) for channel in channels],
        [channel["languages"] or channel["language"] for channel in channels],
        [channel["topics"] for channel in channels],
    )
    found = find_verticals(graph, content, seed=seed)
    return found.labels, found.stability


def _by_size(labels: "IntArray") -> "IntArray":
    import numpy as np

    from mardev.topidis.leiden import numbered_by_size

    return numbered_by_size(labels, np.ones(len(labels), dtype=bool)) if len(labels) else labels


def _unchanged(labels: "IntArray", found: "IntArray") -> dict[int, int]:
    """Number of each community that is exactly one that was found, to its number there."""
    pairs = Counter(zip(labels.tolist(), found.tolist(), strict=True))
    sizes, before = Counter(labels.tolist()), Counter(found.tolist())
    return {own: other for (own, other), count in pairs.items() if count == sizes[own] == before[other]}
