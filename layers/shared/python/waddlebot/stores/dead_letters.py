"""What was given up, and what may or may not have been seen, until an operator decides.

The reader and the router's record append dead letters, senders append replies in doubt; each entry
has the fields `v`, `reason` and one that holds what it is about: `event`, `outgoing` or `row`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import msgspec
import redis

from waddlebot.domain.events import Event
from waddlebot.domain.outcomes import Outgoing
from waddlebot.stores.keys import Partition, Partitions
from waddlebot.stores.person_words import NamedAccount
from waddlebot.stores.streams import VERSION, Fields, NewerEntry, decode_event, decode_outgoing
from waddlebot.stores.valkey import STREAMS, Script, answering

_ID = re.compile(r"([0-9]{1,4})-([0-9]{1,15}-[0-9]{1,15})(-doubt)?")


class LetterKind(StrEnum):
    EVENT = "event"
    REPLY = "reply"
    RECORD = "record"
    """A row that the database refuses."""


class Fate(StrEnum):
    """What became of a letter when an operator decided."""

    REPLAYED = "replayed"
    DONE_BEFORE = "done_before"
    """Replayed, but its event was answered before: it is recorded and not answered again."""
    DROPPED = "dropped"
    GONE = "gone"
    """Replayed or dropped before."""
    UNREADABLE = "unreadable"
    NEVER = "never"
    """A row of the record: nothing takes it."""
    NO_ROOM = "no_room"


MOST_LOOKED_AT = 500

_FIELDS = {LetterKind.EVENT: b"event", LetterKind.REPLY: b"outgoing", LetterKind.RECORD: b"row"}

# KEYS: what says that the server is full, letters, event stream, receipt.
# ARGV: the letter's id, version of entries, the event.
# Attempts start anew; the lease and what left in earlier waves stay: no two may run it, nothing may
# leave twice.
_REPLAY_EVENT = Script(
    """
    if #redis.call('XRANGE', KEYS[2], ARGV[1], ARGV[1]) == 0 then return 'gone' end
    if redis.call('EXISTS', KEYS[1]) == 1 then return 'no_room' end
    redis.call('XADD', KEYS[3], '*', 'v', ARGV[2], 'event', ARGV[3])
    local state = redis.call('HGET', KEYS[4], 'state')
    if state == 'running' then redis.call('HSET', KEYS[4], 'attempts', 0) end
    redis.call('XDEL', KEYS[2], ARGV[1])
    return state == 'done' and 'done_before' or 'replayed'
    """,
    server=STREAMS,
)
# KEYS: letters, reply stream, the reply's mark. ARGV: the letter's id, version of entries, the
# reply.
_REPLAY_REPLY = Script(
    """
    if #redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1]) == 0 then return 'gone' end
    redis.call('XADD', KEYS[2], '*', 'v', ARGV[2], 'outgoing', ARGV[3])
    redis.call('DEL', KEYS[3])
    redis.call('XDEL', KEYS[1], ARGV[1])
    return 'replayed'
    """,
    server=STREAMS,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterId:
    """As people see it: `0-1764000000000-0`, of a reply in doubt `0-1764000000000-0-doubt`."""

    partition: int
    entry: str
    in_doubt: bool = False

    @classmethod
    def parse(cls, text: str) -> LetterId | None:
        if found := _ID.fullmatch(text):
            return cls(partition=int(found[1]), entry=found[2], in_doubt=bool(found[3]))
        return None

    def __str__(self) -> str:
        return f"{self.partition}-{self.entry}{'-doubt' if self.in_doubt else ''}"

    @property
    def place(self) -> tuple[int, bool]:
        """`(partition, in_doubt)`: the stream where it stands."""
        return self.partition, self.in_doubt

    @property
    def order(self) -> tuple[int, int, int, bool]:
        """Oldest first, over all partitions. `(ms since 1970, number within it, *place)`."""
        milliseconds, _, number = self.entry.partition("-")
        return int(milliseconds), int(number), *self.place


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    id: LetterId
    fields: Fields

    @property
    def kind(self) -> LetterKind:
        return next(
            (kind for kind, name in _FIELDS.items() if name in self.fields), LetterKind.RECORD
        )

    @property
    def content(self) -> bytes:
        """As it was written: JSON, if it can be read."""
        return self.fields.get(_FIELDS[self.kind], b"")

    @property
    def reason(self) -> str:
        return self.fields.get(b"reason", b"").decode(errors="replace")

    @property
    def written_at(self) -> datetime:
        """By the streams server's clock."""
        return datetime.fromtimestamp(self.id.order[0] / 1000, UTC)

    def read(self) -> Event | Outgoing | None:
        """What a replay repeats; None for what this release cannot read, and for rows."""
        try:
            match self.kind:
                case LetterKind.EVENT:
                    return decode_event(self.fields)
                case LetterKind.REPLY:
                    return decode_outgoing(self.fields)
                case LetterKind.RECORD:
                    return None
        except (NewerEntry, msgspec.MsgspecError):
            return None


