"""The objects of the package twitchAPI as JSON Schema."""

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from sandbox.protocols.contracts.from_hints import DATE_TIME, Converter, list_of, reference

OBJECTS = ("ChannelInformation", "ChannelTeam", "Game", "SearchChannelResult", "Stream", "TwitchUser", "Video",
           "VideoMutedSegments")  # fmt: skip
TEXT_OR_NULL = {"type": ["string", "null"]}
ON_THE_WIRE: Mapping[str, Mapping[str, Any]] = {
    "Video": {
        "stream_id": TEXT_OR_NULL,
        "muted_segments": {"anyOf": [{"type": "null"}, list_of(reference("VideoMutedSegments"))]},
        "type": {"enum": ["upload", "archive", "highlight"]},
        "duration": {"type": "string", "pattern": r"^(\d+h)?(\d+m)?\d+s$"},
    },
    "SearchChannelResult": {"started_at": {"anyOf": [{"const": ""}, {"type": "string", "pattern": DATE_TIME}]}},
    "ChannelTeam": {"background_image_url": TEXT_OR_NULL, "banner": TEXT_OR_NULL},
}
"""What the client reads as something else, or does not know to be empty at times."""
SOMETIMES_SENT: Mapping[str, tuple[str, ...]] = {
    "TwitchUser": ("email",),
    "ChannelTeam": ("users",),
}
"""Only for tokens of a user, or by another method; everything else that the client names is always sent."""


def compile_twitch() -> dict[str, Any]:
    """Path under `helix/` to answer. No field is invented."""
    from twitchAPI.object import api

    converter = Converter(OBJECTS)
    definitions = {}
    for name in OBJECTS:
        fields = [field for field in getattr(api, name).__annotations__ if field not in SOMETIMES_SENT.get(name, ())]
        definitions[name] = converter.entity(api, name, fields, ON_THE_WIRE.get(name, {}))
    followers = _envelope({"type": "object"}, paged=True)
    followers["properties"]["total"] = {"type": "integer", "minimum": 0}
    followers["required"].append("total")
    return {
        "source": f"twitchAPI {version('twitchapi')}, MIT licence",
        "answers": {
            "users": _envelope(reference("TwitchUser")),
            "channels": _envelope(reference("ChannelInformation")),
            "channels/followers": followers,
            "videos": _envelope(reference("Video"), paged=True),
            "streams": _envelope(reference("Stream"), paged=True),
            "search/channels": _envelope(reference("SearchChannelResult"), paged=True),
            "games": _envelope(reference("Game")),
            "teams/channel": _envelope(reference("ChannelTeam")),
        },
        "definitions": definitions,
    }


def _envelope(item: Mapping[str, Any], *, paged: bool = False) -> dict[str, Any]:
    properties: dict[str, Any] = {"data": list_of(item)}
    if paged:
        cursor = {"type": "object", "properties": {"cursor": {"type": "string"}}, "additionalProperties": False}
        properties["pagination"] = cursor
    return {"type": "object", "properties": properties, "required": sorted(properties), "additionalProperties": False}
