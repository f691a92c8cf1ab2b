"""Channels, streams and recordings as Helix shows them."""

from datetime import timedelta
from typing import Any

from sandbox.accounts.broadcasts import CATEGORIES, FIRST_CATEGORY, Broadcast
from sandbox.accounts.model import Account
from sandbox.accounts.network import Network
from sandbox.clock import stamp

View = dict[str, Any]
PICTURES = "https://static-cdn.jtvnw.example"
PARTNER_FROM_FOLLOWERS, AFFILIATE_FROM_FOLLOWERS = 20_000, 300


class Views:
    """Draws records of the network."""

    def __init__(self, network: Network) -> None:
        self._network = network

    def user(self, account: Account) -> View:
        followers = self._network.follower_count(account)
        kind = "partner" if followers >= PARTNER_FROM_FOLLOWERS else ""
        kind = kind or ("affiliate" if followers >= AFFILIATE_FROM_FOLLOWERS else "")
        return {
            "id": account.identity,
            "login": account.handle,
            "display_name": _shown(account),
            "type": "",
            "broadcaster_type": kind,
            "description": account.about,
            "profile_image_url": f"{PICTURES}/user-default-pictures/{int(account.identity) % 10}-300x300.png",
            "offline_image_url": "",
            "view_count": 0,
            "created_at": stamp(account.created_at),
        }

    def channel(self, account: Account) -> View:
        last = self._last(account)
        creator = self._network.creator(account)
        return {
            "broadcaster_id": account.identity,
            "broadcaster_login": account.handle,
            "broadcaster_name": _shown(account),
            "broadcaster_language": creator.language,
            "game_id": category_id(last.category) if last else "",
            "game_name": CATEGORIES[last.category] if last else "",
            "title": last.title if last else "",
            "delay": 0,
            "tags": _tags(creator.topics),
            "content_classification_labels": [],
            "is_branded_content": False,
        }

    def stream(self, account: Account, broadcast: Broadcast) -> View:
        creator = self._network.creator(account)
        return {
            "id": _stream_id(self._network.broadcasts.recording_id(broadcast.key)),
            "user_id": account.identity,
            "user_login": account.handle,
            "user_name": _shown(account),
            "game_id": category_id(broadcast.category),
            "game_name": CATEGORIES[broadcast.category],
            "type": "live",
            "title": broadcast.title,
            "tags": _tags(creator.topics),
            "viewer_count": self._network.broadcasts.viewers(broadcast, self._network.now),
            "started_at": stamp(broadcast.started_at),
            "language": creator.language,
            "thumbnail_url": f"{PICTURES}/previews/live_user_{account.handle}-{{width}}x{{height}}.jpg",
            "tag_ids": [],
            "is_mature": False,
        }

    def recording(self, account: Account, broadcast: Broadcast, views: int) -> View:
        identity = self._network.broadcasts.recording_id(broadcast.key)
        length = min(broadcast.ended_at, self._network.now) - broadcast.started_at
        return {
            "id": identity,
            "stream_id": _stream_id(identity),
            "user_id": account.identity,
            "user_login": account.handle,
            "user_name": _shown(account),
            "title": broadcast.title,
            "description": "",
            "created_at": stamp(broadcast.started_at),
            "published_at": stamp(broadcast.started_at),
            "url": f"https://www.twitch.tv/videos/{identity}",
            "thumbnail_url": f"{PICTURES}/cf_vods/{identity}/thumb/thumb0-%{{width}}x%{{height}}.jpg",
            "viewable": "public",
            "view_count": views,
            "language": self._network.creator(account).language,
            "type": "archive",
            "duration": _duration(length),
            "muted_segments": None,
        }

    def found(self, account: Account, live: Broadcast | None) -> View:
        """A channel as a search result."""
        channel = self.channel(account)
        return {
            "broadcaster_language": channel["broadcaster_language"],
            "broadcaster_login": account.handle,
            "display_name": _shown(account),
            "game_id": channel["game_id"],
            "game_name": channel["game_name"],
            "id": account.identity,
            "is_live": live is not None,
            "tags": channel["tags"],
            "thumbnail_url": self.user(account)["profile_image_url"],
            "title": channel["title"],
            "started_at": stamp(live.started_at) if live else "",
        }

    def team(self, account: Account) -> list[View]:
        """The teams of a channel: one or none."""
        team = self._network.broadcasts.team(account.number)
        if team is None:
            return []
        return [
            {
                "broadcaster_id": account.identity,
                "broadcaster_login": account.handle,
                "broadcaster_name": _shown(account),
                "background_image_url": None,
                "banner": None,
                "created_at": stamp(team.created_at),
                "updated_at": stamp(team.created_at + timedelta(days=30)),
                "info": "<p></p>",
                "thumbnail_url": f"{PICTURES}/teams/{team.identity}-600x600.png",
                "team_name": team.name,
                "team_display_name": team.shown_name,
                "id": team.identity,
            }
        ]

    def _last(self, account: Account) -> Broadcast | None:
        begun = self._network.broadcasts.begun(account.number, self._network.now)
        return self._network.broadcasts.read(begun[0]) if begun else None


def category_id(position: int) -> str:
    return str(FIRST_CATEGORY + position)


def category(position: int) -> View:
    """A game, or another thing that people stream."""
    name = CATEGORIES[position]
    picture = f"{PICTURES}/ttv-boxart/{category_id(position)}-{{width}}x{{height}}.jpg"
    return {"id": category_id(position), "name": name, "box_art_url": picture, "igdb_id": ""}


def _shown(account: Account) -> str:
    """Names in other scripts stand for themselves; Latin ones are the login with capitals."""
    return account.name if account.name.replace(" ", "").lower() == account.handle else account.handle.capitalize()


def _tags(topics: tuple[str, ...]) -> list[str]:
    return ["".join(letter for letter in topic if letter.isalnum())[:25] for topic in topics]


def _stream_id(recording: str) -> str:
    return str(40_000_000_000 + int(recording))


def _duration(length: timedelta) -> str:
    seconds = int(length.total_seconds())
    hours, minutes = seconds // 3600, seconds // 60 % 60
    return (f"{hours}h" if hours else "") + (f"{minutes}m" if hours or minutes else "") + f"{seconds % 60}s"
