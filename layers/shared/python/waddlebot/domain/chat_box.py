"""A community's chat of all its platforms, as it is shown in OBS: which lines, and what of them."""

from __future__ import annotations

from dataclasses import dataclass

from waddlebot.domain.entities import EntityId, platform_of
from waddlebot.domain.events import Event, MessageType

CHAT_BOX = "chat_box"
"""Under which a community's own stands in `Community.own`."""
MOST_PLACES = 50
MOST_LINES = 40
"""So many of the last are kept for pages that are loaded later."""
LINE_SECONDS = 600
"""For so long; a page shows a line no longer either."""
_LINES = frozenset({MessageType.CHAT_MESSAGE, MessageType.FILE_SHARE, MessageType.CHEER})
_OF_ALL = "twitch"
"""Whoever opens a channel there reads its chat: it is public by nature."""
BOTS = frozenset(
    {
        *("botisimo", "commanderroot", "deepbot", "fossabot", "kofistreambot", "moobot"),
        *("nightbot", "own3d", "phantombot", "pokemoncommunitygame", "sery_bot", "soundalerts"),
        *("streamelements", "streamlabs", "streamlootsbot", "wizebot"),
    }
)
"""Logins on Twitch, which marks few of its bots. On Discord and Slack their lines are not read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatBox:
    """`places` are those that were named; of Twitch all, unless one of them is.

    `commands`: lines that are commands are shown too.
    """

    places: frozenset[EntityId] = frozenset()
    commands: bool = False

    def shows(self, event: Event) -> bool:
        """Never private talk, nor a thread: who may read that nobody here knows. Nor what is no
        line of its platform's, as a note of a cheer or of an API key: nobody could delete it there.
        """
        if event.private or event.parent or event.type not in _LINES:
            return False
        if not event.message:
            return False
        return self.has_place(event.entity) and not is_bot(event)

    def has_place(self, place: EntityId) -> bool:
        if place in self.places:
            return True
        is_open = platform_of(place) == _OF_ALL
        return is_open and not any(platform_of(one) == _OF_ALL for one in self.places)


def is_bot(event: Event) -> bool:
    return event.user is not None and event.user.login in BOTS


def line_name(place: EntityId, message: str) -> str:
    """By which a line is found again when it is deleted where it was written."""
    return f"{place}|{message}"
