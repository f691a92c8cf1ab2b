"""What became of verticals between two runs."""

import numpy as np
import pytest

from mardev.topidis.agreement import normalised_mutual_information, overlap
from mardev.topidis.matching import keep_together, match_verticals


def told(earlier: dict[str, str], now: dict[str, int]) -> list[tuple[str, str | None, int | None]]:
    changes = match_verticals(earlier, list(now), np.array(list(now.values()), dtype=np.int64))
    return [(one.kind, one.earlier, one.community_no) for one in changes]


def group(key: str, members: str) -> dict[str, str]:
    return dict.fromkeys(members, key)


BEFORE = group("v1", "abcd") | group("v2", "efgh")


def test_renumbered_communities_go_on():
    assert told(BEFORE, dict.fromkeys("efgh", 0) | dict.fromkeys("abcd", 1)) == [
        ("continued", "v2", 0), ("continued", "v1", 1),
    ]  # fmt: skip


def test_a_vertical_of_newcomers_is_born():
    now = dict.fromkeys("abcd", 0) | dict.fromkeys("efgh", 1) | dict.fromkeys("xyz", 2)
    assert told(BEFORE, now)[-1] == ("born", None, 2)


def test_a_vertical_whose_channels_are_gone_died():
    assert told(BEFORE, dict.fromkeys("abcd", 0)) == [("continued", "v1", 0), ("died", "v2", None)]


def test_the_smaller_part_of_a_divided_vertical_has_split_from_it():
    before = group("v1", "abcdef")
    assert told(before, dict.fromkeys("abcd", 0) | dict.fromkeys("ef", 1)) == [
        ("continued", "v1", 0), ("split", "v1", 1),
    ]  # fmt: skip


def test_a_vertical_that_went_into_a_larger_one_has_merged():
    before = group("v1", "abcdef") | group("v2", "gh")
    assert told(before, dict.fromkeys("abcdefgh", 0)) == [("continued", "v1", 0), ("merged", "v2", 0)]


def test_a_vertical_that_fell_to_pieces_died_and_its_pieces_are_new():
    pieces = dict.fromkeys("ab", 0) | dict.fromkeys("cd", 1) | dict.fromkeys("ef", 2) | dict.fromkeys("gh", 3)
    assert told(group("v1", "abcdefgh"), pieces) == [
        ("born", None, 0), ("born", None, 1), ("born", None, 2), ("born", None, 3), ("died", "v1", None),
    ]  # fmt: skip


def test_channels_that_only_one_run_knows_say_nothing_about_who_goes_on():
    assert told(group("v1", "abcd"), dict.fromkeys("cdxyzuvw", 0)) == [("continued", "v1", 0)]


def test_nothing_before_means_everything_is_born():
    assert told({}, {"a": 0, "b": 1}) == [("born", None, 0), ("born", None, 1)]


def test_nothing_now_means_everything_died():
    assert told(BEFORE, {}) == [("died", "v1", None), ("died", "v2", None)]


def test_a_pinned_vertical_is_brought_back_together_with_the_newcomers_of_its_part():
    now = {"a": 0, "b": 0, "c": 1, "d": 1, "new": 1, "e": 2, "f": 2, "g": 2, "h": 2}
    kept = keep_together(BEFORE, {"v1"}, list(now), np.array(list(now.values())))
    assert len(set(kept[:5].tolist())) == 1
    assert len(set(kept.tolist())) == 2


def test_two_pinned_verticals_found_as_one_stay_two():
    kept = keep_together(BEFORE, {"v1", "v2"}, list("abcdefgh"), np.zeros(8, dtype=np.int64))
    assert len(set(kept[:4].tolist())) == len(set(kept[4:].tolist())) == 1
    assert kept[0] != kept[4]


def test_nothing_pinned_changes_nothing():
    labels = np.array([0, 1, 0, 1, 2, 2, 2, 2])
    assert np.array_equal(keep_together(BEFORE, set(), list("abcdefgh"), labels), labels)


def test_channels_and_labels_of_different_length_are_refused():
    with pytest.raises(ValueError, match="2 channels but 1 labels"):
        match_verticals({}, ["a", "b"], np.array([0]))


def test_unrelated_partitions_share_no_information():
    assert normalised_mutual_information(np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])) == pytest.approx(0.0)


def test_information_is_shared_whatever_the_numbers():
    assert normalised_mutual_information(np.array([3, 3, 9]), np.array([1, 1, 0])) == pytest.approx(1.0)


def test_half_the_information_by_hand():
    # H(X) = ln 2, H(Y) = 1.5 ln 2, I = ln 2: 2 / 2.5.
    first, second = np.array([0, 0, 1, 1]), np.array([0, 0, 1, 2])
    assert normalised_mutual_information(first, second) == pytest.approx(0.8)


def test_partitions_of_different_nodes_are_refused():
    with pytest.raises(ValueError, match="2 and 1"):
        normalised_mutual_information(np.array([0, 1]), np.array([0]))


def test_no_nodes_overlap_with_nothing():
    assert overlap(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)).shape == (0, 0)
