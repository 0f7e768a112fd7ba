"""Whose connection is lost is told once, alone, where the bot can still speak: whoever connected
it, who owns the community, its moderators elsewhere, and at last the operator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
import redis

from gateway_bot.lost import tell_of_lost
from tests.helpers.connected import a_connection, canary, connections_of
from tests.helpers.senders import send
from waddlebot.domain.accounts import Account
from waddlebot.domain.connections import ADMIN, HOUSE, Connection, Owner
from waddlebot.domain.entities import CommunityId
from waddlebot.domain.errors import Unavailable
from waddlebot.domain.outcomes import Outgoing, Reply
from waddlebot.domain.public_addresses import NOWHERE, public_address
from waddlebot.stores.keys import Partition, Partitions
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.streams import ReplyStream, decode_outgoing

AT = "https://bot.example.org"
PUBLIC = public_address(AT)
WHY = "Slack takes its tokens no more."


class KilledAfterwards(ReplyStream):
    """As if the process ended between the stream and the row."""

    def append(self, outgoing: Sequence[Outgoing]) -> None:
        super().append(outgoing)
        raise Unavailable("this process")


def a_community(database: Postgres, *homes: str) -> Owner:
    [row] = database.write(
        "INSERT INTO communities (name, version, home) VALUES (%(n)s, 'v', %(n)s) RETURNING id",
        {"n": homes[0]},
    )
    for home in homes:
        platform, kind, number = home.split(":")
        database.write(
            """
            INSERT INTO entities (entity_id, platform, server_id, community_id)
            VALUES (%(entity)s, %(platform)s, %(server)s, %(community)s)
            """,
            {
                "entity": home,
                "platform": platform,
                "server": number if kind == "server" else None,
                "community": row["id"],
            },
        )
    return Owner.of_community(CommunityId(row["id"]))


def loses(database: Postgres, owner: Owner, **more: str) -> Connection:
    connections = connections_of(database)
    made = replace(a_connection("T1", owner=owner), **more)  # type: ignore[arg-type]
    kept = connections.keep(made, canary())
    assert connections.lose(kept, WHY)
    return kept


def told(streams: redis.Redis, database: Postgres) -> list[Reply]:
    """All that the looks of two gateways put on the stream."""
    for _ in range(2):
        tell_of_lost(database, ReplyStream(streams, Partitions()), PUBLIC)
    return on_stream(streams)


def on_stream(streams: redis.Redis) -> list[Reply]:
    entries = streams.xrange(Partition().replies_stream())
    found = [decode_outgoing(fields) for _, fields in entries]  # type: ignore[union-attr]
    assert all(isinstance(one, Reply) for one in found)
    return found  # type: ignore[return-value]


def test_moderators_on_another_platform_are_told_once_and_what_to_do_next(
    database: Postgres, streams: redis.Redis
) -> None:
    loses(database, a_community(database, "slack:server:T1", "twitch:channel:1001"))

    [reply] = told(streams, database)

    assert reply.entity == "twitch:channel:whisper-1001"
    assert reply.for_moderators
    assert reply.text == (
        f"I lost the connection with Penguins on Slack. {WHY} "
        f"Connect it again at {AT}/connect/slack."
    )


def test_a_gateway_that_is_killed_before_the_row_says_so_leaves_it_said_once(
    database: Postgres, streams: redis.Redis
) -> None:
    loses(database, a_community(database, "slack:server:T1", "twitch:channel:1001"))

    for _ in range(2):
        with pytest.raises(Unavailable):
            tell_of_lost(database, KilledAfterwards(streams, Partitions()), PUBLIC)
    assert len(told(streams, database)) == 3

    platform = send(streams)
    assert [seen.path for seen in platform.seen] == ["/twitch/whispers"]


def test_whoever_connected_it_is_told_first_where_they_are_somebody_else_too(
    database: Postgres, streams: redis.Redis
) -> None:
    owner = a_community(database, "slack:server:T1", "twitch:channel:1001")
    [row] = database.write("INSERT INTO people DEFAULT VALUES RETURNING id")
    for one in (Account("slack", "U1"), Account("discord", "123456789012345678")):
        database.write(
            """
            INSERT INTO identities (platform, user_id, person_id, name)
            VALUES (%(platform)s, %(user)s, %(person)s, 'Olga')
            """,
            {"platform": one.platform, "user": one.user_id, "person": row["id"]},
        )
    loses(database, owner, connected_by="slack:U1")

    [reply] = told(streams, database)

    assert reply.entity == "discord:person:123456789012345678"
    assert reply.instead == ("twitch:channel:whisper-1001",)
    assert not reply.user
    platform = send(streams)
    assert next(seen.path for seen in platform.seen) == "/discord/users/@me/channels"


def test_where_the_bot_speaks_nowhere_else_the_operator_has_a_letter(
    database: Postgres, streams: redis.Redis
) -> None:
    loses(database, a_community(database, "slack:server:T1"))

    assert len(told(streams, database)) == 1

    assert send(streams).seen == []
    [(_, letter)] = streams.xrange(Partition().dead_letters())  # type: ignore[misc]
    assert b"nobody else to be told" in letter[b"reason"]
    assert b"Penguins on Slack" in letter[b"outgoing"]


def test_what_an_admin_lent_is_told_to_those_who_moderate_there_now(
    database: Postgres, streams: redis.Redis
) -> None:
    loses(database, Owner.of_person(Account("slack", "U1")), kind=ADMIN, connected_by="slack:U1")

    [reply] = told(streams, database)

    assert reply.entity == "slack:owners:T1"
    assert reply.text.startswith(
        "I delete nothing in an admin's name any more in Penguins on Slack."
    )
    assert f"until an admin lets me again at {AT}/connect/slack" in reply.text


def test_the_houses_own_is_for_the_operator(database: Postgres, streams: redis.Redis) -> None:
    loses(database, HOUSE, service="twitch", account="app", name="Twitch")

    [reply] = told(streams, database)

    assert "waddlebot connect twitch says what to do" in reply.text
    assert send(streams).seen == []
    assert streams.xlen(Partition().dead_letters()) == 1


def test_what_is_connected_again_and_lost_again_is_told_again(
    database: Postgres, streams: redis.Redis
) -> None:
    owner = a_community(database, "slack:server:T1", "twitch:channel:1001")
    loses(database, owner)
    told(streams, database)
    loses(database, owner)

    first, second = told(streams, database)
    assert first.id != second.id


def test_without_a_public_address_they_read_who_knows_it(
    database: Postgres, streams: redis.Redis
) -> None:
    loses(database, a_community(database, "twitch:channel:1001"), connected_by="twitch:1001")
    tell_of_lost(database, ReplyStream(streams, Partitions()), NOWHERE)
    [reply] = on_stream(streams)
    assert reply.text.endswith(
        "Connect it again at /connect/slack of the address that my operator tells you."
    )
