import networkx
import numpy as np
import pytest

from builders.graphs import planted_graph
from mardev.topidis.graph import FollowGraph
from mardev.topidis.verticals import find_communities, label_communities, modularity_of


def test_planted_communities_are_found():
    found = find_communities(planted_graph([40, 30, 20], seed=1), seed=7)
    planted = np.repeat([0, 1, 2], [40, 30, 20])
    assert found.labels.tolist() == planted.tolist()
    assert found.community_count == 3
    assert found.unconnected is None


def test_the_same_seed_gives_the_same_communities():
    graph = planted_graph([60, 60, 60], seed=2, inside=0.06, between=0.02)
    first, second = (find_communities(graph, seed=11).labels for _ in range(2))
    assert np.array_equal(first, second)


def test_modularity_agrees_with_networkx_on_a_graph_with_mutual_edges():
    graph = planted_graph([40, 30], seed=4, inside=0.4)
    found = find_communities(graph, seed=1)
    other = networkx.Graph()
    low, high, weight = graph.undirected()
    other.add_weighted_edges_from(zip(low.tolist(), high.tolist(), weight.tolist(), strict=True))
    groups = [set(np.flatnonzero(found.labels == number).tolist()) for number in range(found.community_count)]
    assert found.modularity == pytest.approx(networkx.community.modularity(other, groups))


def test_channels_without_edges_share_the_last_community():
    found = find_communities(FollowGraph.from_edges("abcxy", [("a", "b"), ("b", "c")]), seed=1)
    assert found.labels.tolist() == [0, 0, 0, 1, 1]
    assert found.unconnected == 1


def test_a_graph_without_any_edge_is_one_unconnected_community():
    found = find_communities(FollowGraph.from_edges("ab", []), seed=1)
    assert (found.labels.tolist(), found.modularity, found.unconnected) == ([0, 0], 0.0, 0)


def test_an_empty_graph_has_no_community():
    found = find_communities(FollowGraph.from_edges([], []), seed=1)
    assert (found.community_count, found.unconnected) == (0, None)


def test_a_higher_resolution_finds_more_communities():
    graph = planted_graph([50, 50], seed=2)
    coarse, fine = (find_communities(graph, seed=1, resolution=value).community_count for value in (0.5, 5.0))
    assert coarse < fine


def test_a_resolution_of_zero_is_refused():
    with pytest.raises(ValueError, match="resolution"):
        find_communities(FollowGraph.from_edges("ab", []), seed=1, resolution=0)


def test_modularity_of_no_edges_is_zero():
    empty = np.zeros(0, dtype=np.int64)
    assert modularity_of(empty, empty, np.zeros(0), np.array([0, 0])) == 0.0


GAMING = "https://en.wikipedia.org/wiki/Video_game_culture"
TECHNOLOGY = "https://en.wikipedia.org/wiki/Technology"


def labels_of(communities, texts, languages, topics):
    return label_communities(np.array(communities), texts, languages, topics)


def test_a_community_is_named_by_topic_and_language():
    labels = labels_of([0, 0, 1, 1], ["x"] * 4, ["de", "de", "ja", "ja"], [[GAMING]] * 2 + [[TECHNOLOGY]] * 2)
    assert [label.label for label in labels] == ["Gaming (German)", "Technology (Japanese)"]


def test_japanese_words_are_found_without_a_dictionary():
    texts = ["毎日ゲーム実況をします", "ゲーム攻略と実況", "アンドロイドのアプリ紹介", "アプリとスマホ"]
    labels = labels_of([0, 0, 1, 1], texts, ["ja"] * 4, [[]] * 4)
    assert {"ゲーム", "実況"} <= set(labels[0].terms)
    assert "アプリ" in labels[1].terms


def test_words_are_compared_within_a_language_only():
    texts = [
        "kochen rezepte lecker",
        "rezepte lecker",
        "cooking recipes tasty",
        "recipes tasty",
        "android apps",
        "apps android",
    ]
    labels = labels_of([0, 0, 1, 1, 2, 2], texts, ["de", "de", "en", "en", "en", "en"], [[]] * 6)
    assert labels[0].label == "Lecker, rezepte (German)"
    assert set(labels[2].terms) == {"android", "apps"}


def test_two_communities_of_one_topic_and_language_get_distinct_names():
    texts = ["minecraft redstone", "redstone minecraft", "racing drift", "drift racing"]
    labels = labels_of([0, 0, 1, 1], texts, ["en"] * 4, [[GAMING]] * 4)
    assert [label.label for label in labels] == ["Gaming (English): minecraft", "Gaming (English): drift"]


def test_communities_that_say_the_same_are_numbered():
    labels = labels_of([0, 1], ["", ""], ["en", "en"], [[GAMING], [GAMING]])
    assert [label.label for label in labels] == ["Gaming (English)", "Gaming (English), group 2"]


def test_nothing_known_is_called_mixed():
    assert labels_of([0], [""], [None], [[]])[0].label == "Mixed"


def test_a_topic_everybody_has_does_not_name_a_community():
    topics = [["Entertainment", GAMING]] * 4 + [["Entertainment"]] * 4
    labels = labels_of([0] * 4 + [1] * 4, [""] * 8, ["en"] * 8, topics)
    assert labels[0].label == "Gaming (English)"


def test_lists_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="same length"):
        labels_of([0], [], [], [])
