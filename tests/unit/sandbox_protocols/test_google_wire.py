"""The parts that the simulated Google APIs share."""

import doctest
from datetime import timedelta

import pytest

from builders.small_world import START, SmallWorld
from sandbox.model import BRAND_MAILBOX
from sandbox.protocols.google import fields, mail_query
from sandbox.protocols.google.paging import encode, window
from sandbox.protocols.google.refusals import GoogleRefusal
from sandbox.protocols.quota import QuotaBook
from sandbox.protocols.validation import AnswerBreaksContract, google_contract
from sandbox.protocols.youtube import finding, formats

CHANNELS = {
    "kind": "youtube#channelListResponse",
    "etag": "e",
    "pageInfo": {"totalResults": 1, "resultsPerPage": 5},
    "items": [
        {
            "kind": "youtube#channel",
            "etag": "e",
            "id": "UC1",
            "statistics": {
                "viewCount": "1",
                "subscriberCount": "1",
                "hiddenSubscriberCount": False,
                "videoCount": "1",
            },
        }
    ],
}


def changed(**statistics):
    item = CHANNELS["items"][0]
    kept = {name: value for name, value in {**item["statistics"], **statistics}.items() if value is not None}
    return {**CHANNELS, "items": [{**item, "statistics": kept}]}


def test_a_right_answer_keeps_its_contract():
    google_contract("youtube.v3").check_answer("channels.list", CHANNELS)


@pytest.mark.parametrize(
    "body",
    [
        changed(viewCount=1),
        changed(viewCount="-1"),
        changed(viewCount=None),
        changed(subscriberCount=None),
        changed(hiddenSubscriberCount=True),
        changed(shoeSize="43"),
        {**CHANNELS, "kind": "youtube#somethingElse"},
        {name: value for name, value in CHANNELS.items() if name != "pageInfo"},
        {**CHANNELS, "items": [{"kind": "youtube#channel", "etag": "e"}]},
    ],
)
def test_a_wrong_answer_breaks_its_contract(body):
    with pytest.raises(AnswerBreaksContract):
        google_contract("youtube.v3").check_answer("channels.list", body)


def test_a_broken_contract_names_the_place_and_not_the_value():
    with pytest.raises(AnswerBreaksContract) as caught:
        google_contract("youtube.v3").check_answer("channels.list", changed(viewCount="SECRET-CANARY"))
    assert "items/0/statistics/viewCount" in str(caught.value)
    assert "SECRET-CANARY" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "a(", "a)", "a(b", "a,", "a//b", "(a)", "a()b", "a(b)c"])
def test_a_broken_field_selector_is_refused(text):
    if text == "":
        assert fields.parse(text) == {}
        return
    with pytest.raises(GoogleRefusal):
        fields.parse(text)


def test_a_star_selects_every_field():
    assert fields.prune({"a": {"x": 1, "y": 2}, "b": {"x": 3}}, fields.parse("*(x)")) == {"a": {"x": 1}, "b": {"x": 3}}


def test_pages_cover_everything_once():
    seen, token = [], None
    while True:
        page = window(range(23), query="q", token=token, size=5)
        seen += page.items
        if (token := page.next_token) is None:
            break
    assert seen == list(range(23))


def test_a_page_of_size_zero_leads_nowhere():
    page = window(range(3), query="q", token=None, size=0)
    assert (list(page.items), page.next_token) == ([], None)


def test_a_token_belongs_to_its_query():
    with pytest.raises(GoogleRefusal) as caught:
        window(range(9), query="another", token=encode("q", 5), size=5)
    assert caught.value.reason == "invalidPageToken"


def test_units_are_never_granted_beyond_the_limit():
    book = QuotaBook(lambda: START, {"default": 3})
    assert [book.charge("key", "default") for _ in range(5)] == [True, True, True, False, False]
    assert book.spent("default") == 3


def test_each_key_has_its_own_bucket():
    book = QuotaBook(lambda: START, {"default": 1})
    assert [book.charge("one", "default"), book.charge("two", "default")] == [True, True]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("after:2026/10/05", True),
        ("after:2026/10/06", False),
        ("before:2026/10/05", False),
        ("from:creator subject:hello", True),
        ("-subject:hello", False),
        ("is:read", False),
        ("answer", True),
        ("rfc822msgid:mail-1@channels.example", True),
        ("in:sent", False),
    ],
)
def test_mails_are_searched_as_in_the_search_box(query, found):
    mail = SmallWorld().put_mail(BRAND_MAILBOX, "inbox", "Hello", "My answer", at=START + timedelta(hours=1))
    assert mail_query.compile_query(query)(mail) is found


@pytest.mark.parametrize("module", [fields, finding, formats, mail_query])
def test_the_examples_in_the_docstrings_run(module):
    assert doctest.testmod(module).failed == 0
