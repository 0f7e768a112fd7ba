from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.helpers.payloads import ASKED_UNTIL, NOW, a_slack_event, a_slack_form
from waddlebot.domain.entities import EntityId
from waddlebot.domain.errors import Rejected
from waddlebot.domain.events import Channel, Event, MessageType, ResponseUrl
from waddlebot.platforms.received import Action, Received
from waddlebot.platforms.slack.components import FINDER
from waddlebot.platforms.slack.events import read_webhook, read_websocket
from waddlebot.platforms.slack.people import read_person
from waddlebot_sdk.roles import Role

FORM = {"content-type": "application/x-www-form-urlencoded"}


def told(**event: Any) -> Received:
    return read_webhook({}, a_slack_event(**event), now=NOW, asked_until=ASKED_UNTIL)


def posted(body: bytes) -> Received:
    return read_webhook(FORM, body, now=NOW, asked_until=ASKED_UNTIL)


def interacted(**payload: Any) -> Received:
    base = {
        "team": {"id": "T1"},
        "user": {"id": "U1", "name": "ana"},
        "channel": {"id": "C1"},
        "trigger_id": "1.2.3",
        "response_url": "https://hooks.slack.com/actions/T1/1/x",
    }
    return posted(urlencode({"payload": json.dumps({**base, **payload})}).encode())


def event_of(received: Received) -> Event:
    assert received.event is not None, received
    return received.event


def test_a_line_is_named_by_place_and_time() -> None:
    event = event_of(told(text="!quote 3"))
    assert (event.type, event.text) == (MessageType.CHAT_MESSAGE, "!quote 3")
    assert event.id == "slack:T1/C1/1793534399.000100"
    assert event.entity == "slack:channel:T1/C1"
    assert event.way_back == Channel(message="1793534399.000100")
    assert not event.is_asked


def test_a_line_in_a_thread_is_answered_there() -> None:
    event = event_of(told(text="!quote", thread_ts="1793534000.000001"))
    assert event.way_back == Channel(message="1793534399.000100", thread="1793534000.000001")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("<#C1|weather> Oslo", "#weather Oslo"),
        ("a &lt; b &amp;amp; c &gt; d", "a < b &amp; c > d"),
        ("see <https://x.example/a?b=1&amp;c=2>", "see https://x.example/a?b=1&c=2"),
        ("<http://x.example|x.example>", "x.example"),
        ("<http://x.example|free nitro>", "free nitro (http://x.example)"),
        ("<http://evil.example/x.example|x.example>", "x.example (http://evil.example/x.example)"),
        ("<mailto:a@x.example|a@x.example>", "a@x.example"),
        ("<!here> and <!subteam^S1|@mods>", "@here and @mods"),
        ("hello <@U2>", "hello <@U2>"),
    ],
)
def test_text_is_read_as_it_was_meant(written: str, meant: str) -> None:
    assert event_of(told(text=written)).text == meant


@pytest.mark.parametrize(
    "event",
    [
        {"bot_id": "B1", "text": "!quote"},
        {"subtype": "message_changed", "hidden": True},
        {"subtype": "message_deleted"},
        {"subtype": "channel_topic"},
        {"subtype": "bot_message"},
        {"user": "", "text": "!quote"},
        {"channel": None, "user": None},
        {"type": "pin_added"},
        {"type": ["no", "text"]},
    ],
)
def test_bots_edits_and_incomplete_lines_say_nothing(event: dict[str, Any]) -> None:
    assert told(**event).action is Action.IGNORE


def test_a_mention_is_one_event_though_slack_tells_it_twice() -> None:
    as_mention = event_of(told(type="app_mention", text="<@UBOT> quote 3"))
    as_line = event_of(told(text="<@UBOT> quote 3"))
    assert (as_mention.type, as_mention.text) == (MessageType.APP_MENTION, "quote 3")
    assert (as_line.id, as_line.type, as_line.text) == (
        as_mention.id,
        as_mention.type,
        as_mention.text,
    )


def test_a_direct_message_is_private() -> None:
    assert event_of(told(channel="D1", channel_type="im", text="help")).private


def test_a_shared_file_is_one_event_though_slack_tells_it_twice() -> None:
    file = {"id": "F1", "name": "a.png", "mimetype": "image/png", "size": 3}
    as_line = event_of(told(subtype="file_share", files=[file], text="look"))
    as_file = event_of(told(type="file_shared", channel_id="C1", file_id="F1", user_id="U1"))
    assert as_line.id == as_file.id
    assert as_line.data["files"][0]["name"] == "a.png"


def test_the_waddlebot_command_is_the_line_it_takes() -> None:
    event = event_of(posted(a_slack_form(text="quote <#C9|general>")))
    assert (event.type, event.text) == (MessageType.SLASH_COMMAND, "quote #general")
    assert (event.id, event.asked_until) == ("slack:1.2.3", ASKED_UNTIL)
    assert isinstance(event.way_back, ResponseUrl)


