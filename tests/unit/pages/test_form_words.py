"""A filled form as people read it."""

from mardev.pages.form_words import form_lines

FORM = {
    "campaign": "Autumn 2", "target": None, "markets": ["DE", "JP"], "languages": ["de"], "starting_points": [],
    "must_have": ["youtube:UCa", "@bob"], "never": ["youtube:UCc"], "budget_amount": 12000.0, "budget_currency": "EUR",
    "flight_from": "2026-11-09", "head_count": 20, "tolerance_percent": 15, "integration_types": ["dedicated_video"],
    "tolerance_share": 0.15, "channel_limit": 1500,
}  # fmt: skip


def test_a_form_reads_with_titles_names_and_money():
    lines = dict(form_lines(FORM, {"youtube:UCa": "Ada plays", "youtube:UCc": "Cid"}))
    assert lines == {
        "Campaign": "Autumn 2",
        "Markets": "Germany and Japan",
        "Languages": "German",
        "Creators who must be on the list": "Ada plays and @bob",
        "Creators who must not be on the list": "Cid",
        "Budget": "€12,000.00",
        "First day of the flight": "Mon 9 Nov 2026",
        "Integration types": "Dedicated video",
        "Creators at most": "20",
        "Tolerance in percent": "15%",
        "Channels to look at, at most": "1,500",
    }


def test_a_field_with_something_odd_in_it_is_shown_as_it_is():
    lines = dict(form_lines({"flight_from": "soon", "markets": "DE", "objective": "fame"}, {}))
    assert lines == {"Objective": "fame", "Markets": "Germany", "First day of the flight": "soon"}