@dataclass(frozen=True, slots=True)
class DeadLetters:
    """All methods raise Unavailable where the streams server does not answer; all bear repeating:
    a letter that is gone is neither replayed nor dropped again.
    """

    client: redis.Redis
    partitions: Partitions

    def page(self, *, most: int, after: LetterId | None = None) -> list[Letter]:
        """The oldest letters behind `after`, of all partitions, in one round trip."""
        places = list(self._places())
        pipeline = self.client.pipeline(transaction=False)
        for place in places:
            pipeline.xrange(self._stream(*place), min=_start(place, after), count=most)
        with answering(STREAMS):
            found: list[Any] = pipeline.execute()
        letters = [
            _letter(place, entry)
            for place, entries in zip(places, found, strict=True)
            for entry in entries
        ]
        return sorted(letters, key=_order)[:most]

    def forget(self, person: NamedAccount) -> None:
        """Drops what this person said, or was to be told; of others' letters only the words go.

        Such a letter is written anew, so it has another id and stands behind the others.
        """
        for place in self._places():
            stream, start = self._stream(*place), "-"
            last = self._last(stream)
            while entries := self._entries(stream, start, last):
                for entry in entries:
                    self._forget_in(stream, _letter(place, entry), person)
                start = f"({entries[-1][0].decode()}"

    def _forget_in(self, stream: str, letter: Letter, person: NamedAccount) -> None:
        left = _without(letter, person)
        if left == letter.content:
            return
        pipeline = self.client.pipeline(transaction=True)
        if left is not None:
            fields: Any = {**letter.fields, _FIELDS[letter.kind]: left}
            pipeline.xadd(stream, fields)
        pipeline.xdel(stream, letter.id.entry)
        with answering(STREAMS):
            pipeline.execute()

    def _last(self, stream: str) -> str:
        """The newest letter of now: what is written anew comes behind it."""
        with answering(STREAMS):
            newest: Any = self.client.xrevrange(stream, count=1)
        return newest[0][0].decode() if newest else "+"

    def _entries(
        self, stream: str, start: str, last: str
    ) -> list[tuple[bytes, dict[bytes, bytes]]]:
        with answering(STREAMS):
            found: Any = self.client.xrange(stream, min=start, max=last, count=MOST_LOOKED_AT)
        return list(found)

    def find(self, ids: Sequence[LetterId]) -> list[Letter | None]:
        """Letter n is the one of id n; one round trip."""
        pipeline = self.client.pipeline(transaction=False)
        for one in ids:
            pipeline.xrange(self._stream(*one.place), min=one.entry, max=one.entry)
        with answering(STREAMS):
            found: list[Any] = pipeline.execute()
        return [
            _letter(one.place, entries[0]) if entries else None
            for one, entries in zip(ids, found, strict=True)
        ]

    def replay(self, letter: Letter, *, now: datetime) -> Fate:
        """Puts it back on its stream; the letter goes in the same script.

        An event carries `replayed_at` from then on: it is judged as if it had happened now. A reply
        in doubt loses its mark, so people may see it twice.
        """
        content = letter.read()
        if content is None:
            return Fate.NEVER if letter.kind is LetterKind.RECORD else Fate.UNREADABLE
        at = self._partition(letter.id.partition)
        letters = self._stream(*letter.id.place)
        if isinstance(content, Event):
            keys = [at.full(), letters, at.events_stream(), at.receipt(content.id)]
            args: list[str | int | bytes] = [
                letter.id.entry,
                VERSION,
                _replayed(letter.content, now),
            ]
            return Fate(_REPLAY_EVENT.run(self.client, keys, args).decode())
        keys = [letters, at.replies_stream(), at.sent_mark(content.id)]
        again: list[str | int | bytes] = [letter.id.entry, VERSION, letter.content]
        return Fate(_REPLAY_REPLY.run(self.client, keys, again).decode())

    def drop(self, ids: Sequence[LetterId]) -> list[Fate]:
        """Fate n is that of id n; one round trip."""
        pipeline = self.client.pipeline(transaction=False)
        for one in ids:
            pipeline.xdel(self._stream(*one.place), one.entry)
        with answering(STREAMS):
            deleted: list[Any] = pipeline.execute()
        return [Fate.DROPPED if count else Fate.GONE for count in deleted]

    def knows(self, one: LetterId) -> bool:
        """Whether there is such a partition."""
        return one.partition < self.partitions.count

    def _places(self) -> Iterator[tuple[int, bool]]:
        for number in range(self.partitions.count):
            yield number, False
            yield number, True

    def _stream(self, number: int, in_doubt: bool) -> str:  # noqa: FBT001 - a place, spread
        at = self._partition(number)
        return at.doubtful_replies() if in_doubt else at.dead_letters()

    def _partition(self, number: int) -> Partition:
        return list(self.partitions)[number]


