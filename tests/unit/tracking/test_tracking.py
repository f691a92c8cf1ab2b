from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mardev.tracking.clicks import Exclusion, Visit, judge_hit, judge_hits
from mardev.tracking.codes import DIGITS, READABLE, link_slug, promo_code
from mardev.tracking.credit import ConversionSeen, CreditablePlacement, credit_conversions
from mardev.tracking.utm import read_tags, tagged_url, tags_for

NOON = datetime(2026, 10, 20, 12, tzinfo=UTC)
PHONE = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"

# Links


def test_tags_are_lower_case_and_read_back():
    tags = tags_for(platform="YouTube", iteration_key="Autumn", placement_key="Autumn-3")
    url = tagged_url("https://app.example/DE?lang=de&empty=#top", tags)
    assert url.endswith("#top")
    assert "lang=de&empty=&utm_source=youtube" in url
    assert read_tags(url) == tags


def test_earned_media_is_not_paid():
    assert tags_for(platform="youtube", iteration_key="a", placement_key="a-1", is_paid=False).medium == "social"


def test_old_campaign_parameters_are_replaced():
    tags = tags_for(platform="youtube", iteration_key="new", placement_key="new-1")
    url = tagged_url("https://app.example/?UTM_Campaign=old&utm_content=old-1", tags)
    assert "old" not in url


@pytest.mark.parametrize("address", ["", "app.example", "ftp://app.example/", "javascript:alert(1)"])
def test_what_is_no_web_address_is_refused(address):
    with pytest.raises(ValueError, match="not a web address"):
        tagged_url(address, tags_for(platform="youtube", iteration_key="a", placement_key="a-1"))


def test_a_tag_of_two_words_is_refused():
    with pytest.raises(ValueError, match="one word"):
        tags_for(platform="youtube", iteration_key="two words", placement_key="a-1")


def test_a_link_without_placement_has_no_tags():
    assert read_tags("https://app.example/?utm_source=youtube") is None


# Codes


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=30), st.text(max_size=30))
def test_a_code_is_readable_and_always_the_same(placement_key, name):
    code = promo_code(placement_key, creator_name=name)
    assert code == promo_code(placement_key, creator_name=name)
    assert 6 <= len(code) <= 9
    assert set(code) <= set(READABLE + DIGITS + "AP")


@settings(max_examples=3, deadline=None)
@given(st.integers(0, 10**6))
def test_codes_and_slugs_of_many_placements_are_unique(seed):
    codes: set[str] = set()
    slugs: set[str] = set()
    for number in range(3000):
        codes.add(promo_code(f"{seed}-{number}", creator_name="ゲーム実況", taken=codes))
        slugs.add(link_slug(f"{seed}-{number}", taken=slugs))
    assert len(codes) == len(slugs) == 3000


def test_a_name_in_another_script_gets_a_plain_word():
    assert promo_code("a-1", creator_name="まりな").startswith("APP")


def test_a_slug_that_is_taken_is_not_given_again():
    assert link_slug("a-1", taken={link_slug("a-1")}) != link_slug("a-1")


# Clicks


@pytest.mark.parametrize(
    ("agent", "reason"),
    [
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", Exclusion.BOT),
        ("AhrefsBot/7.0", Exclusion.BOT),
        ("python-requests/2.32", Exclusion.BOT),
        ("curl/8.5.0", Exclusion.BOT),
        ("Mozilla/5.0 HeadlessChrome/140.0", Exclusion.BOT),
        ("facebookexternalhit/1.1", Exclusion.PREFETCH),
        ("WhatsApp/2.24", Exclusion.PREFETCH),
        ("TelegramBot (like TwitterBot)", Exclusion.PREFETCH),
        ("mardev-check/1.0 (bot)", Exclusion.OWN_CHECK),
        ("MarDev-link-check/1 (bot; checks our own links)", Exclusion.OWN_CHECK),
        ("  ", Exclusion.NO_USER_AGENT),
        (PHONE, None),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile/15E148 Safari/604.1",
            None,
        ),
        ("Mozilla/5.0 (Linux; Android 14; CUBOT NOTE 50) Chrome/140.0 Mobile", None),
    ],
)
def test_robots_are_told_from_people(agent, reason):
    assert judge_hit(Visit("x", NOON, agent)) is reason


