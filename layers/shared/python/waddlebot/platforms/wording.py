"""What every platform's renderer shares."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from waddlebot.domain.message_parts import Measure, split_text
from waddlebot.domain.replies import Reply

NOTHING_CAME = "I have nothing to say to that. `help` lists what I know."
NOT_IN_TIME = "I could not finish this in time, please look again in a moment."
FOR_NOBODY = "There is nobody to whom this could be told alone."
_EVERYBODY = re.compile(r"@(everyone|here|channel)\b", re.IGNORECASE)
_ZERO_WIDTH = "\N{ZERO WIDTH SPACE}"


def disarm(text: str) -> str:
    """`@everyone` and its like as words that call nobody."""
    return _EVERYBODY.sub(rf"@{_ZERO_WIDTH}\1", text)


def named(reply: Reply, text: str) -> str:
    """For where the answer no longer stands beside the question."""
    return f"{reply.user_name}: {text}" if reply.user_name else text


def around_name(reply: Reply, text: str) -> tuple[str, str]:
    """The text before and behind the name of whom it calls: there a mention is put.

    `(before, after)` of a sentence that a name stands in.
    """
    name = re.escape(reply.user_name)
    found = re.search(rf"(?<!\w){name}(?!\w)", text) if name else None
    return (text[: found.start()], text[found.end() :]) if found else ("", f" {text}")


def is_for_one(replies: Sequence[Reply]) -> bool:
    """Whether the one message that holds them all is for the asking person alone."""
    return replies[0].private or any(reply.secret for reply in replies)


def joined(replies: Iterable[Reply]) -> str:
    return "\n".join(reply.text for reply in replies)


def shortened(text: str, most_characters: int, measure: Measure = len) -> str:
    """As one message; what was split before fits, unless disarming made it longer.

    `most_characters` as `measure` counts them.
    """
    if measure(text) <= most_characters:
        return text
    return "".join(
        split_text(text, most_characters=most_characters, most_messages=1, measure=measure)
    )
