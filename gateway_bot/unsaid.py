"""What was not said as it was meant: an event for whoever can change that, once a day a reason."""

from __future__ import annotations

from datetime import UTC, datetime

from redis.asyncio import Redis

from waddlebot.domain.entities import parse_entity
from waddlebot.domain.events import Channel, Event, MessageType
from waddlebot.domain.outcomes import Outgoing, Reply
from waddlebot.domain.platform_actions import PlatformAction
from waddlebot.platforms.delivering import Delivered, State
from waddlebot.stores.keys import Partition
from waddlebot.stores.unsaid_notes import UnsaidNotes


async def tell(client: Redis, partition: Partition, outgoing: Outgoing, how: Delivered) -> None:
    """Does nothing where all went as meant, or nobody there can change it. Raises one of AWAY.

    What is said in that place about it may be refused as well: for the same reason, so untold.
    """
    if not how.reason or not (how.closed or how.state is State.SENT):
        return
    if isinstance(outgoing, PlatformAction) and outgoing.asked_by:  # who is told by themselves
        return
    channel = parse_entity(outgoing.entity).channel
    await UnsaidNotes(client, partition).tell(channel, how.reason, _event_of(outgoing, how))


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
