"""Coverage counts hidden lists as hidden: what they would hold is estimated, and said so."""

import pytest

from mardev.topidis.coverage import FollowList, coverage_of


def lists(country: str | None, lengths: list[int], hidden: int = 0, unread: int = 0) -> list[FollowList]:
    return [
        *(FollowList("youtube", country, "read", length) for length in lengths),
        *[FollowList("youtube", country, "hidden")] * hidden,
        *[FollowList("youtube", country, "unread")] * unread,
    ]


def test_hidden_and_unread_lists_are_taken_to_be_as_long_as_those_read():
    overall = coverage_of(lists("DE", [8, 12] * 5, hidden=6, unread=4))[0]
    assert (overall.read, overall.hidden, overall.unread) == (10, 6, 4)
    assert overall.edges_expected == pytest.approx(200.0)
    assert overall.edge_share == overall.list_share == 0.5
    assert overall.low < 0.5 < overall.high


def test_a_country_is_estimated_from_its_own_lists():
    stated = {one.country: one for one in coverage_of(lists("DE", [10] * 10, 10) + lists("JP", [2] * 30, 10))}
    assert stated["DE"].edge_share == pytest.approx(0.5)
    assert stated["JP"].edge_share == pytest.approx(0.75)
    assert stated[None].edge_share == pytest.approx(160 / 280)


def test_a_country_with_few_lists_read_borrows_the_platforms():
    stated = coverage_of(lists("DE", [10] * 20) + lists("AT", [], hidden=1))
    assert [one.edges_expected for one in stated if one.country == "AT"] == [10.0]


def test_channels_that_tell_no_country_are_a_group_of_their_own():
    assert [one.country for one in coverage_of(lists(None, [3] * 10))] == [None, None, ""]


def test_where_no_list_was_read_nothing_is_claimed():
    (overall, *_) = coverage_of(lists("DE", [], hidden=5))
    assert (overall.edge_share, overall.low, overall.high, overall.list_share) == (None, None, None, 0.0)


def test_everything_read_is_certain():
    (overall, *_) = coverage_of(lists("DE", [1, 20, 3] * 5))
    assert (overall.edge_share, overall.low, overall.high) == (1.0, 1.0, 1.0)


def test_no_lists_have_no_coverage():
    assert coverage_of([]) == []
