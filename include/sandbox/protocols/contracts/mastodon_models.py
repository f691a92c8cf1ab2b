"""The entities of the package Mastodon.py as JSON Schema."""

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from sandbox.protocols.contracts.from_hints import DATE_TIME, Converter, list_of, reference

ENTITIES = ("Account", "AccountField", "CustomEmoji", "PreviewCard", "PreviewCardAuthor", "SearchV2", "Status",
            "StatusMention", "Tag", "TagHistory", "InstanceV2", "Instance")  # fmt: skip
ON_THE_WIRE: Mapping[str, Mapping[str, Any]] = {
    "Account": {"last_status_at": {"type": ["string", "null"], "pattern": r"^\d{4}-\d\d-\d\d$"}},
    "AccountField": {"verified_at": {"type": ["string", "null"], "pattern": DATE_TIME}},
    "StatusMention": {"id": {"type": "string", "pattern": r"^\d+$"}},
    "TagHistory": {
        "day": {"type": "string", "pattern": r"^\d+$"},
        "uses": {"type": "string", "pattern": r"^\d+$"},
        "accounts": {"type": "string", "pattern": r"^\d+$"},
    },
}
"""What the client turns into something else after reading it."""
ALWAYS_SENT: Mapping[str, tuple[str, ...]] = {
    "Account": (
        "acct", "avatar", "avatar_static", "bot", "created_at", "discoverable", "display_name", "emojis", "fields",
        "followers_count", "following_count", "group", "header", "header_static", "hide_collections", "id",
        "indexable", "last_status_at", "locked", "note", "statuses_count", "uri", "url", "username",
    ),
    "AccountField": ("name", "value", "verified_at"),
    "CustomEmoji": ("shortcode", "static_url", "url", "visible_in_picker"),
    "PreviewCard": (
        "author_name", "author_url", "authors", "description", "embed_url", "height", "html", "provider_name",
        "provider_url", "title", "type", "url", "width",
    ),
    "SearchV2": ("accounts", "hashtags", "statuses"),
    "Status": (
        "account", "content", "created_at", "edited_at", "emojis", "favourites_count", "id", "in_reply_to_account_id",
        "in_reply_to_id", "language", "media_attachments", "mentions", "poll", "card", "reblog", "reblogs_count",
        "replies_count", "sensitive", "spoiler_text", "tags", "uri", "url", "visibility",
    ),
    "StatusMention": ("id", "username", "acct", "url"),
    "Tag": ("name", "url"),
    "TagHistory": ("day", "uses", "accounts"),
    "InstanceV2": (
        "api_versions", "configuration", "contact", "description", "domain", "icon", "languages", "registrations",
        "rules", "source_url", "thumbnail", "title", "usage", "version",
    ),
    "Instance": (
        "uri", "title", "short_description", "description", "email", "version", "urls", "stats", "languages",
        "registrations", "approval_required", "invites_enabled", "configuration", "rules",
    ),
}  # fmt: skip
"""Kept by hand: the entities of the client say what a field is, not whether it comes."""


def compile_mastodon() -> dict[str, Any]:
    """Method (path without numbers) to answer. No field is invented; null only where the client allows it."""
    from mastodon import return_types

    converter = Converter(ENTITIES)
    definitions = {
        name: converter.entity(return_types, name, ALWAYS_SENT.get(name, ()), ON_THE_WIRE.get(name, {}))
        for name in ENTITIES
    }
    trending = {"allOf": [reference("Tag"), {"required": ["id", "history"]}]}
    return {
        "source": f"Mastodon.py {version('mastodon.py')}, MIT licence",
        "answers": {
            "account": reference("Account"),
            "accounts": list_of(reference("Account")),
            "status": reference("Status"),
            "statuses": list_of(reference("Status")),
            "search": reference("SearchV2"),
            "trends/tags": list_of(trending),
            "instance/v1": reference("Instance"),
            "instance/v2": reference("InstanceV2"),
        },
        "definitions": definitions,
    }
