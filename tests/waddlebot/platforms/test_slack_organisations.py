"""An organisation lets the app in as a whole (Enterprise Grid): payloads as Slack has them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.helpers.payloads import ASKED_UNTIL, NOW
from waddlebot.domain.events import Event, MessageType
from waddlebot.platforms.received import Action, Received
from waddlebot.platforms.slack.events import read_webhook
from waddlebot.platforms.slack.installing import read_installed

WHOLE = {
    "enterprise_id": "E1",
    "team_id": None,
    "user_id": "W1",
    "is_bot": True,
    "is_enterprise_install": True,
}


def told(event: dict[str, Any], **envelope: Any) -> Received:
    body = {
        "token": "t",
        "type": "event_callback",
        "api_app_id": "A1",
        "event_id": "Ev1",
        "event_time": 1793534399,
        "event": event,
        **envelope,
    }
    return read_webhook({}, json.dumps(body).encode(), now=NOW, asked_until=ASKED_UNTIL)


def watched(received: Received) -> Event:
    assert received.action is Action.LIFECYCLE
    assert received.watched is not None
    assert received.watched.type is MessageType.PROFILE_CHANGE
    return received.watched


def test_an_installation_of_an_organisation_names_it_and_no_workspace() -> None:
    answer = {
        "ok": True,
        "app_id": "A1",
        "authed_user": {"id": "W2"},
        "scope": "chat:write,commands",
        "token_type": "bot",
        "access_token": "xoxb-1",
        "bot_user_id": "W1",
        "team": None,
        "enterprise": {"id": "E1", "name": "Acme"},
        "is_enterprise_install": True,
    }
    installed = read_installed(answer, now=datetime.now(UTC))
    assert (installed.account, installed.name, installed.by) == ("enterprise:E1", "Acme", "W2")
    assert installed.is_organisation


@pytest.mark.parametrize(
    ("event", "ends"),
    [
        ({"type": "app_uninstalled"}, "the bot's"),
        ({"type": "tokens_revoked", "tokens": {"bot": ["W1"], "oauth": []}}, "the bot's"),
        ({"type": "tokens_revoked", "tokens": {"oauth": ["W2"]}}, "a person's"),
    ],
)
@pytest.mark.parametrize(
    "envelope",
    [
        {"team_id": None, "enterprise_id": "E1", "authorizations": [WHOLE]},
        {"team_id": "T1", "enterprise_id": "E1", "authorizations": [WHOLE]},
        {"enterprise_id": "E1"},
        {"team_id": "E1"},
    ],
)
def test_what_ends_an_organisations_tokens_is_of_the_organisation(
    event: dict[str, Any], ends: str, envelope: dict[str, Any]
) -> None:
    ended = watched(told(event, **envelope))
    assert ended.entity == "slack:server:E1"
    whose = {} if ends == "the bot's" else {"people": ["W2"]}
    assert ended.data == {"ended": event["type"], "is_bots": ends == "the bot's", **whose}


def test_a_workspace_of_an_organisation_that_installed_the_app_apart_ends_its_own() -> None:
    own = {**WHOLE, "team_id": "T1", "is_enterprise_install": False}
    event = {"type": "app_uninstalled"}
    ended = watched(told(event, team_id="T1", enterprise_id="E1", authorizations=[own]))
    assert ended.entity == "slack:server:T1"


@pytest.mark.parametrize("kind", ["granted", "revoked"])
@pytest.mark.parametrize("team", [None, "T123ABC456"])
def test_workspaces_that_come_or_go_are_told_with_their_organisation(
    kind: str, team: str | None
) -> None:
    event = {"type": f"team_access_{kind}", "team_ids": ["T1XX3", "TXX34", {"no": "id"}, "a b"]}
    shared = watched(told(event, team_id=team, enterprise_id="E1"))
    assert shared.entity == "slack:server:E1"
    assert shared.data == {kind: ["T1XX3", "TXX34"]}


def test_a_line_is_of_its_workspace_whoever_let_the_app_in() -> None:
    line = {"type": "message", "channel": "C1", "user": "W2", "text": "!quote", "ts": "1.000100"}
    about = {"enterprise_id": "E1", "authorizations": [WHOLE]}
    received = told({**line, "team": "T1"}, team_id="T1", **about)
    assert received.event is not None
    assert received.event.entity == "slack:channel:T1/C1"


def test_in_a_channel_shared_with_others_a_line_is_of_the_workspace_that_it_came_through() -> None:
    line = {"type": "message", "channel": "C1", "user": "U9", "text": "!quote", "ts": "1.000100"}
    shared = {"is_ext_shared_channel": True, "context_team_id": "T1", "context_enterprise_id": "E1"}
    received = told(line, team_id="T9", enterprise_id="E1", authorizations=[WHOLE], **shared)
    assert received.event is not None
    assert received.event.entity == "slack:channel:T1/C1"


def test_a_slash_command_and_a_press_say_their_workspace() -> None:
    form = {
        "command": "/waddlebot",
        "text": "help",
        "team_id": "T1",
        "enterprise_id": "E1",
        "is_enterprise_install": "true",
        "channel_id": "C1",
        "user_id": "W2",
        "user_name": "ana",
        "trigger_id": "1.2.3",
        "response_url": "https://hooks.slack.com/commands/T1/1/x",
    }
    press = {
        "type": "block_actions",
        "team": None,
        "enterprise": {"id": "E1", "name": "Acme"},
        "is_enterprise_install": True,
        "user": {"id": "W2", "name": "ana", "team_id": "T1"},
        "channel": {"id": "C1"},
        "trigger_id": "1.2.4",
        "response_url": "https://hooks.slack.com/actions/T1/1/x",
        "actions": [{"action_id": "a", "value": "v", "type": "button", "action_ts": "1.1"}],
    }
    headers = {"content-type": "application/x-www-form-urlencoded"}
    for fields in (form, {"payload": json.dumps(press)}):
        body = urlencode(fields).encode()
        received = read_webhook(headers, body, now=NOW, asked_until=ASKED_UNTIL)
        assert received.event is not None
        assert received.event.entity == "slack:channel:T1/C1"
