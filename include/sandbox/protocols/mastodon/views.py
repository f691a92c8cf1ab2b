"""Accounts and statuses as the server shows them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from sandbox.accounts.model import Account, PostKey
from sandbox.accounts.network import ANSWER, REPOST, Network
from sandbox.accounts.profiles import LOCAL_SERVER, address_of
from sandbox.clock import in_utc
from sandbox.protocols.mastodon.markup import link, paragraph

View = dict[str, Any]
HOME = f"https://{LOCAL_SERVER}"
TRENDING_DAYS = 7


def instant(moment: datetime) -> str:
    """ISO 8601 with milliseconds and a Z."""
    return in_utc(moment).strftime("%Y-%m-%dT%H:%M:%S.000Z")


class Views:
    """Draws records of the network, for one request."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._drawn: dict[int, View] = {}

    def account(self, account: Account) -> View:
        if account.number not in self._drawn:
            self._drawn[account.number] = self._account(account)
        return self._drawn[account.number]

    def _account(self, account: Account) -> View:
        user, _, server = account.handle.partition("@")
        home = f"https://{server}" if server else HOME
        keys = self._network.post_keys(account)
        last = self._network.published_at(keys[0]).date().isoformat() if keys else None
        return {
            "id": account.identity,
            "username": user,
            "acct": account.handle,
            "display_name": account.name,
            "locked": False,
            "bot": False,
            "discoverable": True,
            "indexable": False,
            "group": False,
            "created_at": account.created_at.strftime("%Y-%m-%dT00:00:00.000Z"),
            "note": paragraph(account.about, {}, {}),
            "url": address_of("mastodon", account.handle),
            "uri": f"{home}/users/{user}",
            "avatar": f"{home}/avatars/original/missing.png",
            "avatar_static": f"{home}/avatars/original/missing.png",
            "header": f"{home}/headers/original/missing.png",
            "header_static": f"{home}/headers/original/missing.png",
            "followers_count": self._network.follower_count(account),
            "following_count": len(self._network.follows(account)),
            "statuses_count": len(keys),
            "last_status_at": last,
            "hide_collections": account.hides_lists,
            "noindex": False,
            "emojis": [],
            "roles": [],
            "fields": [
                {
                    "name": field.name,
                    "value": link(field.value, is_own=True),
                    "verified_at": instant(account.created_at + timedelta(days=1)) if field.is_verified else None,
                }
                for field in account.fields
            ],
        }

    def status(self, key: PostKey) -> View:
        """A status with its counters; a reblog holds the status that it repeats."""
        account = self._network.account(key.account)
        target = self._network.target(key)
        if target is not None and self._network.kind(key) == REPOST:
            repeated = self.status(target)
            empty = {"reblogs_count": 0, "favourites_count": 0, "replies_count": 0}
            own = self._frame(key, account) | {"account": self.account(account), "reblog": repeated}
            return {**repeated, **own, **empty, "in_reply_to_id": None, "in_reply_to_account_id": None, "card": None}
        read, counters = self._network.read(key), self._network.counters(key)
        named = [self._network.account(number) for number in read.mentions]
        answered = None
        if target is not None and self._network.kind(key) == ANSWER:
            answered = self._network.account(target.account)
            named.append(answered)
        text = (f"@{answered.handle} " if answered else "") + read.text
        addresses = {one.handle: address_of("mastodon", one.handle) for one in named}
        tags = [{"name": tag, "url": f"{HOME}/tags/{quote(tag)}"} for tag in read.tags]
        return {
            **self._frame(key, account),
            "in_reply_to_id": None if answered is None or target is None else self._network.identity(target),
            "in_reply_to_account_id": None if answered is None else answered.identity,
            "sensitive": False,
            "spoiler_text": "",
            "visibility": "public",
            "language": self._network.creator(account).language,
            "content": paragraph(text, addresses, {tag["name"]: tag["url"] for tag in tags}),
            "account": self.account(account),
            "reblog": None,
            "media_attachments": [],
            "mentions": [
                {
                    "id": one.identity,
                    "username": one.handle.partition("@")[0],
                    "acct": one.handle,
                    "url": addresses[one.handle],
                }
                for one in named
            ],
            "tags": tags,
            "emojis": [],
            "card": _card(read.text, read.video_id) if read.video_id else None,
            "poll": None,
            "edited_at": None,
            "replies_count": counters.replies,
            "reblogs_count": counters.reposts,
            "favourites_count": counters.likes,
        }

    def _frame(self, key: PostKey, account: Account) -> View:
        identity = self._network.identity(key)
        user, _, server = account.handle.partition("@")
        return {
            "id": identity,
            "created_at": instant(self._network.published_at(key)),
            "uri": f"https://{server or LOCAL_SERVER}/users/{user}/statuses/{identity}",
            "url": f"{address_of('mastodon', account.handle)}/{identity}",
        }

    def trending_tags(self) -> list[View]:
        """Hashtags of the last seven days, the most used first, with uses and users of each day."""
        today = self._network.now.astimezone(UTC).date()
        uses: dict[str, list[tuple[int, int]]] = {}
        for account in self._network.accounts:
            for key in self._network.post_keys(account):
                age = (today - self._network.published_at(key).date()).days
                if age >= TRENDING_DAYS:
                    break
                for tag in self._network.read(key).tags:
                    uses.setdefault(tag, []).append((age, account.number))
        ranked = sorted(uses, key=lambda tag: (-len(uses[tag]), tag))
        return [
            {
                "id": str(1 + position),
                "name": tag,
                "url": f"{HOME}/tags/{quote(tag)}",
                "history": [_day(today, age, uses[tag]) for age in range(TRENDING_DAYS)],
            }
            for position, tag in enumerate(ranked)
        ]


