"""Known channels are read again, on every platform, before what we know of them is too old."""

import pytest
import sqlalchemy as sa

from mardev.errors import TransportFailed
from mardev.stages.plan.collect_creators import collect_creators
from mardev.stages.plan.gate_creators import gate_creators
from mardev.stages.plan.open_iteration import open_iteration
from mardev.stages.plan.publish_creators import publish_creators
from mardev.stages.refresh_creators.refresh_creators import refresh_creators

FORM = {
    "campaign": "Refreshed",
    "markets": ["DE", "US"],
    "topics": ["mobile games"],
    "platforms": ["youtube", "mastodon", "twitch"],
    "channel_limit": 20,
}


@pytest.fixture(scope="module")
def context(world, new_warehouse):
    engine = new_warehouse()
    key = open_iteration(world.context(engine, params=FORM))
    context = world.context(engine, iteration=key)
    publish_creators(context, gate_creators(context, collect_creators(context)))
    with engine.begin() as connection:  # as if it had been three weeks ago
        connection.execute(sa.text("UPDATE core.channel SET expires_at = refreshed_at + interval '9 days'"))
        connection.execute(sa.text("DELETE FROM core.contact"))
        vanished = "UPDATE core.channel SET external_id = '1', channel_key = 'twitch:1' WHERE channel_key = :key"
        newest = connection.scalar(sa.text("SELECT max(channel_key) FROM core.channel WHERE platform = 'twitch'"))
        connection.execute(sa.text(vanished), {"key": newest})
    world.let_pass(days=1)
    return world.context(engine, run_id="refresh", dag_id="refresh_creators")


def test_a_platform_that_is_down_holds_up_no_other_and_is_asked_again(world, context):
    with world.broken("mastodon", "outage"), pytest.raises(TransportFailed, match="mastodon"):
        refresh_creators(context)
    again = "SELECT DISTINCT platform FROM core.channel WHERE expires_at > refreshed_at + interval '29 days' ORDER BY 1"
    with context.warehouse.connect() as connection:
        assert list(connection.scalars(sa.text(again))) == ["twitch", "youtube"]
    world.let_pass(minutes=2)
    result = refresh_creators(world.context(context.warehouse, run_id="refresh-2", dag_id="refresh_creators"))
    assert result["refreshed"] >= 1
    with context.warehouse.connect() as connection:
        assert list(connection.scalars(sa.text(again))) == ["mastodon", "twitch", "youtube"]
        left_to_expire = (
            "SELECT expires_at - refreshed_at < interval '10 days' FROM core.channel WHERE channel_key = :key"
        )
        gone = connection.scalar(sa.text(left_to_expire), {"key": "twitch:1"})
    assert gone  # it vanished: what we know of it is left to expire
