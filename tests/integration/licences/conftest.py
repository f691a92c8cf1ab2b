"""A live iteration whose creators are known and ranked, ready to be planned."""

from dataclasses import dataclass, replace

import pytest
import sqlalchemy as sa

from builders.contexts import stage_context
from builders.creator_rows import build_channels, write_channels, write_graph, write_people
from builders.iteration_rows import write_iteration
from mardev.domain.connection import ConnectionRecord
from mardev.domain.words import World
from mardev.stages.context import StageContext

KEY = "winter-players"
FORM = {"head_count": 5, "tolerance_share": "0.2", "must_have": [], "never": []}


@dataclass(frozen=True)
class LivePlan:
    """A context of the live world; `approved` gives one whose YouTube connection carries a reference."""

    context: StageContext

    def approved(self, reference: str) -> StageContext:
        return replace(self.context, connection=lambda name: youtube_record({"approval_reference": reference}))


def youtube_record(extra=None):
    return ConnectionRecord("mardev_youtube", World.LIVE, password="KEY", extra=extra or {})


@pytest.fixture
def live(engine, clock) -> LivePlan:
    with engine.begin() as connection:
        write_people(connection)
        channels = build_channels(80)
        write_channels(connection, channels)
        write_iteration(connection, KEY, "Winter players", state="plan", days_ago=1, world="live")
        write_graph(connection, channels, graph_run_key=f"{KEY}/graph", iteration_key=KEY, edge_count=500)
        for table in ("channel", "follow_edge", "graph_run"):
            connection.execute(sa.text(f"UPDATE core.{table} SET world = 'live'"))
        connection.execute(
            sa.text(
                "UPDATE mart.channel_latest SET view_definition = 'youtube:started', views_observed_at = snapshot_at"
            )
        )
        connection.execute(
            sa.text(
                "INSERT INTO core.contact SELECT channel_key, 'creator', 'live', external_id || '@creators.example', "
                "language, 'channel description', 'legitimate interest', first_seen_at FROM core.channel"
            )
        )
        connection.execute(
            sa.text("UPDATE core.iteration SET form = :form").bindparams(sa.bindparam("form", FORM, sa.JSON))
        )
    context = stage_context(engine, clock, records=(youtube_record(),), iteration=KEY, world=World.LIVE)
    return LivePlan(context)
