"""A Twitch channel that a call is about, as a module is told of it; pure."""

from __future__ import annotations

import msgspec

from waddlebot.domain.custom_facts import ClipFacts, StreamFacts


class SeenChannel(msgspec.Struct, frozen=True, kw_only=True):
    """`asked` is the login or the id that it was asked for by. `is_none`: no channel is called so.

    `clips` are those of the last days that most have seen. Where Twitch says nothing for now, all
    behind `asked` is empty.
    """

    asked: str
    is_none: bool = False
    id: str = ""
    login: str = ""
    name: str = ""
    game: str = ""
    title: str = ""
    is_live: bool = False
    clips: list[ClipFacts] = []


def seen_channel(asked: str, stream: StreamFacts | None, *, is_none: bool) -> SeenChannel:
    """`stream` is None where Twitch did not say it."""
    if stream is None:
        return SeenChannel(asked=asked, is_none=is_none)
    return SeenChannel(
        asked=asked,
        id=stream.id,
        login=stream.login,
        name=stream.name,
        game=stream.game,
        title=stream.title,
        is_live=stream.started_at is not None,
        clips=stream.clips or [],
    )
