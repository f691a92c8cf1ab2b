"""What may differ from one economy to another."""

from dataclasses import dataclass

from sandbox.economy.verticals import BY_KEY, Vertical


@dataclass(frozen=True, slots=True)
class Shape:
    """Figures of an economy; the defaults are the world that people try things in.

    Raises:
        ValueError: a vertical has no such name, a share is outside [0, 1], or nobody follows anybody.
    """

    vertical_keys: tuple[str, ...] = tuple(BY_KEY)
    """The verticals that are inhabited; with each of the languages one makes a community."""
    mean_follows: float = 24.0
    """Follows that a creator would like, about the mean before doubles are dropped."""
    kept_at_home: float = 0.8
    """Share of the follows drawn from the own community; the others are drawn from wider groups that contain it too."""
    bridge_kept_at_home: float = 0.45
    hidden_subscriptions_share: float = 0.6
    """Share of the creators who hide whom they follow."""

    def __post_init__(self) -> None:
        unknown = [key for key in self.vertical_keys if key not in BY_KEY]
        if unknown or not self.vertical_keys:
            raise ValueError(f"No vertical {', '.join(unknown) or 'at all'}; there are {', '.join(BY_KEY)}")
        shares = (self.kept_at_home, self.bridge_kept_at_home, self.hidden_subscriptions_share)
        if not all(0 <= share <= 1 for share in shares):
            raise ValueError(f"Shares lie between 0 and 1: {shares}")
        if not self.mean_follows > 0:
            raise ValueError(f"mean_follows is {self.mean_follows}, expected > 0")

    @property
    def verticals(self) -> tuple[Vertical, ...]:
        return tuple(BY_KEY[key] for key in self.vertical_keys)


USUAL = Shape()
