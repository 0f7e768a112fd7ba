"""What is said of a friend in a community's own words: `See {user} play {game}: {link}`."""

from __future__ import annotations

import re

from functions.modules.shoutouts import texts
from functions.modules.shoutouts.streamers import StreamerNamed
from waddlebot.domain.custom_texts import read_text, variables_of
from waddlebot.domain.errors import Refusal
from waddlebot.domain.unseen import is_blank
from waddlebot_sdk import NotUnderstood

MOST_WORDS = 300
_PLACE = re.compile(r"\{\s*(\w{1,20})\s*\}")


def check_words(text: str) -> str:
    """In one line. Raises NotUnderstood: too long, nothing to read, or a place that is none."""
    text = " ".join(text.split())
    if is_blank(text):
        raise NotUnderstood(texts.no_words())
    if len(text) > MOST_WORDS:
        raise NotUnderstood(texts.words_too_long(len(text), MOST_WORDS))
    try:
        variable = next(variables_of(read_text(text)), None)
    except Refusal as refusal:
        raise NotUnderstood(texts.wrong_words(refusal.say)) from refusal
    if variable is not None:
        raise NotUnderstood(texts.no_variables(variable.name))
    for place in _PLACE.findall(text):
        if place.lower() not in texts.PLACES:
            raise NotUnderstood(texts.no_such_place(place))
    return text


def fill_in(text: str, streamer: StreamerNamed) -> str:
    """What Twitch says is put in once, whatever signs it has."""
    said = {
        "user": streamer.name,
        "game": streamer.game or texts.SOME_GAME,
        "title": streamer.title or texts.SOME_TITLE,
        "link": streamer.link,
    }
    return _PLACE.sub(lambda place: said.get(place[1].lower(), place[0]), text)
