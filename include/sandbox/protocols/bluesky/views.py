"""Profiles and posts as the public server shows them."""

import base64
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sandbox.accounts.audience import Fan
from sandbox.accounts.model import Account, Post, PostKey
from sandbox.accounts.network import ANSWER, REPOST, Network
from sandbox.clock import in_utc
from sandbox.hashing import digest, unit

View = dict[str, Any]
COLLECTION = "app.bsky.feed.post"
_LINK = re.compile(r"https?://\S+")
_TAG = re.compile(r"#(\S+)")
_CID_PREFIX = b"\x01\x71\x12\x20"
"""CIDv1, dag-cbor, sha2-256 of 32 bytes."""


def instant(moment: datetime) -> str:
    """ISO 8601 with milliseconds and a Z."""
    return in_utc(moment).strftime("%Y-%m-%dT%H:%M:%S.000Z")


class Views:
    """Draws records of one network."""

    def __init__(self, network: Network, seed: int, start: datetime) -> None:
        self._network, self._seed, self._start = network, seed, start

    # ---- profiles
    def basic(self, account: Account) -> View:
        return {
            "did": account.identity,
            "handle": account.handle,
            "displayName": account.name,
            "createdAt": instant(account.created_at),
            "labels": [],
        }

    def profile(self, account: Account | Fan) -> View:
        """As it stands in lists."""
        if isinstance(account, Fan):
            born = instant(self._start)
            return {
                "did": account.identity,
                "handle": account.handle,
                "displayName": account.name,
                "createdAt": born,
                "indexedAt": born,
                "labels": [],
            }
        return {
            **self.basic(account),
            "description": account.about,
            "indexedAt": instant(account.created_at),
        }

    def detailed(self, account: Account | Fan) -> View:
        """With counters."""
        if isinstance(account, Fan):
            return {**self.profile(account), "followersCount": 0, "followsCount": 1, "postsCount": 0}
        return {
            **self.profile(account),
            "followersCount": self._network.follower_count(account),
            "followsCount": len(self._network.follows(account)),
            "postsCount": sum(self._network.kind(key) != REPOST for key in self._network.post_keys(account)),
        }

    # ---- posts
    def uri(self, key: PostKey) -> str:
        return f"at://{self._network.accounts[key.account].identity}/{COLLECTION}/{self._network.identity(key)}"

    def cid(self, key: PostKey) -> str:
        hashed = base64.b32encode(_CID_PREFIX + digest(self._seed, "cid", self.uri(key), size=32))
        return "b" + hashed.decode().lower().rstrip("=")

    def post(self, key: PostKey) -> View:
        """A post with its counters."""
        read, counters = self._network.read(key), self._network.counters(key)
        view: View = {
            "uri": self.uri(key),
            "cid": self.cid(key),
            "author": self.basic(self._network.account(key.account)),
            "record": self._record(key, read),
            "replyCount": counters.replies,
            "repostCount": counters.reposts,
            "likeCount": counters.likes,
            "quoteCount": counters.quotes,
            "indexedAt": instant(read.published_at),
            "labels": [],
        }
        if read.video_id:
            view["embed"] = {"$type": "app.bsky.embed.external#view", "external": _card(read)}
        return view

    def feed_item(self, key: PostKey) -> View:
        """A line of an author's feed: a post, an answer with what it answers, or a repost of another's post."""
        target = self._network.target(key)
        if target is not None and self._network.kind(key) == REPOST:
            reason = {
                "$type": "app.bsky.feed.defs#reasonRepost",
                "by": self.basic(self._network.account(key.account)),
                "indexedAt": instant(self._network.published_at(key)),
            }
            return {"post": self.post(target), "reason": reason}
        item: View = {"post": self.post(key)}
        if target is not None and self._network.kind(key) == ANSWER:
            answered = {"$type": "app.bsky.feed.defs#postView", **self.post(target)}
            item["reply"] = {"root": answered, "parent": answered}
        return item

    def liked_at(self, key: PostKey | None, account: Account) -> str:
        """Some time in the first day of the post."""
        if key is None:
            return instant(self._start)
        after = int(unit(self._seed, "liked-at", self.uri(key), account.identity) * 86_400)
        return instant(min(self._network.published_at(key) + timedelta(seconds=after), self._network.now))

    def _record(self, key: PostKey, read: Post) -> View:
        creator = self._network.creator(self._network.accounts[key.account])
        record: View = {
            "$type": COLLECTION,
            "text": read.text,
            "createdAt": instant(read.published_at),
            "langs": [creator.language],
        }
        if facets := self._facets(read):
            record["facets"] = facets
        if read.video_id:
            record["embed"] = {"$type": "app.bsky.embed.external", "external": _card(read)}
        if read.answers is not None:
            reference = {"uri": self.uri(read.answers), "cid": self.cid(read.answers)}
            record["reply"] = {"root": reference, "parent": reference}
        return record

    def _facets(self, read: Post) -> list[View]:
        """Hashtags, addresses and mentions, by their place in the UTF-8 text."""
        found = [
            _facet(read.text, match.span(), {"$type": "app.bsky.richtext.facet#tag", "tag": match[1]})
            for match in _TAG.finditer(read.text)
            if match[1] in read.tags
        ]
        found += [
            _facet(read.text, match.span(), {"$type": "app.bsky.richtext.facet#link", "uri": match[0]})
            for match in _LINK.finditer(read.text)
        ]
        for number in read.mentions:
            named = self._network.accounts[number]
            begin = read.text.find(f"@{named.handle}")
            if begin >= 0:
                span = begin, begin + len(named.handle) + 1
                feature = {"$type": "app.bsky.richtext.facet#mention", "did": named.identity}
                found.append(_facet(read.text, span, feature))
        return found


def _facet(text: str, span: tuple[int, int], feature: Mapping[str, str]) -> View:
    begin, end = (len(text[:place].encode()) for place in span)
    return {
        "$type": "app.bsky.richtext.facet",
        "index": {"byteStart": begin, "byteEnd": end},
        "features": [dict(feature)],
    }


def _card(read: Post) -> View:
    title, _, _ = read.text.partition("\n")
    return {"uri": f"https://www.youtube.com/watch?v={read.video_id}", "title": title, "description": ""}
