"""Helix on its bad days, as whoever carries channels and sends replies meets it: too much asked,
not well, answers that are none; and of tokens nothing stays behind."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Sequence
from pathlib import Path

import psycopg
import pytest
import redis

from gateway_bot.connections.twitch_live import watch_live
from gateway_bot.paces import Pacer, paces_of
from gateway_bot.post import Post, Posted, open_session
from tests.helpers.connected import MASTER
from tests.helpers.gateway_process import gateway, variables_of
from tests.helpers.lambda_stand_in import lambda_stand_in
from tests.helpers.patience import BUSY_SECONDS
from tests.helpers.senders import TWITCH, a_reply
from tests.helpers.servers import Urls
from tests.helpers.taken_events import Stream
from tests.helpers.twitch_socket import ALL, connected
from tests.helpers.twitch_stand_in import (
    TOKEN,
    BadAnswer,
    TwitchStandIn,
    too_many,
    twitch_stand_in,
)
from waddlebot.domain.entities import EntityId
from waddlebot.domain.outcomes import Reply
from waddlebot.platforms.delivering import State
from waddlebot.runtime.needs import SEAL_KEY
from waddlebot.stores.claims import Live

SUBSCRIBING = "POST /helix/eventsub/subscriptions"
A_SCREEN = "<html>We are working on it</html>"


def test_a_channel_hears_all_after_helix_asked_to_wait_and_asks_nothing_before() -> None:
    async def go() -> None:
        async with twitch_stand_in() as twitch:
            slow = too_many("/subscriptions", seconds=1)
            assert slow.reset_at
            twitch.bad = [slow, slow]
            async with connected(twitch, Stream()) as carried:
                await twitch.subscribed(len(ALL))
                await twitch.until(lambda: carried.told.get("penguins") == "")
            assert twitch.kinds() == ALL
            assert len(twitch.sockets) == 1  # what was heard already was heard on
            asked = [at for at, call in twitch.calls if call == SUBSCRIBING]
            again = asked[len(ALL) :]
            assert again
            assert min(again) >= slow.reset_at

    asyncio.run(go())


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_subscription_that_helix_was_not_well_for_is_asked_for_again(status: int) -> None:
    async def go() -> None:
        async with twitch_stand_in() as twitch:
            twitch.bad = [BadAnswer(path="/subscriptions", status=status)]
            async with connected(twitch, Stream()) as carried:
                await twitch.subscribed(len(ALL))
                await twitch.until(lambda: carried.told.get("penguins") == "")
                assert (twitch.kinds(), len(twitch.sockets)) == (ALL, 1)
                carried.carry("seals")
                await twitch.until(lambda: twitch.kinds("1002") == ALL)
                await carried.lose("penguins")  # each of its subscriptions is known
                await twitch.until(lambda: not twitch.kinds("1001"))

    asyncio.run(go())


@pytest.mark.parametrize(
    "answer",
    [
        BadAnswer(path="/streams", status=200, text='{"data": [{"user_id": "1001"'),
        BadAnswer(path="/streams", status=200, text='{"streams": []}'),
        BadAnswer(path="/streams", status=200, text='{"data": {"user_id": "1001"}}'),
        BadAnswer(path="/streams", status=200, text="[]"),
        BadAnswer(path="/streams", status=200, text=A_SCREEN, kind="text/html"),
        BadAnswer(path="/streams", status=200, text=A_SCREEN),
        BadAnswer(path="/streams", status=502, text=A_SCREEN, kind="text/html"),
    ],
)
def test_what_is_on_air_is_asked_again_after_an_answer_that_is_none(answer: BadAnswer) -> None:
    async def go() -> None:
        async with twitch_stand_in(bad=[answer]) as twitch:
            twitch.streams = [{"user_id": "1001", "watching": 17, "viewer_count": None}]
            assert await on_air(twitch) == [Live(channel="penguins", viewers=0)]

    asyncio.run(go())


async def on_air(twitch: TwitchStandIn) -> Sequence[Live]:
    """The first that was found which is anything."""
    found: asyncio.Future[Sequence[Live]] = asyncio.get_running_loop().create_future()

    async def set_live(live: Sequence[Live]) -> None:
        if live and not found.done():
            found.set_result(live)

    async with asyncio.timeout(BUSY_SECONDS), asyncio.TaskGroup() as group:
        watching = group.create_task(
            watch_live(twitch.as_user, lambda: ["penguins"], set_live, ask_seconds=0.05)
        )
        live = await found
        watching.cancel()
    return live


async def post(twitch: TwitchStandIn, reply: Reply) -> tuple[Posted, float]:
    """And how many seconds it took."""
    variables = {
        "TWITCH_APP_TOKEN": TOKEN,
        "TWITCH_CLIENT_ID": "client",
        "TWITCH_BOT_USER_ID": "99",
        "TWITCH_API_URL": f"{twitch.url}/helix",
    }

    async def may_begin() -> bool:
        return True

    async with open_session() as session:
        pacer = Pacer(paces_of(is_twitch_moderator=True))
        began = time.monotonic()
        posted = await Post(session=session, variables=variables, pacer=pacer).send(
            reply, may_begin
        )
        assert posted
        return posted, time.monotonic() - began


WHISPER = a_reply("psst", entity=EntityId("twitch:channel:whisper-1001"))


@pytest.mark.parametrize(
    ("reply", "path"), [(a_reply("hello", entity=TWITCH), "/messages"), (WHISPER, "/whispers")]
)
def test_a_sender_is_told_at_once_until_when_to_wait(reply: Reply, path: str) -> None:
    async def go() -> None:
        async with twitch_stand_in() as twitch:
            posted, _ = await post(twitch, reply)
            assert (posted.delivered.state, twitch.said) == (State.SENT, [reply.text])

            twitch.bad = [too_many(path, seconds=20)]
            posted, seconds = await post(twitch, reply)
            assert (posted.delivered.state, posted.in_doubt) == (State.AGAIN, False)
            assert 18 < posted.delivered.wait_seconds <= 21

            twitch.calls.clear()
            twitch.bad = [BadAnswer(path=path, status=503)]
            posted, seconds = await post(twitch, reply)
            assert (posted.delivered.state, posted.in_doubt) == (State.AGAIN, False)
            assert (len(twitch.calls), twitch.said) == (1, [reply.text])
            assert seconds < 2  # the client alone would sleep for three, and say it twice

    asyncio.run(go())


def test_a_gateway_leaves_no_token_in_a_file_or_a_line(
    database_urls: Urls, streams: redis.Redis, tmp_path: Path
) -> None:
    assert streams
    secrets = ("canary-of-the-secret", "canary-of-the-refresh", "canary-that-has-ended")

    async def go(log: Path) -> TwitchStandIn:
        async with twitch_stand_in(secret=secrets[0], refresh=secrets[1]) as twitch:
            with lambda_stand_in(lambda _door: None) as router, log.open("w") as said:
                variables = {
                    **variables_of(database_urls, router),
                    "HOME": str(tmp_path / "home"),
                    "LOG_LEVEL": "DEBUG",
                    "TWITCH_CLIENT_ID": "client",
                    "TWITCH_CLIENT_SECRET": secrets[0],
                    "TWITCH_BOT_USER_ID": "99",
                    "TWITCH_API_URL": f"{twitch.url}/helix",
                    "TWITCH_AUTH_URL": f"{twitch.url}/oauth2",
                    "TWITCH_EVENTSUB_URL": f"{twitch.url}/ws",
                    "TWITCH_CHANNELS": "penguins",
                    "TWITCH_USER_TOKEN": secrets[2],
                    "TWITCH_USER_REFRESH_TOKEN": secrets[1],
                    SEAL_KEY: MASTER,
                }
                with gateway(variables, said=said.fileno(), place=tmp_path / "work"):
                    async with asyncio.timeout(2 * BUSY_SECONDS):
                        while not twitch.kinds():  # noqa: ASYNC110
                            await asyncio.sleep(0.1)
        return twitch

    for name in ("home", "work"):
        (tmp_path / name).mkdir()
    twitch = asyncio.run(go(tmp_path / "log"))
    assert twitch.grants == ["refresh_token"]
    assert not [*(tmp_path / "home").rglob("*"), *(tmp_path / "work").rglob("*")]
    lines = (tmp_path / "log").read_text()
    said = [one["message"] for one in map(json.loads, lines.splitlines())]
    assert said
    assert not [one for one in said if "Request to" in one]  # as twitchio says when it is debugged
    for token in (*secrets, twitch.token, twitch.refresh, MASTER):
        assert token not in lines
    with psycopg.connect(database_urls["DATABASE_URL"]) as connection:
        kept = connection.execute("SELECT account, state FROM connections").fetchall()
    assert kept == [("99", "connected")]
