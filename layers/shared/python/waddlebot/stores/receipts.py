"""Receipts: whose an event is, so that no two routers answer it and no answer leaves twice.

A receipt is a hash on the streams server: absent, then `running` with owner, lease and attempts,
then `done`. The lease is compared with the server's clock; the key outlives it by far, so that
attempts are counted over many owners. What each step may find after a crash of another one stands
in docs/delivery.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
import redis

from waddlebot.domain.events import Event
from waddlebot.domain.matches import Standing
from waddlebot.domain.outcomes import Outgoing, Reply
from waddlebot.stores.keys import Partition, Partitions
from waddlebot.stores.person_words import NamedAccount
from waddlebot.stores.streams import VERSION, encode_event, encode_outgoing
from waddlebot.stores.valkey import STREAMS, Script, answering

LIFE_MS = 3_600_000
LOOKED_AT_ONCE = 1_000
MOST_ATTEMPTS = 5
"""Leases taken without a `finish`; what has spent them is a dead letter."""

_reply = msgspec.json.Decoder(Reply)

Item = TypeVar("Item")

# A full server takes nothing new and finishes what it has: else nothing on it would ever leave.
_ALSO_WHEN_FULL = "#!lua flags=allow-oom\n"
_NOW = """
    local time = redis.call('TIME')
    local now = time[1] * 1000 + math.floor(time[2] / 1000)
"""
# Replies left for an asker leave by the stream instead, once: the field goes with them.
_SEND_LEFT = """
    local function send_left(key, stream, version)
      local kept = redis.call('HGET', key, 'kept')
      if kept then
        for _, entry in ipairs(cmsgpack.unpack(kept)) do
          redis.call('XADD', stream, '*', 'v', version, 'outgoing', entry)
        end
        redis.call('HDEL', key, 'kept')
      end
    end
