import time
from xml.etree import ElementTree

import numpy as np
import pytest

from builders.graphs import planted_graph
from mardev.topidis.graph import FollowGraph
from mardev.topidis.influence import rank_by_influence
from mardev.topidis.layout import PACKED_DISCS, community_layout, lay_out_by_level
from mardev.topidis.picture import draw_graph
from mardev.topidis.verticals import find_communities


@pytest.fixture(scope="module")
def laid_out():
    graph = planted_graph([40, 30, 20], seed=1)
    labels, influence = find_communities(graph, seed=1).labels, rank_by_influence(graph)
    return graph, labels, influence, community_layout(graph, labels, influence, seed=3)


def test_the_same_seed_gives_the_same_places(laid_out):
    graph, labels, influence, places = laid_out
    assert np.array_equal(places, community_layout(graph, labels, influence, seed=3))
    assert not np.array_equal(places, community_layout(graph, labels, influence, seed=4))


def test_places_are_finite_and_within_the_frame(laid_out):
    places = laid_out[3]
    assert np.isfinite(places).all()
    assert np.abs(places).max() == pytest.approx(1.0)


def test_the_most_influential_is_nearest_to_the_middle_of_its_community(laid_out):
    _, labels, influence, places = laid_out
    for community in range(3):
        members = np.flatnonzero(labels == community)
        from_middle = np.linalg.norm(places[members] - places[members].mean(axis=0), axis=1)
        assert members[np.argmin(from_middle)] == members[np.argmax(influence[members])]


def test_communities_do_not_overlap(laid_out):
    _, labels, _, places = laid_out
    centres = np.array([places[labels == c].mean(axis=0) for c in range(3)])
    nearest = np.linalg.norm(places[:, None, :] - centres[None], axis=2).argmin(axis=1)
    assert np.array_equal(nearest, labels)


def test_twenty_thousand_channels_are_placed_within_five_seconds():
    rng = np.random.default_rng(1)
    n = 20_000
    source, target = rng.integers(0, n, (2, 60_000))
    kept = source != target
    graph = FollowGraph(tuple(map(str, range(n))), source[kept], target[kept], np.ones(kept.sum()))
    labels = np.sort(rng.integers(0, 300, n))
    started = time.process_time()
    community_layout(graph, labels, rng.random(n), seed=1)
    assert time.process_time() - started < 5


def test_many_small_communities_are_strewn_around_without_touching():
    count = PACKED_DISCS + 60
    graph = FollowGraph.from_edges(map(str, range(count)), [])
    places = community_layout(graph, np.arange(count), np.ones(count), seed=1)
    distance = np.linalg.norm(places[:, None] - places[None], axis=2)
    np.fill_diagonal(distance, np.inf)
    assert distance.min() > 0.005


def test_an_empty_graph_has_no_places():
    empty = FollowGraph.from_edges([], [])
    assert community_layout(empty, np.zeros(0, dtype=np.int64), np.zeros(0), seed=1).shape == (0, 2)


def test_labels_of_another_length_are_refused(laid_out):
    graph, _, influence, _ = laid_out
    with pytest.raises(ValueError, match="90 entries"):
        community_layout(graph, np.zeros(3, dtype=np.int64), influence, seed=1)


def picture(laid_out, **more):
    graph, labels, influence, places = laid_out
    names = [f"チャンネル {n}" if n % 3 == 0 else f"Creator $_{n}$" for n in range(graph.node_count)]
    values = {"names": names, "community_labels": {0: "Gaming (German)"}, "title": "Graph"} | more
    return draw_graph(graph, places, labels, influence, **values)


def test_a_picture_is_a_png_of_the_promised_size(laid_out):
    image = picture(laid_out, highlight=[1, 5])
    assert image[:8] == b"\x89PNG\r\n\x1a\n"
    assert (int.from_bytes(image[16:20]), int.from_bytes(image[20:24])) == (1600, 1000)


def test_a_vector_picture_is_well_formed_and_the_same_each_time(laid_out):
    first, second = (picture(laid_out, image_format="svg") for _ in range(2))
    assert ElementTree.fromstring(first).tag.endswith("svg")
    assert first == second


def test_an_empty_graph_gives_an_empty_picture():
    empty, none = FollowGraph.from_edges([], []), np.zeros(0)
    image = draw_graph(empty, np.zeros((0, 2)), none.astype(np.int64), none, names=[], community_labels={})
    assert image[:4] == b"\x89PNG"


def test_names_of_another_length_are_refused(laid_out):
    with pytest.raises(ValueError, match="90 entries"):
        picture(laid_out, names=["one"])


def test_members_lie_within_the_bubble_of_their_community(laid_out):
    graph, labels, influence, _ = laid_out
    picture = lay_out_by_level(graph, labels, influence, seed=3)
    away = np.linalg.norm(picture.positions - picture.centres[picture.labels], axis=1)
    assert (away <= picture.radii[picture.labels] + 1e-9).all()
    assert picture.sizes.tolist() == [40, 30, 20]


def test_flows_between_bubbles_are_the_follows_between_their_members(laid_out):
    graph, labels, influence, _ = laid_out
    picture = lay_out_by_level(graph, labels, influence, seed=3)
    between = labels[graph.source] != labels[graph.target]
    assert picture.flows[:, 2].sum() == pytest.approx(graph.weight[between].sum())
    assert (np.diff(picture.flows[:, 2]) <= 0).all()
    assert (picture.flows[:, 0] != picture.flows[:, 1]).all()


def test_many_small_communities_are_one_bubble():
    n = 10_000
    labels = np.r_[np.zeros(n - 20, dtype=np.int64), np.arange(1, 21)]
    graph = FollowGraph(tuple(map(str, range(n))), np.array([0]), np.array([n - 1]), np.ones(1))
    picture = lay_out_by_level(graph, labels, np.ones(n), seed=1)
    assert picture.sizes.tolist() == [n - 20, 20]
    assert picture.flows.tolist() == [[0.0, 1.0, 1.0]]


def test_nobody_is_laid_out_by_level():
    picture = lay_out_by_level(FollowGraph.from_edges([], []), np.zeros(0, dtype=np.int64), np.zeros(0), seed=1)
    assert (picture.positions.shape, picture.centres.shape, picture.flows.shape) == ((0, 2), (0, 2), (0, 3))


def test_labels_of_another_length_are_refused_by_level(laid_out):
    graph, _, influence, _ = laid_out
    with pytest.raises(ValueError, match="90 entries"):
        lay_out_by_level(graph, np.zeros(3, dtype=np.int64), influence, seed=1)
