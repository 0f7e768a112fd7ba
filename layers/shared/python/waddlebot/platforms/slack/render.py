"""Answers as Slack shows them, and the HTTP answers to a slash command."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from waddlebot.domain.events import Event
from waddlebot.domain.outcomes import Reply
from waddlebot.platforms.received import Answer
from waddlebot.platforms.slack.dress import TIME
from waddlebot.platforms.wording import NOTHING_CAME, around_name, disarm, is_for_one, joined

ACCEPTED = Answer()
_ACCOUNT = re.compile(r"[UW][A-Z0-9]{1,20}", re.ASCII)


def rendered(text: str) -> str:
    """Slack's three escapes, but in times of ours; what would call everybody is disarmed."""
    end, parts = 0, []
    for time in TIME.finditer(text):
        parts += [_escaped(text[end : time.start()]), time[0]]
        end = time.end()
    return disarm("".join([*parts, _escaped(text[end:])]))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def called(reply: Reply, text: str) -> str:
    """As `rendered`; whom the reply calls is notified, and nobody whom its words name."""
    if not (reply.notifies and _ACCOUNT.fullmatch(reply.user or "")):
        return rendered(text)
    before, behind = around_name(reply, text)
    return f"{rendered(before)}<@{reply.user}>{rendered(behind)}"


def response_type(*, private: bool) -> str:
    return "ephemeral" if private else "in_channel"


def inline(replies: Sequence[Reply], event: Event) -> Answer:  # noqa: ARG001 # one shape for all
    """All replies in the one message of the HTTP answer; private if the first is, or any secret."""
    if not replies:
        return say(NOTHING_CAME)
    return _message(joined(replies), private=is_for_one(replies))


def deferred(event: Event) -> Answer:  # noqa: ARG001 # one shape for all
    """Nothing is shown until the answer comes over the response address."""
    return ACCEPTED


def say(text: str) -> Answer:
    """One sentence to the asking person alone."""
    return _message(text, private=True)


def _message(text: str, *, private: bool) -> Answer:
    body = {"response_type": response_type(private=private), "text": rendered(text)}
    return Answer(body=json.dumps(body).encode())
