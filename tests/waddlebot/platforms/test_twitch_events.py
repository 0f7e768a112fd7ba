from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.helpers.payloads import (
    ASKED_UNTIL,
    NOW,
    a_twitch_line,
    a_twitch_notification,
    twitch_headers,
)
from waddlebot.domain.events import Channel, Event, MessageType
from waddlebot.platforms.received import Action, Received
from waddlebot.platforms.twitch.events import read_irc, read_webhook, read_websocket
from waddlebot_sdk.roles import Role


def posted(body: bytes, *, kind: str = "notification", message_id: str = "m-1") -> Received:
    headers = twitch_headers(body, kind=kind, message_id=message_id)
    return read_webhook(headers, body, now=NOW, asked_until=ASKED_UNTIL)


def notified(subscription_type: str, **event: Any) -> Received:
    return posted(a_twitch_notification(subscription_type, **event))


def event_of(received: Received) -> Event:
    assert received.event is not None, received
    return received.event


def test_a_chat_line_is_told_and_answered_as_a_reply() -> None:
    event = event_of(posted(a_twitch_line("!quote 3")))
    assert (event.type, event.text) == (MessageType.CHAT_MESSAGE, "!quote 3")
    assert (event.id, event.entity) == ("twitch:line-1", "twitch:channel:1001")
    assert event.way_back == Channel(message="line-1")
    assert not event.is_asked


def test_a_time_of_nine_decimals_is_read() -> None:
    event = event_of(posted(a_twitch_line("hi")))
    assert event.occurred_at == datetime(2026, 11, 1, 12, 0, 0, 123456, tzinfo=UTC)


@pytest.mark.parametrize(
    ("badges", "role"),
    [
        ([], Role.USER),
        (["subscriber", "vip"], Role.USER),
        (["moderator", "subscriber"], Role.MODERATOR),
        (["broadcaster"], Role.OWNER),
    ],
)
def test_roles_follow_from_badges(badges: list[str], role: Role) -> None:
    user = event_of(posted(a_twitch_line("hi", badges=badges))).user
    assert user is not None
    assert user.role is role


def test_the_bots_own_lines_say_nothing() -> None:
    assert posted(a_twitch_line("!quote", chatter_user_id="9999")).action is Action.IGNORE


def test_a_line_that_begins_with_the_bot_is_a_mention() -> None:
    fragments = [{"type": "mention", "text": "@WaddleBot", "mention": {"user_id": "9999"}}]
    message = {"text": "@WaddleBot quote 3", "fragments": fragments}
    event = event_of(posted(a_twitch_line("", message=message)))
    assert (event.type, event.text) == (MessageType.APP_MENTION, "quote 3")


def test_a_whisper_is_private() -> None:
    whisper = {"from_user_id": "42", "from_user_name": "Ana", "whisper_id": "w-1"}
    event = event_of(notified("user.whisper.message", **whisper, whisper={"text": "help"}))
    assert (event.id, event.text, event.private) == ("twitch:w-1", "help", True)
    assert event.entity == "twitch:channel:whisper-42"


def test_a_line_of_shared_chat_is_answered_by_its_own_channel_alone() -> None:
    at_home = posted(a_twitch_line("!quote", message_id="a"))
    elsewhere = posted(
        a_twitch_line(
            "!quote",
            message_id="b",
            broadcaster_user_id="2002",
            source_broadcaster_user_id="1001",
            source_message_id="a",
        )
    )
    assert not event_of(at_home).watched_only
    assert event_of(elsewhere).watched_only
    assert event_of(at_home).id != event_of(elsewhere).id
    assert event_of(elsewhere).data["shared_from"] == "1001"


def test_a_line_said_with_me_is_the_line() -> None:
    assert event_of(posted(a_twitch_line("\x01ACTION !quote\x01"))).text == "!quote"


def test_ids_of_deliveries_are_opaque() -> None:
    body = a_twitch_notification("channel.cheer", user_id="7007", bits=100)
    numbers = ("Tjk1MDM1MTYtZ=RZ0=", "aGVs+/YWU=", "aGVs+/YWV=", "m" * 100)
    named = {event_of(posted(body, message_id=number)).id for number in numbers}
    assert len(named) == len(numbers)
    again = {event_of(posted(body, message_id=number)).id for number in numbers}
    assert again == named


def test_bits_are_a_cheer_whatever_for() -> None:
    event = event_of(
        notified("channel.bits.use", user_id="7", bits=25, type="cheer", message={"text": "hi"})
    )
    assert (event.type, event.data["bits"], event.text) == (MessageType.CHEER, 25, "hi")


def test_a_donation_finds_its_channel_by_what_was_subscribed() -> None:
    event = event_of(
        notified("channel.charity_campaign.donate", id="d1", user_id="7", broadcaster_user_id=None)
    )
    assert event.entity == "twitch:channel:1001"


