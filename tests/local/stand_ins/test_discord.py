from __future__ import annotations

import json
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from nacl.signing import VerifyKey
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.helpers.stand_ins import KEYS, Front, a_channel, served

INTENTS = 1 << 0 | 1 << 1 | 1 << 2 | 1 << 7 | 1 << 9 | 1 << 10 | 1 << 12 | 1 << 15


@contextmanager
def gateway(front: Front, query: str = "?v=10&encoding=json") -> Iterator[ClientConnection]:
    url = front.discord("GET", "/gateway/bot")[1]["url"]
    with connect(url + query) as socket:
        assert read(socket)["op"] == 10
        yield socket


def read(socket: ClientConnection) -> dict[str, Any]:
    frame: dict[str, Any] = json.loads(socket.recv(timeout=5))
    return frame


def write(socket: ClientConnection, op: int, d: object) -> None:
    socket.send(json.dumps({"op": op, "d": d}))


def identify(socket: ClientConnection, intents: int = INTENTS) -> dict[str, Any]:
    write(socket, 2, {"token": "the-token", "intents": intents, "properties": {}})
    return read(socket)


def next_of(socket: ClientConnection, name: str) -> dict[str, Any]:
    while (frame := read(socket))["t"] != name:
        pass
    return frame


def test_a_slash_command_is_signed_and_its_inline_answer_is_shown_once(front: Front) -> None:
    channel = a_channel()
    said = front.says("max", "discord", "/waddlebot quote 3", channel=channel)
    hook = front.bot.hooks[0]
    signed = hook.headers["x-signature-timestamp"].encode() + hook.body
    signature = bytes.fromhex(hook.headers["x-signature-ed25519"])
    VerifyKey(bytes.fromhex(KEYS["DISCORD_PUBLIC_KEY"])).verify(signed, signature)
    payload = json.loads(hook.body)
    assert said["event_id"] == f"discord:{payload['id']}"
    assert said["status"] == 200
    assert int(payload["member"]["permissions"]) & 1 << 13  # manage messages
    (reply,) = front.replies(channel)
    assert (reply["text"], reply["kind"], reply["to"]) == ("echo: quote 3", "inline", "max")
    assert reply["in_reply_to"] == said["event_id"]


def test_a_webhook_that_somebody_else_posts_is_shown_by_the_watch(front: Front) -> None:
    front.says("ana", "discord", "/waddlebot quote", channel=a_channel())
    channel = a_channel()
    payload = {**json.loads(front.bot.hooks[0].body), "id": "77", "channel_id": channel}
    front.call("POST", f"{front.url}/webhooks/discord", payload)
    assert [reply["in_reply_to"] for reply in front.replies(channel)] == ["discord:77"]


def test_an_interaction_has_one_first_answer_and_follow_ups_only_after_it(front: Front) -> None:
    channel = a_channel()
    front.bot.discord_answer = {"type": 5, "data": {"flags": 64}}
    front.says("ana", "discord", "/waddlebot ai tell me", channel=channel)
    payload = json.loads(front.bot.hooks[0].body)
    hook = f"/webhooks/{KEYS['DISCORD_APPLICATION_ID']}/{payload['token']}"
    callback = f"/interactions/{payload['id']}/{payload['token']}/callback"
    assert (
        front.discord("POST", callback, {"type": 4, "data": {"content": "x"}})[1]["code"] == 40060
    )
    original = f"{hook}/messages/@original"
    assert front.discord("GET", original)[1]["flags"] == 128 | 64
    assert front.discord("PATCH", original, {"content": "done"})[1]["flags"] == 64
    assert front.discord("POST", hook, {"content": "and more"})[0] == 200
    shown = [(reply["kind"], reply["text"]) for reply in front.replies(channel)]
    assert shown == [("ephemeral", "done"), ("followup", "and more")]
    front.bot.statuses = [202]
    front.says("ana", "discord", "/waddlebot ai again", channel=channel)
    unanswered = json.loads(front.bot.hooks[-1].body)["token"]
    status, body, _ = front.discord(
        "POST", hook.replace(payload["token"], unanswered), {"content": "x"}
    )
    assert (status, body["code"]) == (404, 10015)


