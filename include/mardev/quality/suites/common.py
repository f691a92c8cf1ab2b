"""Rules that several suites share. A column name in a predicate is a column of the stage."""

from collections.abc import Iterable

from mardev.quality.rules import RowRule, SetRule, Suite
from mardev.warehouse.assets import asset_named

CLOCK_SKEW = "1 day"
FRESH_WITHIN = "2 days"
EARLIEST = "2005-01-01 00:00+00"  # no platform we read is older

USUAL_ROW_COUNT = SetRule(
    "row_count_is_usual", "coalesce(count(*) BETWEEN CAST(:usual_low AS bigint) AND CAST(:usual_high AS bigint), true)"
)


def suite(asset: str, row_rules: Iterable[RowRule], set_rules: Iterable[SetRule] = ()) -> Suite:
    """The asset's own rules behind those that every asset has."""
    declared = asset_named(asset)
    return Suite(
        asset=asset,
        key=declared.key,
        row_rules=(
            RowRule("values_are_readable", "_malformed IS NULL"),
            RowRule("world_is_the_run's", "world = :world"),
            *(
                RowRule(f"{column.name}_is_present", f"{column.name} IS NOT NULL")
                for column in declared.columns
                if not column.nullable
            ),
            *row_rules,
        ),
        set_rules=(USUAL_ROW_COUNT, *set_rules),
    )


def is_platform_key(column: str) -> RowRule:
    """``<platform>:<id on the platform>``."""
    return RowRule(f"{column}_names_platform_and_id", f"{column} ~ '^[a-z][a-z0-9_]*:[^[:space:]]+$'")


def is_made_of_platform_and_id(column: str) -> RowRule:
    """The key says the same as the two columns beside it."""
    return RowRule(
        f"{column}_names_platform_and_id", f"{column} = platform || ':' || external_id AND external_id <> ''"
    )


def is_not_in_the_future(*columns: str) -> Iterable[RowRule]:
    """At most the skew of two clocks after the run's instant, and not before there was anything to read."""
    for column in columns:
        yield RowRule(
            f"{column}_is_plausible",
            f"{column} IS NULL OR ({column} >= timestamptz '{EARLIEST}' "
            f"AND {column} <= CAST(:snapshot_at AS timestamptz) + interval '{CLOCK_SKEW}')",
        )


def is_not_negative(*columns: str) -> Iterable[RowRule]:
    for column in columns:
        yield RowRule(f"{column}_is_not_negative", f"{column} IS NULL OR {column} >= 0")


def is_one_of(column: str, words: Iterable[str]) -> RowRule:
    listed = ", ".join(f"'{word}'" for word in words)
    return RowRule(f"{column}_is_known_word", f"{column} IS NULL OR {column} IN ({listed})")


def is_country(column: str) -> RowRule:
    return RowRule(f"{column}_is_country", f"{column} IS NULL OR {column} ~ '^[A-Z]{{2}}$'")


def is_locale(column: str) -> RowRule:
    return RowRule(
        f"{column}_is_locale",
        f"{column} IS NULL OR {column} ~ '^[a-z]{{2,3}}(-[A-Z][a-z]{{3}})?(-([A-Z]{{2}}|[0-9]{{3}}))?$'",
    )


def is_known(column: str, parent: str) -> RowRule:
    """A row of `parent` has that key and lives in the run's world."""
    return RowRule(
        f"{column}_is_known",
        f"{column} IS NULL OR {column} IN "  # noqa: S608  # the names are ours
        f"(SELECT parent.{column} FROM core.{parent} AS parent WHERE parent.world = :world)",
        at_publish=True,
    )


def is_of_no_other_world(column: str, table: str) -> RowRule:
    """The key does not belong to a row of the other world, which this one would overwrite."""
    return RowRule(
        f"{column}_is_of_no_other_world",
        f"{column} NOT IN (SELECT there.{column} FROM core.{table} AS there WHERE there.world <> :world)",  # noqa: S608
        at_publish=True,
    )


def is_fresh(column: str) -> SetRule:
    """The newest row was read about when the run says."""
    return SetRule(
        f"{column}_is_fresh", f"max({column}) >= CAST(:snapshot_at AS timestamptz) - interval '{FRESH_WITHIN}'"
    )
