"""What concerns moderators reaches one of them, never everybody, and at last the operator."""

from __future__ import annotations

import msgspec
import redis
from aiohttp import web

from tests.helpers.platform_stand_in import PlatformStandIn
from tests.helpers.senders import TWITCH, a_reply, send
from waddlebot.domain.entities import EntityId
from waddlebot.domain.outcomes import Reply
from waddlebot.stores.dead_letters import DeadLetters
from waddlebot.stores.keys import Partition, Partitions
from waddlebot.stores.person_words import NamedAccount

WHISPER = EntityId("twitch:channel:whisper-1001")
THEIRS = EntityId("discord:channel:9/88")
CLOSED = 403


def a_notice(*places: EntityId) -> Reply:
    first, *instead = places
    reply = a_reply("somebody said something", entity=first, name="notice")
    return msgspec.structs.replace(reply, for_moderators=True, instead=tuple(instead))


async def refuses_whispers(platform: PlatformStandIn) -> web.StreamResponse:
    if platform.seen[-1].path.endswith("/whispers"):
        return web.json_response({"message": "no whispers"}, status=CLOSED)
    return web.json_response({"id": "1"})


def test_a_whisper_that_is_refused_goes_to_the_next_best_place_and_not_into_the_chat(
    streams: redis.Redis,
) -> None:
    platform = send(streams, [a_notice(WHISPER, THEIRS)], answer=refuses_whispers)
    paths = [seen.path for seen in platform.seen]
    assert paths == ["/twitch/whispers", "/discord/channels/88/messages"]
    assert len(platform.seen[-1].body["nonce"]) <= 25
    assert streams.xlen(Partition().dead_letters()) == 0


def test_what_nobody_takes_is_a_letter_for_the_operator(streams: redis.Redis) -> None:
    platform = send(streams, [a_notice(WHISPER)], answer=refuses_whispers)
    assert [seen.path for seen in platform.seen] == ["/twitch/whispers"]
    [(_, letter)] = streams.xrange(Partition().dead_letters())  # type: ignore[misc]
    assert b"no moderator could be told: Twitch refused a whisper" in letter[b"reason"]
    assert b"somebody said something" in letter[b"outgoing"]


def test_an_ordinary_answer_that_is_refused_goes_nowhere_else(streams: redis.Redis) -> None:
    async def refuse(_platform: PlatformStandIn) -> web.StreamResponse:
        return web.json_response({"message": "banned"}, status=CLOSED)

    platform = send(streams, [a_reply("hello", entity=TWITCH)], answer=refuse)
    assert len(platform.seen) == 1
    assert streams.xlen(Partition().dead_letters()) == 0


def test_where_a_server_is_moderated_is_asked_once_and_remembered(streams: redis.Redis) -> None:
    told = [
        msgspec.structs.replace(
            a_notice(EntityId("discord:moderators:9")),
            id=f"{number:_<22}0",
            text=f"notice {number}",
        )
        for number in range(3)
    ]
    platform = send(streams, told, answer=a_server)
    asked = [seen.path for seen in platform.seen if seen.method == "GET"]
    assert len(asked) == len(set(asked)) == 4
    assert [seen.path for seen in platform.seen if seen.method == "POST"] == [
        "/discord/channels/88/messages"
    ] * 3


async def a_server(platform: PlatformStandIn) -> web.StreamResponse:
    """Everybody sees one channel, the bot and nobody else the other."""
    everybody = {"id": "9", "permissions": str(1 << 10 | 1 << 11)}
    hidden = [
        {"id": "9", "type": 0, "allow": "0", "deny": str(1 << 10)},
        {"id": "1", "type": 1, "allow": str(1 << 10), "deny": "0"},
    ]
    path = platform.seen[-1].path
    if path.endswith("/guilds/9"):
        return web.json_response({"id": "9", "owner_id": "5", "roles": [everybody]})
    if path.endswith("/guilds/9/channels"):
        channels = [
            {"id": "77", "type": 0, "position": 0, "permission_overwrites": []},
            {"id": "88", "type": 0, "position": 1, "permission_overwrites": hidden},
        ]
        return web.json_response(channels)
    return web.json_response({"id": "1", "roles": []})


def test_what_nobody_took_is_forgotten_with_whom_it_quotes(streams: redis.Redis) -> None:
    ana = msgspec.structs.replace(a_notice(WHISPER), about="discord:88")
    other = msgspec.structs.replace(ana, id=f"{'other':_<22}0", about="discord:888")
    send(streams, [ana, other], answer=refuses_whispers)
    DeadLetters(streams, Partitions()).forget(NamedAccount(platform="discord", user="88"))
    [(_, letter)] = streams.xrange(Partition().dead_letters())  # type: ignore[misc]
    assert b"discord:888" in letter[b"outgoing"]