def test_another_slash_command_is_its_name_and_text() -> None:
    assert event_of(posted(a_slack_form(command="/quote", text="3"))).text == "quote 3"


@pytest.mark.parametrize(
    ("action", "kind", "values"),
    [
        ({"type": "button", "value": "1"}, MessageType.BUTTON_CLICK, []),
        (
            {"type": "static_select", "selected_option": {"value": "a"}},
            MessageType.SELECT_MENU,
            ["a"],
        ),
        (
            {"type": "multi_users_select", "selected_users": ["U2", "U3"]},
            MessageType.SELECT_MENU,
            ["U2", "U3"],
        ),
        (
            {"type": "datepicker", "selected_date": "2026-11-01"},
            MessageType.INTERACTION,
            ["2026-11-01"],
        ),
    ],
)
def test_buttons_and_menus_are_told_apart(
    action: dict[str, Any], kind: MessageType, values: list[str]
) -> None:
    event = event_of(
        interacted(type="block_actions", actions=[{"action_id": "poll:vote:1", **action}])
    )
    assert (event.type, event.data["values"]) == (kind, values)
    assert event.data["custom_id"] == "poll:vote:1"
    assert not event.is_asked


def test_a_form_gives_its_fields() -> None:
    values = {
        "b1": {"name": {"type": "plain_text_input", "value": "Ana"}},
        "b2": {"who": {"type": "users_select", "selected_user": "U2"}},
    }
    view = {"id": "V1", "callback_id": "form:1", "state": {"values": values}}
    event = event_of(interacted(type="view_submission", view=view, channel=None))
    assert event.type is MessageType.MODAL_SUBMIT
    assert event.data["fields"] == {"name": "Ana", "who": ["U2"]}
    assert event.entity == "slack:server:T1"


def test_suggestions_are_answered_in_place() -> None:
    received = interacted(type="block_suggestion", action_id="a", value="x")
    assert received.answer is not None
    assert (received.action, received.answer.body) == (Action.OPTIONS, b'{"options":[]}')


def finding(**more: Any) -> Received:
    return interacted(action_id=FINDER, **more)


def test_what_is_typed_into_our_finder_is_asked_of_the_house() -> None:
    received = finding(type="block_suggestion", value="quo")
    assert received.event is None
    assert received.answer is not None
    asked = received.completing
    assert asked is not None
    assert (asked.path, asked.typed) == ("", "quo")
    assert asked.event.place == "slack:channel:T1/C1"
    assert asked.event.user is not None
    assert asked.event.user.id == "U1"


def test_what_is_chosen_there_is_a_line_behind_our_command() -> None:
    chosen = {
        "type": "external_select",
        "action_id": FINDER,
        "selected_option": {"value": "quote 3"},
    }
    event = finding(type="block_actions", actions=[chosen], trigger_id="1.2").event
    assert event is not None
    assert (event.type, event.text) == (MessageType.SLASH_COMMAND, "quote 3")


@pytest.mark.parametrize("value", [None, 3, [], {"a": 1}, "x" * 9000])
def test_a_finder_that_says_nothing_good_breaks_nothing(value: Any) -> None:
    option = {"type": "external_select", "action_id": FINDER, "selected_option": {"value": value}}
    assert finding(type="block_actions", actions=[option]).event is not None
    assert finding(type="block_suggestion", value=value).completing is not None


def test_the_challenge_is_handed_back() -> None:
    body = json.dumps({"type": "url_verification", "challenge": "abc"}).encode()
    received = read_webhook({}, body, now=NOW, asked_until=ASKED_UNTIL)
    assert received.answer is not None
    assert received.answer.body == b"abc"


@pytest.mark.parametrize("kind", ["app_uninstalled", "tokens_revoked"])
def test_a_lost_installation_is_part_of_the_lifecycle(kind: str) -> None:
    assert told(type=kind).action is Action.LIFECYCLE


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b"[" * 100_000])
def test_what_is_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(Rejected) as refusal:
        read_webhook({}, body, now=NOW, asked_until=ASKED_UNTIL)
    assert refusal.value.status == 400


def test_socket_mode_brings_the_same_events() -> None:
    payload = json.loads(a_slack_event(text="!quote"))
    frame = json.dumps({"envelope_id": "e", "type": "events_api", "payload": payload})
    assert event_of(read_websocket(frame, now=NOW)).id == event_of(told(text="!quote")).id
    assert read_websocket('{"type": "hello"}').action is Action.PROTOCOL
    assert read_websocket('{"type": "disconnect"}').action is Action.RECONNECT
    assert read_websocket("no json").action is Action.IGNORE


