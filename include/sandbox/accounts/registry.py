"""Which creator has which accounts, and what joins them: links, verified links, domains, addresses, names."""

from datetime import datetime, timedelta

from sandbox.accounts.model import PLATFORMS, Account, Evidence
from sandbox.accounts.profiles import Sketch, profile_of
from sandbox.economy.creators import Population
from sandbox.hashing import chance, digest, number, unit

SHARE_OF_MARKET = {
    "bluesky": {"DE": 0.36, "US": 0.42, "BR": 0.38, "JP": 0.44},
    "mastodon": {"DE": 0.30, "US": 0.15, "BR": 0.08, "JP": 0.16},
    "twitch": {"DE": 0.32, "US": 0.38, "BR": 0.34, "JP": 0.22},
}
"""Share of the creators of a market who have an account, before their vertical is looked at."""
FACTOR_OF_VERTICAL = {
    "bluesky": {"gamers": 1.1, "android": 1.2, "music": 0.9, "cooking": 0.6, "sport": 0.6, "style": 0.8},
    "mastodon": {"gamers": 1.0, "android": 1.9, "entertainers": 0.5, "cooking": 0.5, "sport": 0.4, "style": 0.4},
    "twitch": {"gamers": 2.0, "entertainers": 1.2, "music": 0.8, "android": 0.5, "cooking": 0.25, "sport": 0.25,
               "style": 0.2},
}  # fmt: skip
MASTODON_REMOTE_SHARE = 0.3
MASTODON_SERVERS = ("pixelhafen.example", "tech.garden.example", "fedi.salon.example")
HIDDEN_LISTS_SHARE = 0.35
DOMAIN_HANDLE_SHARE = 0.25
OTHER_NAME_SHARE = 0.18
"""Share of the accounts that are not called as the channel is."""
_BASE32 = "abcdefghijklmnopqrstuvwxyz234567"


class Registry:
    """All accounts of all creators, in a fixed order."""

    def __init__(self, seed: int, population: Population, start: datetime) -> None:
        self._seed, self._population, self._start = seed, population, start
        sketches = [self._sketches(creator) for creator in range(len(population.creators))]
        _make_handles_unique(sketches)
        self.evidence: dict[str, tuple[Evidence, ...]] = {}
        """Identity of an account to what its profile shows of the creator's other accounts."""
        self.by_platform: dict[str, list[Account]] = {platform: [] for platform in PLATFORMS}
        for creator, own in enumerate(sketches):
            for platform, sketch in own.items():
                accounts = self.by_platform[platform]
                profile = profile_of(seed, population.creators[creator], sketch, own)
                account = Account(
                    platform=platform,
                    number=len(accounts),
                    creator=creator,
                    identity=sketch.identity,
                    handle=sketch.handle,
                    name=profile.name,
                    about=profile.about,
                    fields=profile.fields,
                    created_at=self._created_at(platform, creator),
                    hides_lists=platform == "mastodon"
                    and chance(HIDDEN_LISTS_SHARE, seed, creator, "mastodon", "hides-lists"),
                )
                accounts.append(account)
                self.evidence[f"{platform} {account.identity}"] = profile.evidence
        self.by_creator: dict[str, dict[int, int]] = {
            platform: {account.creator: account.number for account in accounts}
            for platform, accounts in self.by_platform.items()
        }

    def _sketches(self, creator: int) -> dict[str, Sketch]:
        seed, known = self._seed, self._population.creators[creator]
        found = {}
        for platform in PLATFORMS:
            share = SHARE_OF_MARKET[platform][known.market] * FACTOR_OF_VERTICAL[platform].get(known.vertical, 1.0)
            if not chance(share, seed, creator, platform, "has-account"):
                continue
            base = known.handle
            if chance(OTHER_NAME_SHARE, seed, creator, platform, "other-name"):
                base = ("real", "its", "the", "hey")[number(seed, creator, platform, "prefix") % 4] + base
            found[platform] = Sketch(platform, self._handle(platform, creator, base), self._identity(platform, creator))
        return found

    def _handle(self, platform: str, creator: int, base: str) -> str:
        if platform == "bluesky":
            known = self._population.creators[creator]
            if chance(DOMAIN_HANDLE_SHARE, self._seed, creator, "bluesky", "domain-handle"):
                return f"{known.handle}.example"
            return f"{base[:18]}.bsky.social"
        if platform == "mastodon":
            if chance(MASTODON_REMOTE_SHARE, self._seed, creator, "mastodon", "remote"):
                server = MASTODON_SERVERS[number(self._seed, creator, "mastodon", "server") % len(MASTODON_SERVERS)]
                return f"{base[:30]}@{server}"
            return base[:30]
        return base[:25] if len(base) >= 4 else f"{base}_tv"

    def _identity(self, platform: str, creator: int) -> str:
        if platform == "bluesky":
            raw = int.from_bytes(digest(self._seed, creator, "did", size=15), "big")
            return "did:plc:" + "".join(_BASE32[raw >> shift & 31] for shift in range(0, 120, 5))
        if platform == "mastodon":
            created = int(self._created_at(platform, creator).timestamp() * 1000)
            return str(created << 16 | creator & 0xFFFF)
        return str(20_000_000 + creator * 7919 + number(self._seed, creator, "twitch-id") % 7919)

    def _created_at(self, platform: str, creator: int) -> datetime:
        known = self._population.creators[creator]
        oldest = max(known.created_at, self._start - timedelta(days=1100))
        age = (self._start - oldest) * (0.25 + 0.7 * unit(self._seed, creator, platform, "created"))
        return self._start - timedelta(seconds=int(age.total_seconds()))


def _make_handles_unique(sketches: list[dict[str, Sketch]]) -> None:
    """The first keeps its name, the next ones get a number."""
    taken: set[tuple[str, str]] = set()
    for own in sketches:
        for platform, sketch in own.items():
            head, mark, rest = _split(sketch.handle)
            attempt = 1
            while (platform, sketch.handle) in taken:
                attempt += 1
                sketch.handle = f"{head}{attempt}{mark}{rest}"
            taken.add((platform, sketch.handle))


def _split(handle: str) -> tuple[str, str, str]:
    for mark in ("@", "."):
        if mark in handle:
            return handle.partition(mark)
    return handle, "", ""
