"""What a retrospective learned of a creator decides over the next list; people ask for and rule out creators, too."""

from dataclasses import dataclass, replace

import pytest
import sqlalchemy as sa

from builders.served_world import PlannedIteration
from mardev.domain.words import Stage
from mardev.stages.context import StageContext
from mardev.stages.create.write_offers import write_offers
from mardev.stages.plan.open_iteration import open_iteration
from mardev.stages.retrospect.propose_next import propose_next


@dataclass(frozen=True)
class Followed:
    """The plan of an iteration that follows one in which a creator did not publish."""

    context: StageContext
    absent: str
    best: list[str]
    abroad: str
    ruled_out: str
    proposed: dict

    def rows(self, query: str) -> list[sa.RowMapping]:
        with self.context.warehouse.connect() as connection:
            return list(connection.execute(sa.text(query), {"key": self.context.iteration}).mappings())

    def wish(self, channel_key: str | None) -> dict:
        (plan,) = self.rows("SELECT wishes FROM core.plan WHERE iteration_key = :key")
        (wish,) = [wish for wish in plan["wishes"] if wish["channel_key"] == channel_key]
        return wish


class ShortlistedIteration(PlannedIteration):
    """Works the plan of a proposed form."""

    def work(self, form) -> str:
        self.context = replace(self.context, params=form)
        key = self._do(Stage.PLAN, open_iteration)
        self.context = replace(self.context, iteration=key)
        self._plan()
        return key


def first(engine: sa.Engine, query: str, **values) -> str:
    with engine.connect() as connection:
        return connection.scalars(sa.text(query), values).first()


@pytest.fixture(scope="module")
def followed(world, worked, new_warehouse) -> Followed:
    engine = new_warehouse(str(worked.warehouse.url.database))
    absent = first(engine, "SELECT channel_key FROM core.placement WHERE state = 'live' ORDER BY placement_key DESC")
    with engine.begin() as connection:  # as if the post had never come
        connection.execute(
            sa.text(
                "UPDATE core.post SET placement_key = NULL, matched_by = NULL WHERE placement_key IN "
                "(SELECT placement_key FROM core.placement WHERE channel_key = :absent)"
            ),
            {"absent": absent},
        )
    propose_next(world.context(engine, dag_id="retrospect", iteration=worked.key))
    with engine.connect() as connection:
        proposed = connection.scalar(sa.text("SELECT form FROM core.proposal"))
    abroad = first(
        engine, "SELECT result ->> 'handle' FROM ops.crawl_item WHERE step = 'channel' AND result ->> 'country' = 'JP'"
    )
    ruled_out = first(
        engine,
        "SELECT channel_key FROM core.plan_row WHERE choice = 'chosen' AND NOT channel_key = ANY(:others) ORDER BY 1",
        others=[absent, *proposed["must_have"]],
    )
    handle = first(engine, "SELECT handle FROM core.channel WHERE channel_key = :key", key=ruled_out)
    form = proposed | {
        "must_have": [*proposed["must_have"], "@nobody-at-all", f"https://www.youtube.com/@{abroad.lstrip('@')}"],
        "never": [*proposed["never"], f"@{handle.lstrip('@').upper()}"],
        "flight_from": "",  # as early as can be from now on: other tests move the world's clock
    }
    iteration = ShortlistedIteration(world.context(engine), world.control, "followed")
    iteration.work(form)
    return Followed(iteration.context, absent, proposed["must_have"], abroad, ruled_out, proposed)


def test_the_proposal_asks_for_the_best_and_rules_out_who_did_not_publish(followed):
    posts = followed.rows("SELECT channel_key FROM core.post WHERE placement_key IS NOT NULL")
    assert followed.absent in followed.proposed["never"]
    assert {post["channel_key"] for post in posts}.isdisjoint(followed.proposed["never"])
    assert 1 <= len(followed.best) <= 3
    assert followed.absent not in followed.best


