"""Every connector against the sandbox's wire protocols, whose answers are held against the platforms' own documents."""

from datetime import timedelta
from decimal import Decimal

import pytest

from builders.simulation import BEARER, CREATORS, Simulation
from mardev.connectors.analytics import Analytics
from mardev.connectors.errors import NotThere, RecipientNotAllowed, RequestRefused, SubscriptionsHidden
from mardev.connectors.google_credentials import BearerToken
from mardev.connectors.mail import SmtplibTransport, calendar_of, compose
from mardev.connectors.mailbox import Mailbox
from mardev.connectors.shlink import Shlink
from mardev.connectors.shop import LandingPages, PromoCode, Shop
from mardev.connectors.youtube import YouTube
from mardev.connectors.youtube import client as youtube_client
from mardev.domain.connection import ConnectionRecord
from mardev.domain.words import ConversionKind, World
from mardev.errors import ContractBroken, CredentialRejected, QuotaExhausted, TransportFailed


@pytest.fixture
def youtube(simulation: Simulation):
    with YouTube(
        simulation.google("youtube"), simulation.record("mardev_youtube", "youtube/"), simulation.now
    ) as client:
        yield client


def test_every_channel_is_read(youtube, simulation):
    ids = [creator.channel_id for creator in simulation.world.creators]
    channels = {channel.channel_id: channel for channel in youtube.channels(ids)}
    assert len(channels) == CREATORS
    for creator in simulation.world.creators:
        channel = channels[creator.channel_id]
        assert channel.subscribers_hidden == creator.subscribers_hidden == (channel.subscribers is None)
        assert (channel.title, channel.country) == (creator.name, creator.country)
        assert channel.observed_at == simulation.world.now


def test_a_handle_leads_to_its_channel(youtube, simulation):
    creator = simulation.world.creators[3]
    (channel,) = youtube.channels_for_handle(creator.handle)
    assert channel.channel_id == creator.channel_id
    assert list(youtube.channels_for_handle("@nobody-at-all")) == []


def test_a_search_finds_channels(youtube, simulation):
    word = simulation.world.creators[0].topics[0]
    found = list(youtube.search_channels(word, region=simulation.world.creators[0].market, max_results=5))
    assert 0 < len(found) <= 5
    assert {channel.channel_id for channel in youtube.channels(found)} == set(found)


def test_uploads_videos_and_statistics_speak_of_the_same_videos(youtube, simulation):
    playlist = simulation.world.creators[0].uploads_playlist
    uploads = list(youtube.uploads(playlist, max_results=10))
    ids = [video.video_id for video in uploads]
    assert uploads == sorted(uploads, key=lambda video: video.published_at, reverse=True)
    assert [video.title for video in youtube.videos(ids)] == [video.title for video in uploads]
    statistics = list(youtube.statistics(ids))
    assert [one.video_id for one in statistics] == ids
    assert all(one.views is not None for one in statistics)


def test_subscriptions_are_read_or_known_to_be_hidden(youtube, simulation):
    hidden = next(one for one in simulation.world.creators if one.subscriptions_hidden)
    shown = next(one for one in simulation.world.creators if not one.subscriptions_hidden)
    with pytest.raises(SubscriptionsHidden):
        list(youtube.subscriptions(hidden.channel_id))
    assert {one.channel_id for one in youtube.subscriptions(shown.channel_id)} <= {shown.channel_id}


def test_featured_channels_are_channels(youtube, simulation):
    featured = {one for creator in simulation.world.creators for one in youtube.featured_channels(creator.channel_id)}
    assert featured <= {creator.channel_id for creator in simulation.world.creators}


def test_what_is_gone_is_not_there(youtube):
    assert list(youtube.channels(["UCgone00000000000000000"])) == []
    with pytest.raises(NotThere):
        list(youtube.uploads("UUgone00000000000000000"))


