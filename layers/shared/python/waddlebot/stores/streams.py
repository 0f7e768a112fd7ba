"""The two streams: events to route and replies to send, with their envelopes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
import redis
from redis.exceptions import ResponseError

from waddlebot.domain.events import Event
from waddlebot.domain.outcomes import Outgoing
from waddlebot.stores import keys
from waddlebot.stores.valkey import STREAMS, answering

VERSION = b"1"
ROUTER_GROUP = "waddlebot-router"
SENDERS_GROUP = "waddlebot-senders"

Fields = Mapping[bytes, bytes]

_events = msgspec.json.Decoder(Event)
_outgoing: msgspec.json.Decoder[Outgoing] = msgspec.json.Decoder(Outgoing)
_encoder = msgspec.json.Encoder()


class NewerEntry(Exception):
    """Written by a newer release: it is left pending for a reader that knows it."""


class EventStream:
    def __init__(self, client: redis.Redis) -> None:
        self._client = client

    def append(self, events: Sequence[Event]) -> None:
        """All of them in one round trip, in order; stored when this returns.

        Raises:
            Unavailable: some may be stored, some not; events bear being appended twice.
        """
        pipeline = self._client.pipeline(transaction=False)
        for event in events:
            pipeline.xadd(keys.events_stream(), {"v": VERSION, "event": _encoder.encode(event)})
        with answering(STREAMS):
            pipeline.execute()


def decode_event(fields: Fields) -> Event:
    """The event of a stream entry.

    Raises:
        NewerEntry: see there.
        msgspec.DecodeError: no event; trying again does not help.
    """
    return _events.decode(_content(fields, b"event"))


class ReplyStream:
    """Entries are appended by the script that settles an outcome (functions/router/hand_over)."""

    def __init__(self, client: redis.Redis) -> None:
        self._client = client

    def append(self, outgoing: Sequence[Outgoing]) -> None:
        """What a sender moves elsewhere, in one round trip.

        Raises:
            Unavailable: some may be stored, some not; ids make that harmless.
        """
        pipeline = self._client.pipeline(transaction=False)
        for one in outgoing:
            pipeline.xadd(keys.replies_stream(), {"v": VERSION, "outgoing": encode_outgoing(one)})
        with answering(STREAMS):
            pipeline.execute()


def encode_outgoing(outgoing: Outgoing) -> bytes:
    return _encoder.encode(outgoing)


def decode_outgoing(fields: Fields) -> Outgoing:
    """What is to be sent, of a stream entry. Raises as `decode_event`."""
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
