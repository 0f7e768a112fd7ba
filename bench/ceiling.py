"""What this machine and these servers could do at the most: the yardstick of end to end.

A crude program in one process: an event is parsed, passes one script on the limits server, and
leaves the rows that the house keeps of it (its line; of a command also the verdict) in the
tables of the house, a hundred events an INSERT, eight such batches under way.

It leaves out all that makes a chatbot of it: the streams and who reads them, functions in
processes of their own and their HTTP, who is speaking and with which rights, commands and string
rules, receipts, the call of a module and what that reads or writes, replies and their sending,
and whatever is done when something fails. So nobody reaches it; how near one comes is comparable.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

import msgspec
import redis.asyncio
from psycopg import AsyncConnection

from waddlebot.domain.events import Event, Speaker
from waddlebot.stores.addresses import address_at

BATCH = 100
UNDER_WAY = 8
_PREFIXES = ("!", "#")
_NOBODY = Speaker(id="", name="")

_LIMIT = """
    local time = redis.call('TIME')
    local now = time[1] * 1000 + math.floor(time[2] / 1000)
    redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[1])
    if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
    redis.call('ZADD', KEYS[1], now, ARGV[3])
    redis.call('PEXPIRE', KEYS[1], ARGV[1])
    return 1
"""
_WINDOW_MS = 60_000
_MOST_A_WINDOW = 1_000_000

_LINES: LiteralString = """
    INSERT INTO messages (event_id, occurred_on, occurred_at, community_id, entity_id, platform,
        user_id, user_name, text, commands_version, community_version)
    SELECT * FROM unnest(%s::text[], %s::date[], %s::timestamptz[], %s::bigint[], %s::text[],
        %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[])
    ON CONFLICT DO NOTHING
"""
_VERDICTS: LiteralString = """
    INSERT INTO command_executions (execution_id, occurred_on, occurred_at, event_id, session_id,
        community_id, entity_id, platform, user_id, user_name, module, command, arguments,
        needed_role, role, reason, decided_by, wait_seconds, said, status, response_data,
        error_message, execution_time_ms, attempts)
    SELECT * FROM unnest(%s::text[], %s::date[], %s::timestamptz[], %s::text[], %s::text[],
        %s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
        %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::float8[], %s::boolean[],
        %s::text[], %s::jsonb[], %s::text[], %s::float8[], %s::integer[])
    ON CONFLICT DO NOTHING
"""
_TOKEN = "AAAAAAAAAAAAAAAA"  # noqa: S105 - as long as a version of ours
_ANSWER = '[{"response_action": "chat", "chat_message": "#1: Waddle on! - Ana"}]'

_events = msgspec.json.Decoder(Event)


@dataclass(frozen=True, slots=True)
class MeasuredPace:
    """Events a second by the clock, and events a second of CPU."""

    by_clock: float
    by_cpu: float


def measure_ceiling(
    addresses: Mapping[str, str],
    entries: Sequence[bytes],
    spent: Callable[[], float] = time.process_time,
) -> MeasuredPace:
    """`entries` are new events as they stand in the stream.

    `spent` tells CPU seconds, of this process and of whatever else shall count. Connecting is not
    measured.
    """
    return asyncio.run(_run(addresses, entries, spent))


async def _run(
    addresses: Mapping[str, str], entries: Sequence[bytes], spent: Callable[[], float]
) -> MeasuredPace:
    writer = address_at(addresses["DATABASE_URL"]).url
    limits = redis.asyncio.Redis.from_url(addresses["VALKEY_LIMITS_URL"])
    script = await limits.script_load(_LIMIT)
    connections = [await AsyncConnection.connect(writer, autocommit=True) for _ in range(UNDER_WAY)]
    batches = (entries[at : at + BATCH] for at in range(0, len(entries), BATCH))
    before, began = spent(), time.monotonic()
    await asyncio.gather(*(_work(batches, limits, script, one) for one in connections))
    took, used = time.monotonic() - began, spent() - before
    for connection in connections:
        await connection.close()
    await limits.aclose()
    return MeasuredPace(by_clock=len(entries) / took, by_cpu=len(entries) / used)


async def _work(
    batches: Iterator[Sequence[bytes]],
    limits: redis.asyncio.Redis,
    script: str,
    connection: AsyncConnection[Any],
) -> None:
    for batch in batches:
        events = [_events.decode(entry) for entry in batch]
        pipeline = limits.pipeline(transaction=False)
        for event in events:
            person = event.user or _NOBODY
            key = f"waddlebot:rate_limit:ceiling:{person.id}"
            pipeline.evalsha(script, 1, key, str(_WINDOW_MS), str(_MOST_A_WINDOW), event.id)
        passed = await pipeline.execute()
        ours = [event for event, may in zip(events, passed, strict=True) if may]
        await _write(connection, _LINES, [_line(event) for event in ours])
        commands = [event for event in ours if event.text.startswith(_PREFIXES)]
        await _write(connection, _VERDICTS, [_verdict(event) for event in commands])


async def _write(
    connection: AsyncConnection[Any], statement: LiteralString, rows: Sequence[tuple[Any, ...]]
) -> None:
    if rows:
        columns = [list(column) for column in zip(*rows, strict=True)]
        await connection.execute(statement, columns, prepare=True)


def _line(event: Event) -> tuple[Any, ...]:
    person, at = event.user or _NOBODY, event.occurred_at
    where = (1, event.entity, "twitch")
    return (event.id, at.date(), at, *where, person.id, person.name, event.text, _TOKEN, _TOKEN)


def _verdict(event: Event) -> tuple[Any, ...]:
    person, at = event.user or _NOBODY, event.occurred_at
    return (
        *(f"{event.id}:memories.quote", at.date(), at, event.id, f"sess_{_TOKEN}"),
        *(1, event.entity, "twitch", person.id, person.name),
        *("memories", event.text, "", "user", "user", "allowed", "", 0.0, False),
        *("success", _ANSWER, "", 1.0, 1),
    )
