"""The graph of the campaign's markets: who endorses whom, who has influence, which verticals there are."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from mardev.connectors.platforms import platforms
from mardev.stages.context import StageContext
from mardev.stages.lookups import Row, iteration_row
from mardev.stages.plan.join_accounts import main_channels
from mardev.stages.plan.rank_measures import RankEvidence, RankMeasures, rank_evidence
from mardev.stages.plan.score_audiences import score_audiences
from mardev.stages.verticals.found_verticals import EarlierVerticals, FoundVerticals, earlier_verticals
from mardev.warehouse import tables

if TYPE_CHECKING:
    from mardev.topidis.graph import FollowGraph

SEED = 7
DAMPING = 0.85
EDGE_WEIGHTS = {
    "subscribes": 1.0,
    "follows": 1.0,
    "features": 3.0,
    "mentions": 0.5,
    "collaborates": 2.0,
    "shared_link": 0.3,
}
"""How much an endorsement of each kind counts: a place on the own page is the rarest and the most deliberate."""


def rank_creators(context: StageContext) -> dict[str, Any]:
    """Rank the channels of the iteration's markets, store the graph run with its picture, and score the audiences.

    Repeating it with the same channels and edges writes the same run again.
    """
    with context.warehouse.connect() as connection:
        iteration = iteration_row(connection, context.iteration_key)
        channels = load_channels(connection, iteration)
        graph = load_graph(connection, iteration, channels)
        hidden = _hidden_lists(connection, iteration)
        evidence = rank_evidence(connection, iteration["world"])
        earlier = earlier_verticals(connection, iteration, graph_run_key_of(iteration))
    run = _GraphRun(context, iteration, channels, graph, hidden, evidence, earlier)
    run.store()
    return {
        "graph_run_key": run.key,
        "channels": graph.node_count,
        "edges": graph.edge_count,
        "verticals": run.count,
        "audiences": score_audiences(context, iteration),
    }


class _GraphRun:
    """One computation over one graph, ready to be stored."""

    def __init__(
        self,
        context: StageContext,
        iteration: Row,
        channels: Sequence[Row],
        graph: "FollowGraph",
        hidden: int,
        evidence: RankEvidence,
        earlier: EarlierVerticals,
    ) -> None:
        from mardev.topidis.layout import community_layout

        self._context = context
        self._iteration = iteration
        self._channels = channels
        self._graph = graph
        self._hidden = hidden
        self.key = graph_run_key_of(iteration)
        self.verticals = FoundVerticals(channels, graph, earlier, graph_run_key=self.key, seed=SEED)
        self.count = self.verticals.count
        self.labels = self.verticals.labels
        self.measures = RankMeasures(graph, self.verticals.community, channels, evidence, damping=DAMPING, seed=SEED)
        self.influence, self.rank = self.measures.intervals.influence, self.measures.intervals.rank
        self.positions = community_layout(graph, self.verticals.community, self.influence, seed=SEED)

    def store(self) -> None:
        with self._context.warehouse.begin() as connection:
            exists = connection.execute(
                sa.select(tables.graph_run.c.graph_run_key).where(tables.graph_run.c.graph_run_key == self.key)
            ).first()
            if exists:
                connection.execute(
                    sa.delete(tables.channel_rank).where(tables.channel_rank.c.graph_run_key == self.key)
                )
                connection.execute(sa.delete(tables.vertical).where(tables.vertical.c.graph_run_key == self.key))
                connection.execute(
                    sa.update(tables.graph_run)
                    .where(tables.graph_run.c.graph_run_key == self.key)
                    .values(self._run_row())
                )
            else:
                connection.execute(sa.insert(tables.graph_run).values(self._run_row()))
            if self._channels:
                connection.execute(sa.insert(tables.vertical), self.verticals.vertical_rows())
                connection.execute(sa.insert(tables.channel_rank), self._rank_rows())
            if events := self.verticals.event_rows(self._iteration["world"]):
                connection.execute(sa.insert(tables.vertical_event), events)
        self._draw()

    def _run_row(self) -> dict[str, Any]:
        return {
            "graph_run_key": self.key,
            "iteration_key": self._iteration["iteration_key"],
            "world": self._iteration["world"],
            "as_of": self._iteration["opened_at"],
            "node_count": self._graph.node_count,
            "edge_count": self._graph.edge_count,
            "hidden_list_count": self._hidden,
            "community_count": self.count,
            "modularity": self.verticals.modularity,
            "parameters": {"damping": DAMPING, "edge_weights": EDGE_WEIGHTS},
            "seed": SEED,
            "rank_quality": self.measures.quality,
        }

    def _rank_rows(self) -> list[dict[str, Any]]:
        followers = self._graph.follower_counts()
        return [
            {
                "graph_run_key": self.key,
                "channel_key": channel_key,
                "rank_no": int(self.rank[number]),
                "influence": float(self.influence[number]),
                "follower_count_in_graph": int(followers[number]),
                "community_no": int(self.verticals.community[number]),
                "x": float(self.positions[number, 0]),
                "y": float(self.positions[number, 1]),
                **self.measures.columns(number),
            }
            for number, channel_key in enumerate(self._graph.nodes)
        ]

    def _draw(self) -> None:
        from mardev.topidis.picture import draw_graph

        picture = draw_graph(
            self._graph,
            self.positions,
            self.verticals.community,
            self.influence,
            names=[channel["title"] for channel in self._channels],
            community_labels={label.community_no: label.label for label in self.labels},
            title=self._iteration["campaign"],
        )
        path = picture_path(self._context, self._iteration["iteration_key"])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(picture)


def graph_run_key_of(iteration: Row) -> str:
    """Key of the graph run of an iteration."""
    return f"{iteration['iteration_key']}/graph"


def picture_path(context: StageContext, iteration_key: str) -> Path:
    """Where the static picture of an iteration's graph lies."""
    return context.settings.home / "pictures" / f"{iteration_key}.png"