def test_a_wrong_key_asks_a_person(simulation):
    pipeline = simulation.google("youtube", key="WRONG-CANARY")
    client = YouTube(pipeline, simulation.record("mardev_youtube", "youtube/"), simulation.now)
    with client, pytest.raises(CredentialRejected) as caught:
        list(client.channels(["UC_any"]))
    assert "WRONG-CANARY" not in str(caught.value)


def test_a_link_is_made_once_and_its_visits_are_read(simulation):
    with Shlink(simulation.shlink(), simulation.record("mardev_shlink", "shlink"), simulation.now) as shlink:
        target = f"{simulation.url}app/DE?utm_source=youtube&utm_content=autumn-1"
        made = shlink.create_short_url(target, "autumn-1", title="Ada", tags=["autumn"])
        assert shlink.create_short_url(target, "autumn-1", title="Ada", tags=["autumn"]) == made
        assert (shlink.get("autumn-1").long_url, made.tags) == (target, ("autumn",))
        assert shlink.edit("autumn-1", title="Ada again").title == "Ada again"
        with LandingPages(simulation.pipeline("landing"), simulation.record("mardev_shop")) as landing:
            link = landing.follow(made.short_url)
        assert (link.is_open, link.parameter("utm_content")) == (True, "autumn-1")
        (visit,) = shlink.visits("autumn-1")
        assert visit.potential_bot
        assert list(shlink.visits("autumn-1", since=simulation.world.now + timedelta(hours=1))) == []
        shlink.health()
        with pytest.raises(NotThere):
            shlink.get("gone")
        with pytest.raises(RequestRefused):
            shlink.create_short_url("https://elsewhere.example/", "autumn-1")


def test_codes_go_in_and_a_test_conversion_comes_back_as_an_order(simulation):
    record = simulation.record("mardev_shop", "shop", extra={"app_url": simulation.url + "app/{market}"})
    now = simulation.world.now
    with (
        Shop(simulation.pipeline("shop", BearerToken(lambda: BEARER)), record, simulation.now) as shop,
        LandingPages(simulation.pipeline("landing"), record) as landing,
    ):
        shop.upload_codes([PromoCode("ADA10", "autumn-1", now, now + timedelta(days=30), 10)])
        page = shop.app_page("DE", {"utm_source": "youtube", "utm_content": "autumn-1"})
        assert landing.follow(page).is_open
        landing.convert_for_test(page, ConversionKind.PURCHASE, code="ADA10", parameters={"utm_content": "autumn-1"})
        orders = [order for order in shop.orders(now) if order.is_test]
    assert [(order.promo_code, order.utm_content, order.market) for order in orders] == [("ADA10", "autumn-1", "DE")]
    assert isinstance(orders[0].amount, Decimal)


def test_sessions_are_reported(simulation):
    record = simulation.record("mardev_analytics", "analytics/", extra={"property_id": "1"})
    today = simulation.world.now.date()
    with Analytics(simulation.google("analytics", bearer=BEARER), record, simulation.now) as analytics:
        sessions = list(analytics.sessions_by_content(today - timedelta(days=3), today))
    assert all(one.sessions >= 0 for one in sessions)


def letter(recipient: str, message_id: str, **changes):
    return compose(
        sender="creators@aptovia.example",
        recipient=recipient,
        subject="Hello",
        body="ありがとう",
        message_id=message_id,
        sent_at=changes.pop("sent_at"),
        **changes,
    )


def mail_of(simulation: Simulation, **extra) -> SmtplibTransport:
    options = {"disable_ssl": True, "disable_tls": True, **extra}
    return SmtplibTransport(
        ConnectionRecord("mardev_mail", World.SANDBOX, "127.0.0.1", simulation.smtp_port, extra=options)
    )


def position_now(simulation: Simulation) -> str | None:
    record = simulation.record("mardev_mailbox", "gmail/")
    with Mailbox(simulation.google("gmail", bearer=BEARER), record, simulation.now) as mailbox:
        return next((mail.position for mail in reversed(list(mailbox.new_messages()))), None)


