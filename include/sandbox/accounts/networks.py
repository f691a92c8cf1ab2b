"""All platforms other than YouTube together."""

from functools import cached_property
from typing import Any

from sandbox.accounts.model import PLATFORMS
from sandbox.accounts.network import Economy, Network
from sandbox.accounts.profiles import address_of
from sandbox.accounts.registry import Registry
from sandbox.clock import stamp


class Networks:
    """Nothing is drawn before somebody asks, so that a world which nobody asks starts as quickly as ever."""

    def __init__(self, economy: Economy) -> None:
        self._economy = economy
        self._networks = {platform: Network(platform, economy, lambda: self.registry) for platform in PLATFORMS}

    def __getitem__(self, platform: str) -> Network:
        """Raises KeyError."""
        return self._networks[platform]

    @cached_property
    def registry(self) -> Registry:
        return Registry(self._economy.seed, self._economy.population, self._economy.start)

    def truth(self) -> dict[str, Any]:
        """Whose accounts there are, what joins them, and who follows whom, as JSON types."""
        creators = self._economy.population.creators
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
