"""Variables of custom commands that say what Twitch says of the channel; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC

from waddlebot.domain.custom_facts import Fact, StreamFacts
from waddlebot.domain.custom_meanings import Calling, Meaning
from waddlebot.domain.custom_moments import in_words
from waddlebot.domain.custom_texts import wrong

NOT_LIVE = "not live"
"""As StreamElements says it."""
_PLACE = re.compile(r"\{\{\s*(\w{1,30})\s*\}\}")

SayStream = Callable[[Calling, StreamFacts], str]


def _of_stream(say: SayStream, fact: Fact = Fact.STREAM) -> Meaning:
    def said(calling: Calling, _given: str) -> str:
        stream = calling.facts.stream
        return say(calling, stream) if stream else calling.facts.absent(fact)

    return Meaning(say=said, check=_check_own, needs=fact)


def _check_own(given: str) -> None:
    if given:
        raise wrong("It says what Twitch says of this community's own channel: $(uptime), $(game).")


def _uptime(calling: Calling, stream: StreamFacts) -> str:
    return in_words(calling.now - stream.started_at) if stream.started_at else NOT_LIVE


def _followers(calling: Calling, stream: StreamFacts) -> str:
    if stream.followers is None:
        return calling.facts.absent(Fact.FOLLOWERS)
    return str(stream.followers)


_STREAM: Mapping[str, SayStream] = {
    "game": lambda _calling, stream: stream.game,
    "title": lambda _calling, stream: stream.title,
    "uptime": _uptime,
    "viewers": lambda _calling, s: str(s.viewers) if s.started_at else NOT_LIVE,
    "followers": _followers,
}
_PLACES: Mapping[str, SayStream] = {
    **_STREAM,
    "status": _STREAM["title"],
    "uptimelength": _uptime,
    "uptimeat": lambda _calling, s: (
        f"{s.started_at.astimezone(UTC):%Y-%m-%d %H:%M UTC}" if s.started_at else NOT_LIVE
    ),
    "displayname": lambda _calling, stream: stream.name,
    "name": lambda _calling, stream: stream.login,
    "url": lambda _calling, stream: f"https://twitch.tv/{stream.login}",
}
"""Between two brackets each in Nightbot's `$(twitch $(channel) "{{game}}")`."""


def _twitch(calling: Calling, given: str) -> str:
    stream = calling.facts.stream
    if stream is None:
        return calling.facts.absent(Fact.STREAM)
    _, _, form = given.partition('"')
    return _PLACE.sub(
        lambda found: (
            _PLACES[found[1].lower()](calling, stream) if found[1].lower() in _PLACES else ""
        ),
        form.removesuffix('"'),
    )


def _check_twitch(given: str) -> None:
    """Where it names a channel: it is another's. Raises Refusal."""
    raise wrong(f"Write it so, about this channel: $(twitch $(channel) {given[:20]!r}).")


_TITLE = _of_stream(_STREAM["title"])

OF_STREAM: Mapping[str, Meaning] = {
    "uptime": _of_stream(_uptime),
    "game": _of_stream(_STREAM["game"]),
    "title": _TITLE,
    "status": _TITLE,
    "channel.viewers": _of_stream(_STREAM["viewers"]),
    "channel.followers": _of_stream(_followers, Fact.FOLLOWERS),
    "twitch": Meaning(say=_twitch, check=_check_twitch, needs=Fact.STREAM),
}