"""
# KEYS: the reply stream, then receipts. ARGV: owner, lease in ms, life in ms, most attempts,
# version of entries, then for each receipt whether its event is told.
# A running receipt of ours stays ours: the same invocation may ask again.
BEGIN = Script(
    _ALSO_WHEN_FULL
    + _NOW
    + _SEND_LEFT
    + """
    local answers = {}
    for i = 2, #KEYS do
      local key, is_told = KEYS[i], ARGV[i + 4] == '1'
      local got = redis.call('HMGET', key, 'state', 'owner', 'lease_until', 'attempts', 'kept')
      local state, owner, lease_until, attempts = got[1], got[2], tonumber(got[3]), tonumber(got[4])
      if state == 'done' then
        if is_told then
          send_left(key, KEYS[1], ARGV[5])
          answers[i - 1] = {'done', {}}
        else
          answers[i - 1] = {'done', got[5] and cmsgpack.unpack(got[5]) or {}}
        end
      elseif state and owner ~= ARGV[1] and lease_until > now then
        answers[i - 1] = {'busy', {}}
      elseif state and owner ~= ARGV[1] and attempts >= tonumber(ARGV[4]) then
        answers[i - 1] = {'spent', {}}
      else
        if owner ~= ARGV[1] then redis.call('HINCRBY', key, 'attempts', 1) end
        redis.call('HSET', key, 'state', 'running', 'owner', ARGV[1],
          'lease_until', now + ARGV[2])
        answers[i - 1] = {'ours', {}}
      end
      redis.call('PEXPIRE', key, ARGV[3])
    end
    return answers
    """,
    server=STREAMS,
)
# KEYS: receipts. ARGV: owner, the owner from now on, lease in ms, life in ms.
# Answers 1 where the event was the owner's, or is the new one's since an answer that got lost.
_PASS_ON = Script(
    _NOW
    + """
    local answers = {}
    for i, key in ipairs(KEYS) do
      local got = redis.call('HMGET', key, 'state', 'owner')
      local is_ours = got[1] == 'running' and (got[2] == ARGV[1] or got[2] == ARGV[2])
      if is_ours then
        redis.call('HSET', key, 'owner', ARGV[2], 'lease_until', now + ARGV[3])
        redis.call('PEXPIRE', key, ARGV[4])
      end
      answers[i] = is_ours and 1 or 0
    end
    return answers
    """,
    server=STREAMS,
)
# KEYS: the reply stream, then a receipt for each event.
# ARGV: owner, life in ms, version of entries; then for each event: whether this is the last of it,
# whether its replies may be kept for an asker, how many entries leave in any case, how many are
# replies, and for each entry its execution and itself. Answers 'lost', 'kept' or 'sent'.
# An execution whose entries left in an earlier wave is named in the receipt: nothing more of it
# leaves, also where it ran again since and had more to say.
# Without a receipt the event is whoever's has run it: no server gave one, or it went with a server.
FINISH = Script(
    _ALSO_WHEN_FULL
    + """
    local at = 4
    local answers = {}
    for i = 2, #KEYS do
      local key = KEYS[i]
      local last, is_asked = ARGV[at] == '1', ARGV[at + 1] == '1'
      local always, replies = tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3])
      at = at + 4
      local got = redis.call('HMGET', key, 'state', 'owner', 'deferred', 'waves')
      local is_wave = got[4] or not last
      local leaves = {}
      local function append(first, count)
        for n = 0, count - 1 do
          local execution, entry = ARGV[first + 2 * n], ARGV[first + 2 * n + 1]
          if is_wave and leaves[execution] == nil then
            leaves[execution] = redis.call('HSETNX', key, 'left:' .. execution, '') == 1
          end
          if not is_wave or leaves[execution] then
            redis.call('XADD', KEYS[1], '*', 'v', ARGV[3], 'outgoing', entry)
          end
        end
      end
      if got[1] and (got[1] ~= 'running' or got[2] ~= ARGV[1]) then
        answers[#answers + 1] = 'lost'
      else
        if not got[1] then
          redis.call('HSET', key, 'state', 'running', 'owner', ARGV[1], 'lease_until', 0,
            'attempts', 1)
        end
        append(at, always)
        local is_kept = is_asked and last and not got[3]
        if is_kept then
          local kept = {}
          for n = 0, replies - 1 do kept[n + 1] = ARGV[at + 2 * (always + n) + 1] end
          redis.call('HSET', key, 'kept', cmsgpack.pack(kept))
        else
          append(at + 2 * always, replies)
        end
        if last then
          redis.call('HSET', key, 'state', 'done')
        else
          redis.call('HSET', key, 'deferred', 1, 'waves', 1)
        end
        redis.call('PEXPIRE', key, ARGV[2])
        answers[#answers + 1] = is_kept and 'kept' or 'sent'
      end
      at = at + 2 * (always + replies)
    end
    return answers
    """,
    server=STREAMS,
)
# KEYS: event stream, reply stream, receipt. ARGV: version of entries, the event, the owner whose
# invocation is known to be dead or '', life in ms.
_DEFER = Script(
    _SEND_LEFT
    + """
    redis.call('XADD', KEYS[1], '*', 'v', ARGV[1], 'event', ARGV[2])
    local got = redis.call('HMGET', KEYS[3], 'state', 'owner')
    if got[1] == 'done' then
      send_left(KEYS[3], KEYS[2], ARGV[1])
    else
      redis.call('HSET', KEYS[3], 'deferred', 1)
      if ARGV[3] ~= '' and got[2] == ARGV[3] then
        redis.call('HSET', KEYS[3], 'lease_until', 0)
      end
    end
    redis.call('PEXPIRE', KEYS[3], ARGV[4])
    """,
    server=STREAMS,
)
# KEYS: receipts. ARGV: an owner that is known to be dead, whether that was an attempt.
_FREE = Script(
    """
    for _, key in ipairs(KEYS) do
      local got = redis.call('HMGET', key, 'state', 'owner')
      if got[1] == 'running' and got[2] == ARGV[1] then
        redis.call('HSET', key, 'lease_until', 0)
        if ARGV[2] == '0' then redis.call('HINCRBY', key, 'attempts', -1) end
      end
    end
    """,
    server=STREAMS,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """`kept`: of an asked event that is done, the replies left for the asker."""

    standing: Standing
    kept: tuple[Reply, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """What leaves with an event: `always` by the stream, `replies` to an asker if one waits.

    `last`: no call of it is open any more.
    """

    event: Event
    always: Sequence[Outgoing]
    replies: Sequence[Reply]
    is_waited_for: bool
    last: bool

    def args(self) -> list[str | int | bytes]:
        named: list[str | bytes] = []
        for one in (*self.always, *self.replies):
            named += (one.execution_id, encode_outgoing(one))
        return [
            int(self.last),
            int(self.is_waited_for),
            len(self.always),
            len(self.replies),
            *named,
        ]


class ReceiptStore:
    """Every method is one round trip a partition that its events belong to.

    All raise Unavailable where the streams server does not answer; the step may have happened
    then, and bears being repeated.
    """

    def __init__(self, client: redis.Redis, partitions: Partitions) -> None:
        self._client = client
        self._partitions = partitions

    def forget(self, person: NamedAccount) -> None:
        """Answers kept for this person to ask for again.

        That the event was answered stays: it is not answered again.
        """
        for at in self._partitions:
            with answering(STREAMS):
                for key in self._client.scan_iter(match=at.receipt("*"), count=LOOKED_AT_ONCE):
                    kept: Any = self._client.hget(key, "kept")
                    if kept and any(map(person.is_of, _kept_replies(kept))):
                        self._client.hdel(key, "kept")

    def begin(self, events: Sequence[Event], owner: str, lease_seconds: float) -> list[Begun]:
        """Takes what is free. A told event that is done sends off what was left for an asker."""

        def run(at: Partition, those: Sequence[Event]) -> Sequence[Any]:
            settings: list[str | int | bytes] = [
                owner,
                _ms(lease_seconds),
                LIFE_MS,
                MOST_ATTEMPTS,
                VERSION,
            ]
            told = [int(not event.is_asked) for event in those]
            keys = [at.replies_stream(), *_receipts(at, those)]
            return list(BEGIN.run(self._client, keys, [*settings, *told]))

        return [
            Begun(standing=Standing(standing.decode()), kept=tuple(map(_reply.decode, kept)))
            for standing, kept in self._in_partitions(events, _itself, run)
        ]

    def pass_on(self, event: Event, owner: str, new_owner: str, lease_seconds: float) -> bool:
        """Whether it was still the owner's; if so it is the new owner's for so long."""
        args: list[str | int | bytes] = [owner, new_owner, _ms(lease_seconds), LIFE_MS]
        at = self._partitions.of(event.entity)
        return bool(_PASS_ON.run(self._client, _receipts(at, [event]), args)[0])

    def finish(self, finished: Sequence[Finished], owner: str) -> list[bytes]:
        """`lost` (somebody else's by now), `kept` (the asker alone shows the replies), `sent`."""

        def run(at: Partition, those: Sequence[Finished]) -> Sequence[Any]:
            keys = [at.replies_stream(), *_receipts(at, map(_event, those))]
            args: list[str | int | bytes] = [owner, LIFE_MS, VERSION]
            for one in those:
                args += one.args()
            return list(FINISH.run(self._client, keys, args))

        return self._in_partitions(finished, _event, run)

    def defer(self, event: Event, *, dead_owner: str = "") -> None:
        """From now on the answer comes by the stream: the event is appended as a told one.

        If the answer was left for ingress already, it leaves now. `dead_owner` names an
        invocation that is known to have ended: its lease is over.
        """
        at = self._partitions.of(event.entity)
        told = msgspec.structs.replace(event, asked_until=None)
        keys = [at.events_stream(), at.replies_stream(), at.receipt(event.id)]
        args: list[str | int | bytes] = [VERSION, encode_event(told), dead_owner, LIFE_MS]
        _DEFER.run(self._client, keys, args)

    def free(self, events: Sequence[Event], dead_owner: str, *, counted: bool = True) -> None:
        """Ends the leases of an invocation that is known to have ended.

        `counted` is false where no event can be to blame for it: a server was away.
        """

        def run(at: Partition, those: Sequence[Event]) -> Sequence[Any]:
            _FREE.run(self._client, _receipts(at, those), [dead_owner, int(counted)])
            return those

        self._in_partitions(events, _itself, run)

    def _in_partitions(
        self,
        items: Sequence[Item],
        event_of: Callable[[Item], Event],
        run: Callable[[Partition, Sequence[Item]], Sequence[Any]],
    ) -> list[Any]:
        """Answer n belongs to item n."""
        numbers: dict[Partition, list[int]] = {}
        for number, item in enumerate(items):
            numbers.setdefault(self._partitions.of(event_of(item).entity), []).append(number)
        answers: dict[int, Any] = {}
        for at, those in numbers.items():
            answers |= zip(those, run(at, [items[number] for number in those]), strict=True)
        return [answers[number] for number in range(len(items))]


def _kept_replies(kept: bytes) -> list[Any]:
    """As JSON, as `FINISH` packed them."""
    return [msgspec.json.decode(one) for one in msgspec.msgpack.decode(kept, type=list[str])]


def _receipts(at: Partition, events: Iterable[Event]) -> list[str]:
    return [at.receipt(event.id) for event in events]


def _itself(event: Event) -> Event:
    return event


def _event(finished: Finished) -> Event:
    return finished.event


def _ms(seconds: float) -> int:
    return int(seconds * 1000)
