"""The two streams: events to route and replies to send, with their envelopes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec
import redis
from redis.exceptions import ResponseError

from waddlebot.domain.errors import Full
from waddlebot.domain.events import Event
from waddlebot.domain.outcomes import Outgoing
from waddlebot.stores.keys import Partition, Partitions
from waddlebot.stores.valkey import STREAMS, Script, answering

VERSION = b"1"
ROUTER_GROUP = "waddlebot-router"
SENDERS_GROUP = "waddlebot-senders"

Fields = Mapping[bytes, bytes]

_events = msgspec.json.Decoder(Event)
_outgoing: msgspec.json.Decoder[Outgoing] = msgspec.json.Decoder(Outgoing)
_encoder = msgspec.json.Encoder()


class NewerEntry(Exception):
    """Written by a newer release: it is left pending for a reader that knows it."""


# KEYS: what says that the server is full, the event stream. ARGV: version, events.
_APPEND = Script(
    """
    if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
    for i = 2, #ARGV do redis.call('XADD', KEYS[2], '*', 'v', ARGV[1], 'event', ARGV[i]) end
    return 1
    """,
    server=STREAMS,
)


class EventStream:
    def __init__(self, client: redis.Redis, partitions: Partitions) -> None:
        self._client = client
        self._partitions = partitions

    def append(self, events: Sequence[Event]) -> None:
        """All of them in order, in one round trip a partition; stored when this returns.

        Raises:
            Unavailable: some may be stored, some not; events bear being appended twice.
            Full: the server has too little room left, which is kept for replies and receipts.
        """
        for at, those in _in_partitions(events, self._partitions):
            entries = [VERSION, *map(encode_event, those)]
            if not _APPEND.run(self._client, [at.full(), at.events_stream()], entries):
                raise Full(STREAMS)


def encode_event(event: Event) -> bytes:
    return _encoder.encode(event)


def decode_event(fields: Fields) -> Event:
    """The event of a stream entry.

    Raises:
        NewerEntry: see there.
        msgspec.DecodeError: no event; trying again does not help.
    """
    return _events.decode(_content(fields, b"event"))


class ReplyStream:
    """Entries are appended by the script that settles an outcome (stores/receipts.py)."""

    def __init__(self, client: redis.Redis, partitions: Partitions) -> None:
        self._client = client
        self._partitions = partitions

    def append(self, outgoing: Sequence[Outgoing]) -> None:
        """What a sender moves to the partition that it is for, in one round trip.

        Raises:
            Unavailable: some may be stored, some not; ids make that harmless.
        """
        pipeline = self._client.pipeline(transaction=False)
        for one in outgoing:
            stream = self._partitions.of(one.entity).replies_stream()
            pipeline.xadd(stream, {"v": VERSION, "outgoing": encode_outgoing(one)})
        with answering(STREAMS):
            pipeline.execute()


def encode_outgoing(outgoing: Outgoing) -> bytes:
    return _encoder.encode(outgoing)


def decode_outgoing(fields: Fields) -> Outgoing:
    """What is to be sent, of a stream entry. Raises as `decode_event`: NewerEntry, DecodeError."""
    return _outgoing.decode(_content(fields, b"outgoing"))


def ensure_group(client: redis.Redis, stream: str, group: str) -> None:
    """Makes the stream and its group, from the first entry on, where they are missing.

    Raises:
        Unavailable: the streams server does not answer.
    """
    with answering(STREAMS):
        try:
            client.xgroup_create(stream, group, id="0", mkstream=True)
        except ResponseError as error:
            if "BUSYGROUP" not in str(error):
                raise


def _content(fields: Fields, name: bytes) -> bytes:
    version = fields.get(b"v", VERSION)
    if version != VERSION:
        raise NewerEntry(f"entry of version {version!r}; this release reads {VERSION!r}")
    return fields.get(name, b"")


def _in_partitions(
    events: Sequence[Event], partitions: Partitions
) -> Iterable[tuple[Partition, list[Event]]]:
    shares: dict[Partition, list[Event]] = {}
    for event in events:
        shares.setdefault(partitions.of(event.entity), []).append(event)
    return shares.items()
