"""What Slack has to allow the app, and whether it does (docs: "App manifest", "Scopes")."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from waddlebot.domain.public_addresses import VARIABLE, PublicAddress
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
from waddlebot.platforms.slack.scopes import BOT_SCOPES, LENT_SCOPES
from waddlebot.platforms.slack.slash_commands import OURS

SCOPES = tuple(BOT_SCOPES)
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
    "team_access_granted",
    "team_access_revoked",
    "team_join",
    "tokens_revoked",
    "user_change",
)
_APPS = "https://api.slack.com/apps?new_app=1"
_TOKEN = "SLACK_BOT_TOKEN"  # noqa: S105 - a variable's name
_VARIABLES: Mapping[str, str] = MappingProxyType(
    {
        _TOKEN: "It is under OAuth & Permissions, Bot User OAuth Token.",
        "SLACK_SIGNING_SECRET": "It is under Basic Information, Signing Secret.",
    }
)
_APP: Mapping[str, str] = MappingProxyType(
    {
        "SLACK_CLIENT_ID": "It is under Basic Information, App Credentials.",
        "SLACK_CLIENT_SECRET": "It is under Basic Information, App Credentials.",
    }
)
_CODE_OF_NOBODY = "waddlebot-connect"
_APP_IS_KNOWN = frozenset({"invalid_code", "code_expired", "code_already_used"})
_WHERE_SOCKET = (
    "It is under Basic Information, App-Level Tokens, Generate, with the scope connections:write."
)


def steps(_variables: Variables, public: PublicAddress) -> Sequence[ConnectingStep]:
    door = public_door(public, "slack")
    names = [*_VARIABLES] if door else [*_VARIABLES, "SLACK_APP_TOKEN"]
    made = [
        ConnectingStep(do="Make an app, From a manifest, and choose your workspace:", copy=_APPS),
        ConnectingStep(do="Paste this as its manifest:", copy=manifest(public)),
        ConnectingStep(do="Install App, Install to Workspace."),
    ]
    if not door:
        do = "Without a public address everything comes over a socket, which has a token. "
        made.append(ConnectingStep(do=do + _WHERE_SOCKET))
    return [
        *made,
        ConnectingStep(do="Put into .env what the app shows:", copy="\n".join(names)),
        *_many_workspaces(public),
        ConnectingStep(do=f"Invite it to a channel: /invite @WaddleBot, and try {OURS} help"),
    ]


def _many_workspaces(public: PublicAddress) -> Sequence[ConnectingStep]:
    """How people let the app into workspaces of their own, in any number."""
    if not public.is_set:
        return ()
    where = public.at("/connect/slack")
    do = (
        f"So that people connect workspaces of their own at {where}, this must stand under OAuth "
        "& Permissions, Redirect URLs (the manifest has it):"
    )
    app = ["SLACK_SIGNING_SECRET", *_APP]
    return (
        ConnectingStep(do=do, copy=redirect_address(public)),
        ConnectingStep(
            do=(
                "Manage Distribution, Activate Public Distribution lets it into workspaces other "
                "than yours. Then these are enough, and the token need not be set:"
            ),
            copy="\n".join(app),
        ),
    )


def redirect_address(public: PublicAddress) -> str:
    """Where Slack sends whoever let the app into a workspace."""
    return public.at("/connect/slack/callback")


def manifest(public: PublicAddress) -> str:
    """As Slack's page takes it; where Slack cannot reach us, over the socket."""
    door = public_door(public, "slack")
    back = {"redirect_urls": [redirect_address(public), public.at("/signin/slack/callback")]}
    address = {"url": door} if door else {}
    requests = {"request_url": door} if door else {}
    # What is asked while somebody types into a menu comes to an address of its own.
    options = {"message_menu_options_url": door} if door else {}
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
        "oauth_config": {**(back if door else {}), "scopes": _scopes()},
        "settings": {
            "event_subscriptions": {**requests, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **requests, **options},
            # A whole organisation may let it in; without this Slack tells nothing of one.
            "org_deploy_enabled": True,
            "socket_mode_enabled": not door,
        },
    }
    return json.dumps(whole, indent=2)


def _scopes() -> Mapping[str, Sequence[str]]:
    """What is lent is each person's choice, also where the app is installed from its own page."""
    lent = list(LENT_SCOPES)
    return {"bot": list(SCOPES), "user": lent, "user_optional": lent}


