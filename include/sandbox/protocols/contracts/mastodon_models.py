"""The entities of the package Mastodon.py as JSON Schema."""

import datetime
import types
import typing
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

DATE_TIME = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"
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

    definitions = {name: _entity(return_types, name) for name in ENTITIES}
    trending = {"allOf": [_reference("Tag"), {"required": ["id", "history"]}]}
    return {
        "source": f"Mastodon.py {version('mastodon.py')}, MIT licence",
        "answers": {
            "account": _reference("Account"),
            "accounts": _list_of(_reference("Account")),
            "status": _reference("Status"),
            "statuses": _list_of(_reference("Status")),
            "search": _reference("SearchV2"),
            "trends/tags": _list_of(trending),
            "instance/v1": _reference("Instance"),
            "instance/v2": _reference("InstanceV2"),
        },
        "definitions": definitions,
    }


def _entity(module: types.ModuleType, name: str) -> dict[str, Any]:
    hints = typing.get_type_hints(getattr(module, name), vars(module))
    hints = {field: hint for field, hint in hints.items() if not field.startswith("_")}
    properties = {field: _field(hint) for field, hint in hints.items()} | dict(ON_THE_WIRE.get(name, {}))
    return {
        "type": "object",
        "properties": properties,
        "required": sorted(ALWAYS_SENT.get(name, ())),
        "additionalProperties": False,
    }


def _field(hint: Any) -> dict[str, Any]:
    options = typing.get_args(hint) if typing.get_origin(hint) in (typing.Union, types.UnionType) else (hint,)
    schemas = [{"type": "null"} if option is types.NoneType else _single(option) for option in options]
    unique = [schema for position, schema in enumerate(schemas) if schema not in schemas[:position]]
    return unique[0] if len(unique) == 1 else {"anyOf": unique}


def _single(hint: Any) -> dict[str, Any]:
    plain = {str: "string", int: "integer", bool: "boolean", float: "number"}
    if "Snowflake" in getattr(hint, "__name__", ""):
        return {"type": "string", "pattern": r"^\d+$"}
    if hint in plain:
        return {"type": plain[hint]}
    if hint is datetime.datetime:
        return {"type": "string", "pattern": DATE_TIME}
    if typing.get_origin(hint) is not None:
        inner = typing.get_args(hint)
        return _list_of(_single(inner[0]) if inner else {})
    name = getattr(hint, "__name__", "")
    if name.endswith("List"):
        return _list_of({})
    return _reference(name) if name in ENTITIES else {"type": "object"}


def _reference(name: str) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{name}"}


def _list_of(item: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": dict(item)}
