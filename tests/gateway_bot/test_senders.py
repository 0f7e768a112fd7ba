"""The senders against a real stream and a platform that answers over HTTP."""

from __future__ import annotations

import asyncio

import aiohttp
import msgspec
import pytest
import redis
from aiohttp import web

from gateway_bot.paces import Pace, Pacer, paces_of
from gateway_bot.post import Post
from gateway_bot.senders import Senders
from tests.helpers.carrying import open_client, run_until, senders_consumer
from tests.helpers.platform_stand_in import PlatformStandIn, accept, platform_stand_in
from tests.helpers.senders import DISCORD, TWITCH, a_reply, is_empty, send
from waddlebot.domain.entities import EntityId
from waddlebot.domain.platform_actions import ActionKind, PlatformAction
from waddlebot.stores.keys import Partition, Partitions
from waddlebot.stores.streams import SENDERS_GROUP, ReplyStream, ensure_group


def a_deletion(message: str, *, entity: EntityId = DISCORD) -> PlatformAction:
    return PlatformAction(
        id=f"{message:_<22}0", kind=ActionKind.DELETE_MESSAGE, entity=entity, message=message
    )


def test_a_reply_for_a_place_of_another_partition_goes_to_whoever_speaks_there(
    streams: redis.Redis,
) -> None:
    four = Partitions(4)
    here = four.of(TWITCH)
    there = next(at for at in four if at != here)
    [at_home, away] = [a_reply("at home", entity=TWITCH), a_reply("moved", entity=TWITCH)]
    ReplyStream(streams, four).append([at_home])
    fields = {"v": 1, "outgoing": msgspec.json.encode(away)}
    streams.xadd(there.replies_stream(), fields)

    async def carry(partition: Partition, platform: PlatformStandIn, seen: int) -> None:
        async with (
            open_client(streams) as client,
            aiohttp.ClientSession() as session,
        ):
            pacer = Pacer(paces_of(is_twitch_moderator=True))
            post = Post(session=session, variables=platform.variables, pacer=pacer)
            consumer = senders_consumer(client, partition=partition)
            senders = Senders(partition=partition, partitions=four, consumer=consumer, post=post)
            await run_until(
                senders.run,
                lambda: (
                    len(platform.texts()) == seen and not streams.xlen(partition.replies_stream())
                ),
            )

    async def go() -> list[str]:
        async with platform_stand_in(accept) as platform:
            await carry(there, platform, 0)
            await carry(here, platform, 2)
            return platform.texts()

    assert asyncio.run(go()) == ["at home", "moved"]


def test_replies_leave_in_order_and_are_finished(streams: redis.Redis) -> None:
    platform = send(streams, [a_reply(f"line {number}") for number in range(4)])

    assert platform.texts() == [f"line {number}" for number in range(4)]
    assert streams.get(Partition().sent_mark(a_reply("line 0").id)) == b"sent"


def test_moderation_goes_before_chat(streams: redis.Redis) -> None:
    platform = send(streams, [a_reply("first"), a_reply("second"), a_deletion("m7")])

    assert [seen.method for seen in platform.seen] == ["DELETE", "POST", "POST"]


def test_moderation_does_not_wait_behind_a_line_that_waits_for_its_turn(
    streams: redis.Redis,
) -> None:
    """The account has said what it may say for now; an undo in the same place goes at once."""
    undo = a_deletion("m7")

    async def answer(platform: PlatformStandIn) -> web.StreamResponse:
        if len(platform.seen) == 1:
            ReplyStream(streams, Partitions()).append([undo])
        return await accept(platform)

    platform = send(
        streams,
        [a_reply("first"), a_reply("second"), a_reply("third")],
        answer=answer,
        paces={"discord": Pace(chat=(1, 3))},
    )

    assert [seen.method for seen in platform.seen] == ["POST", "DELETE", "POST", "POST"]
    assert platform.texts() == ["first", "second", "third"]


def test_a_place_that_must_wait_holds_up_no_other(streams: redis.Redis) -> None:
    async def answer(platform: PlatformStandIn) -> web.StreamResponse:
        here = [seen for seen in platform.seen if seen.path.endswith("/77/messages")]
        if platform.seen[-1] in here and len(here) == 1:
            return web.json_response(
                {"message": "slow down", "retry_after": 0.4, "global": False}, status=429
            )
        return await accept(platform)

    other = EntityId("discord:channel:9/78")
    platform = send(
        streams,
        [a_reply("one"), a_reply("two"), a_reply("elsewhere", entity=other)],
        answer=answer,
    )

    texts = platform.texts()
    assert [text for text in texts if text != "elsewhere"] == ["one", "one", "two"]
    assert texts.index("elsewhere") < 2


def test_who_was_overtaken_while_it_sent_leaves_the_others_mark_alone(streams: redis.Redis) -> None:
    """A sender stood still; another has sent it when the first one is asked to wait."""
    mark = Partition().sent_mark(a_reply("one").id)

    async def answer(_: PlatformStandIn) -> web.StreamResponse:
        streams.set(mark, b"sent")
        return web.json_response(
            {"message": "slow down", "retry_after": 0.1, "global": False}, status=429
        )

    platform = send(streams, [a_reply("one")], answer=answer)

    assert platform.texts() == ["one"]
    assert streams.get(mark) == b"sent"


def test_what_the_platform_refuses_is_not_offered_again(streams: redis.Redis) -> None:
    async def answer(_: PlatformStandIn) -> web.StreamResponse:
        return web.json_response({"code": 50013, "message": "Missing Permissions"}, status=403)

    platform = send(streams, [a_reply("one")], answer=answer)

    assert platform.texts() == ["one"]
    assert streams.xlen(Partition().doubtful_replies()) == 0


