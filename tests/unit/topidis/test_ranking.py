"""Centralities against NetworkX, the engine for large graphs against the one for small, and closed forms."""

import networkx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mardev.topidis.centrality import betweenness, bridging, components, core_numbers, hits
from mardev.topidis.flow import SparseFlow, edge_blocks, flow_of
from mardev.topidis.graph import FollowGraph
from mardev.topidis.influence import pagerank, rank_by_influence
from mardev.topidis.influence_score import PARTS, influence_score
from mardev.topidis.kernels import adjacency_of, core_numbers_of


def random_graph(n: int, m: int, seed: int) -> FollowGraph:
    random = np.random.default_rng(seed)
    source, target = random.integers(0, n, m), random.integers(0, n, m)
    kept = source != target
    return FollowGraph.from_arrays(map(str, range(n)), source[kept], target[kept])


def values(graph: FollowGraph, by_node: dict[str, float]) -> np.ndarray:
    return np.array([by_node[node] for node in graph.nodes])


@pytest.fixture(scope="module")
def graph() -> FollowGraph:
    return random_graph(300, 2_000, seed=3)


def test_pagerank_agrees_with_networkx_weights_included(graph: FollowGraph):
    expected = values(graph, networkx.pagerank(graph.to_networkx(), alpha=0.85, tol=1e-14, max_iter=1000))
    assert np.abs(rank_by_influence(graph, tolerance=1e-12) - expected).sum() < 1e-9


def test_hits_agrees_with_networkx(graph: FollowGraph):
    unweighted = FollowGraph(graph.nodes, graph.source, graph.target, np.ones(graph.edge_count))
    hubs, authorities = networkx.hits(unweighted.to_networkx(), max_iter=1000, tol=1e-12)
    hub, authority = hits(flow_of(graph.source, graph.target, graph.node_count))
    assert np.abs(hub - values(graph, hubs)).max() < 1e-9
    assert np.abs(authority - values(graph, authorities)).max() < 1e-9


def test_core_numbers_agree_with_networkx_in_both_engines(graph: FollowGraph):
    expected = values(graph, networkx.core_number(graph.to_networkx().to_undirected()))
    low, high, _ = graph.undirected()
    assert (core_numbers(graph) == expected).all()
    assert (core_numbers_of(*adjacency_of(low, high, graph.node_count)) == expected).all()


def test_exact_betweenness_agrees_with_networkx(graph: FollowGraph):
    expected = values(graph, networkx.betweenness_centrality(graph.to_networkx()))
    assert np.abs(betweenness(graph, seed=1) - expected).max() < 1e-12


def test_sampled_betweenness_is_repeatable_and_finds_the_go_betweens(graph: FollowGraph):
    exact, sampled = betweenness(graph, seed=1), betweenness(graph, seed=1, pivots=150)
    assert (betweenness(graph, seed=1, pivots=150) == sampled).all()
    assert sampled.sum() == pytest.approx(exact.sum(), rel=0.1)
    assert len(set(np.argsort(-exact)[:20]) & set(np.argsort(-sampled)[:40])) >= 15


def test_components_agree_with_networkx():
    graph = random_graph(200, 180, seed=5)
    found, whole = components(graph), graph.to_networkx()
    assert found.weak_count == networkx.number_weakly_connected_components(whole)
    assert found.strong_count == networkx.number_strongly_connected_components(whole)
    assert np.bincount(found.weak)[0] == max(map(len, networkx.weakly_connected_components(whole)))


@settings(deadline=None, max_examples=25)
@given(n=st.integers(2, 40), m=st.integers(0, 120), seed=st.integers(0, 2**20), threads=st.integers(1, 3))
def test_the_engine_for_large_graphs_computes_what_the_small_one_does(n: int, m: int, seed: int, threads: int):
    graph = random_graph(n, m, seed)
    random = np.random.default_rng(seed)
    for weight in (None, graph.weight):
        large = edge_blocks(graph.source, graph.target, n, weight, threads=threads)
        small = SparseFlow(graph.source, graph.target, n, weight)
        given = random.random(n)
        assert np.allclose(large.forward(given), small.forward(given))
        assert np.allclose(large.backward(given), small.backward(given))
        assert np.allclose(large.strength, small.strength)


def test_ids_beyond_one_block_find_their_way():
    random = np.random.default_rng(1)
    n, m = 200_000, 300_000
    source, target, weight = random.integers(0, n, m), random.integers(0, n, m), random.random(m)
    given = random.random(n)
    large, small = flow_of(source, target, n, weight, threads=2), SparseFlow(source, target, n, weight)
    assert np.allclose(large.forward(given), small.forward(given))
    assert np.allclose(large.backward(given), small.backward(given))
    assert np.abs(pagerank(large) - pagerank(small)).sum() < 1e-9


@pytest.mark.parametrize("edges", [([0, 5], [1, 1]), ([-1], [0]), ([0, 1], [1])])
def test_edges_that_name_no_node_or_lack_an_end_are_refused(edges: tuple[list[int], list[int]]):
    source, target = (np.array(side, dtype=np.int64) for side in edges)
    with pytest.raises(ValueError, match=r"edge|Edges"):
        flow_of(source, target, 3)
    with pytest.raises(ValueError, match=r"edge|Edges"):
        FollowGraph.from_arrays("abc", source, target)


@pytest.mark.parametrize("nodes", ["", "a", "ab"])
def test_graphs_too_small_to_say_anything_do_no_harm(nodes: str):
    graph = FollowGraph.from_edges(nodes, [])
    flow = flow_of(graph.source, graph.target, graph.node_count)
    assert rank_by_influence(graph).tolist() == [1 / max(len(nodes), 1)] * len(nodes)
    assert hits(flow)[0].tolist() == [0.0] * len(nodes)
    assert core_numbers(graph).tolist() == [0] * len(nodes)
    assert components(graph).weak_count == len(nodes)
    assert betweenness(graph, seed=1).tolist() == [0.0] * len(nodes)
    labels = np.zeros(len(nodes), dtype=np.int64)
    assert bridging(graph, labels).tolist() == [0.0] * len(nodes)
    assert len(influence_score(graph, rank_by_influence(graph), labels, seed=1).score) == len(nodes)


def test_hits_of_two_nodes_needs_no_lanczos():
    hub, authority = hits(flow_of(np.array([0]), np.array([1]), 2))
    assert (hub.tolist(), authority.tolist()) == ([1.0, 0.0], [0.0, 1.0])


def test_a_score_is_the_weighted_sum_of_parts_that_anybody_can_add_up(graph: FollowGraph):
    labels = np.arange(graph.node_count) % 4
    result = influence_score(graph, rank_by_influence(graph), labels, seed=1)
    assert sum(part.share for part in PARTS) == pytest.approx(1.0)
    by_hand = sum(part.share * result.parts[part.key][7] for part in PARTS)
    assert result.score[7] == pytest.approx(by_hand)
    assert all(part.min() >= 0 and part.max() <= 100 for part in result.parts.values())
