"""What Slack has to allow the app, and whether it does (docs: "App manifest", "Scopes")."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from waddlebot.platforms.connecting import (
    Check,
    Checking,
    ConnectingStep,
    Variables,
    missing,
    no_answer,
    public_door,
)
from waddlebot.platforms.delivering import HttpCall
from waddlebot.platforms.fields import text_at
from waddlebot.platforms.slack.slash_commands import OURS

SCOPES = (
    "app_mentions:read",
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "files:read",
    "groups:history",
    "groups:read",
    "im:history",
    "im:write",
    "mpim:history",
    "reactions:read",
    "reactions:write",
    "team:read",
    "usergroups:read",
    "users:read",
)
EVENTS = (
    "app_mention",
    "app_uninstalled",
    "file_shared",
    "member_joined_channel",
    "member_left_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "message.mpim",
    "reaction_added",
    "subteam_members_changed",
    "subteam_updated",
    "team_join",
    "tokens_revoked",
    "user_change",
)
_APPS = "https://api.slack.com/apps?new_app=1"
_VARIABLES: Mapping[str, str] = MappingProxyType(
    {
        "SLACK_BOT_TOKEN": "It is under OAuth & Permissions, Bot User OAuth Token.",
        "SLACK_SIGNING_SECRET": "It is under Basic Information, Signing Secret.",
    }
)
_WHERE_SOCKET = (
    "It is under Basic Information, App-Level Tokens, Generate, with the scope connections:write."
)


def steps(_variables: Variables, public_url: str) -> Sequence[ConnectingStep]:
    door = public_door(public_url, "slack")
    names = [*_VARIABLES] if door else [*_VARIABLES, "SLACK_APP_TOKEN"]
    made = [
        ConnectingStep(do="Make an app, From a manifest, and choose your workspace:", copy=_APPS),
        ConnectingStep(do="Paste this as its manifest:", copy=manifest(door)),
        ConnectingStep(do="Install App, Install to Workspace."),
    ]
    if not door:
        do = "Without a public address everything comes over a socket, which has a token. "
        made.append(ConnectingStep(do=do + _WHERE_SOCKET))
    return [
        *made,
        ConnectingStep(do="Put into .env what the app shows:", copy="\n".join(names)),
        ConnectingStep(do=f"Invite it to a channel: /invite @WaddleBot, and try {OURS} help"),
    ]


def manifest(door: str) -> str:
    """As Slack's page takes it; without a door over the socket."""
    address = {"url": door} if door else {}
    requests = {"request_url": door} if door else {}
    command = {
        "command": OURS,
        "description": "Everything that WaddleBot can do",
        "usage_hint": "help",
        "should_escape": True,
        **address,
    }
    whole = {
        "display_information": {"name": "WaddleBot"},
        "features": {
            "bot_user": {"display_name": "WaddleBot", "always_online": True},
            "app_home": {"messages_tab_enabled": True, "messages_tab_read_only_enabled": False},
            "slash_commands": [command],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**requests, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **requests},
            "socket_mode_enabled": not door,
        },
    }
    return json.dumps(whole, indent=2)


def check(variables: Variables, public_url: str) -> Checking:
    absent = missing(variables, _VARIABLES)
    if not public_url and not variables.get("SLACK_APP_TOKEN"):
        what = "SLACK_APP_TOKEN is not set, and there is no public address"
        absent.append(Check(what=what, is_well=False, do=_WHERE_SOCKET))
    if not variables.get("SLACK_BOT_TOKEN"):
        return absent
    answer = yield _call(variables, "auth.test", "SLACK_BOT_TOKEN")
    if answer.status != 200:
        return [*absent, no_answer("Slack", answer)]
    if not answer.json or not answer.json.get("ok"):
        what = f"Slack does not take SLACK_BOT_TOKEN: {text_at(answer.json, 'error')}"
        return [*absent, Check(what=what, is_well=False, do=_VARIABLES["SLACK_BOT_TOKEN"])]
    found = [
        *absent,
        Check(what=f"SLACK_BOT_TOKEN is of the workspace {text_at(answer.json, 'team')}"),
    ]
    found.append(_of_scopes(answer.headers.get("x-oauth-scopes", "")))
    if variables.get("SLACK_APP_TOKEN"):
        opened = yield _call(variables, "apps.connections.open", "SLACK_APP_TOKEN")
        if opened.json and opened.json.get("ok"):
            found.append(Check(what="SLACK_APP_TOKEN opens a socket"))
        else:
            what = f"Slack does not take SLACK_APP_TOKEN: {text_at(opened.json, 'error')}"
            found.append(Check(what=what, is_well=False, do=_WHERE_SOCKET))
    return found


def _of_scopes(told: str) -> Check:
    given = {one.strip() for one in told.split(",")}
    left = [one for one in SCOPES if one not in given]
    if not left:
        return Check(what="The app has all scopes")
    do = "Add them under OAuth & Permissions, and install the app again."
    return Check(what=f"Scopes are missing: {', '.join(left)}", is_well=False, do=do)


def _call(variables: Variables, method: str, token: str) -> HttpCall:
    api = variables.get("SLACK_API_URL") or "https://slack.com/api"
    return HttpCall(
        method="POST",
        url=f"{api}/{method}",
        headers={"authorization": f"Bearer {variables[token]}"},
        json={},
        bucket="connect",
    )
