"""Time goes forward; inputs are kept and replayed."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from tests.builders.sandbox_world import BRAND, Brand, reachable, run, small_world

from sandbox.clock import desk_hours
from sandbox.model import SandboxError
from sandbox.world import World


def test_the_clock_only_goes_forward(tmp_path: Path):
    world = small_world(tmp_path)
    world.advance_to(world.now + timedelta(hours=1))
    with pytest.raises(ValueError, match="only goes forward"):
        world.advance_to(world.now - timedelta(seconds=1))
    with pytest.raises(ValueError, match="time zone"):
        world.advance_to(datetime(2027, 1, 1))  # noqa: DTZ001 -- the naive instant is the point


def test_nothing_is_planned_in_a_world_without_mail(tmp_path: Path):
    assert small_world(tmp_path).next_event_at() is None


def test_desk_hours_lie_between_the_limits_or_right_after():
    start = datetime(2026, 10, 5, 8, tzinfo=UTC)
    assert desk_hours(start, start + timedelta(days=1)) == [start, start.replace(hour=20), start + timedelta(days=1)]
    assert desk_hours(start + timedelta(hours=1), start + timedelta(hours=2)) == [start.replace(hour=20)]


def busy(home: Path) -> World:
    """A world into which everything that can come in has come in."""
    world = small_world(home, script="demo")
    brand = Brand(world)
    accepted = brand.accepted_by(reachable(world)[:10])
    brand.brought_live(accepted, until=datetime(2026, 10, 14, 8, tzinfo=UTC))
    slug = brand.provision(accepted[0])
    world.resolve(slug, "Mozilla/5.0", referer="http://x.example", country="DE")
    world.edit_link(slug, title="renamed", tags=["a"])
    world.convert(accepted[0].market, "purchase", brand.code(accepted[0]), {"utm_content": slug})
    world.register_webhook("http://127.0.0.1:9/hook", "secret")
    world.start_incident("redirector")
    world.advance_to(world.now + timedelta(hours=6))
    world.end_incident("redirector")
    world.mark_mail(world.mailbox(BRAND)[0].id, unread=False)
    brand.write("nobody@nowhere.example", "x", "y")
    return world


def everything(world: World) -> str:
    """All that can be seen of a world, as one text."""
    return repr(
        (
            world.now,
            world.next_event_at(),
            world.truth(),
            [world.mailbox(address) for address in world.addresses()],
            [world.videos(creator.channel_id, 2) for creator in world.creators[:30]],
            [world.visits(link.slug) for link in world.links()],
            world.links(),
            world.codes(),
            world.orders(datetime(2026, 10, 5, tzinfo=UTC)),
            world.sessions(date(2026, 10, 5), date(2026, 10, 20)),
        )
    )


def test_a_restart_gives_the_same_state(tmp_path: Path):
    world = busy(tmp_path)
    before = everything(world)
    world.close()
    again = small_world(tmp_path, script="none")  # the journal keeps the script it began with
    assert again.script == "demo"
    assert everything(again) == before
    run(again, again.now + timedelta(days=4))
    assert again.now > datetime(2026, 10, 17, tzinfo=UTC)


def test_half_a_line_at_the_end_of_the_journal_is_dropped(tmp_path: Path):
    world = small_world(tmp_path)
    world.advance_to(world.now + timedelta(days=1))
    world.close()
    journal = tmp_path / "journal.jsonl"
    with journal.open("a") as lines:
        lines.write('{"kind":"clock","to":"2026-10-')
    again = small_world(tmp_path)
    assert again.now == world.now
    again.advance_to(again.now + timedelta(days=1))
    assert [json.loads(line)["kind"] for line in journal.read_text().splitlines()] == [
        "world",
        "script",
        "clock",
        "clock",
    ]


def test_a_home_of_another_world_is_refused(tmp_path: Path):
    small_world(tmp_path, seed=7).close()
    with pytest.raises(SandboxError, match="another world"):
        small_world(tmp_path, seed=8)


def test_the_journal_can_be_read_by_its_owner_only(tmp_path: Path):
    small_world(tmp_path)
    assert (tmp_path / "journal.jsonl").stat().st_mode & 0o077 == 0


def test_another_seed_is_another_world(tmp_path: Path):
    one, other = small_world(tmp_path / "1", seed=1), small_world(tmp_path / "2", seed=2)
    assert {c.channel_id for c in one.creators}.isdisjoint(c.channel_id for c in other.creators)