def test_an_unanswered_interaction_shows_what_discord_shows(front: Front) -> None:
    channel = a_channel()
    front.bot.statuses = [500]
    assert not front.says("ana", "discord", "/waddlebot quote", channel=channel)["accepted"]
    assert [reply["text"] for reply in front.replies(channel)] == [
        "The application did not respond"
    ]
    token = json.loads(front.bot.hooks[0].body)["token"]
    late = f"/webhooks/{KEYS['DISCORD_APPLICATION_ID']}/{token}"
    assert front.discord("POST", late, {"content": "x"})[1]["code"] == 10015


def test_a_chat_line_comes_over_the_gateway_with_roles(front: Front) -> None:
    channel = a_channel()
    with gateway(front) as socket:
        assert identify(socket)["t"] == "READY"
        guild = next_of(socket, "GUILD_CREATE")["d"]
        said = front.says("max", "discord", "!quote @WaddleBot", channel=channel)
        line = next_of(socket, "MESSAGE_CREATE")["d"]
        assert said["accepted"]
        assert said["event_id"] == f"discord:{line['id']}"
        assert line["content"] == f"!quote <@{KEYS['DISCORD_APPLICATION_ID']}>"
        permissions = {role["id"]: int(role["permissions"]) for role in guild["roles"]}
        assert permissions[line["member"]["roles"][0]] & 1 << 13
        write(socket, 1, None)
        assert read(socket)["op"] == 11


def test_without_a_gateway_a_chat_line_is_not_accepted_and_says_why(front: Front) -> None:
    said = front.says("ana", "discord", "!quote", channel=a_channel())
    assert not said["accepted"]
    assert "gateway" in said["why"]


@pytest.fixture
def hasty() -> Iterator[Front]:
    """A second from one new session to the next, where Discord has five."""
    with served(DISCORD_IDENTIFY_SECONDS="1") as running:
        yield running


def test_a_resume_brings_what_was_missed(hasty: Front) -> None:
    front, channel = hasty, a_channel()
    with gateway(front) as socket:
        session = identify(socket)["d"]["session_id"]
        sequence = next_of(socket, "GUILD_CREATE")["s"]
    time.sleep(1.1)
    with gateway(front) as other:
        identify(other)
        front.says("ana", "discord", "missed", channel=channel)
        with gateway(front) as socket:
            write(socket, 6, {"token": "the-token", "session_id": session, "seq": sequence})
            assert next_of(socket, "MESSAGE_CREATE")["d"]["content"] == "missed"
            assert read(socket)["t"] == "RESUMED"


def test_an_unknown_session_has_to_identify_again(front: Front) -> None:
    with gateway(front) as socket:
        write(socket, 6, {"token": "the-token", "session_id": "no such", "seq": 3})
        assert read(socket) == {"op": 9, "d": False, "s": None, "t": None}


def test_a_wrong_token_closes_the_gateway_for_good(front: Front) -> None:
    with gateway(front) as socket:
        write(socket, 2, {"token": "wrong", "intents": 0})
        with pytest.raises(ConnectionClosed, match="4004"):
            socket.recv(timeout=5)


def test_the_gateway_compresses_where_asked_to(front: Front) -> None:
    url = front.discord("GET", "/gateway")[1]["url"]
    with connect(f"{url}?compress=zlib-stream") as socket:
        data = socket.recv(timeout=5)
        assert isinstance(data, bytes)
        assert json.loads(zlib.decompressobj().decompress(data))["op"] == 10


