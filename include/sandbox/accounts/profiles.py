"""What a profile says: who it is, and where else the creator can be found."""

from dataclasses import dataclass

from sandbox.accounts.model import Evidence, ProfileField
from sandbox.economy.texts import BUSINESS, INTRODUCTIONS, JOIN
from sandbox.hashing import chance, pick
from sandbox.model import Creator

LOCAL_SERVER = "mastodon.example"
"""The Mastodon server that the sandbox plays."""
YOUTUBE_SHOWN = 0.72
OTHER_SHOWN = 0.5
ADDRESS_SHOWN = 0.3
VERIFIED_SHARE = 0.5


@dataclass(slots=True)
class Sketch:
    """An account before its profile is written."""

    platform: str
    handle: str
    identity: str


@dataclass(frozen=True, slots=True)
class Profile:
    """Text and table of a profile, and what of it joins accounts."""

    name: str
    about: str
    fields: tuple[ProfileField, ...]
    evidence: tuple[Evidence, ...]


def profile_of(seed: int, creator: Creator, sketch: Sketch, own: dict[str, Sketch]) -> Profile:
    """Write the profile of one account of a creator who has the accounts `own`, beside the channel."""
    platform = sketch.platform
    introduction = pick(INTRODUCTIONS[creator.language], seed, creator.number, platform, "introduction")
    topics = JOIN.get(creator.language, ", ").join(creator.topics[:2])
    lines = [introduction.format(person=creator.person, topics=topics)]
    rows: list[ProfileField] = []
    evidence: list[Evidence] = []
    for place, address in _addresses(creator, sketch, own).items():
        share = YOUTUBE_SHOWN if place == "youtube" else OTHER_SHOWN
        if not chance(share, seed, creator.number, platform, "shows", place):
            continue
        if platform == "mastodon":
            verified = place == "youtube" and chance(VERIFIED_SHARE, seed, creator.number, "verified-link")
            rows.append(ProfileField(place.capitalize(), address, verified))
            evidence.append(Evidence("verified_link" if verified else "link_in_description", place))
        else:
            lines.append(address)
            evidence.append(Evidence("link_in_description", place))
    if creator.address and chance(ADDRESS_SHOWN, seed, creator.number, platform, "shows-address"):
        lines.append(BUSINESS[creator.language].format(address=creator.address))
        evidence.append(Evidence("business_address", "youtube"))
    if platform == "bluesky" and sketch.handle == f"{creator.handle}.example" and creator.address:
        evidence.append(Evidence("domain_handle", "youtube"))
    if creator.handle == sketch.handle.partition("@")[0].removesuffix(".bsky.social").removesuffix(".example"):
        evidence.append(Evidence("same_handle", "youtube"))
    same_name = chance(0.75, seed, creator.number, platform, "same-name")
    return Profile(creator.name if same_name else creator.person, "\n".join(lines), tuple(rows), tuple(evidence))


def _addresses(creator: Creator, sketch: Sketch, own: dict[str, Sketch]) -> dict[str, str]:
    found = {"youtube": f"https://www.youtube.com/@{creator.handle}"}
    for platform, other in own.items():
        if platform != sketch.platform:
            found[platform] = address_of(platform, other.handle)
    return found


def address_of(platform: str, handle: str) -> str:
    """Where people open the profile."""
    if platform == "bluesky":
        return f"https://bsky.app/profile/{handle}"
    if platform == "twitch":
        return f"https://www.twitch.tv/{handle}"
    user, _, server = handle.partition("@")
    return f"https://{server or LOCAL_SERVER}/@{user}"
