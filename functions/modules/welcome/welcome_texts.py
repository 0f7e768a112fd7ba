"""What newcomers read: the community's text, with those variables that need nobody who types."""

from __future__ import annotations

import re

from functions.modules.welcome import texts
from functions.modules.welcome.kept_welcome import Welcome
from waddlebot.domain.custom_variables import tell
from waddlebot.domain.errors import Refusal
from waddlebot.domain.unasked_texts import calling_of, needs_a_line
from waddlebot.domain.unseen import is_blank
from waddlebot.platforms import find_abilities
from waddlebot_sdk import Call, NotUnderstood
from waddlebot_sdk.grammar import without_quotes

MOST_TEXT = 400
_SHORT = re.compile(r"(?<![$\\])\{\s*(?P<name>user|community)\s*\}", re.IGNORECASE)
_MEANS = {"user": "$(user)", "community": "$(channel)"}


def read_text(typed: str) -> str:
    """In one line, with its variables as custom commands write them. Raises NotUnderstood."""
    text = " ".join(without_quotes(typed.strip()).split())
    if is_blank(text):
        raise NotUnderstood(texts.no_text())
    text = _SHORT.sub(lambda found: _MEANS[found["name"].lower()], text)
    if len(text) > MOST_TEXT:
        raise NotUnderstood(texts.too_long(MOST_TEXT))
    try:
        needing = needs_a_line(text, is_about_somebody=True)
    except Refusal as refusal:
        raise NotUnderstood(texts.wrong_variable(refusal.say)) from refusal
    if needing:
        raise NotUnderstood(texts.nobody_types(needing))
    return text


def said(welcome: Welcome, call: Call, *, name: str) -> str:
    """As somebody of this name reads it."""
    text = welcome.text or texts.USUAL
    most = find_abilities(call.entity.platform).most_characters
    try:
        return tell(text, calling_of(call, name="welcome", user=name), most=most)
    except Refusal:  # of another release
        return text
