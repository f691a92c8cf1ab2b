"""What goes wrong with channels and audiences: planted when a world is made, or caused by a person while it runs."""

import math
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from sandbox.clock import stamp
from sandbox.economy.creators import Population
from sandbox.hashing import generator, number, unit
from sandbox.model import SandboxError

KINDS_OF_PLATFORM: dict[str, frozenset[str]] = {
    "youtube": frozenset({"vanish", "rename", "turn_private", "views_fall", "giveaway"}),
    "bluesky": frozenset({"vanish", "rename", "giveaway"}),
    "mastodon": frozenset({"vanish", "turn_private", "giveaway"}),
    "twitch": frozenset({"vanish", "rename", "views_fall", "giveaway"}),
}
"""What can happen to an account on each platform. A name on Mastodon is for good, lists on Bluesky are always open."""
KINDS: tuple[str, ...] = ("vanish", "rename", "turn_private", "views_fall", "giveaway")
PLANTED_WITHIN = timedelta(days=30)
POD_SIZE = (6, 14)
"""Fewest and most members."""
POD_DENSITY = 0.9
"""Share of the members that each member follows."""
GIVEAWAY_LASTS_DAYS = 2.0
KEPT_OF_GIVEAWAY = 0.45
LEAVING_DAYS = 10.0


@dataclass(frozen=True, slots=True)
class TroublePlan:
    """How many troubles of each kind a world is made with; none by default."""

    pods: int = 0
    """Engagement pods: sets of creators who follow each other, and comment and like what the others publish."""
    giveaways: int = 0
    vanish: int = 0
    rename: int = 0
    turn_private: int = 0
    views_fall: int = 0

    def __post_init__(self) -> None:
        wrong = [field.name for field in fields(self) if getattr(self, field.name) < 0]
        if wrong:
            raise SandboxError(f"There cannot be fewer than none of {', '.join(wrong)}")

    @property
    def entry(self) -> dict[str, int]:
        """What is planted, as JSON types; empty for nothing."""
        return {name: count for name, count in asdict(self).items() if count}