def test_of_a_gift_to_the_community_the_notice_alone_counts() -> None:
    def gifted(community_gift: str | None) -> Received:
        return notified(
            "channel.chat.notification",
            chatter_user_id="7",
            message_id="m1",
            notice_type="sub_gift",
            sub_gift={"community_gift_id": community_gift},
        )

    assert gifted("g1").event is None
    assert event_of(gifted(None)).type is MessageType.GIFT_SUBSCRIPTION


@pytest.mark.parametrize(
    ("subscription_type", "event", "kind", "data"),
    [
        (
            "channel.follow",
            {"user_id": "42", "followed_at": "2026-11-01T11:00:00Z"},
            MessageType.FOLLOW,
            {"followed_at": "2026-11-01T11:00:00Z"},
        ),
        (
            "channel.cheer",
            {"user_id": None, "is_anonymous": True, "bits": 100, "message": "pog"},
            MessageType.CHEER,
            {"bits": 100, "anonymous": True},
        ),
        (
            "channel.ban",
            {
                "user_id": "42",
                "is_permanent": False,
                "banned_at": "2026-11-01T12:00:00Z",
                "ends_at": "2026-11-01T12:10:00Z",
            },
            MessageType.TIMEOUT,
            {"duration_s": 600},
        ),
        ("channel.ban", {"user_id": "42", "is_permanent": True}, MessageType.BAN, {}),
        (
            "channel.moderate",
            {"action": "warn", "warn": {"user_id": "42", "reason": "caps"}},
            MessageType.WARN,
            {"reason": "caps"},
        ),
        (
            "channel.charity_campaign.donate",
            {"user_id": "42", "amount": {"value": 1050, "decimal_places": 2, "currency": "EUR"}},
            MessageType.DONATION,
            {"amount": 10.5, "currency": "EUR"},
        ),
        (
            "channel.chat.notification",
            {
                "chatter_user_id": "42",
                "notice_type": "resub",
                "resub": {"cumulative_months": 10, "sub_tier": "1000"},
            },
            MessageType.RESUB,
            {"months": 10, "tier": "1000"},
        ),
        ("stream.online", {"id": "9", "type": "live"}, MessageType.STREAM_ONLINE, {}),
        ("stream.offline", {}, MessageType.STREAM_OFFLINE, {}),
    ],
)
def test_notifications_carry_what_their_type_says(
    subscription_type: str, event: dict[str, Any], kind: MessageType, data: dict[str, Any]
) -> None:
    made = event_of(notified(subscription_type, **event))
    assert made.type is kind
    assert {name: made.data.get(name) for name in data} == data


def test_a_raid_belongs_to_the_channel_that_was_raided() -> None:
    body = json.dumps(
        {
            "subscription": {"type": "channel.raid"},
            "event": {
                "from_broadcaster_user_id": "7",
                "from_broadcaster_user_name": "Max",
                "to_broadcaster_user_id": "1001",
                "viewers": 50,
            },
        }
    ).encode()
    event = event_of(posted(body))
    assert (event.entity, event.data["viewers"]) == ("twitch:channel:1001", 50)
    assert event.user is not None
    assert event.user.name == "Max"


def test_channel_points_are_an_interaction_with_what_was_typed() -> None:
    body = a_twitch_notification(
        "channel.channel_points_custom_reward_redemption.add",
        id="r1",
        user_id="42",
        user_input="more fish",
        reward={"id": "w1", "title": "Hydrate", "cost": 100},
        redeemed_at="2026-11-01T11:00:00Z",
    )
    event = event_of(posted(body))
    assert (event.type, event.text) == (MessageType.INTERACTION, "more fish")
    assert event.data == {
        "kind": "channel_points",
        "redemption_id": "r1",
        "reward_id": "w1",
        "reward": "Hydrate",
        "cost": 100,
    }


def test_a_follow_told_by_two_subscriptions_is_one_event() -> None:
    body = a_twitch_notification("channel.follow", user_id="42", followed_at="2026-11-01T11:00:00Z")
    ids = {event_of(posted(body, message_id=name)).id for name in ("m-1", "m-2")}
    assert len(ids) == 1


@pytest.mark.parametrize(
    ("subscription_type", "action"),
    [
        ("channel.hype_train.begin", Action.IGNORE),
        ("something.new", Action.IGNORE),
        ("user.authorization.grant", Action.LIFECYCLE),
    ],
)
def test_what_is_no_event_of_ours_is_accepted(subscription_type: str, action: Action) -> None:
    assert notified(subscription_type).action is action


def test_the_challenge_is_handed_back_as_text() -> None:
    received = posted(b'{"challenge": "abc"}', kind="webhook_callback_verification")
    assert received.answer is not None
    assert (received.answer.body, received.answer.content_type) == (b"abc", "text/plain")


def test_a_revocation_says_why() -> None:
    body = b'{"subscription": {"type": "channel.follow", "status": "user_removed"}}'
    received = posted(body, kind="revocation")
    assert (received.action, received.facts["status"]) == (Action.REVOCATION, "user_removed")


