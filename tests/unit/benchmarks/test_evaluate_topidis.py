"""The evaluation counts a target as met only with its figure; its own parts do what their names say."""

import numpy as np
import pytest
from benchmarks import standard_world, topidis_verticals
from benchmarks.evaluate_topidis import FIXED_KEYS, all_met
from benchmarks.twitch import FOLDER, load_twitch

from mardev.topidis.agreement import normalised_mutual_information as agreement
from mardev.topidis.verticals import find_verticals


@pytest.mark.parametrize(
    ("figures", "met"),
    [({"a": 0.9, "b": 1.0}, True), ({"a": 0.7, "b": 1.0}, False), ({"a": 0.9, "b": 3.0}, False), ({"a": 0.9}, False)],
)
def test_a_target_needs_its_figure(figures, met):
    assert all_met(figures, {"a": (">=", 0.8), "b": ("<=", 2.0)}) is met


def test_every_target_of_this_part_is_a_fixed_key():
    assert set(topidis_verticals.TARGETS) <= set(FIXED_KEYS)


def test_the_planted_communities_are_found_without_the_platforms_topics():
    world = standard_world.load()
    content = topidis_verticals.content_of(world, with_topics=False)
    found = find_verticals(topidis_verticals.observed_graph(world), content, seed=7, seeds=1)
    assert agreement(found.labels, world.community) >= 0.85


def test_the_stated_coverage_is_near_the_truth():
    assert topidis_verticals.coverage_figures(standard_world.load())["coverage_error_points"] <= 2.0


@pytest.mark.skipif(not FOLDER.is_dir(), reason="the Twitch graphs do not lie beside the project")
def test_the_merged_twitch_graph_has_every_friendship_both_ways_and_no_order_of_languages():
    twitch = load_twitch()
    graph = twitch.graph
    pairs = set(zip(graph.source.tolist(), graph.target.tolist(), strict=True))
    assert all((target, source) in pairs for source, target in pairs)
    assert graph.node_count == len(twitch.language) == len(twitch.views) == 25_085
    assert (twitch.language[graph.source] == twitch.language[graph.target]).all()
    changes = float((np.diff(twitch.language) != 0).mean())
    assert changes > 0.5
