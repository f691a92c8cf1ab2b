"""Python values as PostgreSQL reads them. Expected texts: PostgreSQL documentation, COPY and Array Input."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pandas as pd
import pytest
import sqlalchemy as sa

from mardev.domain.words import World
from mardev.warehouse.copy_text import column_texts, lines
from mardev.warehouse.tables.base import DOCUMENT, INSTANT, MONEY, TEXTS

EIGHT = datetime(2026, 10, 5, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (None, sa.Text(), None),
        (float("nan"), sa.Text(), None),
        (pd.NaT, INSTANT, None),
        (pd.NA, sa.BigInteger(), None),
        ("plain", sa.Text(), "plain"),
        (World.SANDBOX, sa.Text(), "sandbox"),
        (5, sa.Text(), "5"),
        (5, sa.BigInteger(), "5"),
        (5.0, sa.BigInteger(), "5"),  # pandas turns a counter column with a gap into floats
        (5.5, sa.BigInteger(), "5.5"),
        (float("inf"), sa.BigInteger(), "inf"),
        (True, sa.Boolean(), "True"),
        (1.5, sa.Double(), "1.5"),
        (Decimal("9.9900"), MONEY, "9.9900"),
        (date(2026, 10, 5), sa.Date(), "2026-10-05"),
        (EIGHT, INSTANT, "2026-10-05T08:00:00+00:00"),
        ("2026-10-05T08:00:00Z", INSTANT, "2026-10-05T08:00:00Z"),
        (1, INSTANT, "1"),
        (["a", 'b "c"', "d\\e", "{f}"], TEXTS, '{"a","b \\"c\\"","d\\\\e","{f}"}'),
        ((), TEXTS, "{}"),
        ("{a}", TEXTS, "{a}"),
        ({"a": "ü"}, DOCUMENT, '{"a": "ü"}'),
        ("text", DOCUMENT, '"text"'),
    ],
)
def test_a_value_is_written_as_its_column_reads_it(value, kind, text):
    assert column_texts([value], kind) == [text]


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="no time zone"):
        column_texts([datetime(2026, 10, 5)], INSTANT)  # noqa: DTZ001  # the point of the test


def test_a_series_is_written_like_a_list_with_its_gaps():
    assert column_texts(pd.Series(["a", None, "a"]), sa.Text()) == ["a", None, "a"]
    assert column_texts(pd.Series([1, None, 3]), sa.BigInteger()) == ["1", None, "3"]
    assert column_texts(pd.Series([EIGHT, None]), INSTANT) == ["2026-10-05T08:00:00+00:00", None]


def test_a_list_that_comes_as_text_stays_as_it_is_among_real_ones():
    assert column_texts(["{a}", ["b"]], TEXTS) == ["{a}", '{"b"}']


def test_lines_escape_what_would_end_a_field_or_a_line():
    assert lines([["a\tb", "c\\N"], [None, "d\r\ne"]]) == "a\\tb\t\\N\nc\\\\N\td\\r\\ne\n"


def test_columns_of_different_length_are_refused():
    with pytest.raises(ValueError, match="shorter"):
        lines([["a", "b"], ["c"]])
