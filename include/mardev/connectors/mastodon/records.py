"""What a Mastodon server tells, in the shape of every platform. It tells no views and no country."""

import re
from datetime import UTC, datetime
from html.parser import HTMLParser

from mardev.connectors.platform import Account, Published
from mardev.connectors.reading import Item, counter, find, flag, optional_text, parse_instant, text
from mardev.errors import RecordMalformed

LONGEST_TITLE = 120
_LINE_ENDS = frozenset({"br", "p", "li"})
_ADDRESS = re.compile(r"https?://\S+")


def read_account(item: Item, observed_at: datetime) -> Account:
    """One account. An address that the server has seen link back (`verified_at`) is proved.

    Raises:
        RecordMalformed: a field is missing or has the wrong type.
    """
    note, links = plain_text(optional_text(item, "note") or "")
    rows = find(item, "fields") or []
    if not isinstance(rows, list):
        raise RecordMalformed("fields is not a list")
    told = [(address, bool(row.get("verified_at"))) for row in rows for address in _addresses(row.get("value"))]
    followers = _counter_or_hidden(item, "followers_count")
    return Account(
        external_id=str(find(item, "id") or "") or text(item, "id"),
        handle="@" + text(item, "acct"),
        title=optional_text(item, "display_name") or text(item, "acct"),
        description=note,
        country=None,
        language=None,
        topics=(),
        picture_url=optional_text(item, "avatar_static") or optional_text(item, "avatar"),
        posts_at=None,
        created_at=_instant(item, "created_at"),
        subscribers=followers,
        subscribers_hidden=followers is None,
        total_views=None,
        post_count=_counter_or_hidden(item, "statuses_count"),
        observed_at=observed_at,
        links=tuple(dict.fromkeys([*links, *(address for address, _ in told)])),
        proved_links=tuple(dict.fromkeys(address for address, is_proved in told if is_proved)),
    )


def is_gone(item: Item) -> bool:
    """Whether the server keeps only a shell of the account."""
    return bool(flag(item, "suspended"))


def hides_lists(item: Item) -> bool:
    """Whether the owner shows neither follows nor followers."""
    return bool(flag(item, "hide_collections"))


def read_status(item: Item) -> Published | None:
    """One post; None for what the account only passed on.

    Raises:
        RecordMalformed: a field is missing or has the wrong type.
    """
    if find(item, "reblog") is not None:
        return None
    said, _ = plain_text(optional_text(item, "content") or "")
    published_at = _instant(item, "created_at")
    if published_at is None:
        raise RecordMalformed("created_at is missing")
    language = optional_text(item, "language")
    mentions = find(item, "mentions") or []
    return Published(
        external_id=str(find(item, "id") or "") or text(item, "id"),
        title=" ".join(said.split())[:LONGEST_TITLE],
        text=said,
        published_at=published_at,
        likes=counter(item, "favourites_count"),
        comments=counter(item, "replies_count"),
        shares=counter(item, "reblogs_count"),
        language=language.split("-")[0].lower() if language else None,
        mentioned_ids=tuple(dict.fromkeys(str(one["id"]) for one in mentions if one.get("id"))),
    )


def plain_text(html: str) -> tuple[str, list[str]]:
    """The words of a piece of HTML, and the addresses it links to, mentions and hashtags left out.

    Examples:
        >>> plain_text('<p>Hi &amp; <a href="https://ada.example">welcome</a></p>')
        ('Hi & welcome', ['https://ada.example'])
    """
    reader = _Words()
    reader.feed(html)
    reader.close()
    return "".join(reader.words).strip(), list(dict.fromkeys(reader.links))


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        address = given.get("href") or ""
        is_inside = {"mention", "hashtag"} & set((given.get("class") or "").split())
        if tag == "a" and _ADDRESS.fullmatch(address) and not is_inside:
            self.links.append(address)
        if tag in _LINE_ENDS:
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def _addresses(value: object) -> list[str]:
    words, links = plain_text(value if isinstance(value, str) else "")
    return links or _ADDRESS.findall(words)


def _counter_or_hidden(item: Item, path: str) -> int | None:
    """Servers that hide a counter write -1, or nothing."""
    value = find(item, path)
    return None if isinstance(value, int) and value == -1 else counter(item, path)


def _instant(item: Item, path: str) -> datetime | None:
    """The library reads instants already where it can."""
    value = find(item, path)
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    return None if value is None else parse_instant(str(value), path)