def test_the_socket_brings_the_same_events() -> None:
    def frame(kind: str) -> str:
        metadata = {"message_type": kind, "message_id": "m-1"}
        return json.dumps({"metadata": metadata, "payload": json.loads(a_twitch_line("hi"))})

    assert event_of(read_websocket(frame("notification"), now=NOW)).id == "twitch:line-1"
    own = read_websocket(frame("notification"), now=NOW, own_id="42")
    assert own.action is Action.IGNORE
    assert read_websocket(frame("session_welcome")).action is Action.PROTOCOL
    assert read_websocket(frame("session_keepalive")).action is Action.PROTOCOL
    assert read_websocket(frame("session_reconnect")).action is Action.RECONNECT
    assert read_websocket(frame("revocation")).action is Action.REVOCATION


TAGS = "@id=line-1;room-id=1001;user-id=42;display-name=Ana;badges=moderator/1,vip/1"
GIFT = "@id=1;room-id=1001;user-id=42;msg-id=submysterygift;msg-param-mass-gift-count=5"
WHO = ":ana!ana@ana.tmi.twitch.tv"


def test_irc_brings_the_same_chat_line() -> None:
    event = event_of(read_irc(f"{TAGS} {WHO} PRIVMSG #waddle :!quote 3\r\n", now=NOW))
    assert (event.id, event.entity, event.text) == (
        "twitch:line-1",
        "twitch:channel:1001",
        "!quote 3",
    )
    assert event.user is not None
    assert (event.user.name, event.user.role) == ("Ana", Role.MODERATOR)


def test_irc_actions_are_lines() -> None:
    event = event_of(read_irc(f"{TAGS} {WHO} PRIVMSG #waddle :\x01ACTION waves\x01", now=NOW))
    assert event.text == "waves"


def test_irc_escapes_are_undone() -> None:
    tags = r"@id=1;room-id=1001;user-id=42;msg-id=sub;system-msg=a\sb\:c\\d\q"
    event = event_of(read_irc(f"{tags} :tmi.twitch.tv USERNOTICE #waddle", now=NOW))
    assert event.data["system_message"] == r"a b;c\dq"


@pytest.mark.parametrize(
    ("line", "kind", "data"),
    [
        (
            "@ban-duration=60;room-id=1001;target-user-id=42 :t CLEARCHAT #waddle :ana",
            MessageType.TIMEOUT,
            {"duration_s": 60},
        ),
        ("@room-id=1001;target-user-id=42 :t CLEARCHAT #waddle :ana", MessageType.BAN, {}),
        (f"{WHO} JOIN #waddle", MessageType.CHANNEL_JOIN, {"user_login": "ana"}),
        (f"{WHO} PART #waddle", MessageType.MEMBER_LEAVE, {"channel_login": "waddle"}),
        (":t HOSTTARGET #waddle :other 3", MessageType.HOST, {"viewers": 3}),
        (
            f"{GIFT} :t USERNOTICE #waddle",
            MessageType.GIFT_SUBSCRIPTION,
            {"total": 5},
        ),
    ],
)
def test_irc_lines_carry_what_their_command_says(
    line: str, kind: MessageType, data: dict[str, Any]
) -> None:
    event = event_of(read_irc(line, now=NOW))
    assert event.type is kind
    assert {name: event.data[name] for name in data} == data


def test_a_gift_to_the_community_is_one_event_on_irc_and_eventsub() -> None:
    def on_irc(message: str, gift: str) -> str:
        tags = GIFT.replace("id=1;", f"id={message};", 1)
        line = f"{tags};msg-param-community-gift-id={gift} :t USERNOTICE #waddle"
        return event_of(read_irc(line, now=NOW)).id

    notice = notified(
        "channel.chat.notification",
        chatter_user_id="42",
        message_id="m-3",
        notice_type="community_sub_gift",
        community_sub_gift={"id": "g1", "total": 5},
    )
    assert {on_irc("m-1", "g1"), on_irc("m-2", "g1")} == {event_of(notice).id}
    assert on_irc("m-1", "g2") != event_of(notice).id


@pytest.mark.parametrize(
    ("line", "action"),
    [
        ("PING :tmi.twitch.tv", Action.PONG),
        (":tmi.twitch.tv RECONNECT", Action.RECONNECT),
        (":tmi.twitch.tv 001 waddlebot :Welcome, GLHF!", Action.PROTOCOL),
        (":tmi.twitch.tv CAP * ACK :twitch.tv/tags", Action.PROTOCOL),
        ("@room-id=1001 :tmi.twitch.tv CLEARCHAT #waddle", Action.IGNORE),
        (":tmi.twitch.tv HOSTTARGET #waddle :- 0", Action.IGNORE),
        (":tmi.twitch.tv NOTICE #waddle :Slow mode is on.", Action.IGNORE),
        ("", Action.IGNORE),
        ("@", Action.IGNORE),
        (": ", Action.IGNORE),
        ("PRIVMSG", Action.IGNORE),
    ],
)
def test_other_irc_lines_make_no_event(line: str, action: Action) -> None:
    assert read_irc(line, now=NOW).action is action
