"""What a creator's card says of the audience-quality score, and why there is none."""

from collections.abc import Mapping
from typing import Any

from mardev.connectors.platforms import platforms
from mardev.policy.sources import SourcePolicy

VERDICTS: Mapping[str, tuple[str, str, str]] = {
    "nothing unusual": ("Nothing unusual", "good", "The figures look like those of comparable creators."),
    "look closer": (
        "Look closer",
        "warn",
        "Some figures differ from those of comparable creators. Ask before you sign.",
    ),
    "suspicious": (
        "Suspicious",
        "bad",
        "Several figures differ clearly from those of comparable creators. Have it explained before you sign.",
    ),
    "too little data": ("Too little data", "", "There is no score."),
}
"""Verdict to its heading, the tone of its badge, and what to do."""


def why_no_score(channel: Mapping[Any, Any], audience: Mapping[Any, Any] | None, policy: SourcePolicy | None) -> str:
    """One or two sentences for a card without a score; empty where there is one."""
    from mardev.topidis.audience_signals import FEWEST_POSTS  # numpy comes with it
    from mardev.topidis.authenticity import FEWEST_SUBSCRIBERS

    if audience is None:
        if channel["world"] == "live" and policy is not None and policy.needs_approval_to_score:
            return (
                "Not scored: the terms of the platform ask for its approval before its figures are scored, and none "
                "was there when the creator was last searched."
            )
        return "Not scored yet: the next search that reads this creator’s posts brings the score."
    if audience["score"] is not None:
        return ""
    kind = platforms().get(channel["platform"])
    if kind is not None and not kind.capabilities.has_views:
        return f"Too little data: {kind.capabilities.title} does not tell how often a post is seen."
    if channel["subscribers_hidden"]:
        return "Too little data: the creator hides the number of subscribers."
    if channel["subscribers"] is not None and channel["subscribers"] < FEWEST_SUBSCRIBERS:
        return f"Too little data: a score takes {FEWEST_SUBSCRIBERS:,} subscribers; below that, chance decides."
    return f"Too little data: a score takes {FEWEST_POSTS} posts whose views were read; there are fewer recent ones."
