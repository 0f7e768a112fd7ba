"""Who is recommended: a channel of Twitch, as far as Twitch says who that is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from functions.modules.shoutouts import texts
from waddlebot.domain.custom_stream import channel_named
from waddlebot_sdk import Call, NotUnderstood
from waddlebot_sdk.seen_signs import seen_line

TWITCH = "twitch"
MOST_AT_ONCE = 3
_MOST_WORDS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipOfStreamer:
    url: str
    title: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamerNamed:
    """`id` is empty while Twitch does not say it; then the name is the login as it was typed.

    `clips` are the most seen of the last days.
    """

    login: str
    name: str
    id: str = ""
    game: str = ""
    title: str = ""
    is_live: bool = False
    clips: tuple[ClipOfStreamer, ...] = ()

    @property
    def link(self) -> str:
        return f"https://twitch.tv/{self.login}"


def read_streamers(call: Call) -> tuple[list[StreamerNamed], list[str]]:
    """`(those that there are, logins that nobody has)`, each once, as they were typed.

    Raises NotUnderstood: too many, or a word that is no login of Twitch.
    """
    typed = call.arguments["streamers"].split()
    logins = list(dict.fromkeys(_login(call, word) for word in typed))
    if len(logins) > MOST_AT_ONCE:
        raise NotUnderstood(texts.too_many_at_once(MOST_AT_ONCE))
    found, nobody = list[StreamerNamed](), list[str]()
    for login in logins:
        streamer = _seen(call, login)
        if streamer is None:
            nobody.append(login)
        elif streamer not in found:
            found.append(streamer)
    return found, nobody


def read_streamer(call: Call) -> StreamerNamed:
    """Raises NotUnderstood: it is no login, or nobody has it."""
    login = _login(call, call.arguments["streamer"])
    streamer = _seen(call, login)
    if streamer is None:
        raise NotUnderstood(texts.nobody([login]))
    return streamer


def read_known(call: Call) -> StreamerNamed:
    """The same of whoever is on a list here, also where nobody has that login any more."""
    login = _login(call, call.arguments["streamer"])
    return _seen(call, login) or StreamerNamed(login=login, name=login)


def read_raider(call: Call) -> StreamerNamed | None:
    """None where it is nobody with a channel."""
    if call.user is None or call.entity.platform != TWITCH:
        return None
    told = _told(call, call.user.id)
    if told.get("login"):
        return _streamer(told)
    by = call.later.get("user") or {}
    login = channel_named(str(by.get("login") or call.user.name))
    if not login:
        return None
    return StreamerNamed(id=call.user.id, login=login, name=call.user.name)


def _login(call: Call, word: str) -> str:
    """Raises NotUnderstood."""
    login = channel_named(word)
    if not login:
        raise NotUnderstood(texts.no_login(call.in_words(word)))
    return login


def _seen(call: Call, login: str) -> StreamerNamed | None:
    """None where Twitch says that nobody is called so."""
    told = _told(call, login)
    if told.get("is_none"):
        return None
    return _streamer(told) if told.get("login") else StreamerNamed(login=login, name=login)


def _told(call: Call, asked: str) -> Mapping[str, Any]:
    channels = call.data.get("channels") or ()
    return next((one for one in channels if one.get("asked") == asked), {})


def _streamer(told: Mapping[str, Any]) -> StreamerNamed:
    login = str(told["login"])
    return StreamerNamed(
        id=str(told["id"]),
        login=login,
        name=seen_line(str(told["name"]), _MOST_WORDS) or login,
        game=seen_line(str(told["game"]), _MOST_WORDS),
        title=seen_line(str(told["title"]), _MOST_WORDS),
        is_live=bool(told["is_live"]),
        clips=tuple(
            ClipOfStreamer(
                url=str(clip["url"]),
                title=seen_line(str(clip["title"]), _MOST_WORDS),
                seconds=float(clip["seconds"]),
            )
            for clip in told.get("clips") or ()
        ),
    )
