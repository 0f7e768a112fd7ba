"""What moderators are to hear goes to the next best place where the best one takes it not."""

from __future__ import annotations

import msgspec

from waddlebot.domain.outcomes import Reply

_FIRST = "a"


def next_best(reply: Reply) -> Reply | None:
    """The same for the next place, under an id of its own; None where there is none left."""
    if not reply.instead:
        return None
    place, *left = reply.instead
    return msgspec.structs.replace(reply, id=_next_id(reply.id), entity=place, instead=tuple(left))


def _next_id(reply_id: str) -> str:
    """A reply's id ends in a number; with one letter behind it, it still fits Discord's nonce."""
    last = reply_id[-1:]
    return reply_id + _FIRST if last.isdigit() else reply_id[:-1] + chr(ord(last) + 1)
