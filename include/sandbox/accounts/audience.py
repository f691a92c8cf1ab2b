"""Followers who are no creators: how many there are, and on Bluesky who they are, as many as are counted."""

import re
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from sandbox.accounts.model import Account, UnknownAccount
from sandbox.economy.creators import Population
from sandbox.economy.names import GIVEN, JAPANESE_GIVEN
from sandbox.hashing import digest, generator, number, pick

SHARE_OF_SUBSCRIBERS = {"bluesky": 0.025, "mastodon": 0.008, "twitch": 0.22}
"""Median size of an account, as a share of the channel's subscribers."""
SPREAD = 0.8
DAYS_PER_YEAR = 365.0
_BASE32 = "abcdefghijklmnopqrstuvwxyz234567"
_FAN_HANDLE = re.compile(r"^fan([0-9a-f]+)-([0-9a-f]+)\.bsky\.social$")


@dataclass(frozen=True, slots=True)
class Fan:
    """A person who follows one creator and publishes nothing."""

    account: int
    """Number of the followed account."""
    index: int
    identity: str
    handle: str
    name: str


class Audience:
    """People around the accounts of one platform; nobody is stored."""

    def __init__(self, seed: int, platform: str, accounts: list[Account], population: Population, start: datetime):
        self._seed, self._accounts, self._population, self._start = seed, accounts, population, start
        rng = generator(seed, "audience-of", platform)
        self._share = SHARE_OF_SUBSCRIBERS[platform] * np.exp(rng.normal(0, SPREAD, len(population.creators)))

    def size(self, account: int, now: datetime) -> int:
        """Followers who are no creators."""
        creator = self._accounts[account].creator
        population = self._population
        years = (now - self._start).total_seconds() / 86_400 / DAYS_PER_YEAR
        grown = 1 + 1.2 * float(population.growth_per_year[creator]) * years
        return int(float(population.subscribers_at_start[creator] * self._share[creator]) * max(0.0, grown))

    def fan(self, account: int, index: int) -> Fan:
        """One of the followers, counted from the oldest."""
        language = self._population.creators[self._accounts[account].creator].language
        names = [latin for _, latin in JAPANESE_GIVEN] if language == "ja" else GIVEN[language]
        name = str(pick(names, self._seed, "fan", account, index)).capitalize()
        packed = account << 32 | index
        check = digest(self._seed, "fan", packed, size=7)
        mixed = packed ^ number(self._seed, "fan", check.hex())
        raw = int.from_bytes(check + mixed.to_bytes(8, "big"), "big")
        identity = "did:plc:" + "".join(_BASE32[raw >> shift & 31] for shift in range(115, -1, -5))
        return Fan(account, index, identity, f"fan{account:x}-{index:x}.bsky.social", name)

    def find_fan(self, actor: str, now: datetime) -> Fan:
        """By DID or handle. UnknownAccount: nobody, or somebody who comes only later."""
        account, index = self._place(actor)
        if not 0 <= account < len(self._accounts) or not 0 <= index < self.size(account, now):
            raise UnknownAccount(actor)
        fan = self.fan(account, index)
        if actor not in (fan.identity, fan.handle):
            raise UnknownAccount(actor)
        return fan

    def _place(self, actor: str) -> tuple[int, int]:
        if found := _FAN_HANDLE.match(actor):
            return int(found[1], 16), int(found[2], 16)
        letters = actor.removeprefix("did:plc:")
        if len(letters) != 24 or set(letters) - set(_BASE32):
            raise UnknownAccount(actor)
        raw = 0
        for letter in letters:
            raw = raw << 5 | _BASE32.index(letter)
        content = raw.to_bytes(15, "big")
        packed = int.from_bytes(content[7:], "big") ^ number(self._seed, "fan", content[:7].hex())
        return packed >> 32, packed & 0xFFFFFFFF
