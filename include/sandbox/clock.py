"""The world's clock stands still until it is moved, and only goes forward."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(2026, 10, 5, 8, tzinfo=UTC)
MAIL_HOURS_UTC = (8, 20)
"""Creators sit down at their desk at these hours, so that few steps of the clock carry many answers."""


class WorldClock:
    """Aware UTC instants, whole seconds."""

    def __init__(self, start: datetime) -> None:
        self.now = in_utc(start)

    def check(self, instant: datetime) -> datetime:
        """The instant in UTC. ValueError when it is naive or lies before now."""
        instant = in_utc(instant)
        if instant < self.now:
            raise ValueError(f"The clock only goes forward: it is {stamp(self.now)}, asked for {stamp(instant)}")
        return instant

    def set(self, instant: datetime) -> None:
        """Move to the instant. ValueError as for `check`."""
        self.now = self.check(instant)


def in_utc(instant: datetime) -> datetime:
    """ValueError: the instant has no time zone."""
    if instant.tzinfo is None:
        raise ValueError("An instant needs a time zone")
    return instant.astimezone(UTC).replace(microsecond=0)


def stamp(instant: datetime) -> str:
    """ISO 8601 with a Z."""
    return in_utc(instant).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_stamp(text: str) -> datetime:
    """The reverse of `stamp`; any ISO 8601 with an offset. ValueError otherwise."""
    return in_utc(datetime.fromisoformat(text))


def desk_hours(earliest: datetime, latest: datetime) -> list[datetime]:
    """All desk hours from `earliest` to `latest`, both included; the first one after `earliest` when none fits."""
    day = earliest.replace(hour=0, minute=0, second=0, microsecond=0)
    found: list[datetime] = []
    while True:
        for hour in MAIL_HOURS_UTC:
            instant = day.replace(hour=hour)
            if instant < earliest:
                continue
            if instant > latest:
                return found or [instant]
            found.append(instant)
        day += timedelta(days=1)