def check(variables: Variables, public: PublicAddress) -> Checking:
    has_app = any(variables.get(name) for name in _APP)
    needed = {name: do for name, do in _VARIABLES.items() if not (has_app and name == _TOKEN)}
    absent = missing(variables, {**needed, **(_APP if has_app else {})})
    if not public_door(public, "slack") and not variables.get("SLACK_APP_TOKEN"):
        what = "SLACK_APP_TOKEN is not set, and there is no public address"
        absent.append(Check(what=what, is_well=False, do=_WHERE_SOCKET))
    found = [*absent]
    if all(variables.get(name) for name in _APP):
        found += yield from _of_app(variables, public)
    if variables.get(_TOKEN):
        found += yield from _of_token(variables)
    if variables.get("SLACK_APP_TOKEN") and (variables.get(_TOKEN) or has_app):
        found += yield from _of_socket(variables)
    return found


def _of_app(variables: Variables, public: PublicAddress) -> Checking:
    """Slack says that it does not know a code only to an app that it knows."""
    asked = {
        "client_id": variables["SLACK_CLIENT_ID"],
        "client_secret": variables["SLACK_CLIENT_SECRET"],
        "code": _CODE_OF_NOBODY,
    }
    answer = yield HttpCall(
        method="POST",
        url=f"{_api(variables)}/oauth.v2.access",
        headers={},
        form=asked,
        bucket="connect",
    )
    if answer.status != 200:
        return [no_answer("Slack", answer)]
    error = text_at(answer.json, "error")
    if error not in _APP_IS_KNOWN:
        what = f"Slack does not take SLACK_CLIENT_ID with its secret: {error}"
        return [Check(what=what, is_well=False, do=_APP["SLACK_CLIENT_ID"])]
    found = [Check(what="SLACK_CLIENT_ID is of an app that Slack knows")]
    if public.is_set:
        words = f"Workspaces are connected at {public.at('/connect/slack')}"
        found.append(Check(what=words))
    elif not variables.get(_TOKEN):
        do = (
            f"Set {VARIABLE}, and enter that address with {redirect_address(public)} behind it "
            "under OAuth & Permissions, Redirect URLs."
        )
        what = "Nobody can connect a workspace: there is no public address"
        found.append(Check(what=what, is_well=False, do=do))
    return found


def _of_token(variables: Variables) -> Checking:
    answer = yield _call(variables, "auth.test", _TOKEN)
    if answer.status != 200:
        return [no_answer("Slack", answer)]
    if not answer.json or not answer.json.get("ok"):
        what = f"Slack does not take SLACK_BOT_TOKEN: {text_at(answer.json, 'error')}"
        return [Check(what=what, is_well=False, do=_VARIABLES[_TOKEN])]
    return [
        Check(what=f"SLACK_BOT_TOKEN is of the workspace {text_at(answer.json, 'team')}"),
        _of_scopes(answer.headers.get("x-oauth-scopes", "")),
    ]


def _of_socket(variables: Variables) -> Checking:
    opened = yield _call(variables, "apps.connections.open", "SLACK_APP_TOKEN")
    if opened.json and opened.json.get("ok"):
        return [Check(what="SLACK_APP_TOKEN opens a socket")]
    what = f"Slack does not take SLACK_APP_TOKEN: {text_at(opened.json, 'error')}"
    return [Check(what=what, is_well=False, do=_WHERE_SOCKET)]


def _of_scopes(told: str) -> Check:
    given = {one.strip() for one in told.split(",")}
    left = [one for one in SCOPES if one not in given]
    if not left:
        return Check(what="The app has all scopes")
    do = "Add them under OAuth & Permissions, and install the app again."
    return Check(what=f"Scopes are missing: {', '.join(left)}", is_well=False, do=do)


def _call(variables: Variables, method: str, token: str) -> HttpCall:
    return HttpCall(
        method="POST",
        url=f"{_api(variables)}/{method}",
        headers={"authorization": f"Bearer {variables[token]}"},
        json={},
        bucket="connect",
    )


def _api(variables: Variables) -> str:
    return (variables.get("SLACK_API_URL") or "https://slack.com/api").rstrip("/")