@pytest.mark.parametrize("type_", ["message", "app_mention"])
@pytest.mark.parametrize(
    "fields",
    [
        {"bot_id": "B1"},
        {"app_id": "A1"},
        {"user": "USLACKBOT"},
        {"bot_profile": {"id": "B1"}},
        {"subtype": "bot_message"},
    ],
)
def test_programs_are_not_answered(type_: str, fields: dict[str, Any]) -> None:
    received = told(**{"type": type_, "text": "<@UBOT> quote", **fields})
    assert (received.event, received.watched) == (None, None)


def test_a_line_with_a_file_is_a_file_with_text_and_a_mention_is_a_mention() -> None:
    file = {"id": "F1", "name": "p.png", "title": "free nitro"}
    line = told(text="!quote", subtype="file_share", files=[file]).event
    assert line is not None
    assert (line.type, line.text) == (MessageType.FILE_SHARE, "!quote")
    assert "free nitro" in line.shown
    asked = told(text="<@UBOT> quote", subtype="file_share", files=[file]).event
    mention = told(type="app_mention", text="<@UBOT> quote", files=[file]).event
    assert asked is not None
    assert mention is not None
    assert (asked.type, asked.id) == (MessageType.APP_MENTION, mention.id)


def test_an_edit_is_watched_unless_only_a_link_was_unfurled() -> None:
    line = {"user": "U1", "ts": "1793534390.000100", "edited": {"ts": "1793534399.000100"}}

    def changed(before: str, **more: Any) -> Event | None:
        message = {**line, "text": "free nitro", **more}
        received = told(
            subtype="message_changed",
            hidden=True,
            message=message,
            previous_message={"text": before},
        )
        assert received.event is None
        return received.watched

    watched = changed("hello")
    assert watched is not None
    assert (watched.text, watched.message) == ("free nitro", "1793534390.000100")
    assert changed("free nitro") is None
    assert changed("hello", bot_id="B1") is None


def test_a_shared_channels_line_belongs_to_the_workspace_that_authorised_the_bot() -> None:
    def place(*, shared: bool) -> str:
        envelope = json.loads(a_slack_event(text="hello"))
        envelope |= {"team_id": "TOTHER", "is_ext_shared_channel": shared}
        body = json.dumps(envelope).encode()
        event = read_webhook({}, body, now=NOW, asked_until=ASKED_UNTIL).event
        assert event is not None
        return str(event.entity)

    assert place(shared=True) == "slack:channel:T1/C1"
    assert place(shared=False) == "slack:channel:TOTHER/C1"


def test_a_form_of_a_shared_channel_belongs_to_where_the_app_is_installed() -> None:
    received = interacted(
        type="view_submission",
        team={"id": "TOTHER"},
        view={"callback_id": "c", "team_id": "TOTHER", "app_installed_team_id": "T1"},
    )
    assert received.event is not None
    assert received.event.entity == "slack:channel:T1/C1"


def test_a_changed_account_is_told_and_answers_nobody() -> None:
    user = {"id": "U7", "team_id": "T1", "profile": {"display_name": " Ana\n Banana "}}
    event = event_of(told(type="user_change", user=user))
    assert (event.type, event.user) == (MessageType.PROFILE_CHANGE, None)
    assert (event.entity, event.watched_only) == ("slack:server:T1", True)
    assert event.data == {"user_id": "U7", "name": "Ana Banana"}
    assert told(type="user_change", user={"name": "nobody"}).action is Action.IGNORE


@pytest.mark.parametrize(
    ("said", "role", "name"),
    [
        ({"is_primary_owner": True}, Role.OWNER, "Ana"),
        ({"is_owner": True, "is_admin": True}, Role.OWNER, "Ana"),
        ({"is_admin": True}, Role.ADMIN, "Ana"),
        ({"is_admin": "yes"}, Role.USER, "Ana"),
        ({"is_owner": True, "deleted": True}, Role.USER, "Ana"),
        ({"is_admin": True, "is_ultra_restricted": True}, Role.USER, "Ana"),
        ({"is_owner": True, "is_bot": True}, Role.USER, "Ana"),
        ({"profile": {"display_name": "", "real_name": "Ana Real"}}, Role.USER, "Ana Real"),
        ({"profile": [], "real_name": None, "name": "ana"}, Role.USER, "ana"),
        ({"profile": {"display_name": "x" * 500}}, Role.USER, "x" * 80),
    ],
)
def test_what_slack_says_of_an_account_is_a_name_and_a_role_at_home(
    said: dict[str, Any], role: Role, name: str
) -> None:
    user = {"id": "U1", "team_id": "T1", "profile": {"display_name": "Ana"}, **said}
    known = read_person(user)
    assert (known.role, known.name) == (role, name)
    assert known.role_at(EntityId("slack:channel:T1/C9")) is role
    assert known.role_at(EntityId("slack:channel:T2/C9")) is Role.USER
    assert read_person({**user, "team_id": None}).role_at(EntityId("slack:server:T1")) is Role.USER
