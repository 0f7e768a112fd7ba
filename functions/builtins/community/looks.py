"""What OBS shows of the chat, and how all of it looks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial

from functions.builtins.naming import read_place, shown_places
from functions.builtins.tools import Builtin, Showing, WithClock
from waddlebot.decisions.asking import Asker
from waddlebot.decisions.parts.chat_box.deeds import hide_chat, show_chat
from waddlebot.decisions.parts.event_list.deeds import hide_events, list_events
from waddlebot.decisions.parts.overlay_looks.deeds import set_theme
from waddlebot.domain.chat_box import ChatBox
from waddlebot.domain.entities import EntityId, platform_of
from waddlebot.domain.event_list import USUAL_LINES
from waddlebot.domain.overlay_themes import THEMES
from waddlebot.stores.versions import Edit
from waddlebot_sdk import Answer, Call, NotUnderstood, Role, command, say_command

_OPEN = "twitch"
"""Its chat is everybody's to read, so that nobody has to name its channels."""


@dataclass(frozen=True, kw_only=True)
class LookTools(Showing, WithClock):
    """With the time, from which on lines are shown."""


@command(
    "overlay chat on [places]",
    "Show the chat in OBS: of Twitch, of this channel, and of others that you name.",
    also=("overlay chat",),
    example="overlay chat on #general",
    role=Role.MODERATOR,
    private=True,
)
def chat_on(call: Call, tools: LookTools) -> Answer:
    return tools.show_now(call, partial(_show_chat, call, tools))


def _show_chat(call: Call, tools: LookTools, edit: Edit, asker: Asker) -> str:
    named, execution = _named(call, tools), call.execution_id
    box = show_chat(edit, asker, places=named, more=True, now=tools.now, call=execution)
    off, where = say_command("overlay chat off"), _told(box, tools)
    return f"The chat of {where} is shown on general now. Not any more: {off}"


@command(
    "overlay chat off",
    "Show the chat in OBS no more.",
    example="overlay chat off",
    role=Role.MODERATOR,
    private=True,
)
def chat_off(call: Call, tools: LookTools) -> Answer:
    def decide(edit: Edit, asker: Asker) -> str:
        hide_chat(edit, asker, now=tools.now, call=call.execution_id)
        return f"The chat is not shown any more. Again: {say_command('overlay chat on')}"

    return tools.show_now(call, decide)


@command(
    "overlay events on [lines]",
    "List the last follows, subs, gifts, cheers, raids and more in a corner of OBS.",
    also=("overlay events",),
    example="overlay events on 5",
    role=Role.MODERATOR,
    private=True,
)
def events_on(call: Call, tools: LookTools) -> Answer:
    wanted = _lines(call.arguments.get("lines", ""))

    def decide(edit: Edit, asker: Asker) -> str:
        lines = list_events(edit, asker, lines=wanted, now=tools.now, call=call.execution_id)
        events = "event stands" if lines == 1 else f"{lines} events stand"
        off = say_command("overlay events off")
        return f"The last {events} on general now. Not any more: {off}"

    return tools.show_now(call, decide)


@command(
    "overlay events off",
    "List what happened in OBS no more.",
    example="overlay events off",
    role=Role.MODERATOR,
    private=True,
)
def events_off(call: Call, tools: LookTools) -> Answer:
    def decide(edit: Edit, asker: Asker) -> str:
        hide_events(edit, asker, now=tools.now, call=call.execution_id)
        return f"Events are not listed any more. Again: {say_command('overlay events on')}"

    return tools.show_now(call, decide)


@command(
    "overlay theme <theme>",
    "Choose how what OBS shows looks: night, day, neon or outline.",
    example="overlay theme neon",
    role=Role.MODERATOR,
    private=True,
    completes={"theme": tuple(THEMES)},
)
def theme(call: Call, tools: LookTools) -> Answer:
    def decide(edit: Edit, asker: Asker) -> str:
        named = call.arguments["theme"]
        now = set_theme(edit, asker, theme=named, now=tools.now, call=call.execution_id)
        others = ", ".join(one for one in THEMES if one != now)
        return f"Everything in OBS is {now} now: {THEMES[now]}. There are also {others}."

    return tools.show_now(call, decide)


def _lines(typed: str) -> int:
    if typed and not re.fullmatch(r"[0-9]{1,4}", typed):
        how = say_command("overlay events on 5")
        raise NotUnderstood(f"I do not understand '{typed[:40]}'. Say how many: {how}")
    return int(typed or USUAL_LINES)


def _named(call: Call, tools: LookTools) -> list[EntityId]:
    """Without names this channel is meant, which on Twitch is shown anyway."""
    typed = call.arguments.get("places", "").split()
    here = tools.session.spot.entity
    if not typed:
        is_place = platform_of(here) != _OPEN and not tools.session.event.private
        return [here] if is_place else []
    found = (read_place(tools.session, one) for one in typed)
    return [one for one in found if one]


def _told(box: ChatBox, tools: LookTools) -> str:
    called = shown_places(box.places, tools)
    named = [called.place(one) for one in sorted(box.places)]
    is_open = not any(platform_of(one) == _OPEN for one in box.places)
    return ", ".join([*(["Twitch"] if is_open else []), *named])


MODULE = Builtin(
    tools=LookTools,
    name="looks",
    summary="How what OBS shows looks, which chat and which events stand there.",
    commands=(chat_on, chat_off, events_on, events_off, theme),
)
