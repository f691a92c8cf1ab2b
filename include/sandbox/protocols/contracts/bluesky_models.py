"""The models of the package atproto as JSON Schema."""

import warnings
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

FORMATS = {
    "AtUri": r"^at://did:[a-z]+:[A-Za-z0-9._:%-]+/[a-zA-Z0-9.-]+/[A-Za-z0-9._:~-]+$",
    "Cid": r"^[a-z2-7]{59}$",
    "DateTime": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$",
    "Did": r"^did:[a-z]+:[A-Za-z0-9._:%-]+$",
    "Handle": r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$",
    "Uri": r"^[a-z][a-z0-9.+-]*:\S+$",
}
"""Forms of the protocol's strings, which the models take for plain strings."""
ALWAYS_SENT = {
    "ProfileViewDetailed": ("displayName", "followersCount", "followsCount", "postsCount", "createdAt", "indexedAt"),
    "ProfileView": ("displayName", "createdAt", "indexedAt"),
    "ProfileViewBasic": ("displayName", "createdAt"),
    "PostView": ("replyCount", "repostCount", "likeCount", "quoteCount"),
}
"""Fields that the models call optional and the public server sends for everybody we show."""
DROPPED = ("title", "description", "default", "discriminator")
POST_RECORD = "app.bsky.feed.post"


def compile_bluesky() -> dict[str, Any]:
    """Method to answer, as strict as the lexicons allow.

    An optional field is left out and never null; a member of a union says its `$type`; no field is invented.
    """
    from atproto_client import models
    from pydantic.json_schema import models_json_schema

    answers = {
        "app.bsky.actor.getProfile": models.AppBskyActorDefs.ProfileViewDetailed,
        "app.bsky.actor.getProfiles": models.AppBskyActorGetProfiles.Response,
        "app.bsky.actor.searchActors": models.AppBskyActorSearchActors.Response,
        "app.bsky.graph.getFollows": models.AppBskyGraphGetFollows.Response,
        "app.bsky.graph.getFollowers": models.AppBskyGraphGetFollowers.Response,
        "app.bsky.feed.getAuthorFeed": models.AppBskyFeedGetAuthorFeed.Response,
        "app.bsky.feed.getPosts": models.AppBskyFeedGetPosts.Response,
        "app.bsky.feed.getLikes": models.AppBskyFeedGetLikes.Response,
        "com.atproto.identity.resolveHandle": models.ComAtprotoIdentityResolveHandle.Response,
        POST_RECORD: models.AppBskyFeedPost.Record,
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pydantic tells that it leaves out discriminators, which is what we want
        places, schema = models_json_schema([(model, "validation") for model in answers.values()])
    definitions = {name: _strict(name, body) for name, body in sorted(schema["$defs"].items())}
    definitions["PostView"]["properties"]["record"] = places[answers[POST_RECORD], "validation"]
    return {
        "source": f"atproto {version('atproto')}, MIT licence",
        "answers": {method: places[model, "validation"] for method, model in answers.items()},
        "definitions": definitions,
    }


def _strict(name: str, body: Mapping[str, Any]) -> dict[str, Any]:
    converted: dict[str, Any] = _convert(body)
    if name in FORMATS:
        converted["pattern"] = FORMATS[name]
    if name in ALWAYS_SENT:
        converted["required"] = sorted({*converted.get("required", ()), *ALWAYS_SENT[name]})
    return converted


def _convert(node: Any) -> Any:
    if isinstance(node, list):
        return [_convert(inner) for inner in node]
    if not isinstance(node, dict):
        return node
    found = {key: _convert(inner) for key, inner in node.items() if key not in DROPPED or not _is_keyword(key, inner)}
    if "properties" in found:
        found["additionalProperties"] = False
    for union in ("anyOf", "oneOf"):
        if union in found:
            members = [member for member in found.pop(union) if member != {"type": "null"}]
            if len(members) == 1:
                return {**found, **members[0]}
            found["anyOf"] = [_tagged(member) for member in members]
    return found


def _is_keyword(key: str, inner: Any) -> bool:
    """Whether it is the keyword of JSON Schema, not a property that is called so."""
    return key in ("default", "discriminator") or isinstance(inner, str)


def _tagged(member: Any) -> Any:
    return {**member, "required": ["$type"]} if "$ref" in member else member
