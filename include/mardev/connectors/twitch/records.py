"""What Twitch tells, in the shape of every platform. It tells no country."""

from datetime import datetime

from mardev.connectors.platform import Account, Published
from mardev.connectors.reading import Item, addresses_in, counter, instant, optional_instant, optional_text, text, texts

NO_LANGUAGE = frozenset({"other", "asl"})


def read_account(user: Item, channel: Item, followers: int | None, observed_at: datetime) -> Account:
    """One user of Get Users, with its item of Get Channel Information (may be empty) and its followers.

    Raises:
        RecordMalformed: a field is missing or has the wrong type.
    """
    description = optional_text(user, "description") or ""
    language = optional_text(channel, "broadcaster_language")
    game = optional_text(channel, "game_name")
    return Account(
        external_id=text(user, "id"),
        handle="@" + text(user, "login"),
        title=optional_text(user, "display_name") or text(user, "login"),
        description=description,
        country=None,
        language=None if language is None or language in NO_LANGUAGE else language.split("-")[0].lower(),
        topics=tuple(dict.fromkeys([*([game] if game else []), *texts(channel, "tags")])),
        picture_url=optional_text(user, "profile_image_url"),
        posts_at=None,
        created_at=optional_instant(user, "created_at"),
        subscribers=followers,
        subscribers_hidden=followers is None,
        total_views=None,  # `view_count` of a user is not kept since 2022
        post_count=None,
        observed_at=observed_at,
        links=addresses_in(description),
    )


def read_recording(item: Item) -> Published:
    """One item of Get Videos.

    Raises:
        RecordMalformed: a field is missing or has the wrong type.
    """
    language = optional_text(item, "language")
    title = text(item, "title")
    return Published(
        external_id=text(item, "id"),
        title=title,
        text=f"{title}\n{optional_text(item, 'description') or ''}",
        published_at=optional_instant(item, "published_at") or instant(item, "created_at"),
        views=counter(item, "view_count"),
        language=None if language is None or language in NO_LANGUAGE else language.split("-")[0].lower(),
    )
