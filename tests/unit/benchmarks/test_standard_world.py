"""The frozen world is the one that its parameter file describes."""

import numpy as np
import pytest
from benchmarks import standard_world
from benchmarks.standard_world import StandardWorld

from sandbox.economy.shape import Shape


@pytest.fixture(scope="module")
def world() -> StandardWorld:
    return standard_world.load()


def test_it_has_the_size_mixing_and_hidden_lists_it_stands_for(world: StandardWorld):
    stated = world.parameters["stands_for"]
    assert len(world.nodes) == stated["creators"]
    assert len(np.unique(world.community)) == len(world.community_names) == stated["communities"]
    assert world.mixing == pytest.approx(stated["mixing"], abs=0.01)
    assert len(world.edges.source) / len(world.nodes) == pytest.approx(stated["mean_out_degree"], abs=0.25)
    assert world.hidden.mean() == pytest.approx(stated["hidden_list_share"], abs=0.02)


def test_a_crawl_sees_every_follow_of_open_lists_and_none_of_hidden_ones(world: StandardWorld):
    assert not world.hidden[world.observed.source].any()
    assert len(world.observed.source) == (~world.hidden[world.edges.source]).sum()


def test_nobody_follows_oneself_and_nobody_twice(world: StandardWorld):
    pairs = world.edges.source * len(world.nodes) + world.edges.target
    assert np.all(np.diff(pairs) > 0)
    assert np.all(world.edges.source != world.edges.target)


def test_another_seed_is_another_world_of_the_same_kind(world: StandardWorld):
    other = standard_world.load(seed=8)
    assert other.nodes != world.nodes
    assert other.mixing == pytest.approx(world.mixing, abs=0.03)


@pytest.mark.parametrize(
    ("field", "value"),
    [("vertical_keys", ("knitting",)), ("vertical_keys", ()), ("kept_at_home", 1.2), ("mean_follows", 0.0)],
)
def test_an_impossible_shape_is_refused(field: str, value: object):
    with pytest.raises(ValueError, match=r"vertical|Shares|mean_follows"):
        Shape(**{field: value})
