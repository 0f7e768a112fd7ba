"""What OBS shows of the chat, and how all of it looks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from functions.builtins.naming import read_place, shown_places
from functions.builtins.tools import Builtin, Showing, WithClock
from waddlebot.decisions.asking import Asker
from waddlebot.decisions.parts.chat_box.deeds import hide_chat, show_chat
from waddlebot.decisions.parts.overlay_looks.deeds import set_theme
from waddlebot.domain.chat_box import ChatBox
from waddlebot.domain.entities import EntityId, platform_of
from waddlebot.domain.overlay_themes import THEMES
from waddlebot.stores.versions import Edit
from waddlebot_sdk import Answer, Call, Role, command, say_command

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
    summary="How what OBS shows looks, and which chat stands there.",
    commands=(chat_on, chat_off, theme),
)
