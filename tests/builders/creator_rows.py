"""A believable handful of creators in a fresh warehouse: people, channels, who follows whom, one ranked graph."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from mardev.warehouse import tables

NOW = datetime(2026, 10, 5, 8, tzinfo=UTC)
PEOPLE = (
    ("mia", "marketing", "Mia Keller", "2"),
    ("ian", "technology", "Ian Osei", "3"),
    ("hana", "head", "Hana Sato", "4"),
)
COMMUNITIES = (
    ("Gamers", "DE", "de", 0.20), ("Gamers US", "US", "en", 0.17), ("Android specialists", "US", "en", 0.14),
    ("Entertainers", "BR", "pt", 0.13), ("スマホゲーム", "JP", "ja", 0.12), ("Android-Tests", "DE", "de", 0.09),
    ("Cooking", "BR", "pt", 0.06), ("Music", "US", "en", 0.05), ("Sport", "DE", "de", 0.04),
)  # fmt: skip
FIRST = {
    "de": ("Lena", "Jonas", "Mira", "Till", "Ronja", "Emre", "Greta", "Luca", "Yara", "Nils"),
    "en": ("Kira", "Dex", "Maya", "Theo", "Zoe", "Marcus", "Ivy", "Cole", "Nadia", "Reese"),
    "pt": ("Bia", "Caio", "Duda", "Rafa", "Lívia", "Téo", "Nanda", "Igor", "Malu", "Davi"),
    "ja": ("さくら", "ハルト", "ゆい", "リク", "あおい", "ソラ", "めい", "カイト", "りん", "ユウ"),
}
SECOND = {
    "de": ("zockt", "Spielt Mobil", "testet Apps", "Pixelwerk", "Highscore", "am Handy"),
    "en": ("Plays", "Mobile Lab", "On Android", "Pocket Arcade", "Levels Up", "Taps"),
    "pt": ("Joga", "no Celular", "Game House", "do App", "Diversão", "Play"),
    "ja": ("のゲーム部屋", "チャンネル", "スマホ研究所", "実況", "アプリ紹介", "ラボ"),
}
RANK_QUALITY = {
    "level": 0.9, "replicates": 200, "unread_list_share": 0.4, "median_interval_share": 0.2,
    "separable_pair_share": 0.52, "stability": {"deleted_share": 0.2, "flipped_share": 0.013, "upper_kept_share": 0.8},
    "score_shares": {},
}  # fmt: skip
"""What a graph run says of its ranks."""


@dataclass(frozen=True)
class BuiltChannel:
    """A channel of the builder with its place in the graph."""

    channel_key: str
    title: str
    country: str
    language: str
    community_no: int
    influence: float
    subscribers: int
    x: float
    y: float


def write_people(connection: sa.Connection) -> None:
    """Mia (marketing), Ian (technology), Hana (head)."""
    connection.execute(
        sa.insert(tables.role_member),
        [
            {"person": person, "role": role, "full_name": name, "email": f"{person}@aptovia.example",
             "airflow_user_id": user_id}
            for person, role, name, user_id in PEOPLE
        ],
    )  # fmt: skip


def open_ingest_run(connection: sa.Connection, asset: str, staged: int, quarantined: int = 0) -> int:
    """A published run of the ledger; returns its id."""
    statement = (
        sa.insert(tables.ingest_run)
        .values(
            asset=asset, world="sandbox", run_label=f"plan/run/{asset}/1", snapshot_at=NOW, state="published",
            staged_count=staged, quarantined_count=quarantined, inserted_count=staged - quarantined, updated_count=0,
        )
        .returning(tables.ingest_run.c.ingest_run_id)
    )  # fmt: skip
    return int(connection.execute(statement).scalar_one())


def build_channels(count: int, *, seed: int = 7, first_title: str | None = None) -> list[BuiltChannel]:
    """`count` channels, most influential first, each community a disc with the influential in its middle."""
    draw = random.Random(seed)
    channels = []
    for community_no, (_, country, language, share) in enumerate(COMMUNITIES):
        size = max(round(count * share), 1)
        angle = 2 * math.pi * community_no / len(COMMUNITIES)
        centre = (0.62 * math.cos(angle), 0.62 * math.sin(angle)) if community_no else (0.0, 0.0)
        for place in range(size):
            influence = (1 / (place + 1.5)) * draw.uniform(0.7, 1.1) * share
            radius = 0.62 * math.sqrt((place + 0.3) / count)
            turn = place * math.pi * (3 - math.sqrt(5))
            title = f"{draw.choice(FIRST[language])} {draw.choice(SECOND[language])}"
            channels.append(
                BuiltChannel(
                    channel_key=f"youtube:UC{community_no:02d}{place:05d}", title=title, country=country,
                    language=language, community_no=community_no, influence=influence,
                    subscribers=int(influence * 9_000_000 * draw.uniform(0.5, 1.5)) + 900,
                    x=centre[0] + radius * math.cos(turn), y=centre[1] + radius * math.sin(turn),
                )
            )  # fmt: skip
    channels.sort(key=lambda channel: -channel.influence)
    if first_title is not None:
        first = channels[0]
        channels[0] = BuiltChannel(**{**first.__dict__, "title": first_title})
    return channels


def write_channels(connection: sa.Connection, channels: Sequence[BuiltChannel]) -> None:
    run_id = open_ingest_run(connection, "channel", len(channels) + 3, 3)
    connection.execute(
        sa.insert(tables.channel),
        [
            {"channel_key": channel.channel_key, "world": "sandbox", "platform": "youtube",
             "external_id": channel.channel_key.partition(":")[2], "handle": f"@creator{number}",
             "title": channel.title, "country": channel.country, "language": channel.language,
             "first_seen_at": NOW, "refreshed_at": NOW, "ingest_run_id": run_id}
            for number, channel in enumerate(channels)
        ],
    )  # fmt: skip
    connection.execute(
        sa.insert(tables.channel_latest),
        [
            {"channel_key": channel.channel_key, "snapshot_at": NOW,
             "subscribers": None if number % 23 == 5 else channel.subscribers, "subscribers_hidden": number % 23 == 5,
             "total_views": channel.subscribers * 90, "post_count": 180,
             "average_daily_views": channel.subscribers * 0.11, "views_per_post": channel.subscribers * 0.3}
            for number, channel in enumerate(channels)
        ],
    )  # fmt: skip


def write_graph(
    connection: sa.Connection, channels: Sequence[BuiltChannel], *, graph_run_key: str, iteration_key: str,
    edge_count: int, seed: int = 7,
) -> None:  # fmt: skip
    """A graph run with ranks, places and `edge_count` edges, three of four inside a community."""
    draw = random.Random(seed)
    run_id = open_ingest_run(connection, "follow_edge", edge_count)
    by_community = [[c for c in channels if c.community_no == number] for number in range(len(COMMUNITIES))]
    popular = [[c.influence**0.8 for c in members] for members in by_community]
    everybody = [channel.influence**0.8 for channel in channels]
    pairs: set[tuple[str, str]] = set()
    while len(pairs) < edge_count:
        source = draw.choice(channels)
        if draw.random() < 0.75:
            number = source.community_no
            target = draw.choices(by_community[number], popular[number])[0]
        else:
            target = draw.choices(channels, everybody)[0]
        if source != target:
            pairs.add((source.channel_key, target.channel_key))
    connection.execute(
        sa.insert(tables.follow_edge),
        [
            {"source_channel_key": source, "target_channel_key": target, "kind": "subscribes", "world": "sandbox",
             "first_seen_at": NOW - timedelta(days=90), "last_seen_at": NOW, "evidence": "subscription list",
             "ingest_run_id": run_id}
            for source, target in sorted(pairs)
        ],
    )  # fmt: skip
    connection.execute(
        sa.insert(tables.graph_run).values(
            graph_run_key=graph_run_key, iteration_key=iteration_key, world="sandbox", as_of=NOW,
            node_count=len(channels), edge_count=len(pairs), hidden_list_count=len(channels) // 7,
            community_count=len(COMMUNITIES), modularity=0.61, parameters={}, seed=seed, rank_quality=RANK_QUALITY,
        )
    )  # fmt: skip
    connection.execute(
        sa.insert(tables.vertical),
        [
            {"graph_run_key": graph_run_key, "community_no": number, "label": label, "terms": ["game", "app"],
             "channel_count": len(by_community[number]), "languages": {language: 1.0}, "countries": {country: 1.0}}
            for number, (label, country, language, _) in enumerate(COMMUNITIES)
        ],
    )  # fmt: skip
    followers: dict[str, int] = {}
    for _, target in pairs:
        followers[target] = followers.get(target, 0) + 1
    connection.execute(
        sa.insert(tables.channel_rank),
        [
            {"graph_run_key": graph_run_key, "channel_key": channel.channel_key, "rank_no": rank,
             "influence": channel.influence, "follower_count_in_graph": followers.get(channel.channel_key, 0),
             "community_no": channel.community_no, "x": channel.x, "y": channel.y,
             "rank_best": max(rank - 4, 1), "rank_worst": min(rank + 7, len(channels)), "score": 100.0 - rank / 10,
             "score_parts": dict.fromkeys(("endorsed", "authority", "core", "go_between", "bridge"), 71.0)}
            for rank, channel in enumerate(channels, start=1)
        ],
    )  # fmt: skip