def test_an_iteration_that_was_proposed_follows_the_one_that_proposed_it(followed):
    (row,) = followed.rows("SELECT follows_iteration_key FROM core.iteration WHERE iteration_key = :key")
    assert row["follows_iteration_key"] == "autumn-games"


def test_who_did_not_publish_is_neither_chosen_nor_in_reserve_and_the_plan_says_why(followed):
    rows = followed.rows("SELECT channel_key FROM core.plan_row WHERE iteration_key = :key")
    assert followed.absent not in {row["channel_key"] for row in rows}
    wish = followed.wish(followed.absent)
    assert wish["text"] == (
        "left out, because the last retrospective (Autumn games) found that this creator did not publish."
    )
    assert wish["from_iteration_key"] == "autumn-games"


def test_the_best_of_the_last_iteration_come_first_and_are_asked_for(followed):
    chosen = followed.rows(
        "SELECT channel_key, reason FROM core.plan_row WHERE iteration_key = :key AND choice = 'chosen' "
        "ORDER BY approach_order"
    )
    met = [key for key in followed.best if followed.wish(key)["is_met"]]
    assert met
    assert {row["channel_key"] for row in chosen[: len(met)]} == set(met)
    assert all(row["reason"].startswith("Asked for; ") for row in chosen[: len(met)])
    assert "the last retrospective (Autumn games) found that this creator brought" in followed.wish(met[0])["text"]


def test_the_plan_with_wishes_stays_inside_budget_and_head_count(followed):
    (plan,) = followed.rows(
        "SELECT sum(price_amount) <= min(budget_amount) AS is_affordable, count(*) AS seats FROM core.plan_row "
        "JOIN core.iteration USING (iteration_key) WHERE iteration_key = :key AND choice = 'chosen'"
    )
    assert plan["is_affordable"]
    assert plan["seats"] <= 6


def test_who_was_asked_for_and_not_found_is_reported(followed):
    wish = followed.wish(None)
    assert (wish["name"], wish["is_met"]) == ("@nobody-at-all", False)
    assert wish["text"] == "was not found on the platform. Check the address or the handle."
    (check_in,) = followed.rows(
        "SELECT note FROM core.check_in WHERE iteration_key = :key AND stage = 'plan' AND lane = 'marketing'"
    )
    assert "Not found: @nobody-at-all" in check_in["note"]


def test_who_was_asked_for_and_publishes_elsewhere_is_reported_by_name(followed):
    (plan,) = followed.rows("SELECT wishes FROM core.plan WHERE iteration_key = :key")
    (wish,) = [wish for wish in plan["wishes"] if "Japan" in wish["text"]]
    assert not wish["is_met"]
    assert wish["name"] != followed.abroad
    assert wish["text"] == "was found, but publishes in Japan, which is not a market of this campaign."


def test_a_person_rules_out_by_handle_in_any_spelling(followed):
    rows = followed.rows("SELECT channel_key FROM core.plan_row WHERE iteration_key = :key")
    assert followed.ruled_out not in {row["channel_key"] for row in rows}
    assert followed.wish(followed.ruled_out)["text"] == "left out, because the form says so."


def test_nobody_who_was_ruled_out_is_approached_when_every_answer_is_no(followed):
    context = replace(followed.context, run=replace(followed.context.run, dag_id="create"))
    with context.warehouse.begin() as connection:
        connection.execute(
            sa.text("UPDATE core.iteration SET state = 'create' WHERE iteration_key = :key"), {"key": context.iteration}
        )
    while write_offers(context)["offers"]:
        with context.warehouse.begin() as connection:
            connection.execute(sa.text("UPDATE core.deal SET state = 'declined' WHERE state = 'offered'"))
    asked = {
        row["channel_key"] for row in followed.rows("SELECT channel_key FROM core.deal WHERE iteration_key = :key")
    }
    assert len(asked) > 6
    assert asked.isdisjoint({followed.absent, followed.ruled_out})
