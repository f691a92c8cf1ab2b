"""All platforms other than YouTube together."""

import threading
from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import Any

from sandbox.accounts.model import PLATFORMS
from sandbox.accounts.network import Network
from sandbox.accounts.profiles import address_of
from sandbox.accounts.registry import Registry
from sandbox.clock import stamp
from sandbox.economy.creators import Population
from sandbox.economy.graph import FollowGraph
from sandbox.economy.search import ChannelSearch
from sandbox.economy.videos import VideoCatalogue


class Networks:
    """Nothing is drawn before somebody asks, so that a world which nobody asks starts as quickly as ever."""

    def __init__(
        self,
        seed: int,
        population: Population,
        youtube: FollowGraph,
        catalogue: VideoCatalogue,
        search: ChannelSearch,
        start: datetime,
        now: Callable[[], datetime],
        lock: threading.RLock,
    ) -> None:
        self._seed, self._population, self._start = seed, population, start
        self._networks = {
            platform: Network(
                platform, seed, population, youtube, catalogue, search, start, lambda: self.registry, now, lock
            )
            for platform in PLATFORMS
        }

    def __getitem__(self, platform: str) -> Network:
        """Raises KeyError."""
        return self._networks[platform]

    @cached_property
    def registry(self) -> Registry:
        return Registry(self._seed, self._population, self._start)

    def truth(self) -> dict[str, Any]:
        """Whose accounts there are, what joins them, and who follows whom, as JSON types."""
        creators = self._population.creators
        return {
            "accounts": [
                {
                    "platform": platform,
                    "account": account.identity,
                    "handle": account.handle,
                    "address": address_of(platform, account.handle),
                    "channel_id": creators[account.creator].channel_id,
                    "hides_lists": account.hides_lists,
                    "evidence": [
                        {"kind": one.kind, "leads_to": one.leads_to}
                        for one in self.registry.evidence[f"{platform} {account.identity}"]
                    ],
                }
                for platform in PLATFORMS
                for account in self._networks[platform].accounts
            ],
            "account_edges": {
                platform: [
                    [source.identity, target.identity, stamp(since)]
                    for source, target, since in self._networks[platform].edges()
                ]
                for platform in PLATFORMS
            },
        }
