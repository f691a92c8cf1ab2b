"""The table of creators narrows down, orders and turns pages; a card says what a creator's figures rest on."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from builders.creator_rows import NOW, build_channels
from mardev.domain.words import tier_of
from mardev.warehouse import tables

CHANNELS = build_channels(120)


def shown(answer) -> list[str]:
    """Keys of the channels in the table, in order."""
    return re.findall(r'<th scope="row"><a href="/mardev/creators/([^"]+)"', answer.text)


def test_the_table_starts_with_the_most_influential_and_turns_pages(filled, mia):
    first, last = mia.get("/creators"), mia.get("/creators?page=3")
    assert (len(shown(first)), len(shown(last))) == (50, 20)
    assert shown(first)[0] == CHANNELS[0].channel_key.replace(":", "%3A")
    assert "120 fit, 1 to 50 are shown." in first.text
    assert 'rel="next" href="/mardev/creators?' in first.text
    assert 'rel="next"' not in last.text
    assert "There is no page 9" in mia.get("/creators?page=9").text


def test_each_filter_keeps_only_what_fits(engine, filled, mia):
    german = [one for one in CHANNELS if one.country == "DE"]
    assert f"{len(german)} fit" in mia.get("/creators?country=DE").text
    with engine.connect() as connection:  # who hides the number belongs to no tier
        known = connection.execute(sa.select(tables.channel_latest.c.subscribers)).scalars()
        micro = [subscribers for subscribers in known if subscribers is not None and tier_of(subscribers) == "micro"]
    assert f"{len(micro)} fit" in mia.get("/creators?tier=micro").text
    of_vertical = [one for one in CHANNELS if one.community_no == 2]
    assert f"{len(of_vertical)} fit" in mia.get("/creators?vertical=2").text
    both = [one for one in german if one.community_no == 0]
    assert f"{len(both)} fit" in mia.get("/creators?vertical=0&country=DE&sort=name").text


def test_a_search_takes_percent_signs_and_capitals_as_they_are(filled, mia):
    name = CHANNELS[3].title
    assert CHANNELS[3].channel_key.replace(":", "%3A") in shown(mia.get("/creators", params={"words": name.upper()}))
    assert "Nobody fits" in mia.get("/creators", params={"words": "%"}).text


def test_the_order_follows_what_was_asked(filled, mia):
    by_size = sorted(CHANNELS, key=lambda one: (-one.subscribers, one.channel_key))
    assert shown(mia.get("/creators?sort=subscribers"))[:5] == [
        one.channel_key.replace(":", "%3A") for one in by_size[:5]
    ]
    assert mia.get("/creators?sort=price; DROP TABLE core.channel").status_code == 422


def test_a_hidden_counter_is_hidden_and_never_zero(engine, filled, mia):
    key = CHANNELS[0].channel_key
    with engine.begin() as connection:
        latest = tables.channel_latest
        connection.execute(
            sa.update(latest).where(latest.c.channel_key == key).values(subscribers=None, subscribers_hidden=True)
        )
    assert "<dd>hidden<small>the creator does not show the number" in mia.get(f"/creators/{key}").text
    assert '<td class="n">hidden</td>' in mia.get("/creators").text


def test_a_card_tells_rank_endorsements_record_source_and_expiry(engine, filled, mia):
    key = CHANNELS[0].channel_key
    with engine.begin() as connection:
        connection.execute(
            sa.update(tables.channel)
            .where(tables.channel.c.channel_key == key)
            .values(expires_at=NOW + timedelta(days=30))
        )
    text = mia.get(f"/creators/{key}").text
    assert CHANNELS[0].title in text
    for part in ("of 120, Summer players", "Endorsed by", "Our own record", "Summer players", "Accepted",
                 "Wed 4 Nov, 08:00 UTC", "refreshed by then, or deleted", "Developer Policies"):  # fmt: skip
        assert part in text, part


def test_views_of_two_definitions_are_two_lines(engine, filled, mia):
    key = CHANNELS[1].channel_key
    snapshot = tables.channel_snapshot
    with engine.begin() as connection:
        run = connection.execute(sa.select(sa.func.max(tables.ingest_run.c.ingest_run_id))).scalar_one()
        connection.execute(sa.delete(snapshot).where(snapshot.c.channel_key == key))
        connection.execute(
            sa.insert(snapshot),
            [
                {"channel_key": key, "snapshot_at": NOW + timedelta(days=day), "observed_at": NOW, "world": "sandbox",
                 "subscribers": 1000 + day, "subscribers_hidden": False, "average_daily_views": 100.0 + day,
                 "view_definition": definition, "ingest_run_id": run}
                for day, definition in enumerate(("old", "old", "new", "new"))
            ],
        )  # fmt: skip
    text = mia.get(f"/creators/{key}").text
    assert text.count("<polyline") == 3
    assert "as counted by “old”" in text
    assert "as counted by “new”" in text


def test_a_creator_who_is_not_there_is_said_so(filled, mia):
    answer = mia.get("/creators/youtube:nobody")
    assert answer.status_code == 404
    assert "There is no such creator" in answer.text


def propose_pair(engine) -> tuple[str, str]:
    one, other = sorted((CHANNELS[0].channel_key, CHANNELS[1].channel_key))
    with engine.begin() as connection:
        connection.execute(
            sa.insert(tables.same_creator).values(
                channel_key=one, other_channel_key=other, world="sandbox", state="proposed", confidence=0.6,
                evidence=["the same name"], proposed_at=NOW,
            )
        )  # fmt: skip
    return one, other


def test_marketing_says_whether_two_accounts_are_one_creators(engine, filled, mia):
    one, other = propose_pair(engine)
    assert "Perhaps the same creator" in mia.get(f"/creators/{other}").text
    answer = mia.post("/same-creator", data={"channel_key": other, "other_key": one, "answer": "confirmed"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/mardev/creators/{other}?note=joined#accounts")
    text = mia.get(f"/creators/{one}").text
    assert "The same creator</span>" in text
    assert "said by mia" in text


def test_nobody_else_and_no_other_site_joins_accounts(engine, filled, mia, ian):
    one, other = propose_pair(engine)
    said = {"channel_key": other, "other_key": one, "answer": "confirmed"}
    assert 'action="/mardev/same-creator"' not in ian.get(f"/creators/{one}").text
    assert "said by marketing" in ian.post("/same-creator", data=said).text
    assert mia.post("/same-creator", data=said, origin="https://elsewhere.example").status_code == 403
    assert "Nobody proposed" in mia.post("/same-creator", data=said | {"other_key": "youtube:nobody"}).text
    with engine.connect() as connection:
        assert connection.execute(sa.select(tables.same_creator.c.state)).scalar_one() == "proposed"


def store_audience(engine, key: str, **changed) -> None:
    row = {
        "channel_key": key, "world": "sandbox", "scored_at": NOW, "score": 61.4, "confidence": 0.43,
        "verdict": "look closer", "expires_at": NOW + timedelta(days=30),
        "reasons": [
            {"signal": "even_views", "text": "Views differ by a factor of 1.05.", "points_lost": 30.0,
             "is_explained": False},
            {"signal": "growth_step", "text": "Subscribers rose <b>by 40%</b>: a giveaway ran at that time.",
             "points_lost": 0.0, "is_explained": True},
        ],
    } | changed  # fmt: skip
    with engine.begin() as connection:
        connection.execute(sa.insert(tables.audience_quality).values(row))


def test_a_card_tells_the_audience_score_with_its_reasons(engine, filled, mia):
    key = CHANNELS[0].channel_key
    store_audience(engine, key)
    text = mia.get(f"/creators/{key}").text
    for part in ("Audience figures", "Look closer", "<dd>61<small>of 100", "43%", "Takes 30 points.",
                 "Explained: takes no points.", "&lt;b&gt;by 40%", "The score expires"):  # fmt: skip
        assert part in text, part
    assert "fake" not in text.lower()


def test_a_card_without_unusual_figures_says_so(engine, filled, mia):
    key = CHANNELS[0].channel_key
    store_audience(engine, key, score=100, verdict="nothing unusual", reasons=[])
    assert "No figure differs from what is usual" in mia.get(f"/creators/{key}").text


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({}, "fewer recent ones"),
        ({"subscribers": 1_500}, "a score takes 2,000 subscribers"),
        ({"subscribers": None, "subscribers_hidden": True}, "hides the number of subscribers"),
    ],
)
def test_a_card_with_too_little_data_says_what_is_missing(engine, filled, mia, changed, why):
    key = CHANNELS[0].channel_key
    store_audience(engine, key, score=None, confidence=0, verdict="too little data", reasons=[])
    with engine.begin() as connection:
        latest = tables.channel_latest
        connection.execute(
            sa.update(latest).where(latest.c.channel_key == key).values({"subscribers": 9_000} | changed)
        )
    text = mia.get(f"/creators/{key}").text
    assert "Too little data: " in text
    assert why in text


def test_a_card_of_a_platform_without_views_says_so(engine, filled, mia):
    key = CHANNELS[0].channel_key
    store_audience(engine, key, score=None, confidence=0, verdict="too little data", reasons=[])
    with engine.begin() as connection:
        connection.execute(
            sa.update(tables.channel).where(tables.channel.c.channel_key == key).values(platform="bluesky")
        )
    assert "Bluesky does not tell how often a post is seen" in mia.get(f"/creators/{key}").text


@pytest.mark.parametrize(("world", "why"), [("sandbox", "Not scored yet"), ("live", "ask for its approval")])
def test_a_card_that_was_never_scored_says_why(engine, filled, mia, world, why):
    key = CHANNELS[0].channel_key
    with engine.begin() as connection:
        connection.execute(sa.update(tables.channel).where(tables.channel.c.channel_key == key).values(world=world))
    assert why in mia.get(f"/creators/{key}").text
