"""What a timer says: its text, with those variables of custom commands that need nobody."""

from __future__ import annotations

from datetime import datetime
from random import Random

from functions.modules.timers import texts
from waddlebot.domain.custom_meanings import CALLERS, Calling
from waddlebot.domain.custom_texts import Variable, read_text, variables_of
from waddlebot.domain.custom_variables import check_text, tell, what_it_needs
from waddlebot.domain.entities import parse_entity
from waddlebot.domain.errors import Refusal
from waddlebot.platforms import find_abilities
from waddlebot_sdk import Call, NotUnderstood

_OF_A_LINE = frozenset(
    {
        *CALLERS,
        *("touser", "userid", "userlevel", "query", "args", "querystring", "queryescape"),
        *("pathescape", "command", "msgid", "count", "getcount"),
    }
)


def check_said(text: str) -> str:
    """The same. Raises NotUnderstood: a variable is none, or needs who is not there."""
    try:
        check_text(text)
        needing = next(filter(_needs_more, variables_of(read_text(text))), None)
    except Refusal as refusal:
        raise NotUnderstood(texts.wrong_variable(refusal.say)) from refusal
    if needing is not None:
        raise NotUnderstood(texts.knows_nobody(needing.name))
    return text


def said(text: str, call: Call, *, name: str, now: datetime) -> str:
    """As it is said in that place now."""
    calling = Calling(
        command=name,
        typed="",
        user="",
        user_id="",
        level="",
        channel=call.community.name,
        platform=call.entity.platform,
        now=now,
        zone=call.community.time_zone,
        chance=Random(call.execution_id),  # noqa: S311
        count=lambda _counter, _by: 0,
        place=parse_entity(call.entity.id).channel,
    )
    try:
        return tell(text, calling, most=find_abilities(call.entity.platform).most_characters)
    except Refusal:  # of another release
        return text


def _needs_more(variable: Variable) -> bool:
    first = variable.name.partition(".")[0]
    return bool(variable.position) or first in _OF_A_LINE or what_it_needs(variable) is not None
