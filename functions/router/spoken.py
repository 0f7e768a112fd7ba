"""Which events are lines that people say, and which of those may be for us."""

from __future__ import annotations

import string

from waddlebot.domain.events import Event, MessageType
from waddlebot.domain.sessions import Session

SPOKEN = frozenset({MessageType.CHAT_MESSAGE, MessageType.SLASH_COMMAND, MessageType.APP_MENTION})

_TALKING = frozenset({MessageType.SLASH_COMMAND, MessageType.APP_MENTION})
_PLAIN_FIRST = frozenset(string.ascii_letters + string.digits)


def is_spoken(event: Event) -> bool:
    """A file is a line where something was written with it."""
    return event.type in SPOKEN or (event.type is MessageType.FILE_SHARE and bool(event.text))


def is_plainly_chat(session: Session) -> bool:
    """Most lines: one of chat that begins with a letter or digit, and no command does so here."""
    text = session.event.text
    return (
        text[:1] in _PLAIN_FIRST
        and "\n" not in text
        and not is_talking_to_us(session)
        and not text.startswith(session.community.words.prefix)
    )


def is_talking_to_us(session: Session) -> bool:
    event = session.event
    return event.private or event.type in _TALKING
