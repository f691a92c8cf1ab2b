"""Engagement pods: groups of channels on whose posts the same accounts comment at once, again and again.

Coordination is told by repetition in a short interval [1]_, [2]_; reciprocity is what pods live on [3]_. Whether it is
more than shared fans is asked of the data itself: comments are dealt out anew among the posts of the same community and
week, so that every account stays as busy and every post as popular as it was.

References
----------
.. [1] Giglietto, Righetti, Rossi, Marino, It takes a village to manipulate the media, Information, Communication &
   Society 23 (2020). doi:10.1080/1369118X.2020.1739732
.. [2] Righetti, Balluff, CooRTweet: a generalized R software for coordinated network detection,
   Computational Communication Research 7 (2025).
.. [3] Weerasinghe, Flanigan, Stein, McCoy, Greenstadt, The pod people: understanding manipulation of social media
   popularity via reciprocity abuse, WWW 2020. doi:10.1145/3366423.3380256
.. [4] Phipson, Smyth, Permutation p-values should never be zero, Stat. Appl. Genet. Mol. Biol. 9 (2010).
   doi:10.2202/1544-6115.1585
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from mardev.topidis.graph import FloatArray, IntArray

EARLY_SECONDS = 3600.0
FEWEST_REPEATS = 3
FEWEST_SHARE = 0.25
SMALLEST_POD = 4
FEWEST_BONDS = 2.0
SPIKE_DEVIATIONS = 6.0
SMALLEST_SPIKE_SPREAD = 0.2
PERMUTATIONS = 99
SIGNIFICANT = 0.01


@dataclass(frozen=True, eq=False)
class Comments:
    """Comments on posts; accounts are pseudonyms (hashes), no name is needed.

    Attributes
    ----------
    author_keys : pseudonym of each account
    channel_keys : the channels whose posts are looked at
    author : (m,) who commented, place in `author_keys`
    post : (m,) number of the post
    delay_seconds : (m,) after the post went live
    post_channel : (p,) place in `channel_keys` of each post
    post_stratum : (p,) community and week of each post, any numbers
    post_is_giveaway : (p,)
    author_channel : (a,) the channel that the account belongs to, -1 where it belongs to none or is not known
    """

    author_keys: Sequence[str]
    channel_keys: Sequence[str]
    author: IntArray
    post: IntArray
    delay_seconds: FloatArray
    post_channel: IntArray
    post_stratum: IntArray
    post_is_giveaway: npt.NDArray[np.bool_]
    author_channel: IntArray


@dataclass(frozen=True)
class Pod:
    """A group of channels and the accounts that hold it together.

    Attributes
    ----------
    p_value : how often comments dealt out anew hold a group of this size together as strongly, > 0
    mutual_share : of the pairs, those where both channels' own accounts comment on each other; 0 when none is known
    """

    channel_keys: tuple[str, ...]
    author_keys: tuple[str, ...]
    p_value: float
    mutual_share: float


def find_pods(
    comments: Comments, *, seed: int, collaborators: Collection[tuple[str, str]] = (), permutations: int = PERMUTATIONS
) -> list[Pod]:
    """Groups of at least four channels whose early commenters coincide more than chance allows.

    Parameters
    ----------
    collaborators : pairs of channels that work together in public (mentions, collaborations); their friendship is
        no pod, and their bond does not count
    permutations : how often the comments are dealt out anew, at least 99

    Returns
    -------
    The groups, largest first; p-value at most 0.01.

    Raises
    ------
    ValueError
        Fewer than 99 permutations cannot tell a p-value of 0.01.

    Notes
    -----
    An account *covers* a channel when it comments within an hour on at least three of its posts and on a quarter of
    them. The bond of two channels is the number of accounts that cover both, and one more for each of their own
    accounts that covers the other. A bond counts when it is larger than every bond of 99 of 100 permutations. Groups
    are the connected parts of the 3-core of what remains. Found groups are taken out and the rest is asked again
    (step-down), because a strong pod makes the chance that weaker ones are compared with look larger than it is.
    Giveaways, and posts with far more comments than the channel usually has, are left out before: hunters of prizes are
    no pod. O(steps * permutations * early comments) time.
    """
    if permutations < PERMUTATIONS:
        raise ValueError(f"{permutations} permutations cannot tell a p-value of {SIGNIFICANT}; take {PERMUTATIONS}")
    rng = np.random.default_rng(seed)
    early = _early_comments(comments)
    pods: list[Pod] = []
    while len(early.author):
        found = _one_step(comments, early, _pairs(comments.channel_keys, collaborators), rng, permutations)
        if not found:
            break
        pods += [pod for pod, _ in found]
        early = early.without(np.concatenate([channels for _, channels in found]))
    return sorted(pods, key=lambda pod: (-len(pod.channel_keys), pod.channel_keys))


@dataclass(frozen=True, eq=False)
class _Early:
    """Early comments of the accounts that wrote three or more, in the order of their strata.

    Attributes
    ----------
    accounts : (k,) place of each account in `author_keys`
    author : (e,) place in `accounts`
    post, channel, stratum : (e,)
    posts_of : (c,) ordinary posts of each channel
    own : (k,) channel that each account belongs to, -1 where none is known
    """

    accounts: IntArray
    author: IntArray
    post: IntArray
    channel: IntArray
    stratum: IntArray
    posts_of: IntArray
    own: IntArray

    def without(self, channels: IntArray) -> "_Early":
        """The same without the comments below posts of the channels."""
        rest = ~np.isin(self.channel, channels)
        return _Early(
            self.accounts, self.author[rest], self.post[rest], self.channel[rest], self.stratum[rest],
            self.posts_of, self.own,
        )  # fmt: skip

    def dealt_anew(self, rng: np.random.Generator) -> IntArray:
        """(e,) the authors in another order, each in its stratum."""
        return self.author[np.lexsort((rng.random(len(self.author)), self.stratum))]


def _early_comments(comments: Comments) -> _Early:
    ordinary = _ordinary_posts(comments)
    usable = (comments.delay_seconds <= EARLY_SECONDS) & ordinary[comments.post]
    author, post = comments.author[usable], comments.post[usable]
    # Who comments twice at most covers nothing, wherever the comments are dealt to.
    busy = np.bincount(author, minlength=len(comments.author_keys)) >= FEWEST_REPEATS
    accounts = np.flatnonzero(busy)
    place = np.full(len(comments.author_keys), -1, dtype=np.int64)
    place[accounts] = np.arange(len(accounts))
    # The comments of the others stay in the game as lots that are dealt, under one name that covers nothing.
    author = np.where(busy[author], place[author], len(accounts))
    order = np.argsort(comments.post_stratum[post], kind="stable")
    return _Early(
        accounts=accounts.astype(np.int64),
        author=author[order],
        post=post[order],
        channel=comments.post_channel[post][order],
        stratum=comments.post_stratum[post][order],
        posts_of=np.bincount(comments.post_channel[ordinary], minlength=len(comments.channel_keys)).astype(np.int64),
        own=comments.author_channel[accounts],
    )


def _one_step(
    comments: Comments,
    early: _Early,
    friends: sparse.csr_matrix,
    rng: np.random.Generator,
    permutations: int,
) -> list[tuple[Pod, IntArray]]:
    """The groups whose bonds stand out of what remains, each with the places of its channels."""
    chance = np.array([_strongest(_bonds(early, early.dealt_anew(rng))) for _ in range(permutations)])
    by_chance = float(np.sort(chance)[int(np.ceil((1 - SIGNIFICANT) * permutations)) - 1])
    covers = _covers(early, early.author)
    bonds = _bonds(early, early.author)
    bonds = (bonds - bonds.multiply(friends)).tocsr()
    kept = bonds.multiply(bonds >= max(FEWEST_BONDS, by_chance + 1)).tocsr()
    kept.eliminate_zeros()
    members = _core(kept, SMALLEST_POD - 1)
    _, label = connected_components(kept[members][:, members], directed=False)
    found = []
    for number in np.unique(label):
        channels = members[label == number]
        typical = float(np.median(kept[channels][:, channels].data))
        holding = np.flatnonzero(np.asarray(covers[:, channels].sum(axis=1)).ravel() >= 2)
        pod = Pod(
            tuple(comments.channel_keys[place] for place in channels),
            tuple(comments.author_keys[place] for place in early.accounts[holding]),
            float((1 + (chance >= typical).sum()) / (1 + permutations)),
            _mutual_share(early, covers, channels),
        )
        found.append((pod, channels))
    return found


def _bonds(early: _Early, author: IntArray) -> sparse.csr_matrix:
    """(c, c) symmetric: accounts that cover both, and own accounts that cover the other."""
    covers = _covers(early, author)
    known = np.flatnonzero(early.own >= 0)
    belongs = sparse.csr_matrix(
        (np.ones(len(known)), (early.own[known], known)), shape=(covers.shape[1], covers.shape[0])
    )
    directed = belongs @ covers
    bonds = (covers.T @ covers) + directed + directed.T
    bonds = (bonds - sparse.diags(bonds.diagonal())).tocsr()
    bonds.eliminate_zeros()
    return bonds


def _covers(early: _Early, author: IntArray) -> sparse.csr_matrix:
    """(k, c) 1 where an account covers a channel that is not its own."""
    shape = (len(early.accounts), len(early.posts_of))
    busy = author < shape[0]
    # Several comments on one post are one.
    width = int(early.post.max(initial=0)) + 1
    once, first = np.unique(author[busy] * width + early.post[busy], return_index=True)
    pairs, counts = np.unique((once // width) * shape[1] + early.channel[busy][first], return_counts=True)
    who, where = pairs // shape[1], pairs % shape[1]
    enough = (counts >= FEWEST_REPEATS) & (counts >= FEWEST_SHARE * early.posts_of[where]) & (early.own[who] != where)
    return sparse.csr_matrix((np.ones(int(enough.sum())), (who[enough], where[enough])), shape=shape)


def _strongest(bonds: sparse.csr_matrix) -> float:
    return float(bonds.max()) if bonds.nnz else 0.0


def _ordinary_posts(comments: Comments) -> npt.NDArray[np.bool_]:
    """(p,) posts that are no giveaway and draw about as many comments as the channel's others."""
    count = np.log1p(np.bincount(comments.post, minlength=len(comments.post_channel)).astype(np.float64))
    ordinary = ~comments.post_is_giveaway
    order = np.argsort(comments.post_channel, kind="stable")
    starts = np.flatnonzero(np.diff(comments.post_channel[order])) + 1
    for group in np.split(order, starts):
        if len(group):
            middle = np.median(count[group])
            spread = max(1.4826 * float(np.median(np.abs(count[group] - middle))), SMALLEST_SPIKE_SPREAD)
            ordinary[group] &= count[group] - middle <= SPIKE_DEVIATIONS * spread
    return ordinary


