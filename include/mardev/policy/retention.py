"""When something we read must be gone or refreshed, and whether it may feed a score."""

from datetime import datetime

from mardev.domain.words import World
from mardev.errors import ScoreNotAllowed
from mardev.policy.sources import POLICIES, RAW_ANSWER_MAX_AGE, DataKind, policy_of


def expires_at(
    source: str,
    observed_at: datetime,
    *,
    kind: DataKind = DataKind.CONTENT,
    approval_reference: str | None = None,
) -> datetime | None:
    """Instant by which data read at `observed_at` must be refreshed or deleted; None when no rule limits it.

    Args:
        source: the name of an entry in `policy.sources`.
        observed_at: when the source told it, aware.
        kind: content or statistics; an approval lengthens the life of statistics only.
        approval_reference: the platform's own reference of its approval, None or empty without one.

    Raises:
        FixFirst: no policy for the source.

    Examples:
        >>> from datetime import UTC, datetime
        >>> expires_at("youtube", datetime(2026, 10, 5, 8, tzinfo=UTC))
        datetime.datetime(2026, 11, 4, 8, 0, tzinfo=datetime.timezone.utc)
        >>> expires_at("shop", datetime(2026, 10, 5, 8, tzinfo=UTC)) is None
        True
    """
    policy = policy_of(source)
    max_age = policy.max_age
    if kind is DataKind.STATISTICS and approval_reference and policy.max_age_of_statistics_with_approval:
        max_age = policy.max_age_of_statistics_with_approval
    return None if max_age is None else observed_at + max_age


def raw_answer_expires_at(source: str, fetched_at: datetime) -> datetime:
    """Instant by which an archived raw answer must be deleted; never later than the data it holds.

    Raises:
        FixFirst: no policy for the source.
    """
    own_limit = expires_at(source, fetched_at)
    general_limit = fetched_at + RAW_ANSWER_MAX_AGE
    return general_limit if own_limit is None else min(own_limit, general_limit)


def may_score(source: str, *, world: World, approval_reference: str | None = None) -> bool:
    """Whether derived metrics and scores may be computed from data of `source`.

    The sandbox has no terms: its creators are made up.

    Raises:
        FixFirst: no policy for the source.
    """
    policy = policy_of(source)
    return world is World.SANDBOX or not policy.needs_approval_to_score or bool(approval_reference)


def require_scoring(source: str, *, world: World, approval_reference: str | None = None) -> None:
    """Stop before a score is derived that the source does not allow.

    Raises:
        ScoreNotAllowed: the source's terms ask for an approval and none is set.
        FixFirst: there is no policy for the source.
    """
    if not may_score(source, world=world, approval_reference=approval_reference):
        raise ScoreNotAllowed(
            f"The terms of {source} allow no scores derived from its data without an approval. "
            "Apply for it, then set `approval_reference` in the extra field of the connection."
        )


def oldest_kept(
    source: str, now: datetime, *, kind: DataKind = DataKind.CONTENT, approval_reference: str | None = None
) -> datetime | None:
    """What `source` told at this instant or before must be gone at `now`; None when no rule limits it.

    A source without an entry is treated like the strictest: what we may keep of it nobody wrote down.

    Examples:
        >>> from datetime import UTC, datetime
        >>> oldest_kept("youtube", datetime(2026, 11, 4, 8, tzinfo=UTC))
        datetime.datetime(2026, 10, 5, 8, 0, tzinfo=datetime.timezone.utc)
    """
    if source not in POLICIES:
        return now - RAW_ANSWER_MAX_AGE
    ends_at = expires_at(source, now, kind=kind, approval_reference=approval_reference)
    return None if ends_at is None else now - (ends_at - now)


def strictest_kept(now: datetime) -> datetime:
    """As `oldest_kept`, where answers of all sources lie together: quarantine, stages, crawls, exports."""
    limits = [limit for source in POLICIES if (limit := oldest_kept(source, now)) is not None]
    return max(limits, default=now - RAW_ANSWER_MAX_AGE)
