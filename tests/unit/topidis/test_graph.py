import networkx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders.graphs import planted_graph
from mardev.topidis.graph import FollowGraph
from mardev.topidis.influence import rank_by_influence, rank_numbers

edge_lists = st.lists(
    st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda edge: edge[0] != edge[1]), max_size=40
)


def graph_of(edges: list[tuple[int, int]]) -> FollowGraph:
    return FollowGraph.from_edges([str(n) for n in range(8)], [(str(u), str(v)) for u, v in edges])


def test_two_kinds_of_evidence_for_a_pair_become_one_heavier_edge():
    graph = FollowGraph.from_edges("ab", [("a", "b"), ("a", "b", 0.5)])
    assert graph.edge_count == 1
    assert graph.weight.tolist() == [1.5]


@pytest.mark.parametrize(
    ("edges", "message"),
    [
        ([("a", "z")], "'z', which is not a node"),
        ([("a", "a")], "endorses itself"),
        ([("a", "b", 0.0)], "not positive"),
    ],
)
def test_an_impossible_edge_is_refused(edges, message):
    with pytest.raises(ValueError, match=message):
        FollowGraph.from_edges("ab", edges)


def test_a_channel_that_occurs_twice_is_refused():
    with pytest.raises(ValueError, match="twice"):
        FollowGraph.from_edges("aa", [])


def test_an_empty_graph_is_a_graph():
    graph = FollowGraph.from_edges([], [])
    assert (graph.node_count, graph.edge_count) == (0, 0)
    assert len(graph.undirected()[0]) == 0
    assert len(rank_by_influence(graph)) == 0


def test_a_pair_that_endorses_each_other_is_one_undirected_edge_with_both_weights():
    low, high, weight = FollowGraph.from_edges("ab", [("b", "a", 2.0), ("a", "b")]).undirected()
    assert (low.tolist(), high.tolist(), weight.tolist()) == ([0], [1], [3.0])


@settings(max_examples=30, deadline=None)
@given(edge_lists)
def test_the_order_of_the_evidence_does_not_matter(edges):
    one, other = graph_of(edges), graph_of(edges[::-1])
    assert np.array_equal(one.source, other.source)
    assert np.array_equal(one.weight, other.weight)


@settings(max_examples=30, deadline=None)
@given(edge_lists)
def test_networkx_gets_the_same_graph(edges):
    graph = graph_of(edges)
    other = graph.to_networkx()
    assert other.number_of_edges() == graph.edge_count
    assert [other.in_degree(key) for key in graph.nodes] == graph.follower_counts().tolist()


@settings(max_examples=30, deadline=None)
@given(edge_lists)
def test_influence_agrees_with_networkx(edges):
    graph = graph_of(edges)
    expected = networkx.pagerank(graph.to_networkx(), alpha=0.85, tol=1e-12, max_iter=1000)
    assert rank_by_influence(graph) == pytest.approx([expected[key] for key in graph.nodes], abs=1e-7)


def test_influence_of_a_chain_is_the_closed_form():
    # a -> b, b dangles: a = (1-d)/2 + d*b/2, b = a + d*a, a + b = 1; so a = 1 / (2 + d).
    score = rank_by_influence(FollowGraph.from_edges("ab", [("a", "b")]), damping=0.85)
    assert score == pytest.approx([1 / 2.85, 1.85 / 2.85])


def test_relabelling_moves_influence_along():
    graph = planted_graph([30, 20], seed=3)
    order = np.random.default_rng(5).permutation(graph.node_count)
    moved = FollowGraph.from_edges(
        [graph.nodes[n] for n in order],
        [(graph.nodes[u], graph.nodes[v]) for u, v in zip(graph.source, graph.target, strict=True)],
    )
    assert rank_by_influence(moved) == pytest.approx(rank_by_influence(graph)[order])


def test_a_damping_of_one_is_refused():
    with pytest.raises(ValueError, match="damping"):
        rank_by_influence(FollowGraph.from_edges("ab", []), damping=1.0)


def test_a_tolerance_below_what_doubles_show_is_said_so():
    with pytest.raises(ArithmeticError, match="did not settle"):
        rank_by_influence(planted_graph([5], seed=1, inside=0.6), tolerance=-1.0)


def test_equal_scores_keep_the_order_of_the_nodes():
    assert rank_numbers(np.array([0.5, 0.5, 0.9])).tolist() == [2, 3, 1]
