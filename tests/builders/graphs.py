"""Graphs and candidates for tests."""

from decimal import Decimal

import numpy as np

from mardev.topidis.graph import FollowGraph
from mardev.topidis.selection import Candidate


def planted_graph(sizes: list[int], *, seed: int, inside: float = 0.2, between: float = 0.004) -> FollowGraph:
    """Communities of these sizes; an edge inside one is likelier than one between two."""
    rng = np.random.default_rng(seed)
    community = np.repeat(np.arange(len(sizes)), sizes)
    n = len(community)
    chance = np.where(community[:, None] == community[None, :], inside, between)
    np.fill_diagonal(chance, 0)
    source, target = np.nonzero(rng.random((n, n)) < chance)
    keys = [f"youtube:{number}" for number in range(n)]
    return FollowGraph.from_edges(keys, [(keys[u], keys[v]) for u, v in zip(source, target, strict=True)])


def candidate(
    key: str, *, audience: float = 1000.0, price: str = "100", market: str = "DE", **more: object
) -> Candidate:
    values: dict[str, object] = {"title": key.title(), "influence": audience / 1e6} | more
    return Candidate(channel_key=key, market=market, audience=audience, price=Decimal(price), **values)  # type: ignore[arg-type]