def _start(place: tuple[int, bool], after: LetterId | None) -> str:
    """Letters of one moment stand in the order of their places: a page may go on amid them."""
    if after is None:
        return "-"
    return after.entry if place > after.place else f"({after.entry}"


def _letter(place: tuple[int, bool], entry: tuple[bytes, Fields]) -> Letter:
    number, in_doubt = place
    return Letter(
        id=LetterId(partition=number, entry=entry[0].decode(), in_doubt=in_doubt), fields=entry[1]
    )


def _without(letter: Letter, person: NamedAccount) -> bytes | None:
    """Its content without the person; None where nothing is left. What is no JSON stays."""
    try:
        # Not msgspec: a lone surrogate may be what made a letter of it.
        content = json.loads(letter.content)
    except (ValueError, RecursionError):
        return letter.content
    if person.is_of(content) or _quotes(content, person):
        return None
    left = person.without_in(content, "")
    if isinstance(left, dict) and left.get("asked_by") and _is_by(left, person):
        left |= {"asked_by": "", "asked_by_name": "", "reason": ""}
    if letter.kind is LetterKind.RECORD and any(content.values()) and not any(left.values()):
        return None
    return letter.content if left == content else json.dumps(left).encode()


def _quotes(content: Any, person: NamedAccount) -> bool:
    """Whether it tells moderators what this person said."""
    return isinstance(content, dict) and content.get("about") == person.key


def _is_by(action: Mapping[str, Any], person: NamedAccount) -> bool:
    """Whether a moderator asked for it who is to be forgotten; it is about somebody else."""
    asked = {"entity": action.get("entity"), "user": action["asked_by"]}
    return person.is_of(asked)


def _order(letter: Letter) -> tuple[int, int, int, bool]:
    return letter.id.order


def _replayed(event: bytes, now: datetime) -> bytes:
    """What this release does not know of an event stays as it is."""
    return msgspec.json.encode({**msgspec.json.decode(event), "replayed_at": now})
