"""What creators make of offers."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from tests.builders.sandbox_world import small_world

from sandbox.economy.creators import populate
from sandbox.economy.graph import FollowGraph
from sandbox.model import Creator
from sandbox.people.acquaintance import Acquaintance
from sandbox.people.deciding import decide, price_of
from sandbox.people.reading import ReadMail, read_mail

OFFER = read_mail(
    b"From: a@b.example\r\n\r\nFormat: integrated_mention\r\nReference: r/1\r\n", datetime(2026, 10, 5, tzinfo=UTC)
)


@pytest.fixture(scope="module")
def creators(tmp_path_factory: pytest.TempPathFactory) -> list[Creator]:
    world = small_world(tmp_path_factory.mktemp("deciding"), creators=400)
    return [creator for creator in world.creators if creator.traits.fit >= 0.3]


def offer_of(creator: Creator, times_price: str, reference: str) -> ReadMail:
    amount = (price_of(creator, OFFER, 0) * Decimal(times_price)).quantize(Decimal("0.01"))
    return replace(OFFER, amount_eur=amount, reference=reference)


def shares(creators: list[Creator], times_price: str) -> dict[str, float]:
    kinds = Counter(
        decide(7, creator, offer_of(creator, times_price, f"r{n}/1"), 0, 0).kind
        for creator in creators
        for n in range(8)
    )
    return {kind: count / kinds.total() for kind, count in kinds.items()}


def test_fair_offers_are_answered_as_the_world_promises(creators: list[Creator]):
    found = shares(creators, "1.0001")
    assert found["accept"] == pytest.approx(0.6, abs=0.04)
    assert found["counter"] == pytest.approx(0.15, abs=0.03)
    assert found["decline"] == pytest.approx(0.15, abs=0.03)
    assert found["silent"] == pytest.approx(0.10, abs=0.03)


def test_a_hopelessly_low_offer_is_never_accepted(creators: list[Creator]):
    assert set(shares(creators, "0.2")) == {"decline", "silent"}


def test_a_counter_asks_for_more_than_was_offered_and_for_the_price(creators: list[Creator]):
    for creator in creators:
        offer = offer_of(creator, "0.8", "r/1")
        decision = decide(7, creator, offer, 0, 0)
        if decision.asked_eur is not None:
            assert decision.asked_eur > (offer.amount_eur or 0)
            assert decision.asked_eur >= decision.price_eur


def test_respected_names_lower_the_price(creators: list[Creator]):
    assert price_of(creators[0], OFFER, 3) < price_of(creators[0], OFFER, 1) < price_of(creators[0], OFFER, 0)


def test_a_short_costs_less_than_a_video_of_its_own(creators: list[Creator]):
    short, video = replace(OFFER, format="short"), replace(OFFER, format="dedicated_video")
    assert price_of(creators[0], short, 0) < price_of(creators[0], video, 0)


def test_the_same_offer_is_decided_the_same_way(creators: list[Creator], tmp_path: Path):
    offer = offer_of(creators[0], "1.0", "r/1")
    assert decide(7, creators[0], offer, 0, 0) == decide(7, creators[0], offer, 0, 0)


def test_a_followed_creator_named_in_the_mail_is_noticed(tmp_path: Path):
    world = small_world(tmp_path)
    population = populate(7, 200, world.start)
    acquaintance = Acquaintance(population, FollowGraph(7, population, world.start))
    creator = population.creators[0]
    followed = world.creator(world.subscriptions(creator.channel_id)[0].channel_id)
    assert acquaintance.names_known(creator, f"Already in: @{followed.handle}, @{creator.handle}") == 1
    assert acquaintance.names_known(creator, "Already in: nobody you know") == 0
