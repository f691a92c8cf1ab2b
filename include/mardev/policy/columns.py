"""Every column of the warehouse: where its data comes from, and when a source's terms let it expire (pure).

The map is `column_map`, the one place to add a new column to; a test compares it with the migrated schema.

- *identifiers* (the platform's id inside our key) and *our own record* (prices, deals, costs, clicks, conversions,
  decisions, the name a creator had in our offer, when a booked post went live) have no end: they are ours;
- what a platform told us, and what we computed from it, ends with its row, or is blanked where our own record needs
  the row.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from mardev.policy.sources import DataKind


class ColumnClass(StrEnum):
    """Whose data stands in a column."""

    PLATFORM = "platform"
    """Told by a platform about somebody; whether read with a key of ours or with consent says the platform's policy."""
    DERIVED = "derived"
    """Computed by us from what a platform told: a score or an average, never shown as the platform's own figure."""
    CORRESPONDENCE = "correspondence"
    """Written by people we do business with, or by us to them."""
    OWN_SYSTEM = "own_system"
    """Told by our own links, shop, analytics or checks."""
    OWN_RECORD = "own_record"
    """Our decisions, prices, runs and keys."""


class Ending(StrEnum):
    """What happens to a row whose time is over."""

    DELETE = "delete"
    BLANK = "blank"
    """The row stays for our own record; what the platform told is emptied."""
    DELETE_OR_BLANK = "delete_or_blank"
    """Deleted, unless our own record refers to the row."""


@dataclass(frozen=True)
class ColumnRule:
    """Class and kind of one column; `kind` is None where no source's terms apply."""

    column_class: ColumnClass
    kind: DataKind | None = None


@dataclass(frozen=True)
class Expiry:
    """When the rows of a table end.

    Attributes:
        clock: the column with the instant the row was read, or (`is_end`) the instant it must be gone.
        kind: which of a source's limits counts.
        source: the column that names the source, alone (``youtube``) or before a colon (``youtube:UC…``); None where
            rows of several sources are mixed and the strictest limit counts.
        ending: what happens then.
        clock_of: the parent table that has the clock, joined on the column of the same name; None for the own row.
        brought: a column and how it begins in rows that people of the team brought in a file: those are ours.
    """

    clock: str
    kind: DataKind
    source: str | None
    ending: Ending = Ending.DELETE
    is_end: bool = False
    clock_of: tuple[str, str] | None = None
    brought: tuple[str, str] | None = None


@dataclass(frozen=True)
class TableLicence:
    """The columns of one table by class, names separated by blanks, and when its rows end.

    Attributes:
        content, statistics: told by a platform, of either kind.
        derived: computed from what a platform told.
        correspondence, own_system, own: see `ColumnClass`.
        expiry: None for a table that holds nothing of a platform.
    """

    table: str
    own: str = ""
    content: str = ""
    statistics: str = ""
    derived: str = ""
    correspondence: str = ""
    own_system: str = ""
    expiry: Expiry | None = None

    @property
    def columns(self) -> Mapping[str, ColumnRule]:
        """Column name to its rule."""
        return dict(self._rules())

    @property
    def expiring_columns(self) -> tuple[str, ...]:
        """Columns whose data a platform's terms let expire."""
        return tuple(name for name, rule in self._rules() if rule.kind is not None)

    def _rules(self) -> Iterator[tuple[str, ColumnRule]]:
        groups = (
            (self.own, ColumnRule(ColumnClass.OWN_RECORD)),
            (self.content, ColumnRule(ColumnClass.PLATFORM, DataKind.CONTENT)),
            (self.statistics, ColumnRule(ColumnClass.PLATFORM, DataKind.STATISTICS)),
            (self.derived, ColumnRule(ColumnClass.DERIVED, DataKind.STATISTICS)),
            (self.correspondence, ColumnRule(ColumnClass.CORRESPONDENCE)),
            (self.own_system, ColumnRule(ColumnClass.OWN_SYSTEM)),
        )
        for names, rule in groups:
            for name in names.split():
                yield name, rule
