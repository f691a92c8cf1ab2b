"""Confirmed accounts of one creator are one node of the graph, with what all of them say."""

import sqlalchemy as sa

from builders.creator_rows import NOW, build_channels, open_ingest_run, write_channels
from mardev.stages.plan.rank_creators import load_channels, load_graph
from mardev.warehouse import tables

ITERATION = {"world": "sandbox", "markets": ["DE", "US", "BR", "JP"], "languages": ["de"]}


def add_account(connection, key: str, language: str) -> None:
    platform, _, external_id = key.partition(":")
    connection.execute(
        sa.insert(tables.channel).values(
            channel_key=key, world="sandbox", platform=platform, external_id=external_id, title=external_id,
            language=language, first_seen_at=NOW, refreshed_at=NOW, ingest_run_id=1,
        )
    )  # fmt: skip


def follow(connection, source: str, target: str) -> None:
    connection.execute(
        sa.insert(tables.follow_edge).values(
            source_channel_key=source, target_channel_key=target, kind="follows", world="sandbox", first_seen_at=NOW,
            last_seen_at=NOW, evidence="list", ingest_run_id=1,
        )
    )  # fmt: skip


def test_a_creators_accounts_become_one_node_and_keep_every_endorsement(warehouse):
    channels = build_channels(6)
    open_ingest_run(warehouse, "channel", 6)
    write_channels(warehouse, channels)
    ann, bob, *_ = [channel.channel_key for channel in channels]
    for account, language in (("bluesky:ann", "de"), ("bluesky:carl", "de"), ("bluesky:dora", "fr")):
        add_account(warehouse, account, language)
    follow(warehouse, "bluesky:carl", "bluesky:ann")
    follow(warehouse, "bluesky:ann", bob)
    follow(warehouse, "bluesky:ann", ann)
    pair = {"channel_key": "bluesky:ann", "other_channel_key": ann, "world": "sandbox", "state": "proposed",
            "confidence": 0.7, "evidence": ["a link"], "proposed_at": NOW}  # fmt: skip
    warehouse.execute(sa.insert(tables.same_creator).values(pair))
    proposed = [row["channel_key"] for row in load_channels(warehouse, ITERATION)]
    assert "bluesky:ann" in proposed
    assert "bluesky:dora" not in proposed  # no country told, and another language
    warehouse.execute(sa.update(tables.same_creator).values(state="confirmed", decided_by="mia", decided_at=NOW))
    joined = load_channels(warehouse, ITERATION)
    assert "bluesky:ann" not in [row["channel_key"] for row in joined]
    graph = load_graph(warehouse, ITERATION, joined)
    edges = {(graph.nodes[u], graph.nodes[v]) for u, v in zip(graph.source, graph.target, strict=True)}
    assert edges == {("bluesky:carl", ann), (ann, bob)}
