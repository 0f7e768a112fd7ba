"""The first line in a place: what this is, and how to quiet it."""

from __future__ import annotations

from functions.builtins.tools import Builtin, Deciding
from waddlebot.domain.triggers import FIRST_CONTACT
from waddlebot.stores.communities import Communities
from waddlebot.stores.versions import Edit
from waddlebot_sdk import Answer, Call, on

HELLO = (
    "Hello, I am WaddleBot: I keep quotes and reminders, roll dice and look after this community. "
    "!help shows what you can do. Moderators can quiet me with !waddlebot off."
)


def welcome(call: Call, tools: Deciding) -> Answer:
    """Said once a place: whoever comes second has nothing to say."""
    told = tools.change(call, lambda edit: _greet(edit, tools))
    return told if told.text else None


def _greet(edit: Edit, tools: Deciding) -> str:
    return HELLO if Communities(edit).greet(tools.session.spot.entity) else ""


MODULE = Builtin(
    tools=Deciding,
    name="welcome",
    summary="Says hello where WaddleBot is new.",
    listens=(on(FIRST_CONTACT, welcome),),
)
