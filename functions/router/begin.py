"""Receipts: whose an event is, so that no two routers answer it (docs/delivery.md).

A receipt is a hash on the streams server: absent, then `running` with owner and lease, then `done`.
The lease is compared with the server's clock; the key lives for an hour after it was last found.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import msgspec
import redis

from waddlebot.domain.errors import Unavailable
from waddlebot.domain.matches import Match, Standing
from waddlebot.domain.outcomes import Reply
from waddlebot.domain.triggers import Turn
from waddlebot.stores import keys
from waddlebot.stores.streams import VERSION, encode_outgoing
from waddlebot.stores.valkey import STREAMS, Script, answering

LIFE_MS = 3_600_000

_replies = msgspec.json.Decoder(tuple[Reply, ...])

# ARGV: owner, lease in ms, life in ms. A running receipt of ours stays ours: the same invocation
# may ask again. An expired one is taken over, and that is counted.
_BEGIN = Script(
    """
    local time = redis.call('TIME')
    local now = time[1] * 1000 + math.floor(time[2] / 1000)
    local answers = {}
    for i, key in ipairs(KEYS) do
      local kept = redis.call('HMGET', key, 'state', 'owner', 'lease_until', 'replies')
      local state, owner, lease_until, replies = kept[1], kept[2], tonumber(kept[3]), kept[4]
      if state == 'done' then
        answers[i] = {'done', replies or ''}
      elseif state and owner ~= ARGV[1] and lease_until > now then
        answers[i] = {'busy', ''}
      else
        if owner ~= ARGV[1] then redis.call('HINCRBY', key, 'attempts', 1) end
        redis.call('HSET', key, 'state', 'running', 'owner', ARGV[1],
          'lease_until', now + ARGV[2])
        answers[i] = {'ours', ''}
      end
      redis.call('PEXPIRE', key, ARGV[3])
    end
    return answers
    """,
    server=STREAMS,
)
# The same arguments; answers 1 where the event is still the owner's.
_EXTEND = Script(
    """
    local time = redis.call('TIME')
    local now = time[1] * 1000 + math.floor(time[2] / 1000)
    local answers = {}
    for i, key in ipairs(KEYS) do
      local kept = redis.call('HMGET', key, 'state', 'owner')
      local is_ours = kept[1] == 'running' and kept[2] == ARGV[1]
      if is_ours then
        redis.call('HSET', key, 'lease_until', now + ARGV[2])
        redis.call('PEXPIRE', key, ARGV[3])
      end
      answers[i] = is_ours and 1 or 0
    end
    return answers
    """,
    server=STREAMS,
)
# KEYS: the reply stream, then receipts. ARGV: version of entries, then for each receipt how many
# entries are its own, and these.
_SEND_LEFT = Script(
    """
    local at = 2
    for i = 2, #KEYS do
      local last = at + tonumber(ARGV[at])
      if redis.call('HDEL', KEYS[i], 'replies') == 1 then
        for n = at + 1, last do
          redis.call('XADD', KEYS[1], '*', 'v', ARGV[1], 'outgoing', ARGV[n])
        end
      end
      at = last + 1
    end
    """,
    server=STREAMS,
)


class Receipts:
    """Those of one invocation: `owner` names it, the lease is its remaining time and 2 s."""

    def __init__(self, client: redis.Redis, owner: str, lease_seconds: float) -> None:
        self._client = client
        self._owner = owner
        self._lease_seconds = lease_seconds
        self._earlier: dict[str, tuple[Reply, ...]] = {}

    def begin(self, matches: Sequence[Match]) -> list[Match]:
        """The matches with their standing; one round trip, and none if no match acts.

        Of equal events in one batch the first is ours to do, the others count as done.
        An event that was asked and comes told was deferred: if its answer was still left for the
        asker, it leaves now, which is one more round trip.
        While the streams server is away, asked events are run without a receipt.

        Raises:
            Unavailable: the streams server does not answer and a told event is among them.
        """
        first = first_sessions(matches)
        try:
            standings = self._take(list(first))
        except Unavailable:
            if not all(match.session.event.is_asked for match in matches):
                raise
            standings = {}
        self._send_left(matches, standings)
        return [self._with_standing(match, first, standings) for match in matches]

    def earlier(self, event_id: str) -> tuple[Reply, ...]:
        """The replies kept for an asked event that is done. Raises Unavailable."""
        if event_id not in self._earlier:
            with answering(STREAMS):
                kept = self._client.hget(keys.receipt(event_id), "replies")
            self._earlier[event_id] = _replies.decode(kept) if kept else ()
        return self._earlier[event_id]

    def extend(self, event_ids: Sequence[str], lease_seconds: float) -> frozenset[str]:
        """Those that are still ours, now for this long. Raises Unavailable."""
        answers = self._run(_EXTEND, event_ids, lease_seconds)
        return frozenset(one for one, is_ours in zip(event_ids, answers, strict=True) if is_ours)

    def _take(self, event_ids: Sequence[str]) -> dict[str, Standing]:
        if not event_ids:
            return {}
        standings = {}
        answers = self._run(_BEGIN, event_ids, self._lease_seconds)
        for event_id, (standing, replies) in zip(event_ids, answers, strict=True):
            standings[event_id] = Standing(standing.decode())
            if replies:
                self._earlier[event_id] = _replies.decode(replies)
        return standings

    def _send_left(self, matches: Sequence[Match], standings: Mapping[str, Standing]) -> None:
        """What was deferred and is done leaves now: one script for all of the batch."""
        told = {match.session.event.id for match in matches if not match.session.event.is_asked}
        left = {
            event_id: [encode_outgoing(reply) for reply in self._earlier.pop(event_id)]
            for event_id, standing in standings.items()
            if standing is Standing.DONE and event_id in told and event_id in self._earlier
        }
        if left:
            entries: list[Any] = [part for those in left.values() for part in (len(those), *those)]
            at = [keys.replies_stream(), *map(keys.receipt, left)]
            _SEND_LEFT.run(self._client, at, [VERSION, *entries])

    def _run(self, script: Script, event_ids: Iterable[str], lease_seconds: float) -> list[Any]:
        args = (self._owner, int(lease_seconds * 1000), LIFE_MS)
        return list(script.run(self._client, [keys.receipt(one) for one in event_ids], args))

    def _with_standing(
        self, match: Match, first: dict[str, str], standings: dict[str, Standing]
    ) -> Match:
        event_id = match.session.event.id
        if event_id not in first:
            return match
        if first[event_id] != match.session.id:
            return replace(match, standing=Standing.DONE)
        standing = standings.get(event_id, Standing.OURS)
        return match if standing is match.standing else replace(match, standing=standing)


def first_sessions(matches: Iterable[Match]) -> dict[str, str]:
    """The events that something acts on, each with the first of its sessions.

    What only observes takes no receipt: its row in `messages` is one (docs/delivery.md, Counting).
    """
    first: dict[str, str] = {}
    for match in matches:
        if acts(match):
            first.setdefault(match.session.event.id, match.session.id)
    return first


def acts(match: Match) -> bool:
    return match.trigger.turn is not Turn.OBSERVE
