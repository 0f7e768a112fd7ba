"""How a community welcomes newcomers: shown, switched, worded, placed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from functions.modules.welcome import texts
from functions.modules.welcome.kept_welcome import Welcome
from functions.modules.welcome.store import Welcomes
from functions.modules.welcome.welcome_texts import read_text, said
from waddlebot.domain.entities import channel_entity, parse_entity
from waddlebot_sdk import Answer, Call, Chat, NotUnderstood, Role, SayElsewhere, command

_ID = re.compile(r"\w{1,64}", re.ASCII)
_CHANNEL = re.compile(r"<#(?P<id>\w{1,64})(?:\|[^<>]*)?>", re.ASCII)
MOST_NAME = 100
"""Of a channel, as it was typed."""


@command(
    "welcome",
    "Show who is welcomed, where, and what they read.",
    example="welcome",
    role=Role.MODERATOR,
)
def show(call: Call, welcomes: Welcomes) -> Answer:
    found = welcomes.find(call.community.id)
    return Chat(texts.state(found, _preview(call, found), here=call.entity.id))


@command(
    "welcome on",
    "Welcome whoever writes for the first time; whom I know already is not new.",
    example="welcome on",
    role=Role.MODERATOR,
)
def switch_on(call: Call, welcomes: Welcomes) -> Answer:
    kept = _changed(call, welcomes, first_lines=True)
    return Chat(texts.switched_on(kept, _preview(call, kept), here=call.entity.id))


@command(
    "welcome off",
    "Welcome nobody who writes for the first time.",
    example="welcome off",
    role=Role.MODERATOR,
)
def switch_off(call: Call, welcomes: Welcomes) -> Answer:
    _changed(call, welcomes, first_lines=False)
    return Chat(texts.switched_off())


@command(
    "welcome text <words>",
    "Say what newcomers read, with {user} and {community}; usual is how it was.",
    example=texts.EXAMPLE,
    role=Role.MODERATOR,
    per_minute=20,
)
def set_text(call: Call, welcomes: Welcomes) -> Answer:
    is_usual = call.text.strip().casefold() == "usual"
    text = "" if is_usual else read_text(call.in_words(call.text))
    kept = _changed(call, welcomes, text=text)
    return Chat(texts.text_kept(kept, _preview(call, kept)))


@command(
    "welcome in <place>",
    "Welcome newcomers in one channel: #channel, here, or usual for where they wrote or came.",
    example="welcome in #lobby",
    role=Role.MODERATOR,
    completes={"place": ("here", "usual")},
)
def place(call: Call, welcomes: Welcomes) -> Answer:
    typed = call.arguments["place"].strip()
    name = "" if typed.casefold() in {"here", "usual"} else call.in_words(typed)[:MOST_NAME]
    kept = _changed(call, welcomes, place=_place(call, typed), place_name=name)
    said = Chat(texts.placed(kept, here=call.entity.id))
    if kept.place in {"", call.entity.id}:
        return said
    return [said, SayElsewhere(texts.named_here(), place=kept.place)]


@command(
    "welcome join <on-or-off>",
    "Welcome whoever joins a server or workspace, or no more.",
    example="welcome join on",
    role=Role.MODERATOR,
    completes={"on-or-off": ("on", "off")},
)
def join(call: Call, welcomes: Welcomes) -> Answer:
    typed = call.arguments["on-or-off"].strip().casefold()
    if typed not in {"on", "off"}:
        raise NotUnderstood(texts.on_or_off(typed))
    kept = _changed(call, welcomes, joins=typed == "on")
    if not kept.joins:
        return Chat(texts.joins_off())
    return Chat(texts.joins_on(kept, _preview(call, kept), here=call.entity.id))


def _place(call: Call, typed: str) -> str:
    """Of the server where it is typed, as far as people say; empty is as usual. Whether it is one
    of this community is found wherever something is to be said there. Raises NotUnderstood.
    """
    if typed.casefold() == "usual":
        return ""
    if call.later.get("private"):
        raise NotUnderstood(texts.not_in_private())
    if typed.casefold() == "here":
        return call.entity.id
    found, here = _CHANNEL.fullmatch(typed), parse_entity(call.entity.id)
    channel = found["id"] if found else _named(call, typed)
    if not (channel and here.server):
        raise NotUnderstood(texts.no_place(call.in_words(typed)))
    return channel_entity(here.platform, channel, server=here.server)


def _named(call: Call, typed: str) -> str:
    """The id of a channel whose name stands in the line, as the platform told it; else empty."""
    told = call.data.get("channels")
    found = told.get(typed.removeprefix("#")) if isinstance(told, Mapping) else None
    return found if isinstance(found, str) and _ID.fullmatch(found) else ""


def _changed(call: Call, welcomes: Welcomes, **changes: bool | str) -> Welcome:
    kept = replace(welcomes.hold(call.community.id), **changes)  # type: ignore[arg-type]
    welcomes.keep(call.community.id, kept)
    return kept


def _preview(call: Call, welcome: Welcome) -> str:
    """As whoever asks would read it."""
    return f"“{said(welcome, call, name=call.user.name if call.user else 'Ana')}”"


COMMANDS = (show, switch_on, switch_off, set_text, place, join)
