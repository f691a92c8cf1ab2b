"""How values read on a page."""

import re
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest

from mardev.pages import words

MOMENT = datetime(2026, 10, 5, 8, tzinfo=UTC)


def test_an_instant_reads_like_a_diary_entry_in_utc():
    assert words.instant(MOMENT) == "Mon 5 Oct, 08:00 UTC"
    assert words.instant(MOMENT.astimezone(timezone(timedelta(hours=9)))) == "Mon 5 Oct, 08:00 UTC"
    assert words.instant(None) == "–"


def test_money_carries_its_currency_and_separators():
    assert words.money(Decimal("12345.6"), "EUR") == "€12,345.60"
    assert words.money(Decimal(12345), "JPY") == "¥12,345"
    assert words.money(Decimal("12345.6"), "EUR", cents=False) == "€12,346"
    assert words.money(None, "EUR") == "–"


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (Decimal("0.024"), "share", "2.4%"),
        (Decimal("19.47"), "money", "€19.47"),
        (412.0, "clicks", "412 clicks"),
        (1234.56, "clicks", "1,235 clicks"),
        (7, "", "7"),
        (None, "share", "–"),
    ],
)
def test_a_kpi_reads_in_its_unit(value, unit, expected):
    assert words.measured(value, unit, "EUR") == expected


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example/x",
        "ftp://a.example/",
        "https://",
        "",
        None,
        "http://[bad",
    ],
)
def test_only_web_addresses_become_links(url):
    assert words.web_address(url) is None


def test_a_web_address_stays_as_it_is():
    assert words.web_address("https://youtu.be/x?a=1") == "https://youtu.be/x?a=1"


def test_evidence_reads_as_a_sentence_with_its_figure():
    evidence = [{"sentence": "Clicks in that time", "figure": 412, "unit": "clicks", "page_path": "/mardev/"}]
    assert words.evidence_items(evidence) == [
        {"text": "Clicks in that time", "figure": "412 clicks", "page_path": "/mardev/"}
    ]


def test_evidence_of_any_other_shape_is_still_readable():
    assert words.evidence_lines({"needed": {"search": 12}, "seen_at": "2026-10-05T08:00:00+00:00", "ok": True}) == [
        ("Needed", "search: 12"), ("Seen at", "Mon 5 Oct, 08:00 UTC"), ("Ok", "yes")
    ]  # fmt: skip


def test_a_length_of_time_reads_roughly():
    assert [words.duration(timedelta(hours=hours)) for hours in (0.2, 1, 36, 72)] == [
        "less than an hour", "1 hour", "36 hours", "3 days",
    ]  # fmt: skip


def test_a_ratio_without_a_denominator_says_nothing():
    assert words.ratio(5, 0) is None
    assert words.ratio(Decimal(3), 2) == 1.5


def test_every_state_of_a_deal_and_a_placement_has_its_words():
    text = (Path(__file__).parents[3] / "sql/migrations/0001_foundation.sql").read_text()
    for table, names in (("deal", words.DEAL_STATES), ("placement", words.PLACEMENT_STATES)):
        columns = text.partition(f"CREATE TABLE core.{table} (")[2].partition(");\n")[0]
        states = re.search(r"state IN \(([^)]*)\)", columns)
        assert states
        assert set(re.findall(r"'(\w+)'", states[1])) == set(names)


def test_a_quota_reads_by_kind_of_request():
    lines = words.quota_lines({"needed": {"default": 1840, "search": 12}, "left": {"default": 10000}})
    assert lines == [
        ("Reading channels and posts", "1,840 expected and 10,000 left"), ("Searching", "12 expected")
    ]  # fmt: skip


def test_a_table_has_a_name_that_people_use():
    assert (words.asset_name("hit"), words.asset_name("new_table")) == ("Raw clicks", "New table")
