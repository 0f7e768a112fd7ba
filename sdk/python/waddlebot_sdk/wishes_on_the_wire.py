"""What a module wishes, read from JSON; each raises NotAResponse."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from waddlebot_sdk.emoji import is_emoji
from waddlebot_sdk.wire_texts import NotAResponse, text_of
from waddlebot_sdk.wishes import (
    MOST_PLACE,
    PERSON,
    Announce,
    DeleteLine,
    May,
    React,
    SayElsewhere,
    ShoutOut,
    Wish,
)


def _announce(item: Mapping[str, Any]) -> Wish:
    return Announce(_words(item))


def _react(item: Mapping[str, Any]) -> Wish:
    emoji = text_of(item, "emoji").strip()
    if not is_emoji(emoji):
        raise NotAResponse(f"emoji is one emoji, such as 🎂 or :cake:, not {emoji[:40]!r}")
    return React(emoji)


def _delete(_: Mapping[str, Any]) -> Wish:
    return DeleteLine()


def _shout_out(item: Mapping[str, Any]) -> Wish:
    person = text_of(item, "person")
    if not PERSON.fullmatch(person):
        raise NotAResponse("person is the id of an account, or @ and its login")
    return ShoutOut(person)


def _say_elsewhere(item: Mapping[str, Any]) -> Wish:
    place = text_of(item, "place")
    if not 0 < len(place) <= MOST_PLACE:
        raise NotAResponse("place is the id of a place, such as twitch:channel:1001")
    return SayElsewhere(_words(item), place)


def _words(item: Mapping[str, Any]) -> str:
    """What is to be said on its own, so that there must be something."""
    text = text_of(item, "chat_message")
    if not text.strip():
        raise NotAResponse("chat_message is empty, so there is nothing to say")
    return text


WISHES: Mapping[May, Callable[[Mapping[str, Any]], Wish]] = {
    May.ANNOUNCE: _announce,
    May.REACT: _react,
    May.DELETE: _delete,
    May.SHOUT_OUT: _shout_out,
    May.SAY_ELSEWHERE: _say_elsewhere,
}
