from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.helpers.payloads import ASKED_UNTIL, NOW, a_discord_line, a_slash_command
from waddlebot.domain.events import Channel, Event, Interaction, MessageType
from waddlebot.platforms.discord.events import read_gateway, read_webhook
from waddlebot.platforms.received import Action, Received
from waddlebot_sdk.roles import Role


def posted(payload: dict[str, Any]) -> Received:
    return read_webhook({}, json.dumps(payload).encode(), now=NOW, asked_until=ASKED_UNTIL)


def event_of(received: Received) -> Event:
    assert received.event is not None, received
    return received.event


def dispatched(name: str, **data: Any) -> Received:
    return read_gateway({"op": 0, "t": name, "s": 1, "d": data}, now=NOW)


def text(value: str, name: str = "text") -> dict[str, Any]:
    return {"type": 3, "name": name, "value": value}


def test_the_waddlebot_command_is_the_line_it_takes() -> None:
    event = event_of(posted(a_slash_command(text("!quote 3"))))
    assert (event.type, event.text) == (MessageType.SLASH_COMMAND, "!quote 3")
    assert event.id == "discord:900"
    assert event.entity == "discord:channel:10/20"
    assert event.asked_until == ASKED_UNTIL
    assert isinstance(event.way_back, Interaction)
    assert event.way_back.token == "interaction-token"


def test_another_slash_command_is_its_name_and_arguments_in_order() -> None:
    found = {"type": 1, "name": "add", "options": [text("Waddle on!"), text("now", "when")]}
    event = event_of(posted(a_slash_command(found, name="memories")))
    assert event.text == 'memories add "Waddle on!" now'
    assert event.data["args"] == {"text": "Waddle on!", "when": "now"}


def test_a_person_as_argument_is_written_by_name() -> None:
    payload = a_slash_command({"type": 6, "name": "who", "value": "31"}, name="so")
    payload["data"]["resolved"] = {"users": {"31": {"id": "31", "global_name": "Max"}}}
    assert event_of(posted(payload)).text == "so @Max"


@pytest.mark.parametrize(
    ("permissions", "role"),
    [
        (0, Role.USER),
        (1 << 13, Role.MODERATOR),
        (1 << 40, Role.MODERATOR),
        (1 << 1 | 1 << 2, Role.MODERATOR),
        (1 << 5, Role.ADMIN),
        (1 << 3, Role.ADMIN),
        ("not a number", Role.USER),
    ],
)
def test_roles_follow_from_permissions(permissions: object, role: Role) -> None:
    member = {"user": {"id": "30", "username": "ana"}, "permissions": str(permissions)}
    user = event_of(posted(a_slash_command(member=member))).user
    assert user is not None
    assert user.role is role


def test_the_owner_of_the_server_is_the_owner() -> None:
    user = event_of(posted(a_slash_command(guild={"id": "10", "owner_id": "30"}))).user
    assert user is not None
    assert user.role is Role.OWNER


def test_a_ping_is_answered_with_a_pong() -> None:
    received = posted({"type": 1})
    assert received.answer is not None
    assert (received.action, received.answer.body) == (Action.PONG, b'{"type":1}')


def test_completion_is_answered_in_place() -> None:
    option = {"type": 3, "name": "text", "value": "quo", "focused": True}
    received = posted(a_slash_command(option, type=4))
    assert received.answer is not None
    assert json.loads(received.answer.body) == {"type": 8, "data": {"choices": []}}
    assert received.facts["partial"] == "quo"


def test_a_button_and_a_menu_are_told_apart() -> None:
    message = {"id": "55"}
    pressed = {"custom_id": "poll:vote:1", "component_type": 2}
    chosen = {"custom_id": "poll:vote:1", "component_type": 3, "values": ["a", "b"]}
    button = event_of(posted(a_slash_command(type=3, data=pressed, message=message)))
    menu = event_of(posted(a_slash_command(type=3, data=chosen, message=message)))
    assert (button.type, button.data["source_message_id"]) == (MessageType.BUTTON_CLICK, "55")
    assert (menu.type, menu.data["values"]) == (MessageType.SELECT_MENU, ["a", "b"])
    assert isinstance(button.way_back, Interaction)
    assert button.way_back.component


def test_a_form_gives_its_fields_from_rows_and_labels() -> None:
    rows = [
        {"type": 1, "components": [{"type": 4, "custom_id": "name", "value": "Ana"}]},
        {"type": 18, "component": {"type": 5, "custom_id": "who", "values": ["31"]}},
    ]
    event = event_of(posted(a_slash_command(type=5, data={"custom_id": "f", "components": rows})))
    assert event.type is MessageType.MODAL_SUBMIT
    assert event.data["fields"] == {"name": "Ana", "who": ["31"]}