def test_the_redirectors_own_judgement_counts():
    assert judge_hit(Visit("x", NOON, PHONE, is_marked_bot=True)) is Exclusion.BOT


def test_of_a_burst_the_first_counts_whatever_the_order_of_reading():
    visits = [Visit("x", NOON + timedelta(seconds=second), PHONE, "v1") for second in (40, 0, 20, 120)]
    assert judge_hits(visits) == [Exclusion.BURST, None, Exclusion.BURST, None]


def test_other_visitors_other_links_and_unknown_visitors_are_no_burst():
    visits = [Visit("x", NOON, PHONE, "v1"), Visit("x", NOON, PHONE, "v2"), Visit("y", NOON, PHONE, "v1")]
    visits += [Visit("x", NOON, PHONE), Visit("x", NOON, PHONE)]
    assert judge_hits(visits) == [None] * 5


def test_a_robot_does_not_start_a_burst():
    visits = [Visit("x", NOON, "curl/8", "v1"), Visit("x", NOON + timedelta(seconds=1), PHONE, "v1")]
    assert judge_hits(visits) == [Exclusion.BOT, None]


# Credit

PLACEMENTS = [
    CreditablePlacement("a-1", "MRA4K", NOON, NOON + timedelta(days=10)),
    CreditablePlacement("a-2", "TED3Q", NOON, NOON + timedelta(days=10)),
]


def credited(**conversion):
    at = conversion.pop("at", NOON + timedelta(days=1))
    return [
        (credit.placement_key, credit.given_by)
        for credit in credit_conversions([ConversionSeen("order-1", at, **conversion)], PLACEMENTS)
    ]


@pytest.mark.parametrize(
    ("conversion", "credits"),
    [
        ({"promo_code": "TED3Q", "utm_content": "a-1"}, [("a-2", "code")]),
        ({"utm_content": "A-1 "}, [("a-1", "link")]),
        ({"promo_code": "OTHER", "utm_content": "a-1"}, [("a-1", "link")]),
        ({"promo_code": "MRA4K", "is_test": True}, []),
        ({}, []),
        ({"promo_code": "MRA4K", "at": NOON - timedelta(seconds=1)}, []),
        ({"promo_code": "MRA4K", "at": NOON}, [("a-1", "code")]),
        ({"promo_code": "MRA4K", "at": NOON + timedelta(days=10, seconds=1)}, []),
    ],
)
def test_who_gets_the_credit(conversion, credits):
    assert credited(**conversion) == credits


def test_a_code_outside_its_time_leaves_the_credit_to_the_link():
    closed = CreditablePlacement("old-1", "OLD33", NOON - timedelta(days=9), NOON - timedelta(days=1))
    sale = ConversionSeen("order-1", NOON + timedelta(days=1), promo_code="OLD33", utm_content="a-2")
    assert [c.placement_key for c in credit_conversions([sale], [*PLACEMENTS, closed])] == ["a-2"]


def test_one_sale_has_one_credit_however_often_it_is_reported():
    sales = [ConversionSeen("order-1", NOON, promo_code="MRA4K"), ConversionSeen("order-1", NOON, promo_code="TED3Q")]
    assert [c.placement_key for c in credit_conversions(sales, PLACEMENTS)] == ["a-1"]


def test_two_placements_with_one_code_are_refused():
    with pytest.raises(ValueError, match="share"):
        credit_conversions([], [PLACEMENTS[0], CreditablePlacement("a-3", "mra4k", NOON, NOON)])
