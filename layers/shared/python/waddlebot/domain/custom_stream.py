"""Variables of custom commands that say what Twitch says of the channel; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC

from waddlebot.domain.custom_facts import Fact, StreamFacts
from waddlebot.domain.custom_meanings import Calling, Meaning
from waddlebot.domain.custom_moments import in_words
from waddlebot.domain.custom_texts import Piece, Variable, wrong

TWITCH = "twitch"
NOT_LIVE = "not live"
"""As StreamElements says it."""
_LOGIN = re.compile(r"[a-z0-9]\w{0,24}", re.ASCII)
_PLACE = re.compile(r"\{\{\s*(\w{1,30})\s*\}\}")

_USUAL = "{{displayName}} is {{status}} with {{game}}: {{title}} - {{url}}"

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
    "status": lambda _calling, stream: "live" if stream.started_at else "offline",
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
    _, _, form = given.partition('"')  # a community's name may have several words
    return _in_form(calling, form, stream)


def say_another(calling: Calling, given: str, stream: StreamFacts) -> str:
    """`given` is a channel's login, and behind it what is said of it."""
    return _in_form(calling, given.strip().partition(" ")[2].strip().removeprefix('"'), stream)


def _in_form(calling: Calling, form: str, stream: StreamFacts) -> str:
    return _PLACE.sub(
        lambda found: (
            _PLACES[found[1].lower()](calling, stream) if found[1].lower() in _PLACES else ""
        ),
        form.removesuffix('"') or _USUAL,
    )


def check_twitch(given: Sequence[Piece]) -> None:
    """Raises Refusal: it names no channel."""
    first = _first_of(given)
    if isinstance(first, str) and not channel_named(first):
        raise wrong(
            'Name a channel: $(twitch $(channel) "{{game}}"), $(twitch $(touser) "{{game}}").'
        )


def is_of_another(given: Sequence[Piece]) -> bool:
    """Whether it is about another channel than the one where it is typed."""
    first = _first_of(given)
    return not isinstance(first, Variable) or first.name not in {"channel", "channelid"}


def channel_named(given: str) -> str:
    """Its login; nothing where there is none."""
    name = (given.split(maxsplit=1) or [""])[0].removeprefix("@").lower()
    return name if _LOGIN.fullmatch(name) else ""


def _first_of(given: Sequence[Piece]) -> Piece:
    return next((one for one in given if not isinstance(one, str) or one.strip()), "")


NOT_FOLLOWING = "not following"


def _followage(calling: Calling, stream: StreamFacts) -> str:
    if stream.following is None:
        return calling.facts.absent(Fact.FOLLOWAGE)
    since = stream.following.since
    return in_words(calling.now - since) if since else NOT_FOLLOWING


def _subs(calling: Calling, stream: StreamFacts) -> str:
    told = stream.subscribers
    return str(told.total) if told else calling.facts.absent(Fact.SUBSCRIBERS)


def _subpoints(calling: Calling, stream: StreamFacts) -> str:
    told = stream.subscribers
    return str(told.points) if told else calling.facts.absent(Fact.SUBSCRIBERS)


def _emotes(calling: Calling, stream: StreamFacts) -> str:
    return calling.facts.absent(Fact.EMOTES) if stream.emotes is None else stream.emotes


_TITLE = _of_stream(_STREAM["title"])

OF_STREAM: Mapping[str, Meaning] = {
    "uptime": _of_stream(_uptime),
    "game": _of_stream(_STREAM["game"]),
    "title": _TITLE,
    "status": _TITLE,
    "channel.uptime": _of_stream(_uptime),
    "channel.game": _of_stream(_STREAM["game"]),
    "channel.title": _TITLE,
    "channel.viewers": _of_stream(_STREAM["viewers"]),
    "followage": _of_stream(_followage, Fact.FOLLOWAGE),
    "channel.subs": _of_stream(_subs, Fact.SUBSCRIBERS),
    "channel.subpoints": _of_stream(_subpoints, Fact.SUBSCRIBERS),
    "twitchemotes": _of_stream(_emotes, Fact.EMOTES),
    "channel.followers": _of_stream(_followers, Fact.FOLLOWERS),
    TWITCH: Meaning(say=_twitch, needs=Fact.STREAM),
}
