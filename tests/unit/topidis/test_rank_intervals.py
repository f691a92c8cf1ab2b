"""Ranks say how sure they are: on planted graphs the promise is kept, and what cannot be known is not claimed."""

import numpy as np
import pytest

from mardev.topidis.graph import FollowGraph
from mardev.topidis.hidden_lists import GRID, HiddenLists, attractiveness_posterior
from mardev.topidis.influence import rank_by_influence, rank_numbers
from mardev.topidis.rank_intervals import RankIntervals, rank_intervals, separable_pairs

N, COMMUNITIES, FOLLOWS = 300, 4, 10


def planted(seed: int) -> tuple[FollowGraph, FollowGraph, np.ndarray, np.ndarray]:
    """Complete graph, what is seen of it, who hides the list, and the communities; drawn by other code than ours."""
    random = np.random.default_rng(seed)
    labels = np.arange(N) % COMMUNITIES
    attraction = random.lognormal(0, 0.9, N)
    source, target = [], []
    for node in range(N):
        pull = attraction * np.where(labels == labels[node], 6.0, 1.0)
        pull[node] = 0
        count = 1 + random.poisson(FOLLOWS)
        chosen = random.choice(N, count, replace=False, p=pull / pull.sum())
        source += [node] * count
        target += chosen.tolist()
    hidden = random.random(N) < 0.4
    edges, names = (np.array(source), np.array(target)), [str(node) for node in range(N)]
    is_open = ~hidden[edges[0]]
    return (
        FollowGraph.from_arrays(names, *edges),
        FollowGraph.from_arrays(names, edges[0][is_open], edges[1][is_open]),
        hidden,
        labels,
    )


def test_the_true_rank_lies_in_the_interval_as_often_as_promised_and_separable_pairs_are_in_order():
    inside, wrong = [], []
    for seed in (1, 2, 3):
        whole, seen, hidden, labels = planted(seed)
        truth = rank_numbers(rank_by_influence(whole))
        found = rank_intervals(seen, hidden, [labels], seed=seed, replicates=100)
        best, worst = found.bounds
        inside.append((best <= truth) & (truth <= worst))
        first, second, is_separable = separable_pairs(found)
        assert is_separable.mean() > 0.3
        wrong.append((truth[first] > truth[second])[is_separable])
    assert np.mean(inside) >= 0.85
    assert np.concatenate(wrong).mean() < 0.1


def test_the_point_lies_in_its_interval_and_the_interval_in_the_ranking():
    _, seen, hidden, labels = planted(4)
    found = rank_intervals(seen, hidden, [labels], seed=1, replicates=40)
    best, worst = found.bounds
    assert ((best >= 1) & (best <= found.rank) & (found.rank <= worst) & (worst <= N)).all()
    assert sorted(found.rank) == list(range(1, N + 1))
    assert found.influence.sum() == pytest.approx(1.0)


def test_the_same_seed_gives_the_same_intervals():
    _, seen, hidden, labels = planted(5)
    one, two = (rank_intervals(seen, hidden, [labels], seed=9, replicates=5) for _ in range(2))
    assert (one.scores == two.scores).all()


def test_with_nothing_hidden_and_nothing_missed_nothing_is_uncertain():
    whole, _, _, labels = planted(1)
    found = rank_intervals(whole, np.zeros(N, dtype=bool), [labels], seed=1)
    alone = np.array([(found.scores[0] == score).sum() == 1 for score in found.scores[0]])
    assert alone.mean() > 0.9  # those with equal scores, such as followed by nobody, share their places
    assert (found.bounds[0] == found.bounds[1])[alone].all()
    assert found.separable(0, 1)


def test_a_crawl_that_missed_follows_is_less_sure():
    whole, _, _, labels = planted(1)
    missed = rank_intervals(whole, np.zeros(N, dtype=bool), [labels], seed=1, replicates=40, unseen_share=0.2)
    best, worst = missed.bounds
    assert np.median(worst - best) > 5


def test_two_whom_nothing_tells_apart_are_said_to_be_inseparable():
    scores = np.array([[0.5, 0.3, 0.2], [0.5, 0.2, 0.3], [0.5, 0.3, 0.2], [0.5, 0.2, 0.3]], dtype=np.float32)
    intervals = RankIntervals(scores, 0.9)
    assert intervals.order_probability(1, 2) == 0.5
    assert not intervals.separable(1, 2)
    assert intervals.separable(0, 2)
    assert [bound.tolist() for bound in intervals.bounds] == [[1, 2, 2], [1, 3, 3]]