def read_plan(text: str) -> TroublePlan:
    """Read `pods=2,vanish=3`. SandboxError: an unknown name, or no whole number.

    Examples:
        >>> read_plan("pods=2, vanish=3").entry
        {'pods': 2, 'vanish': 3}
    """
    known = [field.name for field in fields(TroublePlan)]
    counts: dict[str, int] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, count = part.partition("=")
        if name not in known or not count.isdigit():
            raise SandboxError(f"{part!r} is no trouble with a number; there are {', '.join(known)}")
        counts[name] = int(count)
    return TroublePlan(**counts)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that happens to the accounts of one creator."""

    kind: str
    creator: int
    at: datetime
    platform: str | None
    """None: everywhere where it can happen."""
    strength: float
    """Share of the views that go, of the followers that come; for the other kinds without a meaning."""

    def concerns(self, platform: str, now: datetime) -> bool:
        """Whether it has happened there."""
        here = self.platform in (None, platform) and self.kind in KINDS_OF_PLATFORM[platform]
        return here and self.at <= now


class Troubles:
    """All troubles, past and to come, and the pods."""

    def __init__(self, seed: int, population: Population, start: datetime, plan: TroublePlan) -> None:
        self._seed, self._population = seed, population
        self._of: dict[int, list[Trouble]] = {}
        self.pods = _draw_pods(seed, population, plan.pods)
        self._pod_of = {member: pod for pod in self.pods for member in pod}
        self._plant(plan, start)

    @property
    def all(self) -> list[Trouble]:
        return sorted((one for own in self._of.values() for one in own), key=lambda one: (one.at, one.creator))

    # ---- asking
    def mates(self, creator: int) -> tuple[int, ...]:
        """The others of the creator's pod; empty for nearly everybody."""
        return tuple(other for other in self._pod_of.get(creator, ()) if other != creator)

    def followed_mates(self, creator: int) -> list[int]:
        """The mates that the creator follows."""
        return [one for one in self.mates(creator) if unit(self._seed, "pod-follows", creator, one) < POD_DENSITY]

    def has_any(self, creator: int) -> bool:
        """Whether anything ever happens to the creator."""
        return creator in self._of

    def is_gone(self, creator: int, platform: str, now: datetime) -> bool:
        return bool(self._happened("vanish", creator, platform, now))

    def is_private(self, creator: int, platform: str, now: datetime) -> bool:
        """Whether the lists of follows were closed."""
        return bool(self._happened("turn_private", creator, platform, now))

    def suffix(self, creator: int, platform: str, now: datetime) -> str:
        """What stands behind the first handle by now; empty for who was never renamed."""
        renamed = self._happened("rename", creator, platform, now)
        return f"{number(self._seed, 'renamed', creator) % 90 + 10}{'x' * (len(renamed) - 1)}" if renamed else ""

    def renamed_creators(self) -> list[int]:
        """Who is renamed at some time."""
        return [creator for creator, own in self._of.items() if any(one.kind == "rename" for one in own)]

    def views_left(self, creator: int, platform: str, published_at: datetime, now: datetime) -> float:
        """Share of the views that the platform still counts."""
        fallen = self._happened("views_fall", creator, platform, now)
        return math.prod(1 - one.strength for one in fallen if published_at < one.at)

    def crowd(self, creator: int, platform: str, now: datetime) -> float:
        """Factor on the followers: a giveaway brings many within two days, and half of them leave within weeks."""
        factor = 1.0
        for one in self._happened("giveaway", creator, platform, now):
            days = (now - one.at).total_seconds() / 86_400
            come = min(1.0, days / GIVEAWAY_LASTS_DAYS)
            leaving = math.exp(-max(0.0, days - GIVEAWAY_LASTS_DAYS) / LEAVING_DAYS)
            factor *= 1 + one.strength * come * (KEPT_OF_GIVEAWAY + (1 - KEPT_OF_GIVEAWAY) * leaving)
        return factor

    def giveaways(self, creator: int, now: datetime) -> list[Trouble]:
        """Begun by now."""
        return [one for one in self._of.get(creator, ()) if one.kind == "giveaway" and one.at <= now]

    def _happened(self, kind: str, creator: int, platform: str, now: datetime) -> list[Trouble]:
        own = self._of.get(creator)
        return [one for one in own if one.kind == kind and one.concerns(platform, now)] if own else []

    # ---- causing
    def cause(self, kind: str, creator: int, at: datetime, platform: str | None) -> Trouble:
        """Let it happen. SandboxError: no such kind, or none that can happen there."""
        check(kind, platform)
        trouble = Trouble(kind, creator, at, platform, self._strength(kind, creator))
        self._of.setdefault(creator, []).append(trouble)
        return trouble

    def _strength(self, kind: str, creator: int) -> float:
        draw = unit(self._seed, kind, creator, "strength")
        return round({"views_fall": 0.1 + 0.4 * draw, "giveaway": 0.15 + 0.5 * draw}.get(kind, 1.0), 3)

    def _plant(self, plan: TroublePlan, start: datetime) -> None:
        """One trouble for a creator, none for the members of pods, so that each can be told from the others."""
        free = np.array([one for one in range(len(self._population.creators)) if one not in self._pod_of])
        order = generator(self._seed, "troubles").permutation(free).tolist()
        for kind, count in (
            ("vanish", plan.vanish),
            ("rename", plan.rename),
            ("turn_private", plan.turn_private),
            ("views_fall", plan.views_fall),
            ("giveaway", plan.giveaways),
        ):
            for _ in range(min(count, len(order))):
                creator = order.pop()
                share = unit(self._seed, kind, creator, "when")
                self.cause(kind, creator, start + timedelta(seconds=int(PLANTED_WITHIN.total_seconds() * share)), None)

    def truth(self) -> dict[str, Any]:
        """Pods and troubles as JSON types, channels by id."""
        creators = self._population.creators
        return {
            "pods": [[creators[member].channel_id for member in pod] for pod in self.pods],
            "troubles": [
                {
                    "kind": one.kind,
                    "channel_id": creators[one.creator].channel_id,
                    "at": stamp(one.at),
                    "platform": one.platform,
                    "strength": one.strength,
                }
                for one in self.all
            ],
        }


def check(kind: str, platform: str | None) -> None:
    """SandboxError: no such trouble, or none that can happen there."""
    if kind not in KINDS:
        raise SandboxError(f"No trouble {kind}; there are {', '.join(KINDS)}")
    if platform is not None and kind not in KINDS_OF_PLATFORM.get(platform, frozenset()):
        where = [name for name, kinds in KINDS_OF_PLATFORM.items() if kind in kinds]
        raise SandboxError(f"{kind} does not happen on {platform}; it does on {', '.join(where)}")


def _draw_pods(seed: int, population: Population, count: int) -> tuple[tuple[int, ...], ...]:
    """Small creators of one language each, of one topic or several; nobody is in two pods."""
    rng = generator(seed, "pods")
    small = np.flatnonzero(population.subscribers_at_start < np.quantile(population.subscribers_at_start, 0.7))
    languages = np.array([population.creators[int(one)].language for one in small])
    pods: list[tuple[int, ...]] = []
    for place in range(count):
        language = sorted(set(languages.tolist()))[place % len(set(languages.tolist()))]
        taken = {member for pod in pods for member in pod}
        free = [int(one) for one in small[languages == language] if int(one) not in taken]
        size = min(int(rng.integers(POD_SIZE[0], POD_SIZE[1] + 1)), len(free))
        pods.append(tuple(sorted(int(one) for one in rng.choice(free, size, replace=False))))
    return tuple(pods)