def _day(today: Any, age: int, uses: list[tuple[int, int]]) -> dict[str, str]:
    midnight = datetime.combine(today - timedelta(days=age), datetime.min.time(), UTC)
    users = [number for used, number in uses if used == age]
    return {"day": str(int(midnight.timestamp())), "uses": str(len(users)), "accounts": str(len(set(users)))}


def _card(text: str, video_id: str) -> View:
    return {
        "url": f"https://www.youtube.com/watch?v={video_id}",
        "title": text.partition("\n")[0],
        "description": "",
        "language": None,
        "type": "video",
        "author_name": "",
        "author_url": "",
        "provider_name": "YouTube",
        "provider_url": "https://www.youtube.com/",
        "html": "",
        "width": 200,
        "height": 113,
        "image": None,
        "image_description": "",
        "embed_url": "",
        "blurhash": None,
        "published_at": None,
        "authors": [],
    }


def instance(version: int, users: int, statuses: Callable[[], int]) -> View:
    """What the server says of itself, for version 1 or 2 of the method."""
    limits = {"statuses": {"max_characters": 500, "max_media_attachments": 4, "characters_reserved_per_url": 23}}
    shared: View = {
        "title": "Mastodon Example",
        "version": "4.5.0",
        "description": "A server in a simulated world",
        "languages": ["en"],
        "rules": [],
    }
    if version == 1:
        return {
            **shared,
            "uri": LOCAL_SERVER,
            "short_description": "A server in a simulated world",
            "email": f"admin@{LOCAL_SERVER}",
            "urls": {"streaming_api": f"wss://{LOCAL_SERVER}"},
            "stats": {"user_count": users, "status_count": statuses(), "domain_count": 4},
            "thumbnail": None,
            "registrations": False,
            "approval_required": False,
            "invites_enabled": False,
            "configuration": limits,
        }
    return {
        **shared,
        "domain": LOCAL_SERVER,
        "source_url": "https://github.com/mastodon/mastodon",
        "usage": {"users": {"active_month": users}},
        "thumbnail": {"url": f"{HOME}/preview.png"},
        "icon": [],
        "configuration": {**limits, "urls": {"streaming": f"wss://{LOCAL_SERVER}"}},
        "registrations": {"enabled": False, "approval_required": False, "message": None},
        "contact": {"email": f"admin@{LOCAL_SERVER}", "account": None},
        "api_versions": {"mastodon": 7},
    }