def load_channels(connection: sa.Connection, iteration: Row) -> Sequence[Row]:
    """One channel for each known creator of the iteration's markets, in order of their keys.

    Where a platform tells no country, the language has to fit.
    """
    table = tables.channel
    countryless = [name for name, kind in platforms().items() if not kind.capabilities.tells_country]
    found = (
        connection.execute(
            sa.select(table)
            .where(
                table.c.world == iteration["world"],
                sa.or_(
                    table.c.country.in_(iteration["markets"]),
                    sa.and_(
                        table.c.country.is_(None),
                        table.c.platform.in_(countryless),
                        table.c.language.in_(iteration["languages"]),
                    ),
                ),
            )
            .order_by(table.c.channel_key)
        )
        .mappings()
        .all()
    )
    main = main_channels(connection, iteration["world"], found)
    return [channel for channel in found if main[channel["channel_key"]] == channel["channel_key"]]


def load_graph(connection: sa.Connection, iteration: Row, channels: Sequence[Row]) -> "FollowGraph":
    """Who endorses whom among `channels`; weights say how much each kind of evidence counts.

    What any account of a creator says counts for the creator's one channel.
    """
    from mardev.topidis.graph import FollowGraph

    edge = tables.follow_edge
    main = main_channels(connection, iteration["world"], channels)
    rows = connection.execute(
        sa.select(edge.c.source_channel_key, edge.c.target_channel_key, edge.c.kind, edge.c.weight).where(
            edge.c.world == iteration["world"]
        )
    )
    between = (
        (main.get(source), main.get(target), weight * EDGE_WEIGHTS[kind]) for source, target, kind, weight in rows
    )
    edges = ((source, target, weight) for source, target, weight in between if source and target and source != target)
    return FollowGraph.from_edges([channel["channel_key"] for channel in channels], edges)


def _hidden_lists(connection: sa.Connection, iteration: Row) -> int:
    listing, channel = tables.follow_list, tables.channel
    return connection.execute(
        sa.select(sa.func.count())
        .select_from(listing.join(channel, channel.c.channel_key == listing.c.channel_key))
        .where(
            listing.c.state == "hidden",
            listing.c.world == iteration["world"],
            channel.c.country.in_(iteration["markets"]),
        )
    ).scalar_one()
