"""What a timer says: its text, with those variables of custom commands that need nobody."""

from __future__ import annotations

from functions.modules.timers import texts
from waddlebot.domain.custom_variables import tell
from waddlebot.domain.errors import Refusal
from waddlebot.domain.unasked_texts import calling_of, needs_a_line
from waddlebot.platforms import find_abilities
from waddlebot_sdk import Call, NotUnderstood


def check_said(text: str) -> str:
    """The same. Raises NotUnderstood: a variable is none, or needs who is not there."""
    try:
        needing = needs_a_line(text)
    except Refusal as refusal:
        raise NotUnderstood(texts.wrong_variable(refusal.say)) from refusal
    if needing:
        raise NotUnderstood(texts.knows_nobody(needing))
    return text


def said(text: str, call: Call, *, name: str) -> str:
    """As it is said in that place now."""
    most = find_abilities(call.entity.platform).most_characters
    try:
        return tell(text, calling_of(call, name=name), most=most)
    except Refusal:  # of another release
        return text
