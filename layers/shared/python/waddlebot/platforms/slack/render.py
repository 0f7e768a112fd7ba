"""Answers as Slack shows them, and the HTTP answers to a slash command.

Docs: "Formatting text for app surfaces", "Responding to slash commands", "Block Kit".
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from waddlebot.domain.events import Event
from waddlebot.domain.replies import Reply
from waddlebot.platforms.received import WebhookAnswer
from waddlebot.platforms.slack.listings import blocks_of, section
from waddlebot.platforms.slack.text import TIME
from waddlebot.platforms.wording import NOTHING_CAME, around_name, disarm, is_for_one, joined

if TYPE_CHECKING:
    from waddlebot_sdk.completions import Choice

ACCEPTED = WebhookAnswer()
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


def inline(replies: Sequence[Reply], event: Event) -> WebhookAnswer:  # noqa: ARG001 # one shape for all
    """All replies in the one message of the HTTP answer; private if the first is, or any secret."""
    if not replies:
        return say(NOTHING_CAME)
    message = {**_said(joined(replies), private=is_for_one(replies)), **dress_of(replies)}
    return WebhookAnswer(body=json.dumps(message).encode())


def dress_of(replies: Sequence[Reply]) -> dict[str, Any]:
    """Blocks of all of them where one is more than a line: Slack shows them in place of the text.

    `{"blocks": […]}`, or `{}` where none is.
    """
    if not any(reply.listing or reply.offer for reply in replies):
        return {}
    return {"blocks": [block for reply in replies for block in _blocks(reply)]}


def _blocks(reply: Reply) -> list[dict[str, Any]]:
    said = blocks_of(reply.listing, rendered) if reply.listing else [section(rendered(reply.text))]
    if reply.offer is None:
        return said
    from waddlebot.platforms.slack.components import actions_of  # few answers offer anything

    return [*said, actions_of(reply.offer)]


def deferred(event: Event) -> WebhookAnswer:  # noqa: ARG001 # one shape for all
    """Nothing is shown until the answer comes over the response address."""
    return ACCEPTED


def completed(choices: Iterable[Choice]) -> WebhookAnswer:
    """What may be taken while somebody types into a finder."""
    from waddlebot.platforms.slack.components import options_of  # few answers offer anything

    return WebhookAnswer(body=json.dumps(options_of(choices)).encode())


def say(text: str) -> WebhookAnswer:
    """One sentence to the asking person alone."""
    return WebhookAnswer(body=json.dumps(_said(text, private=True)).encode())


def _said(text: str, *, private: bool) -> dict[str, Any]:
    return {"response_type": response_type(private=private), "text": rendered(text)}
