"""What Discord has to allow the bot, and whether it does (docs: "Gateway Intents", "OAuth2")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from waddlebot.domain.public_addresses import PublicAddress
from waddlebot.platforms.connecting import (
    Check,
    Checking,
    ConnectingStep,
    Variables,
    missing,
    no_answer,
    public_door,
)
from waddlebot.platforms.delivering import HttpAnswer, HttpCall
from waddlebot.platforms.fields import number_at, text_at

INTENTS = (
    "guilds",
    "members",
    "bans",
    "voice_states",
    "guild_messages",
    "guild_reactions",
    "dm_messages",
    "message_content",
    "auto_moderation_execution",
)
"""As py-cord names them."""
_PRIVILEGED: Mapping[str, int] = MappingProxyType(
    {"Server Members Intent": 1 << 14 | 1 << 15, "Message Content Intent": 1 << 18 | 1 << 19}
)
"""Flags of the application: granted, or granted to a bot on few servers."""
PERMISSIONS: Mapping[str, int] = MappingProxyType(
    {
        "View Channels": 1 << 10,
        "Send Messages": 1 << 11,
        "Send Messages in Threads": 1 << 38,
        "Read Message History": 1 << 16,
        "Add Reactions": 1 << 6,
        "Manage Messages": 1 << 13,
        "Moderate Members": 1 << 40,
        "Kick Members": 1 << 1,
        "Ban Members": 1 << 2,
        "View Audit Log": 1 << 7,
    }
)
_PORTAL = "https://discord.com/developers/applications"
_VARIABLES: Mapping[str, str] = MappingProxyType(
    {
        "DISCORD_TOKEN": "It is under Bot, Reset Token.",
        "DISCORD_APPLICATION_ID": "It is under General Information, Application ID.",
        "DISCORD_PUBLIC_KEY": "It is under General Information, Public Key.",
    }
)


def steps(variables: Variables, public: PublicAddress) -> Sequence[ConnectingStep]:
    door = public_door(public, "discord")
    application = variables.get("DISCORD_APPLICATION_ID") or "<DISCORD_APPLICATION_ID>"
    address = (
        ConnectingStep(
            do="General Information, Interactions Endpoint URL, once the platform runs:", copy=door
        )
        if door
        else ConnectingStep(
            do="General Information, Interactions Endpoint URL: leave it empty. Without a public "
            "address interactions come over the gateway."
        )
    )
    return [
        ConnectingStep(do="Make an application, New Application:", copy=_PORTAL),
        ConnectingStep(
            do=f"Bot, Privileged Gateway Intents: switch on {' and '.join(_PRIVILEGED)}."
        ),
        ConnectingStep(do="Put into .env what the application shows:", copy="\n".join(_VARIABLES)),
        address,
        ConnectingStep(do="Invite the bot to a server:", copy=invitation(application)),
    ]


def invitation(application: str) -> str:
    asked = {
        "client_id": application,
        "scope": "bot applications.commands",
        "permissions": str(sum(PERMISSIONS.values())),
    }
    return f"https://discord.com/oauth2/authorize?{urlencode(asked, safe='<>')}"


def check(variables: Variables, public: PublicAddress) -> Checking:
    absent = missing(variables, _VARIABLES)
    if not variables.get("DISCORD_TOKEN"):
        return absent
    me = yield _call(variables, "/users/@me")
    if me.status == 401:
        do = "Set the bot's current token: Bot, Reset Token."
        return [*absent, Check(what="Discord does not take DISCORD_TOKEN", is_well=False, do=do)]
    if me.status != 200:
        return [*absent, no_answer("Discord", me)]
    found = [*absent, Check(what=f"DISCORD_TOKEN is {text_at(me.json, 'username')}'s")]
    application = yield _call(variables, "/applications/@me")
    if application.status != 200:
        return [*found, no_answer("Discord", application)]
    found += _of_application(application.json, variables, public_door(public, "discord"))
    servers = yield _call(variables, "/users/@me/guilds")
    return [*found, _of_servers(servers, variables)]


def _of_application(told: Any, variables: Variables, door: str) -> Sequence[Check]:
    found = []
    for name, field in (("DISCORD_APPLICATION_ID", "id"), ("DISCORD_PUBLIC_KEY", "verify_key")):
        if variables.get(name):
            is_well = variables[name] == text_at(told, field)
            what = f"{name} is {'this' if is_well else 'not this'} application's"
            found.append(Check(what=what, is_well=is_well, do="" if is_well else _VARIABLES[name]))
    flags = number_at(told, "flags") or 0
    for intent, bits in _PRIVILEGED.items():
        if flags & bits:
            found.append(Check(what=f"{intent} is on"))
        else:
            do = "Switch it on: Bot, Privileged Gateway Intents."
            found.append(Check(what=f"{intent} is off", is_well=False, do=do))
    return [*found, _of_address(text_at(told, "interactions_endpoint_url"), door)]


def _of_address(there: str, door: str) -> Check:
    if not there:
        return Check(what="Interactions come over the gateway")
    if door and there != door:
        what = f"Interactions go to {there}"
        do = f"Set {door} as Interactions Endpoint URL, or leave it empty."
        return Check(what=what, is_well=False, do=do)
    return Check(what=f"Interactions come to {there}")


def _of_servers(answer: HttpAnswer, variables: Variables) -> Check:
    if answer.status != 200 or not isinstance(answer.json, list):
        return no_answer("Discord", answer)
    if answer.json:
        return Check(what=f"The bot is on {len(answer.json)} of your servers or more")
    application = variables.get("DISCORD_APPLICATION_ID") or "<DISCORD_APPLICATION_ID>"
    return Check(
        what="The bot is on no server", is_well=False, do=f"Invite it: {invitation(application)}"
    )


def _call(variables: Variables, path: str) -> HttpCall:
    api = variables.get("DISCORD_API_URL") or "https://discord.com/api/v10"
    return HttpCall(
        method="GET",
        url=f"{api}{path}",
        headers={
            "authorization": f"Bot {variables['DISCORD_TOKEN']}",
            "user-agent": "DiscordBot (https://github.com/waddlebot, 1.0)",
        },
        json=None,
        bucket="connect",
    )
