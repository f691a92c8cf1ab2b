"""Creators: who they are, how big, what they want, and what their channel page says."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

import numpy as np

from sandbox.economy import pictures, texts
from sandbox.economy.markets import MARKETS
from sandbox.economy.names import person_and_channel, unique_handle
from sandbox.economy.shape import USUAL, Shape
from sandbox.economy.verticals import BY_KEY, Vertical
from sandbox.hashing import chance, generator, token, unit
from sandbox.model import Creator, HiddenTraits

TIER_FLOORS = (("mega", 1_000_000), ("macro", 500_000), ("mid", 100_000), ("micro", 10_000), ("nano", 0))
HUB_SHARE = 0.03
BRIDGE_SHARE = 0.04
HIDDEN_SUBSCRIBERS_SHARE = 0.04
ADDRESS_SHARE = 0.85
DEAD_MAILBOX_SHARE = 0.02


@dataclass(slots=True)
class Population:
    """All creators and the arrays that the graph and the counters need, indexed by creator number (n of them)."""

    creators: list[Creator]
    subscribers_at_start: np.ndarray
    """float, n: people."""
    growth_per_year: np.ndarray
    """float, n: share."""
    influence: np.ndarray
    """float, n: weight in the follow graph."""
    community: np.ndarray
    """int, n: index into `community_keys`."""
    community_keys: list[str]
    friends: list[list[int]]
    """Two or three creators of the own community, whom the channel page recommends."""
    by_channel_id: dict[str, int] = field(default_factory=dict)
    by_handle: dict[str, int] = field(default_factory=dict)
    by_address: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Sketch:
    vertical: str
    market: str
    person: str
    title: str
    handle: str


def populate(seed: int, count: int, start: datetime, shape: Shape = USUAL) -> Population:
    """Bring `count` creators into the world."""
    markets = list(MARKETS.values())
    rng = generator(seed, "population")
    verticals = shape.verticals
    vertical_of = rng.choice(len(verticals), count, p=_shares([vertical.share for vertical in verticals]))
    market_of = rng.choice(len(markets), count, p=_shares([market.share for market in markets]))
    subscribers = np.exp(rng.normal(9.35, 1.55, count))
    is_hub, is_bridge = rng.random(count) < HUB_SHARE, rng.random(count) < BRIDGE_SHARE
    community = vertical_of * len(markets) + market_of
    _give_each_community_a_hub(is_hub, community, subscribers)
    subscribers = np.where(
        is_hub, np.maximum(subscribers * 6, 120_000 * np.exp(rng.normal(0, 0.8, count))), subscribers
    )
    influence = (subscribers / 10_000) ** 0.35 * np.where(is_hub, 4.0, 1.0)
    sketches = _sketches(seed, verticals, vertical_of, [markets[index].key for index in market_of])
    friends = _friends(seed, community, influence)
    population = Population(
        [],
        subscribers,
        np.clip(rng.normal(0.25, 0.2, count), 0.01, 1.2),
        influence,
        community,
        [f"{vertical.key}:{market.language}" for vertical in verticals for market in markets],
        friends,
    )
    for number, sketch in enumerate(sketches):
        creator = _creator(
            seed, number, sketch, sketches, population, bool(is_hub[number]), bool(is_bridge[number]), start, shape
        )
        population.creators.append(creator)
        population.by_channel_id[creator.channel_id] = number
        population.by_handle[creator.handle] = number
        if creator.address:
            population.by_address[creator.address] = number
    return population


def tier_of(subscribers: float) -> str:
    """Tier by number of subscribers."""
    return next(tier for tier, floor in TIER_FLOORS if subscribers >= floor)


def _shares(weights: list[float]) -> np.ndarray:
    return np.array(weights) / sum(weights)


def _give_each_community_a_hub(is_hub: np.ndarray, community: np.ndarray, subscribers: np.ndarray) -> None:
    for key in np.unique(community):
        members = np.flatnonzero(community == key)
        if not is_hub[members].any():
            is_hub[members[np.argmax(subscribers[members])]] = True


def _sketches(
    seed: int, verticals: tuple[Vertical, ...], vertical_of: np.ndarray, market_of: list[str]
) -> list[_Sketch]:
    taken: set[str] = set()
    sketches = []
    for number, market in enumerate(market_of):
        vertical = verticals[vertical_of[number]].key
        person, title, wanted = person_and_channel(seed, number, vertical, MARKETS[market].language)
        sketches.append(_Sketch(vertical, market, person, title, unique_handle(wanted, taken, seed, number)))
    return sketches


def _friends(seed: int, community: np.ndarray, influence: np.ndarray) -> list[list[int]]:
    """Draw three members of the own community for everybody, the influential ones more often."""
    friends: list[list[int]] = [[] for _ in community]
    for key in np.unique(community):
        members = np.flatnonzero(community == key)
        weight = influence[members] / influence[members].sum()
        drawn = generator(seed, "friends", int(key)).choice(members, (len(members), 3), p=weight)
        for member, row in zip(members, drawn, strict=True):
            friends[member] = list(dict.fromkeys(int(friend) for friend in row if friend != member))
    return friends


def _creator(
    seed: int,
    number: int,
    sketch: _Sketch,
    sketches: list[_Sketch],
    population: Population,
    is_hub: bool,
    is_bridge: bool,
    start: datetime,
    shape: Shape,
) -> Creator:
    market, vertical = MARKETS[sketch.market], BY_KEY[sketch.vertical]
    subscribers = float(population.subscribers_at_start[number])
    rng = generator(seed, "creator", number)
    identity = token(22, seed, "channel", number)
    age_days = int(200 + 3200 * rng.random())
    words = vertical.words[market.language]
    topics = tuple(words[index] for index in sorted(rng.choice(len(words), 4, replace=False)))
    address = None
    if chance(ADDRESS_SHARE, seed, number, "address"):
        mailbox = ("business", "kontakt" if market.language == "de" else "contact", "hello", "booking")[number % 4]
        address = f"{mailbox}@{sketch.handle}.example"
    friend_handles = [sketches[friend].handle for friend in population.friends[number][:2]]
    return Creator(
        number=number,
        name=sketch.title,
        person=sketch.person,
        handle=sketch.handle,
        channel_id=f"UC{identity}",
        uploads_playlist=f"UU{identity}",
        country=sketch.market if chance(0.95, seed, number, "country") else None,
        market=sketch.market,
        language=market.language,
        vertical=sketch.vertical,
        tier=tier_of(subscribers),
        topics=topics,
        topic_categories=vertical.topics,
        description=texts.channel_description(
            seed, number, market.language, sketch.person, topics, address, friend_handles
        ),
        created_at=(start - timedelta(days=age_days, seconds=int(86_400 * rng.random()))),
        subscribers_hidden=chance(HIDDEN_SUBSCRIBERS_SHARE, seed, number, "subscribers-hidden"),
        subscriptions_hidden=chance(shape.hidden_subscriptions_share, seed, number, "subscriptions-hidden"),
        address=address,
        picture=pictures.avatar(seed, number, sketch.title),
        traits=_traits(seed, number, sketch, population, is_hub, is_bridge),
    )


def _traits(
    seed: int, number: int, sketch: _Sketch, population: Population, is_hub: bool, is_bridge: bool
) -> HiddenTraits:
    rng = generator(seed, "traits", number)
    market, vertical = MARKETS[sketch.market], BY_KEY[sketch.vertical]
    average_views = float(population.subscribers_at_start[number]) ** 0.93 * 0.3 * float(np.exp(rng.normal(0, 0.45)))
    price = average_views / 1000 * market.cost_per_thousand_views_eur * float(np.exp(rng.normal(0, 0.3)))
    return HiddenTraits(
        reservation_price_eur=Decimal(max(20.0, price)).quantize(Decimal("1")),
        average_views=round(average_views, 1),
        fit=round(float(np.clip(rng.normal(vertical.fit, 0.12), 0.05, 1.0)), 3),
        influence=round(float(population.influence[number]), 3),
        is_hub=is_hub,
        is_bridge=is_bridge,
        community=population.community_keys[int(population.community[number])],
        answers_mail=0.9,
        is_careless=unit(seed, number, "careless") < 0.08,
        mailbox_works=unit(seed, number, "mailbox") >= DEAD_MAILBOX_SHARE,
    )
