"""Error bodies that only the YouTube Data API has."""

from sandbox.protocols.google.refusals import GoogleRefusal

PARAMETERS = "parameters."
"""How the platform points at a combination of parameters."""


def _filters(reason: str, message: str, *, domain: str = "youtube.parameter") -> GoogleRefusal:
    return GoogleRefusal(400, reason, message, domain=domain, location=PARAMETERS, location_type="other")


def no_filter(names: tuple[str, ...]) -> GoogleRefusal:
    return _filters("missingRequiredParameter", f"No filter selected. Expected one of: {', '.join(names)}")


def incompatible(names: list[str]) -> GoogleRefusal:
    return _filters("incompatibleParameters", f"Incompatible parameters specified in the request: {', '.join(names)}")


def too_many_ids() -> GoogleRefusal:
    return _filters("invalidFilters", "The request specifies an invalid filter parameter.")


def invalid_search() -> GoogleRefusal:
    message = "The request contains an invalid combination of search filters and/or restrictions."
    return _filters("invalidSearchFilter", message, domain="youtube.search")


def not_served(name: str) -> GoogleRefusal:
    """A filter of the real platform that this sandbox leaves out."""
    message = f"The sandbox does not serve the filter '{name}'."
    return GoogleRefusal(400, "invalidFilters", message, domain="youtube.parameter", location=name)


def needs_owner(name: str) -> GoogleRefusal:
    """A filter that means "me", which a key is not."""
    message = f"The request uses the <code>{name}</code> parameter but is not properly authorized."
    return GoogleRefusal(401, "authorizationRequired", message, domain="youtube.parameter", location=name)


def unknown_part(part: str) -> GoogleRefusal:
    return GoogleRefusal(400, "unknownPart", f"'{part}'", domain="youtube.part", location="part")


def part_of_owner(part: str) -> GoogleRefusal:
    message = f"The part '{part}' can only be retrieved by the owner."
    return GoogleRefusal(403, "forbidden", message, domain="youtube.common", location="part")


def subscriptions_hidden() -> GoogleRefusal:
    message = "The requester is not allowed to access the requested subscriptions."
    return GoogleRefusal(403, "subscriptionForbidden", message, domain="youtube.subscription")


def playlist_not_found() -> GoogleRefusal:
    message = "The playlist identified with the request's <code>playlistId</code> parameter cannot be found."
    return GoogleRefusal(404, "playlistNotFound", message, domain="youtube.playlistItem", location="playlistId")


def subscriber_not_found() -> GoogleRefusal:
    message = "The subscriber identified with the request cannot be found."
    return GoogleRefusal(404, "subscriberNotFound", message, domain="youtube.subscription", location="channelId")


def channel_not_found() -> GoogleRefusal:
    message = "The channel specified in the <code>channelId</code> parameter cannot be found."
    return GoogleRefusal(404, "channelNotFound", message, domain="youtube.channelSection", location="channelId")


def video_not_found() -> GoogleRefusal:
    message = "The video identified by the <code>videoId</code> parameter could not be found."
    return GoogleRefusal(404, "videoNotFound", message, domain="youtube.commentThread", location="videoId")
