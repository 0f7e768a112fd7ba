"""What stands in place of the message that was pressed.

Docs: "Handling user interaction" (replace_original), "chat.update".
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from typing import Any

from waddlebot.domain.replies import Reply
from waddlebot.platforms.delivering import SENT, Delivered, HttpAnswer, HttpCall
from waddlebot.platforms.fields import dig
from waddlebot.platforms.slack.listings import section
from waddlebot.platforms.slack.render import called, dress_of


def replacing(reply: Reply) -> dict[str, Any]:
    """`{"text", "blocks"}`; without blocks those of the message that was pressed would stay."""
    text = called(reply, reply.text)
    return {"text": text, "blocks": [section(text)], **dress_of([reply])}


def replace_by(
    calls: Iterable[HttpCall], judge: Callable[[HttpAnswer], Delivered | None]
) -> Generator[HttpCall, HttpAnswer, Delivered | None]:
    """By the first of these that works; None where what was pressed stands no more."""
    for call in calls:
        answer = yield call
        if answer.status < 300 and dig(answer.json, "ok") is not False:
            return SENT
        if (waiting := judge(answer)) is not None:
            return waiting
    return None
