"""One entry for each source the project asks: its class, how long its data may be kept, what may be computed from it.

This is a reading of public terms, not legal advice. Each entry names what it rests on, so that a person can
check it; a source without an entry is not asked at all (`policy_of`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from mardev.errors import FixFirst


class SourceClass(StrEnum):
    """On whose authority the data is read."""

    PLATFORM_PUBLIC = "platform_public"
    """Public data of a platform, read with a key of ours, without the consent of the person it speaks of."""
    CORRESPONDENCE = "correspondence"
    """Letters between us and people we do business with."""
    OWN_SYSTEM = "own_system"
    """A system of our own: our links, our shop, our analytics."""


class DataKind(StrEnum):
    """What a platform's rule tells apart."""

    CONTENT = "content"
    """Titles, descriptions, comments, pictures, lists of subscriptions."""
    STATISTICS = "statistics"
    """Counters, and metrics derived from them."""


@dataclass(frozen=True)
class SourcePolicy:
    """What is allowed with the data of one source.

    Attributes:
        max_age: how long data may be kept before it is refreshed or deleted; None where no rule limits it.
        max_age_of_statistics_with_approval: as `max_age`, for statistics, once the platform approved our use.
        needs_approval_to_score: True where scores may be derived only with the platform's approval.
        keeps_raw_answers: False where raw answers hold letters or names and are not archived.
        basis: what this entry rests on.
    """

    source: str
    source_class: SourceClass
    max_age: timedelta | None
    needs_approval_to_score: bool
    keeps_raw_answers: bool
    basis: str
    max_age_of_statistics_with_approval: timedelta | None = None


RAW_ANSWER_MAX_AGE = timedelta(days=30)
"""Raw answers are kept to explain a doubtful row, never longer than the strictest source allows."""

_MONTH = timedelta(days=30)

_POLICIES = (
    SourcePolicy(
        source="youtube",
        source_class=SourceClass.PLATFORM_PUBLIC,
        max_age=timedelta(days=30),
        max_age_of_statistics_with_approval=36 * _MONTH,
        needs_approval_to_score=True,
        keeps_raw_answers=True,
        basis=(
            "YouTube API Services Developer Policies III.E.4.d (non-authorised data: 30 calendar days, then refresh or "
            "delete) and III.E.4.h (no derived metrics); relief for audited clients: additional policies on derived "
            "metrics and data storage of 2026-05-04, clarified 2026-06-01 (statistics up to 36 months)"
        ),
    ),
    SourcePolicy(
        source="csv",
        source_class=SourceClass.OWN_SYSTEM,
        max_age=None,
        needs_approval_to_score=False,
        keeps_raw_answers=False,
        basis="a file that a person of the team brought and confirmed; whoever confirms answers for where it comes from",
    ),
    SourcePolicy(
        source="gmail",
        source_class=SourceClass.CORRESPONDENCE,
        max_age=None,
        needs_approval_to_score=False,
        keeps_raw_answers=False,
        basis="our own mailbox; letters are kept with the deal they belong to and erased with the person on request",
    ),
    SourcePolicy(
        source="shlink",
        source_class=SourceClass.OWN_SYSTEM,
        max_age=None,
        needs_approval_to_score=False,
        keeps_raw_answers=True,
        basis="our own link shortener; visits arrive without an address of the visitor",
    ),
    SourcePolicy(
        source="analytics",
        source_class=SourceClass.OWN_SYSTEM,
        max_age=None,
        needs_approval_to_score=False,
        keeps_raw_answers=True,
        basis="our own analytics property; only sums are read, never visitors",
    ),
    SourcePolicy(
        source="shop",
        source_class=SourceClass.OWN_SYSTEM,
        max_age=None,
        needs_approval_to_score=False,
        keeps_raw_answers=True,
        basis="our own shop; orders arrive without the buyer",
    ),
    SourcePolicy(
        source="landing",
        source_class=SourceClass.OWN_SYSTEM,
        max_age=None,
        needs_approval_to_score=False,
        keeps_raw_answers=False,
        basis="our own landing pages, opened by our checks only",
    ),
)

POLICIES: Mapping[str, SourcePolicy] = {policy.source: policy for policy in _POLICIES}


def policy_of(source: str) -> SourcePolicy:
    """The entry of `source`.

    Raises:
        FixFirst: nobody wrote down what we may do with this source, so it is not asked.
    """
    try:
        return POLICIES[source]
    except KeyError:
        raise FixFirst(
            f"There is no policy for the source {source!r}. Read its terms and add an entry to "
            "mardev/policy/sources.py before anything is asked of it."
        ) from None
