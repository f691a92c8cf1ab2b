"""How long to wait before a dead component is started again, and when to give up."""

from dataclasses import dataclass, field

FIRST_DELAY_SECONDS = 1.0
LONGEST_DELAY_SECONDS = 30.0
MOST_DEATHS = 6
WINDOW_SECONDS = 300.0


@dataclass
class Backoff:
    """The deaths of one component. Instants are seconds of any steady clock.

    The delay doubles with each death inside the window; a component that dies more than `most_deaths`
    times inside it is given up, and a person has to look.
    """

    most_deaths: int = MOST_DEATHS
    window_seconds: float = WINDOW_SECONDS
    _deaths: list[float] = field(default_factory=list)

    def died(self, now: float) -> float | None:
        """Count a death at `now`.

        Returns:
            Seconds to wait before the next start, None when the component is given up.
        """
        self._deaths = [death for death in self._deaths if now - death < self.window_seconds] + [now]
        if len(self._deaths) > self.most_deaths:
            return None
        return float(min(FIRST_DELAY_SECONDS * 2 ** (len(self._deaths) - 1), LONGEST_DELAY_SECONDS))
