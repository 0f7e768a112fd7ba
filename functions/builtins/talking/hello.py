"""First contact: what this is and how to quiet it, and to whoever invited it what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from functions.builtins.tools import Builtin, Changed, Deciding
from waddlebot.domain.events import Caller, MessageType
from waddlebot.domain.executions import Notice
from waddlebot.domain.triggers import FIRST_CONTACT
from waddlebot.stores.places import Places
from waddlebot.stores.versions import Edit
from waddlebot_sdk import Answer, Call, Chat, on, say_command

HELLO = (
    "Hello, I am WaddleBot: I keep quotes and reminders, roll dice and look after this community. "
    f"{say_command('help')} shows what you can do. Moderators can quiet me with "
    f"{say_command('waddlebot off')}."
)
NEXT = (
    f"Thank you for bringing me here. Nothing has to be set up: type {say_command('help')} in a "
    f"channel where I can read. What most do next: {say_command('roles give @name moderator')} "
    f"says who may look after things, {say_command('rules add word nitro block')} keeps a word "
    f"away, {say_command('settings')} shows what can be set, and "
    f"{say_command('command off quote here')} switches a command off in a channel. In a channel "
    f"where I shall say nothing: {say_command('waddlebot off')}."
)


def welcome(call: Call, tools: Deciding) -> Answer:
    """Said once a server or channel, as a line of its own: nobody has asked for it."""
    _, *notices = tools.change_and_tell(call, lambda edit: _greet(edit, tools))
    if isinstance(tools.session.event.way_back, Caller):  # whoever calls says it themselves
        return [Chat(notice.text) for notice in notices]
    # Notices are the router's own; the public contract knows responses alone.
    return cast(Answer, _or_nothing(notices))


def advise(_call: Call, _tools: Deciding) -> Answer:
    return Chat(NEXT, private=True)


def _greet(edit: Edit, tools: Deciding) -> Changed:
    is_first = Places(edit).greet(tools.session.spot.entity)
    hello = Notice(entity=tools.session.event.entity, text=HELLO)
    return Changed(text="", notices=(hello,) if is_first else ())


def _or_nothing(notices: Sequence[Notice]) -> Sequence[Notice] | None:
    return notices or None


MODULE = Builtin(
    tools=Deciding,
    name="hello",
    summary="Says hello where WaddleBot is new.",
    listens=(on(FIRST_CONTACT, welcome), on(MessageType.INVITED, advise)),
)
