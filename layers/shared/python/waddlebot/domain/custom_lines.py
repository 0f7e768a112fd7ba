"""Variables of custom commands that say who typed it, where, and what behind it; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote, quote_plus

from waddlebot.domain.custom_meanings import CALLERS, Calling, Meaning
from waddlebot.domain.custom_texts import wrong
from waddlebot_sdk.grammar import take_words

MOST_REPEATED = 20

_TIMES = re.compile(r"\d{1,9}")


def at_place(place: re.Match[str], calling: Calling) -> str:
    first = int(place["first"])
    if place["onwards"]:
        return take_words(calling.typed, first - 1)[1]
    last = int(place["last"] or first)
    return " ".join(calling.words[first - 1 : last])


def _touser(calling: Calling, _given: str) -> str:
    first = next(iter(calling.words), "")
    return first.removeprefix("@") or calling.user


def _user(calling: Calling, given: str) -> str:
    return given.removeprefix("@") or calling.user


def _repeat(_calling: Calling, given: str) -> str:
    words, rest = take_words(given, 1)
    times = words[0] if words else ""
    return " ".join([rest] * min(int(times) if _TIMES.fullmatch(times) else 0, MOST_REPEATED))


def _check_repeat(given: str) -> None:
    words, rest = take_words(given, 1)
    if not (words and _TIMES.fullmatch(words[0]) and int(words[0]) <= MOST_REPEATED and rest):
        raise wrong(f"Say how often, {MOST_REPEATED} at most, and what: $(repeat 3 Waddle)")


def _tweet(_calling: Calling, given: str) -> str:
    return f"https://x.com/intent/tweet?text={quote(given, safe='')}"


def _check_tweet(given: str) -> None:
    if not given:
        raise wrong("Say what is to be posted: $(tweet Come and waddle with us!)")


_USER = Meaning(say=_user)
_TYPED = Meaning(say=lambda calling, _: calling.typed)
_CHANNEL = Meaning(say=lambda calling, _: calling.channel)
_LEVEL = Meaning(say=lambda calling, _: calling.level)
_LOWER = Meaning(say=lambda calling, given: _user(calling, given).lower())
_PLATFORM = Meaning(say=lambda calling, _: calling.platform)
_PLACE = Meaning(say=lambda calling, _: calling.place)

OF_LINES: Mapping[str, Meaning] = {
    "user": _USER,
    "sender": _USER,
    "source": _USER,
    **{f"{who}.name": _LOWER for who in CALLERS},
    "touser": Meaning(say=_touser),
    "touser.name": Meaning(say=lambda calling, given: _touser(calling, given).lower()),
    "userid": Meaning(say=lambda calling, _: calling.user_id),
    "userlevel": _LEVEL,
    **{f"{who}.level": _LEVEL for who in CALLERS},
    "query": _TYPED,
    "args": _TYPED,
    "querystring": Meaning(say=lambda calling, _: quote_plus(calling.typed)),
    "queryescape": Meaning(say=lambda calling, given: quote_plus(given or calling.typed)),
    "pathescape": Meaning(say=lambda calling, given: quote(given or calling.typed, safe="")),
    "channel": _CHANNEL,
    "channel.display_name": _CHANNEL,
    "channel.alias": Meaning(say=lambda calling, _: calling.channel.lower()),
    "channelid": _PLACE,
    "chatid": _PLACE,
    "channel.id": _PLACE,
    "channel.provider_id": _PLACE,
    "platform": _PLATFORM,
    "provider": _PLATFORM,
    "channel.provider": _PLATFORM,
    "command": Meaning(say=lambda calling, _: f"{calling.prefix}{calling.command}"),
    "msgid": Meaning(say=lambda calling, _: calling.line),
    "pointsname": Meaning(say=lambda _calling, _: "points"),
    "tweet": Meaning(say=_tweet, check=_check_tweet),
    "repeat": Meaning(say=_repeat, check=_check_repeat),
}
"""By their names."""