def test_an_interaction_over_the_gateway_is_not_asked() -> None:
    frame = {"op": 0, "t": "INTERACTION_CREATE", "s": 1, "d": a_slash_command(text("help"))}
    assert not event_of(read_gateway(frame, now=NOW)).is_asked


def test_an_interaction_without_a_token_is_answered_in_the_channel() -> None:
    event = event_of(posted(a_slash_command(token=None)))
    assert event.way_back == Channel()


def test_a_line_is_chat_with_its_own_time_and_id() -> None:
    event = event_of(read_gateway(json.dumps(a_discord_line("!quote 3")), now=NOW))
    assert (event.type, event.text, event.id) == (
        MessageType.CHAT_MESSAGE,
        "!quote 3",
        "discord:901",
    )
    assert event.occurred_at == datetime(2026, 11, 1, 11, 59, 59, 500000, tzinfo=UTC)
    assert event.way_back == Channel(message="901")
    assert event.user is not None
    assert event.user.name == "Ana"


@pytest.mark.parametrize(
    "changes",
    [
        {"author": {"id": "30", "username": "other", "bot": True}},
        {"webhook_id": "5"},
        {"type": 6},
        {"type": 7},
    ],
    ids=["bot", "webhook", "pin", "join line"],
)
def test_bots_and_system_lines_say_nothing(changes: dict[str, Any]) -> None:
    assert read_gateway(a_discord_line("!quote", **changes), now=NOW).action is Action.IGNORE


def test_a_direct_message_is_private() -> None:
    event = event_of(read_gateway(a_discord_line("help", guild_id=None), now=NOW))
    assert (event.entity, event.private) == ("discord:channel:20", True)


def test_a_line_that_begins_with_the_bot_is_a_mention() -> None:
    event = event_of(read_gateway(a_discord_line("<@!77> quote 3"), now=NOW, own_id="77"))
    assert (event.type, event.text) == (MessageType.APP_MENTION, "quote 3")


def test_a_channel_link_is_its_name_where_the_payload_names_it() -> None:
    channels = [{"id": "20", "name": "weather"}]
    line = a_discord_line("<#20> Oslo <#21>", mention_channels=channels)
    assert event_of(read_gateway(line, now=NOW)).text == "#weather Oslo <#21>"


def test_whom_a_line_mentions_is_known_by_the_name_that_is_seen_here() -> None:
    people = [
        {"id": "301", "username": "max", "global_name": "Max", "member": {"nick": "Maxi"}},
        {"id": "302", "username": "olga"},
        {"id": "303", "username": "unnamed"},
    ]
    text = "<@301> <@!302> <@&5> <@&6> <@304>"
    roles = [{"id": "5", "name": "Mods"}]
    line = a_discord_line(text, mentions=people, mentioned_roles=roles)
    event = event_of(read_gateway(line, now=NOW))
    assert event.text == text
    assert event.data["mentions"] == {"301": "Maxi", "302": "olga", "5": "Mods"}
    assert "mentions" not in event_of(read_gateway(a_discord_line("hi"), now=NOW)).data


def test_a_boost_counts_once_however_it_is_told() -> None:
    since = NOW - timedelta(seconds=20)
    user = {"id": "30", "username": "ana"}
    line = event_of(
        dispatched(
            "MESSAGE_CREATE",
            **a_discord_line("", type=8, timestamp=(since + timedelta(seconds=1)).isoformat())["d"],
        )
    )
    update = {"guild_id": "10", "user": user, "premium_since": since.isoformat()}
    assert event_of(dispatched("GUILD_MEMBER_UPDATE", **update)).id == line.id
    renamed_later = {**update, "premium_since": (since - timedelta(days=1)).isoformat()}
    assert dispatched("GUILD_MEMBER_UPDATE", **renamed_later).event is None


def test_a_boost_is_one_though_discords_clock_goes_before_ours() -> None:
    since = NOW + timedelta(seconds=2)
    update = {"guild_id": "10", "user": {"id": "30"}, "premium_since": since.isoformat()}
    assert event_of(dispatched("GUILD_MEMBER_UPDATE", **update)).type is MessageType.BOOST


def edited(content: str, **changes: Any) -> Received:
    at = {"edited_timestamp": "2026-11-01T11:59:59.9+00:00"}
    return dispatched("MESSAGE_UPDATE", **{**a_discord_line(content, **at)["d"], **changes})


