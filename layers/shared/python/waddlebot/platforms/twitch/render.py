"""Answers as Twitch shows them: one line, and no command of Twitch's own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from waddlebot.domain.events import Event
from waddlebot.domain.replies import Reply
from waddlebot.platforms.received import WebhookAnswer
from waddlebot.platforms.twitch import ABILITIES
from waddlebot.platforms.wording import around_name, disarm, shortened

ACCEPTED = WebhookAnswer(status=204)
_ACTION = re.compile(r"[/.]me\s+", re.IGNORECASE)
# What nobody sees before it hides no command from Twitch, which may not count it either.
_ORDER = re.compile(
    r"\A[/. \u00ad\u034f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]*[/.] *"
)
_AT_NAME = re.compile(r"@(?=\w)")
_UNCALLED = "@\N{ZERO WIDTH SPACE}"


def rendered(text: str) -> str:
    """A leading `/` or `.` would be a chat command with the bot's rights; what `/me` does, as texts
    of other bots have it, is said without it.
    """
    one_line = " ".join(text.split())
    if action := _ACTION.match(one_line):
        one_line = one_line[action.end() :]
    said = disarm(_ORDER.sub("", one_line))
    return shortened(said, ABILITIES.most_characters, ABILITIES.measure)


def called(reply: Reply, text: str) -> str:
    """As `rendered`; whom the reply calls is notified, and nobody whom its words name."""
    if not (reply.notifies and reply.user_login):
        return rendered(text)
    before, behind = around_name(reply, text)
    return rendered(f"{before}@{reply.user_login}{_AT_NAME.sub(_UNCALLED, behind)}")


def inline(replies: Sequence[Reply], event: Event) -> WebhookAnswer:  # noqa: ARG001 # one shape for all
    """EventSub shows nothing of an answer: replies go to chat."""
    return ACCEPTED


def deferred(event: Event) -> WebhookAnswer:  # noqa: ARG001 # one shape for all
    return ACCEPTED


def say(text: str) -> WebhookAnswer:  # noqa: ARG001 # one shape for all
    return ACCEPTED
