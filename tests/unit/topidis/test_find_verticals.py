"""Verticals from follows and content: what the evidence bears, no more; stated stability; odd graphs."""

import numpy as np
import pytest

from builders.graphs import planted_graph
from mardev.topidis.agreement import normalised_mutual_information as agreement
from mardev.topidis.block_model import BlockModel, Fit
from mardev.topidis.content import content_evidence
from mardev.topidis.graph import FollowGraph
from mardev.topidis.verticals import find_verticals, plain_leiden

SIZES = [60, 50, 40]
PLANTED = np.repeat(np.arange(3), SIZES)


def topics_of(planted: np.ndarray) -> list[list[str]]:
    return [[("Gaming", "Music", "Food")[number]] for number in planted]


def said(planted: np.ndarray, *, silent: int = 0):
    topics = topics_of(planted)
    for place in range(silent):
        topics[place] = []
    return content_evidence([""] * len(planted), [None] * len(planted), topics)


def random_graph(n: int, m: int, seed: int) -> FollowGraph:
    rng = np.random.default_rng(seed)
    pairs = np.unique(rng.integers(0, n, (2, m)), axis=1)
    pairs = pairs[:, pairs[0] != pairs[1]]
    return FollowGraph(tuple(f"c{node}" for node in range(n)), pairs[0], pairs[1], np.ones(pairs.shape[1]))


def test_planted_communities_are_found_from_the_graph_alone_and_are_stable():
    found = find_verticals(planted_graph(SIZES, seed=1), seed=7)
    assert agreement(found.labels, PLANTED) == 1.0
    assert found.stability.tolist() == [1.0, 1.0, 1.0]
    assert (found.unknown, found.is_refined) == (None, True)


def test_content_tells_what_a_thin_graph_does_not():
    graph = planted_graph(SIZES, seed=3, inside=0.035, between=0.012)
    together = agreement(find_verticals(graph, said(PLANTED), seed=7).labels, PLANTED)
    alone = agreement(find_verticals(graph, seed=7).labels, PLANTED)
    assert together > 0.9
    assert together > alone + 0.3


def test_the_graph_tells_what_silent_channels_do_not():
    found = find_verticals(planted_graph(SIZES, seed=1), said(PLANTED, silent=20), seed=7)
    assert agreement(found.labels, PLANTED) == 1.0


def test_channels_nobody_follows_go_where_their_content_fits():
    graph = planted_graph(SIZES, seed=1)
    more = FollowGraph((*graph.nodes, "new:1", "new:2"), graph.source, graph.target, graph.weight)
    found = find_verticals(more, said(np.append(PLANTED, [2, 0])), seed=7)
    assert found.labels[-2:].tolist() == [found.labels[-3], found.labels[0]]
    assert found.unknown is None


def test_channels_without_edges_and_without_words_share_the_last_community():
    graph = planted_graph(SIZES, seed=1)
    more = FollowGraph((*graph.nodes, "new:1", "new:2"), graph.source, graph.target, graph.weight)
    found = find_verticals(more, seed=7)
    assert found.labels[-2:].tolist() == [3, 3]
    assert (found.unknown, found.stability[3]) == (3, 0.0)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_graph_without_communities_is_one_community(seed):
    graph = random_graph(400, 2400, seed)
    assert len(np.unique(plain_leiden(graph, seed=seed))) > 3  # Leiden alone divides it all the same
    assert find_verticals(graph, seed=seed).community_count == 1


def test_parts_that_do_not_touch_are_told_apart():
    one, other = planted_graph([40], seed=1), planted_graph([30], seed=2)
    nodes = tuple(f"c{node}" for node in range(70))
    source, target = np.r_[one.source, other.source + 40], np.r_[one.target, other.target + 40]
    graph = FollowGraph(nodes, source, target, np.ones(len(source)))
    assert find_verticals(graph, seed=1).labels.tolist() == [0] * 40 + [1] * 30


@pytest.mark.parametrize(
    ("nodes", "edges", "labels", "unknown"),
    [("", [], [], None), ("a", [], [0], 0), ("ab", [("a", "b")], [0, 0], None), ("abc", [("a", "b")], [0, 0, 1], 1)],
)
def test_the_smallest_graphs_have_an_answer(nodes, edges, labels, unknown):
    found = find_verticals(FollowGraph.from_edges(nodes, edges), seed=1)
    assert (found.labels.tolist(), found.unknown) == (labels, unknown)
    assert len(found.stability) == found.community_count


def test_the_same_seed_gives_the_same_verticals():
    graph = planted_graph(SIZES, seed=5, inside=0.06, between=0.02)
    first, second = (find_verticals(graph, said(PLANTED), seed=3) for _ in range(2))
    assert np.array_equal(first.labels, second.labels)
    assert np.array_equal(first.stability, second.stability)


def test_content_of_other_channels_is_refused():
    with pytest.raises(ValueError, match="content is of 150"):
        find_verticals(planted_graph([10], seed=1), said(PLANTED), seed=1)


def test_no_seed_for_the_stability_is_refused():
    with pytest.raises(ValueError, match="seeds"):
        find_verticals(planted_graph([10], seed=1), seed=1, seeds=0)


def test_the_price_of_a_merger_is_the_difference_of_two_descriptions():
    graph, labels = planted_graph(SIZES, seed=1), np.arange(150) % 7
    model = BlockModel(graph, said(PLANTED).counts)
    blocks = model._blocks(labels, 7)
    one, other, change = blocks.best_merger()
    merged = np.unique(np.where(labels == other, one, labels), return_inverse=True)[1]
    assert change == pytest.approx(model.description_length(merged) - model.description_length(labels))


def test_merging_brings_an_over_divided_graph_back():
    model = BlockModel(planted_graph(SIZES, seed=1))
    divided = PLANTED * 2 + np.arange(150) % 2
    merged = model.merged(Fit(divided, model.description_length(divided)))
    assert agreement(merged.labels, PLANTED) == 1.0


def test_labels_of_another_length_are_refused():
    with pytest.raises(ValueError, match="expected 150"):
        BlockModel(planted_graph(SIZES, seed=1)).refined(np.zeros(3, dtype=np.int64), seed=1)