def test_without_its_intent_a_line_comes_empty(front: Front) -> None:
    with gateway(front) as socket:
        identify(socket, INTENTS & ~(1 << 15))
        front.says("ana", "discord", "!quote", channel=a_channel())
        assert next_of(socket, "MESSAGE_CREATE")["d"]["content"] == ""


def test_a_message_with_a_known_nonce_is_not_sent_again(front: Front) -> None:
    body = {
        "content": "once",
        "nonce": "n1",
        "enforce_nonce": True,
        "allowed_mentions": {"parse": []},
    }
    first = front.discord("POST", "/channels/202000000000000001/messages", body)[1]
    second = front.discord("POST", "/channels/202000000000000001/messages", body)[1]
    assert first["id"] == second["id"]
    (reply,) = front.replies("202000000000000001")
    assert reply["pings"] == []


def test_a_message_that_would_notify_somebody_is_marked(front: Front) -> None:
    body = {"content": "<@301000000000000001> @everyone"}
    front.discord("POST", "/channels/202000000000000002/messages", body)
    assert front.replies("moderators")[0]["pings"] == ["@everyone", "301000000000000001"]


def test_errors_are_discords_own(front: Front) -> None:
    send = "/channels/202000000000000001/messages"
    long = front.discord("POST", send, {"content": "x" * 2001})
    assert (long[0], long[1]["code"]) == (400, 50035)
    assert front.discord("POST", send, {})[1]["code"] == 50006
    assert front.discord("POST", "/channels/1/messages", {"content": "x"})[1]["code"] == 10003
    assert front.discord("GET", "/users/@me", authorization="Bot wrong")[0] == 401


def test_the_sixth_message_within_five_seconds_is_too_many(front: Front) -> None:
    send = "/channels/202000000000000001/messages"
    answers = [front.discord("POST", send, {"content": str(n)}) for n in range(6)]
    assert [answer[0] for answer in answers] == [200] * 5 + [429]
    assert answers[4][2]["x-ratelimit-remaining"] == "0"
    assert 0 < answers[5][1]["retry_after"] <= 5


def test_a_line_can_be_deleted_and_a_person_written_to(front: Front) -> None:
    channel = a_channel()
    with gateway(front) as socket:
        identify(socket)
        said = front.says("ana", "discord", "buy now", channel=channel)
    path = f"/channels/{channel}/messages/{said['message_id']}"
    assert front.discord("DELETE", path)[0] == 204
    assert front.discord("DELETE", path)[1]["code"] == 10008
    recipient = {"recipient_id": "301000000000000001"}
    direct = front.discord("POST", "/users/@me/channels", recipient)[1]["id"]
    front.discord("POST", f"/channels/{direct}/messages", {"content": "psst"})
    assert [(r["kind"], r["text"]) for r in front.replies(channel)] == [("deleted", "buy now")]
    assert [(r["kind"], r["to"]) for r in front.replies(direct)] == [("private", "ana")]


def test_a_button_press_carries_its_custom_id(front: Front) -> None:
    pressed = {"as": "ana", "on": "discord", "type": "button_click", "custom_id": "a:b:c"}
    front.call("POST", "/happens", {**pressed, "channel": a_channel()})
    payload = json.loads(front.bot.hooks[0].body)
    assert payload["type"] == 3
    assert payload["data"] == {"custom_id": "a:b:c", "component_type": 2}


def test_members_and_voice_are_told_over_the_gateway(front: Front) -> None:
    with gateway(front) as socket:
        identify(socket)
        for kind, name in (
            ("member_join", "GUILD_MEMBER_ADD"),
            ("voice_join", "VOICE_STATE_UPDATE"),
            ("reaction", "MESSAGE_REACTION_ADD"),
            ("timeout", "GUILD_AUDIT_LOG_ENTRY_CREATE"),
        ):
            front.call("POST", "/happens", {"as": "ana", "on": "discord", "type": kind})
            assert next_of(socket, name)["d"]["guild_id"] == "201000000000000001"
