"""Communities and coverage on the frozen world, language and views on real Twitch data."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from benchmarks.standard_world import StandardWorld, load
from benchmarks.twitch import FOLDER, LANGUAGES, load_twitch
from mardev.topidis.agreement import normalised_mutual_information as agreement
from mardev.topidis.content import ContentEvidence, content_evidence
from mardev.topidis.coverage import Coverage, FollowList, coverage_of
from mardev.topidis.graph import FollowGraph
from mardev.topidis.influence import rank_by_influence
from mardev.topidis.languages import language_shares
from mardev.topidis.verticals import find_verticals, plain_leiden

SEED = 7
REWIRED_SHARES = (0.2,)
TARGETS: dict[str, tuple[str, float]] = {"community_nmi": (">=", 0.85), "coverage_error_points": ("<=", 2.0)}

IntArray = npt.NDArray[np.int64]


def figures() -> dict[str, float]:
    """All figures of this module by their key; those of Twitch only where its data lies."""
    world = load()
    found = community_figures(world) | coverage_figures(world)
    return found | (twitch_figures() if FOLDER.is_dir() else {})


def community_figures(world: StandardWorld) -> dict[str, float]:
    """Agreement with the planted communities: our verticals, and beside them what less evidence and less method give.

    The platform's topics and the language that the texts tell are exact in this world, so they alone come close to
    the truth; what the method does without them stands beside it.
    """
    graph, nothing = observed_graph(world), FollowGraph(world.nodes, *_no_edges())
    everything, without_topics = content_of(world), content_of(world, with_topics=False)

    def ours(own: FollowGraph, content: ContentEvidence | None) -> float:
        return agreement(find_verticals(own, content, seed=SEED, seeds=1).labels, world.community)

    def plain(content: ContentEvidence | None) -> float:
        return agreement(plain_leiden(graph, content, seed=SEED), world.community)

    found = find_verticals(graph, everything, seed=SEED)
    return {
        "community_nmi": agreement(found.labels, world.community),
        "community_nmi_plain_leiden": plain(everything),
        "community_nmi_without_topics": ours(graph, without_topics),
        "community_nmi_graph_alone": ours(graph, None),
        "community_nmi_graph_alone_plain_leiden": plain(None),
        "community_nmi_content_alone": ours(nothing, everything),
        "community_count": found.community_count,
        "community_least_stability": float(found.stability.min()),
    }


def coverage_figures(world: StandardWorld) -> dict[str, float]:
    """Points between the share of follows that the coverage page states and the true one."""
    lengths = np.bincount(world.observed.source, minlength=len(world.nodes)).tolist()
    stated = coverage_of(
        FollowList("youtube", country, "hidden" if hidden else "read", edges)
        for country, hidden, edges in zip(world.country, world.hidden.tolist(), lengths, strict=True)
    )
    overall, _, *countries = stated
    return {
        "coverage_error_points": _error_points(overall, world),
        "coverage_stated_share": overall.edge_share or 0.0,
        "coverage_error_points_worst_country": max(_error_points(one, world) for one in countries),
    }


def twitch_figures() -> dict[str, float]:
    """Language from the graph alone, and how far rank by the graph goes with real views.

    The four graphs share no edge, so the merged file falls into as many parts and any method can tell them; the
    figures with a share of the friendships rewired at random say more.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    twitch = load_twitch()
    graph = twitch.graph
    found = {"twitch_language_nmi": agreement(find_verticals(graph, seed=SEED, seeds=1).labels, twitch.language)}
    found["twitch_language_nmi_plain_leiden"] = agreement(plain_leiden(graph, seed=SEED), twitch.language)
    ties = coo_array((graph.weight, (graph.source, graph.target)), shape=(graph.node_count, graph.node_count))
    found["twitch_connected_parts"] = connected_components(ties, directed=False)[0]
    for share in REWIRED_SHARES:
        rewired = rewire(graph, share)
        labels = find_verticals(rewired, seed=SEED, seeds=1).labels
        found[f"twitch_language_nmi_{share:.0%}_rewired".replace("%", "_percent")] = agreement(labels, twitch.language)
    score = rank_by_influence(graph)
    by_language = [
        _rank_correlation(score[twitch.language == number], twitch.views[twitch.language == number])
        for number in range(len(LANGUAGES))
    ]
    found["twitch_views_rank_correlation"] = float(np.mean(by_language))
    for code, value in zip(LANGUAGES.values(), by_language, strict=True):
        found[f"twitch_views_rank_correlation_{code}"] = value
    return found


def observed_graph(world: StandardWorld) -> FollowGraph:
    """What a crawl sees of the world."""
    source, target = world.observed
    return FollowGraph(world.nodes, source, target, np.ones(len(source)))


def content_of(world: StandardWorld, *, with_topics: bool = True) -> ContentEvidence:
    """Titles and descriptions, the language they tell, and the platform's topics."""
    texts = [f"{title}\n{text}" for title, text in zip(world.titles, world.texts, strict=True)]
    languages: Sequence[Mapping[str, float]] = [language_shares([text]) for text in world.texts]
    topics = world.topics if with_topics else [()] * len(texts)
    return content_evidence(texts, languages, topics)


def rewire(graph: FollowGraph, share: float) -> FollowGraph:
    """The graph with a share of its friendships led to somebody at random."""
    rng = np.random.default_rng(SEED)
    one_way = graph.source < graph.target
    source, target = graph.source[one_way], graph.target[one_way].copy()
    moved = rng.random(len(target)) < share
    target[moved] = rng.integers(0, graph.node_count, int(moved.sum()))
    pairs = np.unique(np.stack((np.r_[source, target], np.r_[target, source])), axis=1)
    pairs = pairs[:, pairs[0] != pairs[1]]
    return FollowGraph(graph.nodes, pairs[0], pairs[1], np.ones(pairs.shape[1]))


def _error_points(stated: Coverage, world: StandardWorld) -> float:
    counts = np.array([stated.country is None or (country or "") == stated.country for country in world.country])
    truth = float(counts[world.observed.source].sum()) / float(counts[world.edges.source].sum())
    return abs((stated.edge_share or 0.0) - truth) * 100


def _no_edges() -> tuple[IntArray, IntArray, npt.NDArray[np.float64]]:
    return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0)


def _rank_correlation(first: npt.NDArray[np.float64], second: npt.NDArray[np.float64]) -> float:
    from scipy.stats import spearmanr

    return float(spearmanr(first, second).statistic)
