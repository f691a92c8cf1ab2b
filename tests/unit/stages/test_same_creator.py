"""Which channels of different platforms may be one creator's, and how sure that is."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from mardev.stages.plan.join_accounts import find_pairs
from mardev.stages.plan.same_creator import creators_of


def channel(external_id: str, **changes):
    known = {
        "external_id": external_id,
        "handle": None,
        "title": "",
        "description": "",
        "links": [],
        "proved_links": [],
    }
    return known | changes


ADA = channel("UC" + "a" * 22, handle="@ada.plays", title="Ada Plays", description="Mail: ada@studio.example")
FILM = "https://www.youtube.com/channel/" + ADA["external_id"]


def pairs(youtube, **others):
    return find_pairs({"youtube": youtube, **others})


def test_a_link_that_the_platform_saw_leading_back_is_proof():
    (pair,) = pairs([ADA], mastodon=[channel("109", handle="@x", links=[FILM], proved_links=[FILM])])
    assert pair.is_proved
    assert pair.evidence == ("mastodon:109 links to it, and the platform saw it link back",)


def test_a_link_alone_is_proposed():
    (pair,) = pairs([ADA], mastodon=[channel("109", handle="@x", links=["https://youtube.com/@Ada.Plays"])])
    assert (pair.is_proved, pair.confidence) == (False, 0.6)


def test_evidence_adds_up():
    other = channel("7", handle="@adaplays", title="Ada Plays", description="ada@studio.example", links=[FILM])
    (pair,) = pairs([ADA], twitch=[other])
    assert pair.confidence == pytest.approx(1 - 0.4 * 0.3 * 0.75)  # link, mail, name
    assert len(pair.evidence) == 3
    assert not pair.is_proved


def test_a_name_alone_is_not_enough():
    assert pairs([ADA], twitch=[channel("7", title="Ada Plays")]) == []


def test_a_name_and_a_handle_are_proposed():
    (pair,) = pairs([ADA], bluesky=[channel("did:plc:x", handle="@ada.plays.bsky.social", title="ada  plays")])
    assert pair.confidence == pytest.approx(1 - 0.65 * 0.75, abs=1e-4)


def test_an_agency_that_many_write_from_joins_nobody():
    crowd = [channel(f"UC{number:022d}", description="team@agency.example") for number in range(5)]
    assert pairs(crowd, twitch=[channel("7", description="team@agency.example")]) == []


def test_two_channels_of_one_platform_are_not_compared():
    other = channel("UC" + "b" * 22, title="Ada Plays", description="ada@studio.example", links=[FILM])
    assert pairs([ADA, other], twitch=[]) == []


def test_links_in_the_description_count_where_the_profile_has_no_list():
    wrote = {
        "external_id": "UC" + "c" * 22,
        "handle": None,
        "title": "x",
        "description": "https://www.twitch.tv/ada_plays",
    }
    (pair,) = pairs([wrote], twitch=[channel("7", handle="@ada_plays")])
    assert pair.other_channel_key == "youtube:" + wrote["external_id"]


KEYS = some.sampled_from([f"k{number}" for number in range(9)])


@given(some.lists(some.tuples(KEYS, KEYS)))
def test_joined_channels_have_one_creator_whatever_the_order(confirmed):
    found = creators_of([f"k{number}" for number in range(9)], confirmed)
    assert all(found[one] == found[other] for one, other in confirmed)
    assert found == creators_of([f"k{number}" for number in range(9)], [pair[::-1] for pair in reversed(confirmed)])
    assert all(found[creator] == creator <= channel for channel, creator in found.items())
