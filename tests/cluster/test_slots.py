"""Whatever the product sends at once stands in one slot, and a real cluster takes it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
import pytest
import redis

from functions.operations.stream_figures import read_streams
from gateway_bot.consumers import Consumer
from gateway_bot.streams_server import open_streams
from tests.cluster.shards import Cluster
from tests.helpers.carrying import a_name, an_event
from tests.helpers.letters import a_reply
from waddlebot.domain.entities import EntityId
from waddlebot.domain.events import Event
from waddlebot.domain.outcomes import Reply
from waddlebot.stores import valkey_slots
from waddlebot.stores.addresses import address_at
from waddlebot.stores.claims import find_alive
from waddlebot.stores.dead_letters import DeadLetters, LetterKind
from waddlebot.stores.discord_sessions import DiscordSessions, KeptSession
from waddlebot.stores.gateways import Gateways
from waddlebot.stores.keys import Partition, Partitions
from waddlebot.stores.late_records import LateRecords
from waddlebot.stores.letter_box import LetterBox
from waddlebot.stores.person_words import NamedAccount
from waddlebot.stores.receipts import Finished, ReceiptStore
from waddlebot.stores.replies_onward import RepliesOnward
from waddlebot.stores.sent_marks import SentMarks
from waddlebot.stores.streams import ROUTER_GROUP, EventStream, ReplyStream, ensure_group
from waddlebot.stores.streams_room import say_full
from waddlebot.stores.twitch_heard import Heard
from waddlebot.stores.unsaid_notes import UnsaidNotes
from waddlebot.stores.valkey import connect

pytestmark = pytest.mark.xdist_group("a cluster")

PARTITIONS = Partitions(16)
ANA = NamedAccount(platform="twitch", user="1")


def an_event_of(number: int) -> Event:
    entity = EntityId(f"twitch:channel:{number}")
    return msgspec.structs.replace(an_event(number=number), entity=entity)


def an_outgoing(event: Event) -> Reply:
    return a_reply(id=f"reply:{event.id}", entity=event.entity)


@contextmanager
def seen() -> Iterator[list[tuple[Any, ...]]]:
    """All commands that were to go to a cluster meanwhile."""
    commands: list[tuple[Any, ...]] = []
    real = valkey_slots.keys_of

    def noted(*command: Any) -> list[Any]:
        commands.append(command)
        return real(*command)

    valkey_slots.keys_of = noted
    try:
        yield commands
    finally:
        valkey_slots.keys_of = real


def test_all_that_functions_ask_of_the_streams_works_in_a_cluster(cluster: Cluster) -> None:
    with connect(cluster.address) as client:
        use_as_functions_do(client)


def waiting_in(client: redis.Redis) -> Counter[str]:
    figures = read_streams(client, PARTITIONS)["partitions"]
    return Counter({of: sum(one[of]["waiting"] for one in figures) for of in ("events", "replies")})


def use_as_functions_do(client: redis.Redis) -> None:
    events = [an_event_of(number) for number in range(100)]
    receipts, letters = ReceiptStore(client, PARTITIONS), DeadLetters(client, PARTITIONS)
    before = waiting_in(client)
    EventStream(client, PARTITIONS).append(events)
    assert [one.standing.value for one in receipts.begin(events, "me", 5.0)] == ["ours"] * 100
    assert receipts.pass_on(events[0], "me", "slow", 5.0)
    receipts.free(events[1:2], "me")
    receipts.defer(events[1])
    finished = [
        Finished(
            event=event,
            always=[an_outgoing(event)],
            replies=[],
            is_waited_for=False,
            last=True,
        )
        for event in events[2:]
    ]
    assert set(receipts.finish(finished, "me")) == {b"sent"}
    ReplyStream(client, PARTITIONS).append([an_outgoing(event) for event in events])
    LateRecords(client, PARTITIONS).keep({"messages": "[]"}, events[0].entity)
    LateRecords(client, PARTITIONS).give_up({"messages": "[]"}, events[0].entity, "why")
    ensure_group(client, PARTITIONS.of(events[0].entity).events_stream(), "another")
    figures = read_streams(client, PARTITIONS)
    # Others' tests share the cluster and leave some.
    assert waiting_in(client) - before == Counter({"events": 101, "replies": 198})
    assert figures["memory"]["used_bytes"] > 0
    [letter] = letters.page(most=10)
    assert letter.kind is LetterKind.RECORD
    assert letters.find([letter.id]) == [letter]
    letters.forget(ANA)
    receipts.forget(ANA)
    assert letters.drop([letter.id])
    assert find_alive(client) == set()


def test_all_that_gateways_ask_of_the_streams_works_in_a_cluster(cluster: Cluster) -> None:
    asyncio.run(use_as_gateways_do(cluster.address))


async def use_as_gateways_do(address: str) -> None:
    async with open_streams(address) as client:
        event = an_event_of(1)
        at = PARTITIONS.of(event.entity)
        consumer = Consumer(
            client=client, stream=at.events_stream(), group=ROUTER_GROUP, name=a_name()
        )
        await consumer.make_group()
        await UnsaidNotes(client, at).tell("c", "why", event)
        entries = await consumer.read(1_000, wait_seconds=0.1)
        assert entries
        heir = Consumer(client=client, stream=at.events_stream(), group=ROUTER_GROUP, name=a_name())
        taken = await heir.take_over(at_once=True)
        assert {one.id for one in taken} == {one.id for one in entries}
        assert await heir.pending()
        await heir.finish([one.id for one in taken])
        await LetterBox(client, at).give_up_event(b"{}", "why")
        marks = SentMarks(client, at)
        assert await marks.begin("r", b"me") == b"me"
        await marks.confirm("r")
        await marks.take_back("r", b"me")
        await RepliesOnward(client, PARTITIONS).append(an_outgoing(event))
        await Heard(client).note(["a", "b"])
        assert await Heard(client).gap_seconds("a") is not None
        assert await Gateways(client).renew("me", seconds=1) == {"me"}
        await Gateways(client).forget(["me"])
        sessions, kept = DiscordSessions(client), KeptSession(session="s", sequence=1, own_id="1")
        assert await sessions.save(0, 4, kept, b"{}", is_ours=True)
        assert (await sessions.load(0, 4)) is not None
        assert await sessions.begin(0, "0", space_seconds=1) == 0
        await say_full(client, PARTITIONS)
        assert int((await client.info("memory"))["maxmemory"]) > 0


def test_every_command_that_was_sent_stands_in_one_slot(cluster: Cluster) -> None:
    """As one server takes anything, it is counted here, by the keys that were really sent."""
    with seen() as commands, connect(cluster.address) as client:
        client.execute_command("FLUSHALL", target_nodes="primaries")
        use_as_functions_do(client)
    slots = {valkey_slots.slot_of(*command) for command in commands}
    assert len(slots) > 2 * 16 / 2
    assert any(len(valkey_slots.keys_of(*command)) > 3 for command in commands)


def test_partitions_are_spread_over_the_shards(cluster: Cluster) -> None:
    owners = {cluster.owner_of(at.events_stream()) for at in PARTITIONS}
    assert len(owners) == 2


def test_whose_keys_stand_in_several_slots_is_told_so_before_a_server_is_asked() -> None:
    a, b = (Partition(number, f":{{{number}}}") for number in (0, 1))
    with pytest.raises(valkey_slots.ManySlots):
        valkey_slots.slot_of("MGET", a.full(), b.full())


def test_an_address_says_whether_it_is_a_cluster() -> None:
    plain = address_at("redis://:a@h:1/0?x=1&cluster=1")
    assert (plain.url, plain.is_cluster) == ("redis://:a@h:1/0?x=1", True)
    assert not address_at("redis://:a@h:1/0").is_cluster