def test_a_group_is_ranked_among_itself():
    scores = np.array([[0.4, 0.3, 0.2, 0.1], [0.4, 0.3, 0.1, 0.2]], dtype=np.float32)
    rank, best, worst = RankIntervals(scores, 0.9).among(np.array([3, 1]))
    assert (rank.tolist(), best.tolist(), worst.tolist()) == ([2, 1], [2, 1], [2, 1])


def test_drawn_follows_were_not_seen_come_from_hidden_lists_and_are_as_many_as_open_lists_have():
    _, seen, hidden, labels = planted(6)
    model, random = HiddenLists(seen, hidden, labels), np.random.default_rng(1)
    draws = [model.draw(random) for _ in range(20)]
    known = set(zip(seen.source.tolist(), seen.target.tolist(), strict=True))
    for source, target in draws:
        assert hidden[source].all()
        assert (source != target).all()
        pairs = set(zip(source.tolist(), target.tolist(), strict=True))
        assert len(pairs) == len(source)
        assert not pairs & known
    per_list = np.mean([len(source) for source, _ in draws]) / hidden.sum()
    assert per_list == pytest.approx(FOLLOWS + 1, rel=0.1)
    at_home = np.mean([(labels[source] == labels[target]).mean() for source, target in draws])
    assert at_home == pytest.approx((labels[seen.source] == labels[seen.target]).mean(), abs=0.05)


def test_follows_that_are_usually_returned_are_returned_by_hidden_lists_too():
    random = np.random.default_rng(2)
    low, high = random.integers(0, 60, 200), random.integers(0, 60, 200)
    kept = low != high
    source, target = np.concatenate([low[kept], high[kept]]), np.concatenate([high[kept], low[kept]])
    hidden = np.arange(60) < 20
    seen = FollowGraph.from_arrays(map(str, range(60)), source[~hidden[source]], target[~hidden[source]])
    drawn = HiddenLists(seen, hidden, np.zeros(60, dtype=np.int64)).draw(random)
    followers = set(zip(seen.target.tolist(), seen.source.tolist(), strict=True))
    returned = np.mean([pair in followers for pair in zip(*(side.tolist() for side in drawn), strict=True)])
    assert returned > 0.6


@pytest.mark.parametrize("hidden", [np.zeros(3, dtype=bool), np.ones(3, dtype=bool), np.array([True, False, False])])
def test_a_graph_without_edges_has_no_order_to_claim(hidden: np.ndarray):
    found = rank_intervals(FollowGraph.from_edges("abc", []), hidden, [np.zeros(3, dtype=np.int64)], seed=1)
    assert found.rank.tolist() == [1, 2, 3]
    assert [bound.tolist() for bound in found.bounds] == [[1, 1, 1], [3, 3, 3]]
    assert found.order_probability(0, 2) == 0.5
    assert not found.separable(0, 2)


def test_where_every_list_is_hidden_nobody_can_be_ranked():
    seen = FollowGraph.from_edges("abc", [("a", "b", 3.0)])  # a recommendation on the own page
    found = rank_intervals(seen, np.ones(3, dtype=bool), [np.zeros(3, dtype=np.int64)], seed=1)
    assert [bound.tolist() for bound in found.bounds] == [[1, 1, 1], [3, 3, 3]]
    assert not found.separable(1, 2)


def test_an_empty_graph_has_no_ranks():
    found = rank_intervals(
        FollowGraph.from_edges("", []), np.zeros(0, dtype=bool), [np.zeros(0, dtype=np.int64)], seed=1
    )
    assert len(found.rank) == 0
    assert [len(bound) for bound in found.bounds] == [0, 0]
    assert len(separable_pairs(found)[2]) == 0


def test_impossible_wishes_are_refused():
    graph, labels = FollowGraph.from_edges("ab", [("a", "b")]), np.zeros(2, dtype=np.int64)
    hidden = np.zeros(2, dtype=bool)
    with pytest.raises(ValueError, match="level"):
        rank_intervals(graph, hidden, [labels], seed=1, level=1.0)
    with pytest.raises(ValueError, match="partition"):
        rank_intervals(graph, hidden, [], seed=1)
    with pytest.raises(ValueError, match="unseen_share"):
        HiddenLists(graph, hidden, labels, unseen_share=1.0)
    with pytest.raises(ValueError, match="marks"):
        HiddenLists(graph, hidden[:1], labels)
    with pytest.raises(ValueError, match="No open list"):
        HiddenLists(graph, ~hidden, labels)


def test_many_followers_are_believed_and_few_are_not():
    followers = np.array([0] * 10 + [2] * 40 + [60])
    posterior = attractiveness_posterior(followers, np.full(51, 3.0))
    mean = posterior @ GRID
    assert posterior.sum(axis=1) == pytest.approx(np.ones(51))
    assert mean[-1] == pytest.approx(20, rel=0.15)
    assert mean[0] > 0.2  # nobody seen does not mean that nobody follows
