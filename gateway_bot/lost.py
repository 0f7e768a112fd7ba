"""Tells the owner of a connection that it is lost: once, alone, where the bot can still speak.

That they were told stands in the row of the connection, and the reply's id is of this loss: killed
between the two, it is put on the stream again, and said once.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Iterator

from gateway_bot.revoking import GivingBack
from waddlebot.domain.connection_sayings import (
    connection_lost,
    house_connection_lost,
    lent_right_lost,
    not_revoked,
)
from waddlebot.domain.connections import ADMIN, BOT, Connection, ConnectionState, OwnerKind
from waddlebot.domain.entities import OPERATOR, EntityId, parse_entity, platform_of
from waddlebot.domain.events import Channel
from waddlebot.domain.outcomes import Reply
from waddlebot.domain.public_addresses import PublicAddress
from waddlebot.platforms import find_abilities
from waddlebot.platforms.moderators import alone_with, moderators_at
from waddlebot.stores.lost_connections import LostConnections, MetAt
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.streams import ReplyStream

MOST_AT_ONCE = 20
LOOK_SECONDS = 15.0
"""Its owner has something to do in a browser, and need not know of it within seconds: every gateway
asks the database for nothing but this, mostly in vain."""
_ID_CHARACTERS = 20

log = logging.getLogger(__name__)


def tell_of_lost(postgres: Postgres, replies: ReplyStream, address: PublicAddress) -> int:
    """How many were told of. Raises Unavailable: they are told of at the next look."""
    with postgres.writer() as connection:
        store = LostConnections(connection)
        found = store.take(MOST_AT_ONCE)
        replies.append([_told(one, store.met_at(one), address) for one in found])
        for one in found:
            store.mark(one)
    return len(found)


async def tell_of_all_lost(
    postgres: Postgres,
    replies: ReplyStream,
    address: PublicAddress,
    stop: asyncio.Event,
    *,
    giving_back: GivingBack | None = None,
) -> None:
    """Looks until `stop` is set; what is given back before, as that ends with a word, too."""
    while not stop.is_set():
        if giving_back:
            await asyncio.to_thread(giving_back.look)
        told = await asyncio.to_thread(tell_of_lost, postgres, replies, address)
        if told:
            log.info("owners told of lost connections", extra={"connections": told})
        if told < MOST_AT_ONCE:
            await asyncio.sleep(LOOK_SECONDS)


def _told(lost: Connection, met: MetAt, address: PublicAddress) -> Reply:
    first, *instead = list(dict.fromkeys(_places(lost, met))) or [OPERATOR]
    named = f"{lost.service}\0{lost.account}\0{lost.kind}\0{lost.generation}".encode()
    name = hashlib.sha256(named).hexdigest()[:_ID_CHARACTERS]
    return Reply(
        id=f"{name}0",
        session_id=f"lost:{name}",
        execution_id=name,
        entity=first,
        text=_words(lost, address),
        way_back=Channel(),
        for_moderators=True,
        instead=tuple(instead),
    )


def _words(lost: Connection, address: PublicAddress) -> str:
    service = find_abilities(lost.service).name or lost.service
    if lost.state is ConnectionState.DISCONNECTED:
        return not_revoked(lost.name or lost.account, service)
    if lost.owner.kind is OwnerKind.HOUSE:
        return house_connection_lost(lost.name or service, lost.why, lost.service)
    where = address.at(f"/connect/{lost.service}")
    if lost.kind == ADMIN:
        return lent_right_lost(lost.name, service, lost.why, where)
    return connection_lost(lost.name, service, lost.why, where)


def _places(lost: Connection, met: MetAt) -> Iterator[EntityId]:
    """The best first: alone with a person of it, then where its moderators look."""
    everywhere: list[EntityId | None] = [alone_with(one) for one in met.people]
    everywhere += [met.channel, *map(moderators_at, met.homes)]
    if lost.kind == ADMIN and lost.account.isalnum():  # the bot still speaks there
        everywhere.append(moderators_at(f"{lost.service}:server:{lost.account}"))
    for place in everywhere:
        if place and not _is_mute(place, lost):
            yield place


def _is_mute(place: EntityId, lost: Connection) -> bool:
    """Whether the bot spoke there with what is lost now."""
    if platform_of(place) != lost.service or lost.kind != BOT:
        return False
    if lost.owner.kind is OwnerKind.HOUSE:
        return True
    entity = parse_entity(place)
    return lost.account in (entity.server, entity.channel) and lost.service == "slack"
