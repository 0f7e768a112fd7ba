"""The outcome of an event is settled here, once, and what is to be sent leaves with it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec
import redis

from functions.router.begin import LIFE_MS, acts
from waddlebot.domain.errors import Unavailable
from waddlebot.domain.events import Caller
from waddlebot.domain.matches import Standing
from waddlebot.domain.outcomes import Outcome, Outgoing, Reply
from waddlebot.stores import keys
from waddlebot.stores.streams import VERSION, encode_outgoing
from waddlebot.stores.valkey import STREAMS, Script

log = logging.getLogger(__name__)

# KEYS: the reply stream, then a receipt for each event.
# ARGV: owner, life in ms, version of entries; then for each event: whether this is the last of it,
# how many entries leave in any case, how many more if nobody waits for them, the kept replies,
# and the entries. Answers 'lost', 'kept' or 'sent'.
_FINISH = Script(
    """
    local at = 4
    local answers = {}
    local function append(count)
      for i = at, at + count - 1 do
        redis.call('XADD', KEYS[1], '*', 'v', ARGV[3], 'outgoing', ARGV[i])
      end
    end
    for i = 2, #KEYS do
      local key = KEYS[i]
      local last, always, replies, kept = ARGV[at], tonumber(ARGV[at + 1]),
        tonumber(ARGV[at + 2]), ARGV[at + 3]
      at = at + 4
      local receipt = redis.call('HMGET', key, 'state', 'owner', 'deferred')
      if receipt[1] ~= 'running' or receipt[2] ~= ARGV[1] then
        answers[#answers + 1] = 'lost'
      else
        local is_kept = kept ~= '' and last == '1' and not receipt[3]
        append(is_kept and always or always + replies)
        if is_kept then redis.call('HSET', key, 'replies', kept) end
        if last == '1' then
          redis.call('HSET', key, 'state', 'done')
        else
          redis.call('HSET', key, 'deferred', 1)
        end
        redis.call('PEXPIRE', key, ARGV[2])
        answers[#answers + 1] = is_kept and 'kept' or 'sent'
      end
      at = at + always + replies
    end
    return answers
    """,
    server=STREAMS,
)
_encoder = msgspec.json.Encoder()


class WaysBack:
    """Those of one invocation, by the owner token of its receipts."""

    def __init__(self, client: redis.Redis, owner: str) -> None:
        self._client = client
        self._owner = owner

    def hand_over(self, outcomes: Sequence[Outcome]) -> list[Outcome]:
        """The outcomes as they were settled; one round trip, and none if nothing acted.

        Told events: platform actions and replies go to the reply stream, actions first. Asked
        ones: replies stay in the outcome and in the receipt, unless somebody has deferred the
        event or a slow call is still open. An event that another router has taken over meanwhile
        comes back BUSY and empty. While the streams server is away, asked events are answered
        inline only.

        Raises:
            Unavailable: the streams server does not answer and a told event is among them.
        """
        parcels = [
            Parcel.of(number, outcome)
            for number, outcome in enumerate(outcomes)
            if _is_ours(outcome)
        ]
        settled = list(outcomes)
        if parcels:
            for parcel, fate in zip(parcels, self._finish(parcels), strict=True):
                settled[parcel.number] = parcel.settled(fate)
        return settled

    def _finish(self, parcels: Sequence[Parcel]) -> list[bytes]:
        receipts = [keys.receipt(parcel.outcome.session.event.id) for parcel in parcels]
        args: list[str | int | bytes] = [self._owner, LIFE_MS, VERSION]
        for parcel in parcels:
            args += parcel.args()
        try:
            return list(_FINISH.run(self._client, [keys.replies_stream(), *receipts], args))
        except Unavailable:
            if not all(parcel.outcome.session.event.is_asked for parcel in parcels):
                raise
            log.warning("streams server did not answer; answering inline only")
            return [b"kept"] * len(parcels)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What leaves for the stream in any case, and what the asker may be waiting for."""

    number: int
    outcome: Outcome
    always: tuple[Outgoing, ...]
    replies: tuple[Reply, ...]

    @classmethod
    def of(cls, number: int, outcome: Outcome) -> Parcel:
        answers = tuple(reply for reply in outcome.replies if _answers_event(reply, outcome))
        elsewhere = tuple(reply for reply in outcome.replies if reply not in answers)
        return cls(
            number=number,
            outcome=outcome,
            always=(*outcome.platform_actions, *elsewhere),
            replies=answers,
        )

    @property
    def _is_waited_for(self) -> bool:
        event = self.outcome.session.event
        return event.is_asked or isinstance(event.way_back, Caller)

    def args(self) -> list[str | int | bytes]:
        kept = _encoder.encode(self.replies) if self._is_waited_for else b""
        entries = map(encode_outgoing, (*self.always, *self.replies))
        last = 0 if self.outcome.passed_on else 1
        return [last, len(self.always), len(self.replies), kept, *entries]

    def settled(self, fate: bytes) -> Outcome:
        """`kept`: the replies are for the asker alone to show; else they are none of his."""
        if fate == b"lost":
            return Outcome(session=self.outcome.session, standing=Standing.BUSY)
        if self._is_waited_for:
            return replace(self.outcome, replies=self.replies if fate == b"kept" else ())
        return self.outcome


def _is_ours(outcome: Outcome) -> bool:
    """An event that nothing acted on has no receipt."""
    return outcome.standing is Standing.OURS and any(acts(one.match) for one in outcome.verdicts)


def _answers_event(reply: Reply, outcome: Outcome) -> bool:
    """A line for the moderators' channel, say, is not part of the answer."""
    event = outcome.session.event
    return reply.way_back == event.way_back and reply.entity == event.entity