def test_a_letter_arrives_in_the_brands_mailbox_and_is_read_once(simulation):
    now = simulation.world.now
    calendar = calendar_of(uid="u@aptovia.example", summary="Window", starts_at=now, ends_at=now + timedelta(days=1))
    position = position_now(simulation)
    transport = mail_of(simulation)
    transport.check()
    for number in (1, 2):
        message_id = f"<m{number}@aptovia.example>"
        transport.send(letter("team@aptovia.example", message_id, calendar=calendar, sent_at=now))
    record = simulation.record("mardev_mailbox", "gmail/")
    with Mailbox(simulation.google("gmail", bearer=BEARER), record, simulation.now) as mailbox:
        first, second = mailbox.new_messages(position)
        assert [first.message_id, second.message_id] == ["<m1@aptovia.example>", "<m2@aptovia.example>"]
        assert "ありがとう" in first.reply_text
        assert first.calendar is not None
        assert list(mailbox.new_messages(second.position)) == []
        assert [mail.message_id for mail in mailbox.new_messages(first.position)] == ["<m2@aptovia.example>"]


def test_a_wrong_token_asks_a_person(simulation):
    record = simulation.record("mardev_mailbox", "gmail/")
    mailbox = Mailbox(simulation.google("gmail", bearer="WRONG"), record, simulation.now)
    with mailbox, pytest.raises(CredentialRejected):
        list(mailbox.new_messages())


def test_mail_to_a_real_address_never_leaves(simulation):
    with pytest.raises(RecipientNotAllowed):
        mail_of(simulation).send(letter("someone@creators.org", "<x@aptovia.example>", sent_at=simulation.world.now))


def test_mail_to_nobody_comes_back_as_a_bounce(simulation):
    position = position_now(simulation)
    transport = mail_of(simulation)
    transport.send(letter("nobody@creators.example", "<lost@aptovia.example>", sent_at=simulation.world.now))
    record = simulation.record("mardev_mailbox", "gmail/")
    with Mailbox(simulation.google("gmail", bearer=BEARER), record, simulation.now) as mailbox:
        bounces = [mail for mail in mailbox.new_messages(position) if mail.is_bounce]
    assert [bounce.answers[0] for bounce in bounces] == ["<lost@aptovia.example>"]


@pytest.fixture
def broken(simulation):
    """Breaks a system for the length of a test."""
    opened = []

    def break_system(system: str, kind: str) -> None:
        simulation.world.start_incident(system, kind=kind)
        opened.append(system)

    yield break_system
    for system in opened:
        simulation.world.end_incident(system)


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("outage", TransportFailed),
        ("html_error", TransportFailed),
        ("truncated", TransportFailed),
        ("quota", QuotaExhausted),
    ],
)
def test_an_outage_is_told_by_what_to_do(youtube, simulation, broken, kind, error):
    broken("youtube", kind)
    with pytest.raises(error):
        list(youtube.channels([simulation.world.creators[0].channel_id]))


def test_a_slow_answer_is_an_answer(youtube, simulation, broken):
    broken("youtube", "slow")
    assert len(list(youtube.channels([simulation.world.creators[0].channel_id]))) == 1


def test_pages_that_repeat_are_not_read_for_ever(youtube, simulation, broken, monkeypatch):
    monkeypatch.setattr(youtube_client, "MAX_PAGE_SIZE", 2)
    broken("youtube", "repeats_page")
    with pytest.raises(ContractBroken, match="repeats a page token"):
        list(youtube.uploads(simulation.world.creators[0].uploads_playlist, max_results=500))


def test_a_mail_server_that_is_down_is_asked_later(simulation, broken):
    broken("mail", "outage")
    with pytest.raises(TransportFailed):
        mail_of(simulation).send(letter("team@aptovia.example", "<x@aptovia.example>", sent_at=simulation.world.now))
