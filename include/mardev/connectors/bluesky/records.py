"""What Bluesky tells, in the shape of every platform. It tells no views and no country."""

from datetime import datetime

from mardev.connectors.platform import Account, Published
from mardev.connectors.reading import (
    Item,
    addresses_in,
    counter,
    find,
    optional_instant,
    optional_text,
    parse_instant,
    text,
    texts,
)
from mardev.errors import RecordMalformed

COMMON_DOMAINS = (".bsky.social",)
LONGEST_TITLE = 120


def read_profile(item: Item, observed_at: datetime) -> Account:
    """One profile of `app.bsky.actor.getProfiles`.

    A handle under a domain of its own is proof of that domain: the network asked the domain.

    Raises:
        RecordMalformed: a field is missing or has the wrong type.
    """
    handle = text(item, "handle")
    description = optional_text(item, "description") or ""
    own_domain = "" if handle.endswith(COMMON_DOMAINS) or handle == "handle.invalid" else f"https://{handle}"
    return Account(
        external_id=text(item, "did"),
        handle=None if handle == "handle.invalid" else "@" + handle,
        title=optional_text(item, "displayName") or handle,
        description=description,
        country=None,
        language=None,
        topics=(),
        picture_url=optional_text(item, "avatar"),
        posts_at=None,
        created_at=optional_instant(item, "createdAt"),
        subscribers=counter(item, "followersCount"),
        subscribers_hidden=False,
        total_views=None,
        post_count=counter(item, "postsCount"),
        observed_at=observed_at,
        links=tuple(dict.fromkeys([*addresses_in(description), *([own_domain] if own_domain else [])])),
        proved_links=(own_domain,) if own_domain else (),
    )


def read_feed_item(item: Item, of_account: str) -> Published | None:
    """One item of `app.bsky.feed.getAuthorFeed`; None for what the account only passed on.

    Raises:
        RecordMalformed: a field is missing or has the wrong type.
    """
    if find(item, "reason") is not None or text(item, "post.author.did") != of_account:
        return None
    said = optional_text(item, "post.record.text") or ""
    languages = texts(item, "post.record.langs")
    reposts, quotes = counter(item, "post.repostCount"), counter(item, "post.quoteCount")
    return Published(
        external_id=text(item, "post.uri"),
        title=" ".join(said.split())[:LONGEST_TITLE],
        text=said,
        published_at=_published_at(item),
        likes=counter(item, "post.likeCount"),
        comments=counter(item, "post.replyCount"),
        shares=None if reposts is None and quotes is None else (reposts or 0) + (quotes or 0),
        language=languages[0].split("-")[0].lower() if languages else None,
        mentioned_ids=_mentioned(item),
    )


def read_did(item: Item) -> str:
    """The id of one actor in a list.

    Raises:
        RecordMalformed: it has none.
    """
    return text(item, "did")


def _published_at(item: Item) -> datetime:
    """When the network saw it, where its author says a later instant or none that can be read."""
    seen = parse_instant(text(item, "post.indexedAt"), "post.indexedAt")
    try:
        said = optional_instant(item, "post.record.createdAt")
    except RecordMalformed:
        return seen
    return min(said, seen) if said else seen


def _mentioned(item: Item) -> tuple[str, ...]:
    facets = find(item, "post.record.facets") or []
    if not isinstance(facets, list):
        raise RecordMalformed("post.record.facets is not a list")
    features = [feature for facet in facets for feature in find(facet, "features") or []]
    ids = (optional_text(feature, "did") for feature in features if isinstance(feature, dict))
    return tuple(dict.fromkeys(did for did in ids if did))
