"""A reply that is refused as it stands is said another way, once, whoever dies in between."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import msgspec
import pytest
import redis
from aiohttp import web

from gateway_bot.paces import Pacer, paces_of
from gateway_bot.post import Post
from gateway_bot.senders import Senders
from tests.helpers.carrying import open_client, run_until, senders_consumer, wait_until
from tests.helpers.platform_stand_in import PlatformStandIn, platform_stand_in
from tests.helpers.senders import DISCORD, TWITCH, a_reply, is_empty, send
from waddlebot.domain.entities import EntityId
from waddlebot.domain.events import Channel, MessageType
from waddlebot.domain.outcomes import Reply
from waddlebot.stores.keys import Partition, Partitions
from waddlebot.stores.streams import ReplyStream, decode_event

SLACK = EntityId("slack:channel:T1/C1")
_NO_REFERENCE = {
    "code": 50035,
    "message": "Invalid Form Body",
    "errors": {"message_reference": {"_errors": [{"code": "REPLIES_UNKNOWN_MESSAGE"}]}},
}
_NO_PARENT = {"message": "The request's input was not valid. Message cannot be replied to."}


def replying(entity: EntityId) -> Reply:
    way_back = Channel(message="901", thread="1.5" if entity == SLACK else None)
    return msgspec.structs.replace(a_reply("one", entity=entity), way_back=way_back)


@dataclass(slots=True)
class Chat:
    """What people see; whatever refers to a line is refused.

    `dies`: nobody hears the answer to the next form, "before" or "after" it is shown.
    """

    dies: str = ""
    shown: list[str] = field(default_factory=list)
    nonces: set[str] = field(default_factory=set)
    stands: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, platform: PlatformStandIn) -> web.StreamResponse:
        body = platform.seen[-1].body
        refused = _refusal(body)
        if refused is not None:
            return refused
        dies, self.dies = self.dies, ""
        if dies != "before":
            self._show(body)
        if dies:
            self.stands.set()
            await asyncio.sleep(60)
        return web.json_response({"id": "1", "ok": True, "data": [{"is_sent": True}]})

    def _show(self, body: dict[str, Any]) -> None:
        nonce = body.get("nonce", "")
        if nonce and nonce in self.nonces:
            return
        self.nonces.add(nonce)
        self.shown.append(body.get("content") or body.get("message") or body.get("text"))


def _refusal(body: dict[str, Any]) -> web.Response | None:
    if "message_reference" in body:
        return web.json_response(_NO_REFERENCE, status=400)
    if "reply_parent_message_id" in body:
        return web.json_response(_NO_PARENT, status=400)
    if "thread_ts" in body:
        return web.json_response({"ok": False, "error": "thread_not_found"})
    return None


@pytest.mark.parametrize("entity", [DISCORD, SLACK, TWITCH])
def test_what_may_not_be_replied_to_is_answered_once_without_reference(
    streams: redis.Redis, entity: EntityId
) -> None:
    chat = Chat()
    send(streams, [replying(entity)], answer=chat.answer)
    assert chat.shown == ["one"]
    assert streams.get(Partition().sent_mark(replying(entity).id)) == b"sent"
    assert streams.xlen(Partition().doubtful_replies()) == 0


@pytest.mark.parametrize(
    ("entity", "dies", "shown", "doubtful"),
    [
        # Discord knows the nonce of the second form, so it is repeated.
        (DISCORD, "before", 1, 0),
        (DISCORD, "after", 1, 0),
        # The others do not: it is listed, seen or not, and never said twice.
        (SLACK, "before", 0, 1),
        (SLACK, "after", 1, 1),
        (TWITCH, "before", 0, 1),
        (TWITCH, "after", 1, 1),
    ],
)
def test_a_sender_that_dies_in_the_second_form_says_nothing_twice(
    streams: redis.Redis, entity: EntityId, dies: str, shown: int, doubtful: int
) -> None:
    chat = Chat(dies)
    ReplyStream(streams, Partitions()).append([replying(entity)])

    async def go() -> None:
        async with (
            platform_stand_in(chat.answer) as platform,
            open_client(streams) as client,
            aiohttp.ClientSession() as session,
        ):
            consumer = senders_consumer(client)

            def senders() -> Callable[[asyncio.Event], Any]:
                pacer = Pacer(paces_of(is_twitch_moderator=True))
                post = Post(session=session, variables=platform.variables, pacer=pacer)
                return Senders(
                    partition=Partition(), partitions=Partitions(), consumer=consumer, post=post
                ).run

            first = asyncio.ensure_future(senders()(asyncio.Event()))
            await wait_until(chat.stands.is_set, first)
            first.cancel()
            await asyncio.gather(first, return_exceptions=True)
            await run_until(senders(), lambda: is_empty(streams))

    asyncio.run(go())
    assert len(chat.shown) == shown
    assert streams.xlen(Partition().doubtful_replies()) == doubtful


def test_why_nothing_can_be_said_in_a_place_is_told_once(streams: redis.Redis) -> None:
    async def answer(_: PlatformStandIn) -> web.StreamResponse:
        return web.json_response({"code": 50013, "message": "Missing Permissions"}, status=403)

    for name in ("one", "two", "three"):
        platform = send(streams, [a_reply(name)], answer=answer)
        assert platform.texts() == [name]  # never tried again
    [(_, fields)] = streams.xrange(Partition().events_stream())
    event = decode_event(fields)
    assert (event.id, event.type) == (f"unsaid:{a_reply('one').id}", MessageType.UNSAID)
    assert event.entity == DISCORD
    assert event.data["why"] == "WaddleBot cannot write in <#77>: give it Send Messages."
    assert event.data["closed"]
