"""Posts and comments of the frozen world, with planted pods and everything that looks like one and is none.

Drawn from the frozen world's own creators with its seed, in the way of the sandbox: one generator for each thing drawn.
Planted beside the pods: superfans who comment at once on several channels, circles of real friends (half of them
without any public sign of it), agencies whose account greets every post of its creators, giveaways with hunters who go
from one to the next (a third of them not announced as such), and channels that raffle something every week.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from benchmarks.standard_world import StandardWorld
from mardev.topidis.pods import Comments
from sandbox.hashing import generator

DAYS = 84
MOST_COMMENTS = 45
PODS = 14
CIRCLES = 30
AGENCIES = 12
SUPERFANS_PER_COMMUNITY = 30
GIVEAWAY_HOSTS = 110
WEEKLY_HOSTS = 8
HUNTERS = 260


@dataclass(frozen=True, eq=False)
class PodWorld:
    """Comments, and what is true of them.

    Attributes:
        comments: what a crawl could read.
        collaborators: pairs of channels with a public sign of working together.
        pods: channel keys of each planted pod.
        giveaway_hosts: channels that raffled something, none of them in a pod.
    """

    comments: Comments
    collaborators: frozenset[tuple[str, str]]
    pods: tuple[frozenset[str], ...]
    giveaway_hosts: frozenset[str]


class _Writer:
    """Collects comments as arrays."""

    def __init__(self, posts_of: list[np.ndarray]) -> None:
        self.posts_of = posts_of
        self.authors: list[np.ndarray] = []
        self.posts: list[np.ndarray] = []
        self.delays: list[np.ndarray] = []

    def write(
        self, rng: np.random.Generator, author: int, channel: int, share: float, early: float, hours: float
    ) -> None:
        """`author` comments on a `share` of the posts; `early` of them within an hour, the rest after about `hours`."""
        posts = self.posts_of[channel]
        chosen = posts[rng.random(len(posts)) < share]
        at_once = rng.random(len(chosen)) < early
        later = 3600 * hours * np.exp(rng.normal(0, 1.0, len(chosen)))
        self.add(np.full(len(chosen), author), chosen, np.where(at_once, rng.uniform(60, 3000, len(chosen)), later))

    def add(self, authors: np.ndarray, posts: np.ndarray, delays: np.ndarray) -> None:
        self.authors.append(authors.astype(np.int64))
        self.posts.append(posts.astype(np.int64))
        self.delays.append(delays.astype(np.float64))


def pod_world(world: StandardWorld, *, seed: int) -> PodWorld:
    """Draw posts and comments; the same seed gives the same comments."""
    count = len(world.nodes)
    rng = generator(seed, "pod-world", "posts")
    post_count = rng.integers(8, 26, count)
    post_channel = np.repeat(np.arange(count), post_count)
    post_day = rng.uniform(0, DAYS, len(post_channel))
    posts_of = [np.flatnonzero(post_channel == channel) for channel in range(count)]
    writer = _Writer(posts_of)
    # An account for each creator first, then the audience.
    next_account = _ordinary_audience(writer, world, post_channel, seed, count)
    next_account = _superfans(writer, world, seed, next_account)
    next_account = _agencies(writer, world, seed, next_account)
    taken: set[int] = set()
    pods, next_account = _pods(writer, world, seed, taken, next_account)
    collaborators = _circles(writer, world, seed, taken)
    announced, hosts, next_account = _giveaways(writer, world, posts_of, seed, taken, next_account)
    is_giveaway = np.zeros(len(post_channel), dtype=bool)
    is_giveaway[announced] = True
    own = np.full(next_account, -1, dtype=np.int64)
    own[:count] = np.arange(count)
    # A crawl knows the account of a creator who links it; one of five is not known.
    own[:count][generator(seed, "pod-world", "accounts").random(count) < 0.2] = -1
    return PodWorld(
        Comments(
            author_keys=[f"a{number}" for number in range(next_account)],
            channel_keys=list(world.nodes),
            author=np.concatenate(writer.authors),
            post=np.concatenate(writer.posts),
            delay_seconds=np.concatenate(writer.delays),
            post_channel=post_channel,
            post_stratum=world.community[post_channel] * 100 + (post_day // 7).astype(np.int64),
            post_is_giveaway=is_giveaway,
            author_channel=own,
        ),
        frozenset((world.nodes[one], world.nodes[other]) for one, other in collaborators),
        tuple(frozenset(world.nodes[member] for member in pod) for pod in pods),
        frozenset(world.nodes[host] for host in hosts),
    )


def _ordinary_audience(
    writer: _Writer, world: StandardWorld, post_channel: np.ndarray, seed: int, first_account: int
) -> int:
    """Regulars of the channel, people of the community, and strangers; most of them hours later."""
    rng = generator(seed, "pod-world", "audience")
    sizes = np.minimum(
        MOST_COMMENTS,
        rng.poisson(3 + world.subscribers[post_channel] ** 0.35 * rng.uniform(0.3, 1.2, len(post_channel))),
    )
    post = np.repeat(np.arange(len(post_channel)), sizes)
    channel = post_channel[post]
    kind = rng.random(len(post))
    regular = first_account + channel * 60 + np.minimum(rng.geometric(0.08, len(post)) - 1, 59)
    shared_from = first_account + len(world.nodes) * 60
    shared = shared_from + world.community[channel] * 900 + rng.integers(0, 900, len(post))
    strangers_from = shared_from + (int(world.community.max()) + 1) * 900
    stranger = strangers_from + np.arange(len(post))
    author = np.where(kind < 0.35, regular, np.where(kind < 0.6, shared, stranger))
    writer.add(author, post, 3600 * 7 * np.exp(rng.normal(0, 1.4, len(post))))
    return strangers_from + len(post)


def _superfans(writer: _Writer, world: StandardWorld, seed: int, account: int) -> int:
    rng = generator(seed, "pod-world", "superfans")
    for community in np.unique(world.community):
        members = np.flatnonzero(world.community == community)
        chance = world.influence[members] / world.influence[members].sum()
        for _ in range(SUPERFANS_PER_COMMUNITY):
            for channel in rng.choice(members, rng.integers(2, 7), replace=False, p=chance):
                writer.write(rng, account, int(channel), rng.uniform(0.3, 0.85), rng.uniform(0.2, 0.6), 5.0)
            account += 1
    return account


def _agencies(writer: _Writer, world: StandardWorld, seed: int, account: int) -> int:
    rng = generator(seed, "pod-world", "agencies")
    for _ in range(AGENCIES):
        for channel in rng.choice(len(world.nodes), rng.integers(4, 10), replace=False):
            writer.write(rng, account, int(channel), 0.9, 0.9, 2.0)
        account += 1
    return account


def _pods(
    writer: _Writer, world: StandardWorld, seed: int, taken: set[int], account: int
) -> tuple[list[list[int]], int]:
    """Members comment on each other's new posts with their own account, some with a second one as well."""
    pods = []
    for number in range(PODS):
        rng = generator(seed, "pod-world", "pod", number)
        members = _draw_group(rng, world, taken, int(rng.integers(4, 13)), same_community=0.7)
        share, early = rng.uniform(0.3, 0.95), rng.uniform(0.6, 0.98)
        has_second_accounts = rng.random() < 0.3
        for member in members:
            for other in members:
                if other != member:
                    writer.write(rng, member, other, share, early, 3.0)
                    if has_second_accounts:
                        writer.write(rng, account, other, share * 0.8, early, 3.0)
            account += has_second_accounts
        pods.append(members)
    return pods, account