def test_an_edit_is_watched_and_nothing_else() -> None:
    received = edited("free nitro")
    assert received.event is None
    assert received.watched is not None
    assert received.watched.watched_only
    assert (received.watched.text, received.watched.message) == ("free nitro", "901")
    again = edited("free nitro", edited_timestamp="2026-11-01T12:00:09+00:00").watched
    assert again is not None
    assert again.id != received.watched.id


def test_a_link_that_discord_unfurled_shows_the_pages_words() -> None:
    embeds = [{"title": "Free nitro", "description": "click"}]
    watched = edited("https://x.example", edited_timestamp=None, embeds=embeds).watched
    assert watched is not None
    assert (watched.text, watched.shown) == ("", ("Free nitro", "click"))


def test_an_edit_of_a_bot_or_without_words_is_nothing() -> None:
    assert edited("x", author={"id": "31", "bot": True}).watched is None
    assert edited("x", webhook_id="5").watched is None
    assert edited("", edited_timestamp=None).watched is None


def test_what_stands_beside_a_line_is_shown() -> None:
    forwarded = {"message": {"content": "forwarded", "embeds": [{"title": "page"}]}}
    poll = {"question": {"text": "who?"}, "answers": [{"poll_media": {"text": "we"}}]}
    parts = [{"type": 17, "components": [{"type": 10, "content": "said"}, {"label": "button"}]}]
    file = {"id": "1", "filename": "a.png", "description": "caption"}
    line = a_discord_line(
        "", message_snapshots=[forwarded], poll=poll, components=parts, attachments=[file]
    )
    shown = event_of(read_gateway(line, now=NOW)).shown
    assert set(shown) == {
        *("forwarded", "page", "who?", "we", "said", "button", "caption", "a.png"),
    }


def test_the_name_of_a_new_thread_is_watched() -> None:
    watched = read_gateway(a_discord_line("free nitro", type=18), now=NOW).watched
    assert watched is not None
    assert watched.text == "free nitro"


def test_a_boost_is_the_line_that_says_so() -> None:
    event = event_of(read_gateway(a_discord_line("", type=9), now=NOW))
    assert (event.type, event.data["level"]) == (MessageType.BOOST, 1)


def test_a_ban_is_one_event_however_often_discord_tells_it() -> None:
    told = event_of(dispatched("GUILD_BAN_ADD", guild_id="10", user={"id": "30"}))
    audited = event_of(
        dispatched(
            "GUILD_AUDIT_LOG_ENTRY_CREATE",
            guild_id="10",
            id="1",
            action_type=22,
            target_id="30",
            user_id="40",
            reason="spam",
        )
    )
    assert told.id == audited.id
    assert audited.data["moderator_id"] == "40"
    assert told.entity == "discord:server:10"


def test_a_timeout_is_a_member_change_that_sets_its_end() -> None:
    def audited(new_value: str | None) -> Received:
        change = {"key": "communication_disabled_until", "new_value": new_value}
        return dispatched(
            "GUILD_AUDIT_LOG_ENTRY_CREATE",
            guild_id="10",
            id="1",
            action_type=24,
            target_id="30",
            changes=[change],
        )

    assert event_of(audited("2026-11-02T12:00:00+00:00")).type is MessageType.TIMEOUT
    assert audited(None).action is Action.IGNORE


@pytest.mark.parametrize(
    ("frame", "action"),
    [
        ({"op": 10, "d": {"heartbeat_interval": 1}}, Action.PROTOCOL),
        ({"op": 11}, Action.PROTOCOL),
        ({"op": 7}, Action.RESUME),
        ({"op": 9, "d": False}, Action.IDENTIFY),
        ({"op": 9, "d": True}, Action.RESUME),
        ({"op": 0, "t": "READY", "d": {}}, Action.PROTOCOL),
        ({"op": 0, "t": "GUILD_CREATE", "d": {"id": "10"}}, Action.LIFECYCLE),
        ({"op": 0, "t": "TYPING_START", "d": {}}, Action.IGNORE),
        ("no json", Action.IGNORE),
        ({}, Action.PROTOCOL),
    ],
)
def test_the_gateways_own_frames_are_told_apart(frame: Any, action: Action) -> None:
    assert read_gateway(frame, now=NOW).action is action


def test_text_is_cleaned_and_cut() -> None:
    event = event_of(read_gateway(a_discord_line("a\x00b\ud800c" + "x" * 6000), now=NOW))
    assert event.text.startswith("abc")
    assert len(event.text) <= 40_000
