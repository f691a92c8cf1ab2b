"""What went wrong, told by what to do about it.

Every error of the project is under exactly one of three intents, so that a caller never has to
read a message to know its next step: wait, call a person, or go on without this record.
"""

from datetime import datetime


class MarDevError(Exception):
    """Base of the three intents. Raise one of them, never this."""


class RetryLater(MarDevError):
    """The world gets better by itself: try again, not before `not_before` when that is known."""

    def __init__(self, message: str, *, not_before: datetime | None = None) -> None:
        super().__init__(message)
        self.not_before = not_before


class FixFirst(MarDevError):
    """A person must act first. The message says what was wrong, where, and what to do."""


class SkipRecord(MarDevError):
    """This record is bad, the rest is fine: quarantine it with the reason, count it, go on."""


class TransportFailed(RetryLater):
    """No answer, or an answer that says the service is in trouble (5xx, 429, a broken body)."""


class QuotaExhausted(RetryLater):
    """A platform's quota is spent until `resets_at` (which is also `not_before`)."""

    def __init__(self, message: str, *, resets_at: datetime) -> None:
        super().__init__(message, not_before=resets_at)
        self.resets_at = resets_at


class CredentialRejected(FixFirst):
    """A key, token or password is missing, wrong or restricted."""


class ContractBroken(FixFirst):
    """An answer lacks something its documentation promises."""


class GateBlocked(FixFirst):
    """The data-quality gate refused a batch: it stays staged, nothing of it was published."""


class FormRejected(FixFirst):
    """A form cannot be accepted as filled in. `problems` maps a field to what is wrong with it."""

    def __init__(self, problems: dict[str, str]) -> None:
        lines = "; ".join(f"{field}: {problem}" for field, problem in problems.items())
        super().__init__(f"The form needs a correction. {lines}")
        self.problems = problems


class ScoreNotAllowed(FixFirst):
    """A source's terms allow no score made of its statistics without an approval, and none is set."""


class ViewDefinitionsDiffer(FixFirst):
    """Views that were counted by different definitions were about to be compared."""


class WorldsMixed(FixFirst):
    """Something of one world met something of another (sandbox and live never mix)."""


class StageAlreadyClaimed(MarDevError):
    """Another run holds this stage of this iteration. Nothing is wrong: this run has nothing to do."""


class StageNotHandedOver(StageAlreadyClaimed):
    """The stage before has no recorded hand-over: an event woke this run too early, or for nothing."""


class RecordMalformed(SkipRecord):
    """A record cannot be read; the message names the field."""
