"""Discord's gateway on its bad days: each kind of close, silence, and frames that are none.

Time is driven: pauses are waited at once and noted.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from redis.asyncio import Redis

from gateway_bot.connections.discord import run
from gateway_bot.connections.discord_identifies import SPACE_SECONDS
from gateway_bot.connections.discord_plan import DiscordSettings
from gateway_bot.connections.discord_sessions import Sessions
from tests.gateway_bot.connections.driven import PATIENCE_SECONDS, DrivenTime
from tests.helpers.discord_socket import says
from tests.helpers.stand_ins import TOKEN, Front, a_channel, served
from tests.helpers.taken_events import Stream

GONE = (4003, 4006, 4007, 4009)
KEPT = (1000, 1001, 4000, 4001, 4002, 4005, 4008)


@pytest.fixture
def front() -> Iterator[Front]:
    with served(DISCORD_IDENTIFY_SECONDS="0") as running:
        yield running


@dataclass(slots=True)
class Scene:
    front: Front
    stream: Stream
    time: DrivenTime
    task: asyncio.Task[None]
    told: list[str] = field(default_factory=list)

    async def figures(self) -> dict[str, Any]:
        _, told, _ = await asyncio.to_thread(self.front.call, "GET", "/gateway")
        return dict(told)

    async def identifies(self) -> int:
        return sum((await self.figures())["identifies"].values())

    async def stands(self) -> None:
        """One connection, and no other socket beside it."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                told = await self.figures()
                if told["connected"] == ["0/1"] and told["sockets"] == 1:
                    return
                await asyncio.sleep(0.01)

    async def breaks(self, what: str, **more: object) -> None:
        await asyncio.to_thread(self.front.breaks, "discord", what, **more)

    async def lost(self, count: int = 1) -> None:
        """So many more pauses were waited, those before an identify aside."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while len(self.pauses()) < count:  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.01)

    def pauses(self) -> list[float]:
        return [one for one in self.time.pauses if one != SPACE_SECONDS]

    async def hears(self, text: str) -> None:
        channel = a_channel()
        while not (await says(self.front, "ana", text, channel=channel))["accepted"]:
            pass
        while (await self.stream.next())[0].text != text:
            pass


@asynccontextmanager
async def scene(front: Front, **fields: Any) -> AsyncIterator[Scene]:
    time, stream = DrivenTime(), Stream()
    at_discord = DiscordSettings(
        token=TOKEN,
        api_url=front.environment["DISCORD_API_URL"],
        waits=time.waits(),
        **fields,
    )
    client, told = Redis.from_url("redis://127.0.0.1:1"), []

    async def tell(words: str) -> None:
        told.append(words)

    running = run(
        at_discord,
        stream.append,
        Sessions(client),
        is_ours=lambda: True,
        tell_servers=stream.learn,
        tell=tell,
    )
    task = asyncio.create_task(running)
    try:
        yield Scene(front, stream, time, task, told)
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await client.aclose()


def play(front: Front, story: Callable[[Scene], Awaitable[None]], **fields: Any) -> None:
    async def go() -> None:
        async with scene(front, **fields) as here:
            await story(here)

    asyncio.run(go())


@pytest.mark.parametrize("code", [*KEPT, *GONE])
def test_a_session_is_given_up_where_discord_says_so_and_kept_otherwise(
    front: Front, code: int
) -> None:
    async def story(here: Scene) -> None:
        await here.hears("before")
        await here.breaks("close", code=code)
        await here.lost()
        await here.stands()
        await here.hears("after")
        assert await here.identifies() == (2 if code in GONE else 1)
        assert len(here.pauses()) == 1, "it was tried to go on with it first"

    play(front, story)


def test_a_resume_that_discord_answers_by_going_away_is_not_tried_again(front: Front) -> None:
    async def story(here: Scene) -> None:
        await here.stands()
        await here.breaks("turn_away", stage="resume", code=1001, times=2)
        await here.breaks("close", code=4000)
        await here.lost(2)
        await here.stands()
        await here.hears("after")
        assert await here.identifies() == 2

    play(front, story)


def test_a_session_that_is_sent_away_again_and_again_is_given_up(front: Front) -> None:
    async def story(here: Scene) -> None:
        await here.stands()
        await here.breaks("turn_away", stage="resumed", code=1001, times=50)
        await here.breaks("close")
        await here.lost(4)
        await here.stands()
        assert await here.identifies() == 2
        assert len(here.pauses()) == 4

    play(front, story)


@pytest.mark.parametrize("stage", ["hello", "identify", "resume"])
@pytest.mark.parametrize("code", [4000, 1001, 0])
def test_pauses_grow_to_a_minute_however_early_connections_end_and_no_socket_is_left(
    front: Front, stage: str, code: int
) -> None:
    async def story(here: Scene) -> None:
        if stage == "resume":
            await here.stands()
            await here.breaks("turn_away", stage="identify", code=code, times=1000)
        await here.breaks("turn_away", stage=stage, code=code, times=1000)
        await here.breaks("close", code=4000)
        await here.lost(9)
        assert (await here.figures())["sockets"] <= 2  # the last one is just being closed
        pauses = here.pauses()[:9]
        assert all(later == min(2 * one, 60.0) for one, later in pairwise(pauses))
        assert pauses[-1] == 60.0
        assert len([one for one in threading.enumerate() if "keep-alive" in one.name]) <= 1

    play(front, story, welcome_seconds=0.5 if code else 0.2)  # which is waited for nine times


@pytest.mark.parametrize("resumable", [True, False])
def test_an_invalid_session_is_followed_by_a_pause_of_up_to_five_seconds(
    front: Front, *, resumable: bool
) -> None:
    async def story(here: Scene) -> None:
        await here.stands()
        await here.breaks("invalid_session", resumable=resumable)
        await here.lost()
        await here.stands()
        assert here.pauses() == [5.0]
        assert await here.identifies() == (1 if resumable else 2)

    play(front, story)


def test_asked_to_connect_anew_the_bot_resumes_after_a_pause(front: Front) -> None:
    async def story(here: Scene) -> None:
        await here.stands()
        for count in range(1, 5):
            await here.breaks("reconnect")
            await here.lost(count)
            await here.stands()
        assert here.pauses() == [0.5, 1.0, 2.0, 4.0]
        assert await here.identifies() == 1

    play(front, story)


@pytest.mark.parametrize(
    ("code", "words"),
    [(4004, "DISCORD_TOKEN"), (4014, "Message Content"), (4011, "DISCORD_SHARDS")],
)
def test_what_is_refused_for_good_is_told_and_not_tried_again(
    front: Front, code: int, words: str
) -> None:
    async def story(here: Scene) -> None:
        await asyncio.wait_for(here.task, PATIENCE_SECONDS)
        [told] = here.told
        assert words in told
        assert here.pauses() == []

    front.breaks("discord", "turn_away", stage="identify", code=code)
    play(front, story)


ODD = [
    "",
    "no json",
    "[]",
    "7",
    "null",
    '"op"',
    "[" * 100_000,
    "{}",
    '{"op": "0"}',
    '{"op": true, "d": {}}',
    '{"op": 99, "d": {}}',
    '{"op": -1}',
    '{"op": 10}',
    '{"op": 10, "d": {"heartbeat_interval": "soon"}}',
    '{"op": 11, "d": 5, "s": "x"}',
    '{"op": 1}',
    '{"op": 0}',
    '{"op": 0, "t": null, "d": null, "s": null}',
    '{"op": 0, "t": 5, "d": [1], "s": 1.5}',
    '{"op": 0, "t": "MESSAGE_CREATE", "d": "text", "s": -4}',
    '{"op": 0, "t": "MESSAGE_CREATE", "d": {"author": 5, "guild_id": [], "member": {"roles": 3}}}',
    '{"op": 0, "t": "MESSAGE_CREATE", "d": {"content": "\\ud800", "author": {"id": "1"}}}',
    '{"op": 0, "t": "GUILD_CREATE", "d": {"id": "1", "roles": 7, "channels": {}, "threads": "x"}}',
    '{"op": 0, "t": "GUILD_CREATE", "d": {"roles": [{"id": "1", "permissions": "\\u00b2"}]}}',
    '{"op": 0, "t": "GUILD_DELETE", "d": {"id": {}}}',
    '{"op": 0, "t": "GUILD_ROLE_CREATE", "d": {"guild_id": 1.5, "role": []}}',
    '{"op": 0, "t": "CHANNEL_CREATE", "d": {"guild_id": "1", "name": {}}}',
    '{"op": 0, "t": "VOICE_STATE_UPDATE", "d": {"guild_id": null, "member": {"user": 1}}}',
    '{"op": 0, "t": "VOICE_STATE_UPDATE", "d": {"guild_id": "1", "user_id": [], "channel_id": 2}}',
    '{"op": 0, "t": "INTERACTION_CREATE", "d": {"id": {}, "token": 5, "data": []}}',
    '{"op": 0, "t": "RESUMED", "d": null}',
    '{"op": 0, "t": "READY", "d": null}',
    '{"op": 0, "t": "READY", "d": {"user": 5, "guilds": [1, {}], "session_id": 9}}',
    '{"op": 0, "t": "READY", "d": {"guilds": 5, "resume_gateway_url": []}}',
]


def test_a_frame_that_is_none_is_passed_over_on_the_same_connection(front: Front) -> None:
    async def story(here: Scene) -> None:
        await here.hears("before")
        for text in ODD:
            await here.breaks("odd_frame", text=text)
        await here.hears("after")
        assert here.pauses() == []
        assert not here.task.done()

    play(front, story)


SCALARS = some.none() | some.booleans() | some.integers() | some.floats() | some.text(max_size=9)
ANYTHING = some.recursive(
    SCALARS,
    lambda inner: (
        some.lists(inner, max_size=3)
        | some.dictionaries(
            some.sampled_from(
                ["id", "guild_id", "user", "member", "roles", "author", "user_id", "d"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
NAMES = some.sampled_from(
    [
        "READY",
        "GUILD_CREATE",
        "GUILD_DELETE",
        "MESSAGE_CREATE",
        "VOICE_STATE_UPDATE",
        "CHANNEL_CREATE",
    ]
)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(payloads=some.lists(some.tuples(NAMES, ANYTHING), min_size=1, max_size=25))
def test_whatever_stands_in_a_frame_the_connection_goes_on(
    front: Front, payloads: list[tuple[str, Any]]
) -> None:
    async def story(here: Scene) -> None:
        await here.stands()
        for name, payload in payloads:
            text = json.dumps({"op": 0, "t": name, "s": 2, "d": payload})
            await here.breaks("odd_frame", text=text)
        await here.hears("after")
        assert here.pauses() == []

    play(front, story)


ENDS = some.sampled_from(
    [
        *(("close", {"code": code}) for code in (4000, 4001, 4008, *GONE)),
        ("reconnect", {}),
        ("invalid_session", {"resumable": True}),
        ("invalid_session", {"resumable": False}),
    ]
)


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(ends=some.lists(ENDS, min_size=1, max_size=9))
def test_after_any_row_of_ends_one_socket_stands_and_pauses_have_grown(
    front: Front, ends: list[tuple[str, dict[str, Any]]]
) -> None:
    async def story(here: Scene) -> None:
        await here.stands()
        before = await here.identifies()
        begun = 0
        for count, (what, more) in enumerate(ends, 1):
            await here.breaks(what, **more)
            await here.lost(count)
            await here.stands()
            begun += more.get("code") in GONE or more.get("resumable") is False
        assert await here.identifies() - before == begun
        least = [min(0.5 * 2**number, 60.0) for number in range(len(ends))]
        asked = [5.0 if what == "invalid_session" else 0.0 for what, _ in ends]
        assert here.pauses() == [max(both) for both in zip(least, asked, strict=True)]
        await here.hears("still here")

    play(front, story)