def asked_for(message: str, *, then: str) -> PlatformAction:
    action = a_deletion(message)
    return msgspec.structs.replace(action, then=then, asked_by="55", asked_by_name="Max")


def test_what_came_of_an_action_is_said_once_and_when_it_is_done(streams: redis.Redis) -> None:
    """Also where the sender ended between the two: it is done again, and said under one id."""
    action = asked_for("m7", then="It is gone.")
    platform = send(streams, [action, action])
    assert [seen.method for seen in platform.seen] == ["DELETE", "POST"]
    assert platform.texts() == ["It is gone."]

    streams.set(Partition().sent_mark(action.id), b"sending:another")
    again = send(streams, [action])
    assert [seen.method for seen in again.seen] == ["DELETE"]


def test_of_an_action_that_was_refused_its_asker_alone_reads(streams: redis.Redis) -> None:
    async def answer(platform: PlatformStandIn) -> web.StreamResponse:
        if platform.seen[-1].method == "DELETE":
            return web.json_response({"code": 50013, "message": "Missing Permissions"}, status=403)
        return await accept(platform)

    action = asked_for("m7", then="It is gone.")
    platform = send(streams, [action], answer=answer)
    assert len(platform.texts()) > 0
    assert "It is gone." not in platform.texts()
    assert not streams.get(Partition().sent_mark(f"{action.id}d"))
    assert streams.get(Partition().sent_mark(f"{action.id}r")) == b"sent"


def test_a_reply_that_stands_twice_in_the_stream_is_said_once(streams: redis.Redis) -> None:
    platform = send(streams, [a_reply("one"), a_reply("one"), a_reply("two")])

    assert platform.texts() == ["one", "two"]


def test_a_reply_left_half_sent_is_repeated_where_the_platform_knows_it(
    streams: redis.Redis,
) -> None:
    streams.set(Partition().sent_mark(a_reply("one").id), b"sending")

    platform = send(streams, [a_reply("one")])

    assert platform.texts() == ["one"]
    assert platform.seen[0].body["enforce_nonce"] is True


def test_a_reply_left_half_sent_is_listed_where_it_would_be_said_twice(
    streams: redis.Redis,
) -> None:
    streams.set(Partition().sent_mark(a_reply("one").id), b"sending")

    platform = send(streams, [a_reply("one", entity=TWITCH), a_reply("two", entity=TWITCH)])

    assert platform.texts() == ["two"]
    [(_, letter)] = streams.xrange(Partition().doubtful_replies())
    assert b"one" in letter[b"outgoing"]


def test_a_secret_in_doubt_is_not_kept_for_anybody_to_read(streams: redis.Redis) -> None:
    told = msgspec.structs.replace(
        a_reply("!verify 7F3KQ9", entity=TWITCH, name="one"), user="5", private=True, secret=True
    )
    streams.set(Partition().sent_mark(told.id), b"sending")

    platform = send(streams, [told])

    assert platform.texts() == []
    [(_, letter)] = streams.xrange(Partition().doubtful_replies())
    assert b"7F3KQ9" not in letter[b"outgoing"]
    assert b"please ask again" in letter[b"outgoing"]


def test_a_call_that_got_no_answer_is_not_repeated_where_it_would_be_said_twice(
    streams: redis.Redis,
) -> None:
    async def answer(platform: PlatformStandIn) -> web.StreamResponse:
        await asyncio.sleep(0.4)
        return await accept(platform)

    platform = send(streams, [a_reply("one", entity=TWITCH)], answer=answer, patience=0.1)

    assert platform.texts() == ["one"]
    assert streams.xlen(Partition().doubtful_replies()) == 1


def test_who_waits_for_something_to_say_ends_as_soon_as_it_is_told(
    streams: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway_bot.senders.READ_SECONDS", 60.0)

    platform = send(streams, [a_reply("one")])  # which leaves it three seconds to end

    assert platform.texts() == ["one"]


def test_a_platform_without_credentials_holds_up_nobody(streams: redis.Redis) -> None:
    elsewhere = EntityId("matrix:channel:C1")

    platform = send(streams, [a_reply("lost", entity=elsewhere), a_reply("one")])

    assert platform.texts() == ["one"]


def test_what_cannot_be_read_is_a_dead_letter_and_what_is_newer_stays(streams: redis.Redis) -> None:
    streams.xadd(Partition().replies_stream(), {"v": "1", "outgoing": "{broken"})
    streams.xadd(Partition().replies_stream(), {"v": "2", "outgoing": "{}"})

    send(streams, [a_reply("one")], seen=lambda: streams.xlen(Partition().replies_stream()) == 1)

    assert streams.xlen(Partition().dead_letters()) == 1
    assert streams.xpending(Partition().replies_stream(), SENDERS_GROUP)["pending"] == 1


def test_what_another_sender_of_this_run_left_behind_is_sent(streams: redis.Redis) -> None:
    ensure_group(streams, Partition().replies_stream(), SENDERS_GROUP)
    ReplyStream(streams, Partitions()).append([a_reply("one")])

    async def go() -> PlatformStandIn:
        async with (
            platform_stand_in() as platform,
            open_client(streams) as client,
            aiohttp.ClientSession() as session,
        ):
            consumer = senders_consumer(client)
            assert len(await consumer.read(10, wait_seconds=0.5)) == 1
            pacer = Pacer(paces_of(is_twitch_moderator=False))
            post = Post(session=session, variables=platform.variables, pacer=pacer)
            await run_until(
                Senders(
                    partition=Partition(), partitions=Partitions(), consumer=consumer, post=post
                ).run,
                lambda: is_empty(streams),
            )
            return platform

    assert asyncio.run(go()).texts() == ["one"]
