"""Tokens of Twitch's end while channels are heard and messages leave: they are renewed by one
gateway for all, and nothing is lost. Real processes, at a stand-in that refuses what has ended."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Mapping
from contextlib import AsyncExitStack, ExitStack

import psycopg
import pytest
import redis

from gateway_bot.paces import Pacer, SharedPace, paces_of
from gateway_bot.post import Post, open_session
from gateway_bot.twitch_tokens import TwitchToken, speaking_of_twitch, twitch_tokens
from tests.helpers.connected import MASTER
from tests.helpers.gateway_process import gateway, variables_of
from tests.helpers.lambda_stand_in import lambda_stand_in
from tests.helpers.patience import BUSY_SECONDS
from tests.helpers.senders import a_reply
from tests.helpers.servers import Urls
from tests.helpers.twitch_stand_in import TwitchStandIn, twitch_stand_in
from waddlebot.domain.entities import EntityId
from waddlebot.outside.renewing import ConnectionLost
from waddlebot.platforms.delivering import State
from waddlebot.runtime.environment import Environment
from waddlebot.runtime.needs import SEAL_KEY
from waddlebot.stores.postgres import Postgres

PATIENCE_SECONDS = 2 * BUSY_SECONDS


def told(twitch: TwitchStandIn) -> dict[str, str]:
    return {
        "TWITCH_CLIENT_ID": "client",
        "TWITCH_CLIENT_SECRET": twitch.secret,
        "TWITCH_BOT_USER_ID": "99",
        "TWITCH_API_URL": f"{twitch.url}/helix",
        "TWITCH_AUTH_URL": f"{twitch.url}/oauth2",
        "TWITCH_EVENTSUB_URL": f"{twitch.url}/ws",
        SEAL_KEY: MASTER,
    }


def test_three_gateways_whose_token_has_ended_make_one_refresh_and_hear_all(
    database_urls: Urls, streams: redis.Redis
) -> None:
    assert streams

    async def go() -> None:
        async with twitch_stand_in() as twitch:
            with lambda_stand_in(lambda _door: None) as router, ExitStack() as processes:
                variables = {
                    **variables_of(database_urls, router),
                    **told(twitch),
                    "TWITCH_CHANNELS": "1001 1002",
                    "TWITCH_USER_TOKEN": "ended",
                    "TWITCH_USER_REFRESH_TOKEN": twitch.refresh,
                    "MAX_CLAIMS": "1",
                }
                for _ in range(3):
                    processes.enter_context(gateway(variables, said=subprocess.DEVNULL))
                async with asyncio.timeout(PATIENCE_SECONDS):
                    while not (twitch.kinds("1001") and twitch.kinds("1002")):  # noqa: ASYNC110
                        await asyncio.sleep(0.1)
                assert twitch.grants == ["refresh_token"]

    asyncio.run(go())


async def say(twitch: TwitchStandIn, urls: Urls, limits: redis.Redis, *texts: str) -> list[State]:
    """Each with a token that has ended meanwhile."""
    return await _say(twitch, urls, limits, texts, {})


async def _say(
    twitch: TwitchStandIn,
    urls: Urls,
    limits: redis.Redis,
    texts: tuple[str, ...],
    more: Mapping[str, str],
) -> list[State]:
    postgres = Postgres(urls["DATABASE_URL"], name="test")
    environment = Environment({**told(twitch), **more})
    found = []

    async def may_begin() -> bool:
        return True

    try:
        async with open_session() as session:
            tokens = twitch_tokens(environment, postgres, session)
            post = Post(
                session=session,
                variables=environment.values,
                pacer=Pacer(paces_of(is_twitch_moderator=True), SharedPace(limits)),
                speaking=speaking_of_twitch(tokens),
            )
            for text in texts:
                twitch.expire()
                reply = a_reply(text, entity=EntityId("twitch:channel:1001"))
                posted = await post.send(reply, may_begin)
                assert posted is not None
                found.append(posted.delivered.state)
    finally:
        postgres.close()
    return found


def test_messages_are_said_though_the_applications_token_ends_between_them(
    database_urls: Urls, limits: redis.Redis
) -> None:
    async def go() -> None:
        async with twitch_stand_in() as twitch:
            states = await say(twitch, database_urls, limits, "one", "two", "three")
            assert states == [State.SENT] * 3
            assert twitch.said == ["one", "two", "three"]
            assert twitch.grants == ["client_credentials"] * 3

    asyncio.run(go())


def test_a_token_that_is_set_is_used_until_it_ends_and_a_kept_one_from_then_on(
    database_urls: Urls, limits: redis.Redis
) -> None:
    async def go() -> None:
        async with twitch_stand_in() as twitch:
            more = {"TWITCH_APP_TOKEN": "set long ago"}
            states = await _say(twitch, database_urls, limits, ("one",), more)
            assert (states, twitch.said) == ([State.SENT], ["one"])
            assert twitch.grants == ["client_credentials"]
        with psycopg.connect(database_urls["DATABASE_URL"]) as connection:
            kept = connection.execute("SELECT account, owner_kind FROM connections").fetchall()
        assert kept == [("app", "house")]

    asyncio.run(go())


def test_a_wrong_secret_is_asked_with_once_and_nothing_loops(
    database_urls: Urls, limits: redis.Redis
) -> None:
    async def go() -> None:
        async with twitch_stand_in() as twitch:
            wrong = {"TWITCH_CLIENT_SECRET": "wrong"}
            states = await _say(twitch, database_urls, limits, ("one",), wrong)
            assert states == [State.AGAIN]
            assert not twitch.said
            assert twitch.token_calls == 1

    asyncio.run(go())


def test_two_calls_that_meet_the_end_of_the_set_token_go_on_with_the_same_new_one(
    database_urls: Urls,
) -> None:
    async def go() -> None:
        async with twitch_stand_in() as twitch, open_session() as session:
            variables = {
                **told(twitch),
                "TWITCH_USER_TOKEN": "ended",
                "TWITCH_USER_REFRESH_TOKEN": twitch.refresh,
            }
            token = twitch_tokens(Environment(variables), postgres, session).user
            both = [await asyncio.to_thread(token.current) for _ in range(2)]
            for one in both:  # the second knows nothing of the first
                await asyncio.to_thread(token.refused, one)
            assert await asyncio.to_thread(token.current) == twitch.token
            assert twitch.grants == ["refresh_token"]

    postgres = Postgres(database_urls["DATABASE_URL"], name="test")
    try:
        asyncio.run(go())
    finally:
        postgres.close()


def test_a_bot_that_is_lost_comes_back_with_another_refresh_token(database_urls: Urls) -> None:
    async def begin(twitch: TwitchStandIn, refresh: str) -> TwitchToken:
        """A process that has just begun."""
        postgres = Postgres(database_urls["DATABASE_URL"], name="test")
        beside.callback(postgres.close)
        session = await beside.enter_async_context(open_session())
        variables = {**told(twitch), "TWITCH_USER_REFRESH_TOKEN": refresh}
        return twitch_tokens(Environment(variables), postgres, session).user

    async def go() -> None:
        async with twitch_stand_in() as twitch, beside:
            for _ in range(2):
                token = await begin(twitch, "spent")
                for _ in range(3):
                    with pytest.raises(ConnectionLost):
                        await asyncio.to_thread(token.current)
            assert twitch.token_calls == 2  # once a process
            token = await begin(twitch, twitch.refresh)
            assert await asyncio.to_thread(token.current) == twitch.token

    beside = AsyncExitStack()
    asyncio.run(go())
