"""Twitch of the sandbox, asked by the unmodified client."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from twitchAPI.twitch import Twitch
from twitchAPI.type import TwitchAPIException, TwitchAuthorizationException, TwitchBackendException, VideoType

from builders.sandbox_world import small_world
from sandbox.protocols.app import create_app
from sandbox.protocols.contracts import compiled_contract
from sandbox.protocols.contracts.twitch_models import compile_twitch
from sandbox.protocols.rates import RateLimit, roomy

Work = Callable[[Twitch], Awaitable[Any]]


@pytest.fixture
def network(crowd):
    return crowd.network("twitch")


@pytest.fixture
def streamer(network):
    """An account with more than a page of recordings."""
    return max(network.accounts, key=lambda one: len(network.broadcasts.begun(one.number, network.now)))


@pytest.fixture
def with_client(served_crowd) -> Callable[[Work], Any]:
    """Do something with a client of its own event loop."""

    def do(work: Work) -> Any:
        return asyncio.run(signed_in(served_crowd, work))

    return do


async def signed_in(served: Any, work: Work, secret: str | None = None) -> Any:
    tokens = served.tokens
    client = Twitch(
        tokens.twitch_client_id,
        None,
        authenticate_app=False,
        base_url=f"{served.url}twitch/helix/",
        auth_base_url=f"{served.url}twitch/oauth2/",
    )
    client.app_secret = secret or tokens.twitch_secret
    await client.authenticate_app([])
    try:
        return await work(client)
    finally:
        await client.close()


async def everything(pages: AsyncIterator[Any]) -> list[Any]:
    return [one async for one in pages]


@pytest.fixture
def helix(served_crowd):
    """Ask without a client, signed in."""
    tokens = served_crowd.tokens
    asked = {
        "client_id": tokens.twitch_client_id,
        "client_secret": tokens.twitch_secret,
        "grant_type": "client_credentials",
    }
    token = served_crowd.http.post("/twitch/oauth2/token", data=asked).json()["access_token"]
    headers = {"client-id": tokens.twitch_client_id, "authorization": f"Bearer {token}"}
    return lambda path, **query: served_crowd.http.get(f"/twitch/helix/{path}", params=query, headers=headers)


def test_users_are_found_by_login_and_id_and_who_is_unknown_is_left_out(with_client, network):
    wanted = network.accounts[:3]
    logins = [one.handle for one in wanted[:2]]
    ids = [wanted[2].identity, "1"]
    found = with_client(lambda client: everything(client.get_users(user_ids=ids, logins=logins)))
    assert {one.id for one in found} == {one.identity for one in wanted}
    assert {one.description for one in found} == {one.about for one in wanted}


def test_followers_are_counted_and_not_listed(with_client, network, streamer):
    answer = with_client(lambda client: client.get_channel_followers(streamer.identity))
    assert answer.total == network.follower_count(streamer) > 0
    assert answer.data == []


def test_a_channel_tells_what_was_last_on(with_client, network, streamer):
    (channel,) = with_client(lambda client: client.get_channel_information([streamer.identity]))
    last = network.broadcasts.read(network.broadcasts.begun(streamer.number, network.now)[0])
    assert (channel.title, channel.broadcaster_language) == (last.title, network.creator(streamer).language)
    (game,) = with_client(lambda client: everything(client.get_games(game_ids=[channel.game_id])))
    assert game.name == channel.game_name


def test_recordings_are_listed_page_by_page_and_can_be_asked_again(with_client, network, streamer):
    found = with_client(lambda client: everything(client.get_videos(user_id=streamer.identity, first=4)))
    begun = network.broadcasts.begun(streamer.number, network.now)
    assert [one.id for one in found] == [network.broadcasts.recording_id(key) for key in begun]
    assert len(found) > 8
    assert [one.created_at for one in found] == sorted((one.created_at for one in found), reverse=True)
    again = with_client(lambda client: everything(client.get_videos(ids=[one.id for one in found[:5]])))
    assert {(one.id, one.view_count) for one in again} == {(one.id, one.view_count) for one in found[:5]}


def test_there_are_recordings_only_and_they_are_limited_in_time(with_client, network, streamer):
    uploads = with_client(
        lambda client: everything(client.get_videos(user_id=streamer.identity, video_type=VideoType.UPLOAD))
    )
    assert uploads == []
    every = with_client(lambda client: everything(client.get_videos(user_id=streamer.identity)))
    assert all(one.created_at >= network.now - timedelta(days=60) for one in every)


def test_streams_that_are_on_are_listed_by_viewers(tmp_path, switchboard, served_crowd):
    world = small_world(tmp_path, creators=300)
    twitch = world.network("twitch")
    while sum(twitch.broadcasts.live(one.number, world.now) is not None for one in twitch.accounts) < 4:
        world.advance_to(world.now + timedelta(hours=1))
    switchboard[0].app = create_app(world, served_crowd.tokens)
    streams = asyncio.run(signed_in(served_crowd, lambda client: everything(client.get_streams(first=1))))
    assert len(streams) > 2
    assert [one.viewer_count for one in streams] == sorted((one.viewer_count for one in streams), reverse=True)
    assert all(one.started_at <= world.now for one in streams)
    german = asyncio.run(signed_in(served_crowd, lambda client: everything(client.get_streams(language=["de"]))))
    assert {one.id for one in german} == {one.id for one in streams if one.language == "de"}
    names = [one.user_login for one in streams]
    live = asyncio.run(signed_in(served_crowd, lambda client: everything(client.get_streams(user_login=names[:2]))))
    assert {one.user_login for one in live} == set(names[:2])


def test_channels_are_found_by_topic(with_client, network):
    async def first_ten(client: Twitch) -> list[Any]:
        found: list[Any] = []
        async for one in client.search_channels("mobile games", first=10):
            found.append(one)
            if len(found) == 10:
                break
        return found

    verticals = [network.creator(network.by_identity(one.id)).vertical for one in with_client(first_ten)]
    assert verticals.count("gamers") >= 8


def test_some_channels_are_in_a_team_with_others(with_client, network):
    async def teams(client: Twitch) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for one in network.accounts[:60]:
            for team in await client.get_channel_teams(one.identity):
                found.setdefault(team.id, []).append(one.identity)
        return found

    members = with_client(teams)
    assert 5 <= sum(map(len, members.values())) <= 25
    assert any(len(ids) > 1 for ids in members.values())


# ---- refusals


@pytest.mark.parametrize(
    ("changed", "status", "message"),
    [
        ({"client_id": "unknown"}, 400, "invalid client"),
        ({"client_secret": "wrong"}, 403, "invalid client secret"),
        ({"grant_type": ""}, 400, "missing grant type"),
    ],
)
def test_a_token_needs_client_and_secret(served_crowd, changed, status, message):
    tokens = served_crowd.tokens
    asked = {
        "client_id": tokens.twitch_client_id,
        "client_secret": tokens.twitch_secret,
        "grant_type": "client_credentials",
        **changed,
    }
    answer = served_crowd.http.post("/twitch/oauth2/token", params=asked)
    assert (answer.status_code, answer.json()) == (status, {"status": status, "message": message})


def test_the_client_is_told_that_its_secret_is_wrong(served_crowd):
    with pytest.raises(TwitchAuthorizationException):
        asyncio.run(signed_in(served_crowd, lambda client: client.get_channel_teams("1"), secret="WRONG"))


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        ({}, "OAuth token is missing"),
        ({"authorization": "Bearer wrong"}, "Client ID is missing"),
        ({"authorization": "Bearer wrong", "client-id": "CLIENT-CANARY"}, "Invalid OAuth token"),
    ],
)
def test_a_caller_shows_token_and_client_id(served_crowd, headers, message):
    answer = served_crowd.http.get("/twitch/helix/users?login=x", headers=headers)
    assert answer.json() == {"error": "Unauthorized", "status": 401, "message": message}


def test_a_token_of_another_client_is_refused(served_crowd, helix):
    token = helix("users", login="x").request.headers["authorization"]
    headers = {"authorization": token, "client-id": "another"}
    answer = served_crowd.http.get("/twitch/helix/users?login=x", headers=headers)
    assert (answer.status_code, answer.json()["message"]) == (401, "Client ID and OAuth token do not match")
    validated = served_crowd.http.get("/twitch/oauth2/validate", headers={"authorization": token})
    assert validated.json()["client_id"] == served_crowd.tokens.twitch_client_id


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("users", {}, 400),
        ("channels", {}, 400),
        ("videos", {"user_id": "1", "id": "2"}, 400),
        ("videos", {"id": "2"}, 404),
        ("videos", {"user_id": "1", "period": "year"}, 400),
        ("videos", {"user_id": "1", "after": "!"}, 400),
        ("streams", {"first": "101"}, 400),
        ("streams", {"first": "many"}, 400),
        ("users", {"id": [str(number) for number in range(101)]}, 400),
        ("channels/followers", {"broadcaster_id": "1", "user_id": "2"}, 401),
        ("teams/channel", {"broadcaster_id": "1"}, 404),
        ("users/follows", {"from_id": "1"}, 404),
    ],
)
def test_what_makes_no_sense_is_refused(helix, path, query, status):
    answer = helix(path, **query)
    assert (answer.status_code, answer.json()["status"]) == (status, status)


def test_points_are_told_and_a_spent_window_refuses(crowd, served_crowd, switchboard):
    limits = {**roomy(), "twitch": RateLimit(2, 60)}
    switchboard[0].app = create_app(crowd, served_crowd.tokens, rate_limits=limits)
    tokens = served_crowd.tokens
    asked = {
        "client_id": tokens.twitch_client_id,
        "client_secret": tokens.twitch_secret,
        "grant_type": "client_credentials",
    }
    token = served_crowd.http.post("/twitch/oauth2/token", data=asked).json()["access_token"]
    headers = {"client-id": tokens.twitch_client_id, "authorization": f"Bearer {token}"}
    answers = [served_crowd.http.get("/twitch/helix/users?login=x", headers=headers) for _ in range(3)]
    assert [one.headers["ratelimit-remaining"] for one in answers] == ["1", "0", "0"]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert answers[2].json()["error"] == "Too Many Requests"
    assert int(answers[2].headers["ratelimit-reset"]) == int((crowd.now + timedelta(seconds=60)).timestamp())


# ---- incidents


def test_an_outage_is_seen_by_the_client_until_it_ends(crowd, with_client, streamer):
    async def teams_then_and_later(client: Twitch) -> Any:
        crowd.start_incident("twitch")
        with pytest.raises(TwitchBackendException):
            await client.get_channel_teams(streamer.identity)
        crowd.end_incident("twitch")
        return await client.get_channel_followers(streamer.identity)

    assert with_client(teams_then_and_later).total > 0


def test_a_revoked_token_is_replaced_by_the_client(crowd, with_client, streamer):
    async def revoke_and_ask(client: Twitch) -> tuple[str, str, Any]:
        before = client.get_app_token()
        crowd.start_incident("twitch", kind="token_revoked")
        answer = await client.get_channel_followers(streamer.identity)
        return before, client.get_app_token(), answer

    before, after, answer = with_client(revoke_and_ask)
    assert before != after
    assert answer.total > 0


def test_a_bad_request_is_told_to_the_client(with_client):
    with pytest.raises(TwitchAPIException, match="Bad Request"):
        with_client(lambda client: everything(client.search_channels("")))


# ---- the contract


def test_the_contract_is_what_the_installed_client_carries():
    compiled, committed = compile_twitch(), compiled_contract("twitch")
    assert committed.answers == compiled["answers"]
    assert committed.definitions == compiled["definitions"]


def test_every_account_can_be_shown(helix, network):
    for start in range(0, len(network.accounts), 100):
        ids = [one.identity for one in network.accounts[start : start + 100]]
        assert helix("users", id=ids).status_code == helix("channels", broadcaster_id=ids).status_code == 200