def _circles(writer: _Writer, world: StandardWorld, seed: int, taken: set[int]) -> list[tuple[int, int]]:
    """Real friends see each other's posts in the course of the day; half of the circles work together in public."""
    collaborators = []
    for number in range(CIRCLES):
        rng = generator(seed, "pod-world", "circle", number)
        members = _draw_group(rng, world, taken, int(rng.integers(3, 7)), same_community=0.9)
        is_public = rng.random() < 0.5
        for member in members:
            for other in members:
                if other != member:
                    writer.write(rng, member, other, rng.uniform(0.2, 0.6), rng.uniform(0.15, 0.45), 4.0)
                    if is_public and member < other:
                        collaborators.append((member, other))
    return collaborators


def _giveaways(
    writer: _Writer, world: StandardWorld, posts_of: list[np.ndarray], seed: int, taken: set[int], account: int
) -> tuple[list[int], list[int], int]:
    """Hunters of prizes comment at once wherever something is raffled."""
    announced: list[int] = []
    rng = generator(seed, "pod-world", "giveaways")
    free = [number for number in rng.permutation(len(world.nodes)) if number not in taken]
    hosts = [int(host) for host in free[:GIVEAWAY_HOSTS]]
    hunters = account + np.arange(HUNTERS)
    for place, host in enumerate(hosts):
        posts = posts_of[host]
        wanted = max(4, len(posts) // 3) if place < WEEKLY_HOSTS else int(rng.integers(1, 4))
        for post in rng.choice(posts, min(wanted, len(posts)), replace=False):
            present = hunters[rng.random(HUNTERS) < rng.uniform(0.2, 0.6)]
            writer.add(present, np.full(len(present), post), rng.uniform(60, 7200, len(present)))
            if rng.random() < 0.67:
                announced.append(int(post))
    return announced, hosts, account + HUNTERS


def _draw_group(
    rng: np.random.Generator, world: StandardWorld, taken: set[int], size: int, *, same_community: float
) -> list[int]:
    home = rng.choice(np.unique(world.community))
    from_home = rng.random() < same_community
    group: list[int] = []
    for number in _candidates(rng, world, int(home), from_home=from_home):
        if number not in taken:
            group.append(number)
            taken.add(number)
        if len(group) == size:
            break
    return group


def _candidates(rng: np.random.Generator, world: StandardWorld, home: int, *, from_home: bool) -> Iterator[int]:
    pool = np.flatnonzero(world.community == home) if from_home else np.arange(len(world.nodes))
    yield from (int(number) for number in rng.permutation(pool))
