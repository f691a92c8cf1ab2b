"""What a world is made of, wired together."""

import threading
from dataclasses import dataclass
from datetime import datetime

from sandbox.accounts.networks import Networks
from sandbox.baseline import Baseline
from sandbox.clock import WorldClock
from sandbox.economy.creators import Population, populate
from sandbox.economy.graph import FollowGraph
from sandbox.economy.search import ChannelSearch
from sandbox.economy.videos import VideoCatalogue
from sandbox.incidents import Incidents
from sandbox.links import LinkTable
from sandbox.mail.post_office import PostOffice
from sandbox.people.acquaintance import Acquaintance
from sandbox.people.audience import Audience
from sandbox.people.behaviour import Creators
from sandbox.shop import Shop
from sandbox.trade import Trade


@dataclass(frozen=True, slots=True)
class Parts:
    """One of each."""

    seed: int
    start: datetime
    clock: WorldClock
    population: Population
    graph: FollowGraph
    catalogue: VideoCatalogue
    search: ChannelSearch
    incidents: Incidents
    post_office: PostOffice
    people: Creators
    links: LinkTable
    shop: Shop
    trade: Trade
    networks: Networks


def build_parts(seed: int, creator_count: int, start: datetime, lock: threading.RLock) -> Parts:
    """A world at its first instant, without any input yet."""
    population = populate(seed, creator_count, start)
    graph, catalogue = FollowGraph(seed, population, start), VideoCatalogue(seed, population, start)
    incidents, post_office, links, shop = Incidents(), PostOffice(seed), LinkTable(seed), Shop(seed)
    people = Creators(
        seed,
        population,
        post_office,
        incidents,
        Acquaintance(population, graph),
        lambda address, raw, at: void(post_office.store(address, raw, at)),
    )
    people.house.video_id_of = catalogue
    trade = Trade(Audience(seed), people.house, links, shop, incidents, Baseline(seed, start, incidents))
    clock, search = WorldClock(start), ChannelSearch(seed, population)
    networks = Networks(seed, population, graph, catalogue, search, start, lambda: clock.now, lock)
    return Parts(
        seed,
        start,
        clock,
        population,
        graph,
        catalogue,
        search,
        incidents,
        post_office,
        people,
        links,
        shop,
        trade,
        networks,
    )


def void(_: object) -> None:
    """Drop an answer that nobody needs."""
