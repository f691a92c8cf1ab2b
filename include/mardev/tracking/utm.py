"""Campaign parameters on links, written and read in one place.

The grammar: ``utm_source`` platform, ``utm_medium`` ``paid_social`` (paid) or ``social`` (earned), ``utm_campaign``
and ``utm_id`` iteration key, ``utm_content`` placement key (the join key). All lower case, because web analytics
compare them letter by letter.
"""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

PAID_MEDIUM = "paid_social"
EARNED_MEDIUM = "social"
PARAMETERS = ("utm_source", "utm_medium", "utm_campaign", "utm_id", "utm_content")


@dataclass(frozen=True)
class UtmTags:
    """The five campaign parameters of a placement's link."""

    source: str
    medium: str
    campaign: str
    content: str

    @property
    def parameters(self) -> dict[str, str]:
        """Parameter name to value, in the order they are written."""
        values = (self.source, self.medium, self.campaign, self.campaign, self.content)
        return dict(zip(PARAMETERS, values, strict=True))


def tags_for(*, platform: str, iteration_key: str, placement_key: str, is_paid: bool = True) -> UtmTags:
    """The tags of a placement, lower case.

    Raises
    ------
    ValueError
        A part is empty or contains white space.
    """
    medium = PAID_MEDIUM if is_paid else EARNED_MEDIUM
    tags = UtmTags(platform.lower(), medium, iteration_key.lower(), placement_key.lower())
    for name, value in tags.parameters.items():
        if not value or any(character.isspace() for character in value):
            raise ValueError(f"{name} would be {value!r}: it must be one word")
    return tags


def tagged_url(destination: str, tags: UtmTags) -> str:
    """`destination` with the tags; its other parameters and its fragment stay, campaign parameters it had are replaced.

    Raises
    ------
    ValueError
        `destination` is not an http or https address.

    Examples
    --------
    >>> tags = tags_for(platform="YouTube", iteration_key="autumn", placement_key="autumn-3")
    >>> tagged_url("https://app.example/de?lang=de&utm_source=old", tags)
    'https://app.example/de?lang=de&utm_source=youtube&utm_medium=paid_social&utm_campaign=autumn&utm_id=autumn&utm_content=autumn-3'
    """
    parts = urlsplit(destination)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ValueError(f"{destination!r} is not a web address")
    kept = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not name.lower().startswith("utm_")
    ]
    query = urlencode([*kept, *tags.parameters.items()])
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, parts.fragment))


def read_tags(url: str) -> UtmTags | None:
    """The tags a link carries; None when it carries no placement."""
    values = {name.lower(): value.lower() for name, value in parse_qsl(urlsplit(url).query)}
    if not values.get("utm_content"):
        return None
    return UtmTags(
        values.get("utm_source", ""),
        values.get("utm_medium", ""),
        values.get("utm_campaign", ""),
        values["utm_content"],
    )
