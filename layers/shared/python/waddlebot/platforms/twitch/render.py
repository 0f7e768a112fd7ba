"""Answers as Twitch shows them: one line, and no command of Twitch's own."""

from __future__ import annotations

from collections.abc import Sequence

from waddlebot.domain.events import Event
from waddlebot.domain.outcomes import Reply
from waddlebot.platforms.received import Answer
from waddlebot.platforms.twitch import ABILITIES
from waddlebot.platforms.wording import disarm, shortened

ACCEPTED = Answer(status=204)


def rendered(text: str) -> str:
    """A leading `/` or `.` would be a chat command with the bot's rights."""
    one_line = " ".join(text.split())
    said = disarm(one_line.lstrip("/. "))
    return shortened(said, ABILITIES.most_characters, ABILITIES.measure)


def inline(replies: Sequence[Reply], event: Event) -> Answer:  # noqa: ARG001 # one shape for all
    """EventSub shows nothing of an answer: replies go to chat."""
    return ACCEPTED


def deferred(event: Event) -> Answer:  # noqa: ARG001 # one shape for all
    return ACCEPTED


def say(text: str) -> Answer:  # noqa: ARG001 # one shape for all
    return ACCEPTED
