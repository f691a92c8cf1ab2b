"""Engagement pods among everything that looks like one."""

import numpy as np
import pytest

from mardev.topidis.pods import Comments, Pod, find_pods

CHANNELS, POSTS_EACH = 200, 12


class Scene:
    """Two hundred channels of two communities with twelve posts each; account i < 200 belongs to channel i."""

    def __init__(self, seed: int = 5) -> None:
        self.rng = np.random.default_rng(seed)
        self.rows: list[tuple[int, int, float]] = []
        self.giveaways: set[int] = set()
        for post in range(CHANNELS * POSTS_EACH):
            for _ in range(12):
                self.rows.append((int(self.rng.integers(200, 5000)), post, float(self.rng.lognormal(9.5, 1.2))))

    def comment(self, account: int, channel: int, share: float, *, delay: float = 600.0) -> None:
        for place in range(POSTS_EACH):
            if self.rng.random() < share:
                self.rows.append((account, channel * POSTS_EACH + place, delay))

    def pod(self, members: list[int], share: float = 0.8, *, delay: float = 600.0) -> None:
        for one in members:
            for other in members:
                if one != other:
                    self.comment(one, other, share, delay=delay)

    def find(self, collaborators: set[tuple[str, str]] = frozenset()) -> list[Pod]:
        author, post, delay = (np.array(column) for column in zip(*self.rows, strict=True))
        channel = np.repeat(np.arange(CHANNELS), POSTS_EACH)
        own = np.full(5000, -1)
        own[:CHANNELS] = np.arange(CHANNELS)
        comments = Comments(
            [f"a{number}" for number in range(5000)], [f"c{number}" for number in range(CHANNELS)],
            author, post, delay, channel, (channel // 100) * 10 + np.tile(np.arange(POSTS_EACH) // 3, CHANNELS),
            np.isin(np.arange(len(channel)), list(self.giveaways)), own,
        )  # fmt: skip
        return find_pods(comments, seed=1, collaborators=collaborators)


def keys(*numbers: int) -> tuple[str, ...]:
    return tuple(f"c{number}" for number in numbers)


def test_without_a_pod_nothing_is_found():
    assert Scene().find() == []


def test_two_planted_pods_are_found_with_their_accounts_and_a_probability():
    scene = Scene()
    scene.pod([1, 2, 3, 4, 5, 6])
    scene.pod([11, 12, 13, 140, 141])
    found = scene.find()
    assert [pod.channel_keys for pod in found] == [keys(1, 2, 3, 4, 5, 6), keys(11, 12, 13, 140, 141)]
    assert found[0].author_keys == ("a1", "a2", "a3", "a4", "a5", "a6")
    assert all(0 < pod.p_value <= 0.01 and pod.mutual_share == 1.0 for pod in found)


def test_friends_who_comment_in_the_course_of_the_day_are_no_pod():
    scene = Scene()
    scene.pod([1, 2, 3, 4, 5], delay=20_000.0)
    assert scene.find() == []


def test_people_who_work_together_in_public_are_no_pod():
    scene = Scene()
    scene.pod([1, 2, 3, 4])
    everybody = {(one, other) for one in keys(1, 2, 3, 4) for other in keys(1, 2, 3, 4) if one < other}
    assert scene.find(everybody) == []


def test_an_agency_that_greets_every_post_of_its_creators_is_no_pod():
    scene = Scene()
    for channel in range(1, 9):
        scene.comment(4999, channel, 1.0)
    assert scene.find() == []


@pytest.mark.parametrize("announced", [True, False])
def test_hunters_of_prizes_make_no_pod_of_the_hosts(announced):
    scene = Scene()
    for host in range(1, 8):
        for place in (2, 5, 8, 11):
            post = host * POSTS_EACH + place
            scene.rows += [(hunter, post, 300.0) for hunter in range(1200, 1400)]
            if announced:
                scene.giveaways.add(post)
    assert scene.find() == []


def test_no_comment_at_all_is_no_pod():
    empty = np.array([], dtype=np.int64)
    nothing = Comments([], [], empty, empty, np.array([]), empty, empty, np.array([], dtype=bool), empty)
    assert find_pods(nothing, seed=1) == []


def test_too_few_permutations_are_refused():
    empty = np.array([], dtype=np.int64)
    nothing = Comments([], [], empty, empty, np.array([]), empty, empty, np.array([], dtype=bool), empty)
    with pytest.raises(ValueError, match="cannot tell a p-value"):
        find_pods(nothing, seed=1, permutations=20)
