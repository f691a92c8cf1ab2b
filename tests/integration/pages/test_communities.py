"""Communities of the graph page: what is shown of them, and what marketing changes in them."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from builders.creator_rows import COMMUNITIES, build_channels
from mardev.errors import FixFirst, FormRejected
from mardev.stages.verticals.change_vertical import Merge, Pin, Rename, Split, change_vertical
from mardev.warehouse.tables import channel_rank, graph_run, vertical, vertical_decision

NOW = datetime(2026, 10, 5, 9, tzinfo=UTC)
CHANNELS = build_channels(120)


@pytest.fixture
def run_key(filled, engine: sa.Engine) -> str:
    with engine.connect() as connection:
        return connection.scalars(sa.select(graph_run.c.graph_run_key).order_by(graph_run.c.as_of.desc())).first()


def rows(engine: sa.Engine, run_key: str) -> dict[int, sa.RowMapping]:
    with engine.connect() as connection:
        found = connection.execute(sa.select(vertical).where(vertical.c.graph_run_key == run_key)).mappings()
        return {row["community_no"]: row for row in found}


def members(engine: sa.Engine, run_key: str) -> dict[int, int]:
    statement = sa.select(channel_rank.c.community_no, sa.func.count()).group_by(channel_rank.c.community_no)
    with engine.connect() as connection:
        return dict(connection.execute(statement.where(channel_rank.c.graph_run_key == run_key)).all())


def change(engine: sa.Engine, run_key: str, number: int, what, person: str = "mia") -> str:
    return change_vertical(engine, run_key, number, what, person, NOW)


def test_a_new_name_is_kept_with_who_gave_it(run_key, engine):
    assert change(engine, run_key, 0, Rename("  Mobile   players ")) == "renamed Gamers to Mobile players"
    row = rows(engine, run_key)[0]
    assert (row["label"], row["label_source"], row["is_pinned"]) == ("Mobile players", "person", False)
    with engine.connect() as connection:
        decision = connection.execute(sa.select(vertical_decision)).mappings().one()
    assert (decision["kind"], decision["person"], decision["vertical_key"]) == ("rename", "mia", row["vertical_key"])


@pytest.mark.parametrize("label", ["", "   ", "x" * 81, "a\x00b", COMMUNITIES[1][0]])
def test_a_name_that_is_none_or_taken_is_refused(run_key, engine, label):
    with pytest.raises(FormRejected, match="name"):
        change(engine, run_key, 0, Rename(label))
    assert rows(engine, run_key)[0]["label"] == "Gamers"


def test_merging_moves_the_creators_and_keeps_them_together(run_key, engine):
    before, count = members(engine, run_key), len(rows(engine, run_key))
    change(engine, run_key, 0, Merge(1))
    after, found = members(engine, run_key), rows(engine, run_key)
    assert after[0] == before[0] + before[1] == found[0]["channel_count"]
    assert 1 not in after
    assert 1 not in found
    assert found[0]["is_pinned"]
    with engine.connect() as connection:
        statement = sa.select(graph_run.c.community_count).where(graph_run.c.graph_run_key == run_key)
        assert connection.scalar(statement) == count - 1


def test_merging_with_itself_or_with_nothing_is_refused(run_key, engine):
    with pytest.raises(FormRejected, match="itself"):
        change(engine, run_key, 0, Merge(0))
    with pytest.raises(FixFirst, match="not there"):
        change(engine, run_key, 0, Merge(99))


def test_splitting_by_language_undoes_a_merger_of_two_languages(run_key, engine):
    before = members(engine, run_key)
    change(engine, run_key, 0, Merge(1))
    change(engine, run_key, 0, Split("language"))
    after, found = members(engine, run_key), rows(engine, run_key)
    new = max(found)
    assert sorted((after[0], after[new])) == sorted((before[0], before[1]))
    assert {tuple(found[0]["languages"]), tuple(found[new]["languages"])} == {("de",), ("en",)}
    assert found[0]["is_pinned"]
    assert found[new]["is_pinned"]
    assert len({row["label"] for row in found.values()}) == len(found)


def test_splitting_by_follows_undoes_a_merger_of_two_circles(run_key, engine):
    change(engine, run_key, 0, Merge(4))
    change(engine, run_key, 0, Split("follows"))
    found = rows(engine, run_key)
    parts = [members(engine, run_key)[number] for number in (0, *(number for number in found if number > 8))]
    assert len(parts) >= 2
    assert sum(parts) == sum(1 for channel in CHANNELS if channel.community_no in (0, 4))


def test_a_community_of_one_language_cannot_be_split_by_language(run_key, engine):
    with pytest.raises(FormRejected, match="do not fall into parts"):
        change(engine, run_key, 0, Split("language"))
    assert len(rows(engine, run_key)) == len(COMMUNITIES)


def test_pinning_can_be_taken_back(run_key, engine):
    change(engine, run_key, 2, Pin(keep=True))
    assert rows(engine, run_key)[2]["is_pinned"]
    change(engine, run_key, 2, Pin(keep=False))
    assert not rows(engine, run_key)[2]["is_pinned"]


def test_only_marketing_changes_communities(run_key, engine):
    for person in ("ian", "stranger"):
        with pytest.raises(FixFirst, match="marketing"):
            change(engine, run_key, 0, Rename("Players"), person)


def test_the_page_changes_a_community_and_says_who_did(run_key, mia):
    form = {"graph_run_key": run_key, "community_no": "0", "change": "rename", "value": "<b>Players</b>"}
    answer = mia.post("/graph/verticals", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/mardev/graph?note=vertical#communities")
    page = mia.get("/graph?note=vertical").text
    assert "&lt;b&gt;Players&lt;/b&gt;" in page
    assert "<b>Players</b>" not in page
    assert "Mia Keller renamed Gamers to" in page
    assert "stays together in the next graphs" in page


def test_a_change_from_another_site_is_refused(run_key, mia, engine):
    form = {"graph_run_key": run_key, "community_no": "0", "change": "rename", "value": "Players"}
    assert mia.post("/graph/verticals", data=form, origin="https://evil.example").status_code == 403
    assert rows(engine, run_key)[0]["label"] == "Gamers"


@pytest.mark.parametrize(
    ("change_name", "value", "status"),
    [("rename", "", 422), ("merge", "x", 422), ("split", "moon", 422), ("explode", "", 422), ("merge", "77", 409)],
)
def test_a_form_that_makes_no_sense_is_explained(run_key, mia, change_name, value, status):
    form = {"graph_run_key": run_key, "community_no": "0", "change": change_name, "value": value}
    assert mia.post("/graph/verticals", data=form).status_code == status


def test_who_may_not_change_communities_sees_no_form(run_key, ian, mia):
    assert "/graph/verticals" in mia.get("/graph").text
    assert "/graph/verticals" not in ian.get("/graph").text


def test_somebody_who_is_not_signed_in_changes_nothing(run_key, nobody, engine):
    form = {"graph_run_key": run_key, "community_no": "0", "change": "rename", "value": "Players"}
    assert nobody.post("/graph/verticals", data=form).status_code == 401
    assert rows(engine, run_key)[0]["label"] == "Gamers"
