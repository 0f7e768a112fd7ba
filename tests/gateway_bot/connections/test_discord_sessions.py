"""What is kept of a shard's session: long enough, by its holder, and all as of the same frame."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest
import redis

from gateway_bot.connections.discord_sessions import RENEW_SECONDS, Progress, Sessions
from tests.helpers.carrying import open_client
from tests.helpers.discord_socket import connected, says
from tests.helpers.stand_ins import Front, a_channel, served
from tests.helpers.taken_events import Stream
from waddlebot.domain.events import MessageType
from waddlebot.stores import keys
from waddlebot.stores.discord_sessions import LIFE_SECONDS, KeptSession

SESSION, SERVERS = keys.discord_session(0, 1), keys.discord_servers(0, 1)


@dataclass(slots=True)
class Clock:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


def progress_at(sequence: int, session: str = "s") -> Progress:
    progress = Progress()
    if session:
        progress.begin(session, "1")
    progress.received = sequence
    return progress


def with_sessions(
    streams: redis.Redis, work: Callable[[Callable[[], Sessions]], Awaitable[None]], clock: Clock
) -> None:
    async def scenario() -> None:
        client = open_client(streams)
        try:
            await work(lambda: Sessions(client, clock=clock))
        finally:
            await client.aclose()

    asyncio.run(scenario())


def kept_in(streams: redis.Redis) -> KeptSession | None:
    found: Any = streams.get(SESSION)
    return msgspec.json.decode(found, type=KeptSession) if found else None


def test_the_session_of_a_quiet_shard_is_kept_as_long_as_it_lasts(streams: redis.Redis) -> None:
    clock = Clock()

    async def work(make: Callable[[], Sessions]) -> None:
        sessions, progress = make(), progress_at(7)
        await sessions.save(progress, is_ours=True)
        for key in (SESSION, SERVERS):
            streams.expire(key, 5)
        await sessions.save(progress, is_ours=True)
        clock.now += RENEW_SECONDS
        await sessions.save(progress, is_ours=True)

    with_sessions(streams, work, clock)
    for key in (SESSION, SERVERS):
        left: Any = streams.ttl(key)
        assert left > LIFE_SECONDS - 10


def test_servers_that_a_restarted_streams_server_lost_are_saved_again(
    streams: redis.Redis,
) -> None:
    async def work(make: Callable[[], Sessions]) -> None:
        sessions, progress = make(), progress_at(7)
        await sessions.save(progress, is_ours=True)
        streams.delete(SERVERS)
        progress.received = 8
        for _ in range(2):  # found out with the first, mended with the second
            await sessions.save(progress, is_ours=True)

    with_sessions(streams, work, Clock())
    assert streams.exists(SERVERS)


@pytest.mark.parametrize("is_ours", [True, False])
def test_whoever_stood_still_does_not_put_back_an_earlier_place(
    streams: redis.Redis, *, is_ours: bool
) -> None:
    async def work(make: Callable[[], Sessions]) -> None:
        await make().save(progress_at(9), is_ours=True)
        await make().save(progress_at(6), is_ours=is_ours)

    with_sessions(streams, work, Clock())
    kept = kept_in(streams)
    assert kept is not None
    assert kept.sequence == 9


@pytest.mark.parametrize("session", ["old", ""])
def test_only_the_holder_puts_another_session_there_or_ends_one(
    streams: redis.Redis, session: str
) -> None:
    async def work(make: Callable[[], Sessions]) -> None:
        await make().save(progress_at(3, "new"), is_ours=True)
        await make().save(progress_at(8, session), is_ours=False)

    with_sessions(streams, work, Clock())
    kept = kept_in(streams)
    assert kept is not None
    assert (kept.session, kept.sequence) == ("new", 3)


async def happens(front: Front, who: str, what: str, **more: str) -> None:
    body = {"as": who, "on": "discord", "type": what, **more}
    status, _, _ = await asyncio.to_thread(front.call, "POST", "/happens", body)
    assert status == 200


def test_who_joined_in_a_frame_that_was_not_stored_joins_for_the_next_process(
    streams: redis.Redis,
) -> None:
    place = {"server": "990000000000000001", "channel": a_channel()}

    async def scenario(front: Front) -> None:
        stream = Stream()
        async with connected(front, stream, streams=streams):
            await says(front, "ana", "hello", **place)
            await stream.next()
            stream.away = 1_000
            await happens(front, "ana", "voice_join", **place)
            await asyncio.sleep(0.3)
        stream.away = 0
        async with connected(front, stream, streams=streams):
            [joined] = await stream.next()
            assert joined.type is MessageType.VOICE_JOIN
            await happens(front, "ana", "voice_leave", **place)
            assert [event.type for event in await stream.next()] == [MessageType.VOICE_LEAVE]

    with served() as front:
        asyncio.run(scenario(front))


def test_a_frame_that_means_more_than_memory_has_room_for_is_taken_whole() -> None:
    place = {"server": "990000000000000001", "channel": a_channel()}

    async def scenario(front: Front) -> None:
        stream = Stream()
        async with connected(front, stream):
            await happens(front, "ana", "voice_join", **place)
            await stream.next()
            stream.away = 2
            for text in ("one", "two"):  # the first is being stored, the second waits
                await says(front, "max", text, **place)
            await happens(front, "ana", "voice_join", **{**place, "channel": a_channel()})
            told = [event.text or event.type for event in await stream.next(4)]
            assert told == ["one", "two", MessageType.VOICE_LEAVE, MessageType.VOICE_JOIN]

    with served() as front:
        asyncio.run(scenario(front))
