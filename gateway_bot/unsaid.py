"""What was not said as it was meant: an event for whoever can change that, once a day a reason."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

from redis.asyncio import Redis

from waddlebot.domain.entities import parse_entity
from waddlebot.domain.events import Channel, Event, MessageType
from waddlebot.domain.outcomes import Outgoing, Reply
from waddlebot.domain.platform_actions import PlatformAction
from waddlebot.platforms.delivering import Delivered, State
from waddlebot.stores.keys import Partition
from waddlebot.stores.streams import VERSION, encode_event

DAY_SECONDS = 86_400
_REASON_BYTES = 8

# KEYS: what says that it was told, the event stream. ARGV: seconds, version, the event.
_TELL = """#!lua flags=allow-oom
    if redis.call('SET', KEYS[1], '1', 'NX', 'EX', ARGV[1]) then
      redis.call('XADD', KEYS[2], '*', 'v', ARGV[2], 'event', ARGV[3])
    end
"""


async def tell(client: Redis, partition: Partition, outgoing: Outgoing, how: Delivered) -> None:
    """Does nothing where all went as meant, or nobody there can change it. Raises one of AWAY.

    What is said in that place about it may be refused as well: for the same reason, so untold.
    """
    if not how.reason or not (how.closed or how.state is State.SENT):
        return
    if isinstance(outgoing, PlatformAction) and outgoing.asked_by:  # who is told by themselves
        return
    event = _event_of(outgoing, how)
    reason = hashlib.blake2b(how.reason.encode(), digest_size=_REASON_BYTES).hexdigest()
    told = partition.unsaid(parse_entity(outgoing.entity).channel, reason)
    keys = (told, partition.events_stream())
    values: tuple[Any, ...] = (DAY_SECONDS, VERSION, encode_event(event))
    await client.eval(_TELL, len(keys), *keys, *values)


def _event_of(outgoing: Outgoing, how: Delivered) -> Event:
    return Event(
        id=f"unsaid:{outgoing.id}",
        type=MessageType.UNSAID,
        entity=outgoing.entity,
        parent=outgoing.parent if isinstance(outgoing, Reply) else None,
        user=None,
        data={
            "why": how.reason,
            "closed": how.closed,
            "said": how.state is State.SENT,
            "is_action": isinstance(outgoing, PlatformAction),
        },
        occurred_at=datetime.now(UTC),
        way_back=Channel(),
    )
