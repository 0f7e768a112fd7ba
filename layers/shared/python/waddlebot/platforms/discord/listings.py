"""A titled list as Discord dresses it: an embed. Lengths: docs, "Embed Limits"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from waddlebot.platforms.fields import dig, number_at
from waddlebot.platforms.wording import disarm, shortened
from waddlebot_sdk.listings import ListEntry, Listing

if TYPE_CHECKING:  # ingress renders, and sends nothing
    from waddlebot.platforms.delivering import HttpAnswer

_MOST_IN_TITLE = 256
_MOST_IN_DESCRIPTION = 4096
_MOST_IN_FOOTER = 1024
_COLOUR = 0x2F9E8F
_MARKS = re.compile(r"[\\*_~`|>\[\]]")
_MISSING_PERMISSIONS, _INVALID_FORM = 50013, 50035


def embed_of(listing: Listing) -> dict[str, Any]:
    """`{"title", "description", "color", "footer"?}`."""
    lines = "\n".join(map(_line, listing.entries))
    embed: dict[str, Any] = {
        "title": shortened(_shown(listing.title), _MOST_IN_TITLE),
        "description": shortened(lines, _MOST_IN_DESCRIPTION),
        "color": _COLOUR,
    }
    if listing.more:  # a footer knows no marks
        embed["footer"] = {"text": shortened(disarm(listing.more), _MOST_IN_FOOTER)}
    return embed


def dressed(body: dict[str, Any], listing: Listing) -> dict[str, Any]:
    """A message that shows the list in place of its text.

    `body` is a message as "Create Message" takes it; the answer is one too.
    """
    return {**body, "content": "", "embeds": [embed_of(listing)]}


def refuses_embeds(answer: HttpAnswer) -> bool:
    """Whether the same without an embed may be taken: Embed Links is a permission of its own."""
    code = number_at(answer.json, "code")
    if answer.status == 403:
        return code == _MISSING_PERMISSIONS
    return code == _INVALID_FORM and dig(answer.json, "errors", "embeds") is not None


def _line(entry: ListEntry) -> str:
    name = f"**{_shown(entry.name)}**"
    return f"{name} · {_shown(entry.about)}" if entry.about else name


def _shown(text: str) -> str:
    return _MARKS.sub(r"\\\g<0>", disarm(text))