def _core(bonds: sparse.csr_matrix, least: int) -> IntArray:
    """Places of the channels that keep `least` bonds among themselves."""
    alive = np.arange(bonds.shape[0])
    while len(alive):
        degree = np.diff(bonds[alive][:, alive].indptr)
        if (degree >= least).all():
            break
        alive = alive[degree >= least]
    return alive


def _pairs(keys: Sequence[str], pairs: Collection[tuple[str, str]]) -> sparse.csr_matrix:
    """(c, c) 1 for each pair, both ways."""
    place = {key: number for number, key in enumerate(keys)}
    known = {(place[one], place[other]) for one, other in pairs if one in place and other in place}
    both = np.array(sorted(known | {(other, one) for one, other in known}), dtype=np.int64).reshape(-1, 2)
    return sparse.csr_matrix((np.ones(len(both)), (both[:, 0], both[:, 1])), shape=(len(keys), len(keys)))


def _mutual_share(early: _Early, covers: sparse.csr_matrix, channels: IntArray) -> float:
    account = {int(early.own[place]): int(place) for place in np.flatnonzero(early.own >= 0)}
    known = [int(channel) for channel in channels if int(channel) in account]
    pairs = [(one, other) for place, one in enumerate(known) for other in known[place + 1 :]]
    mutual = [pair for pair in pairs if covers[account[pair[0]], pair[1]] and covers[account[pair[1]], pair[0]]]
    return len(mutual) / len(pairs) if pairs else 0.0
