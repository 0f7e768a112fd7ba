"""What others read of a message besides its own text: forwards, polls, embeds, parts, files.

`message` is Discord's message object. Docs: "Message Object", "Embed Object", "Poll Resource".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from waddlebot.platforms.fields import dig, objects_at, text_at

_DEEPEST = 4
"""Sections and containers hold parts; Discord itself goes no deeper."""


def texts_beside(message: Mapping[str, Any]) -> Iterator[str]:
    """Empty ones among them; each is cut as every text of a payload is."""
    for snapshot in objects_at(message, "message_snapshots"):
        yield text_at(snapshot, "message", "content")
        yield from _texts_of_parts(dig(snapshot, "message"))
    yield from _texts_of_parts(message)


def texts_of_embeds(message: object) -> Iterator[str]:
    """Of links as well: Discord shows the page's title and description under the line."""
    for embed in objects_at(message, "embeds"):
        yield text_at(embed, "title")
        yield text_at(embed, "description")
        yield text_at(embed, "author", "name")
        yield text_at(embed, "footer", "text")
        for field in objects_at(embed, "fields"):
            yield f"{text_at(field, 'name')} {text_at(field, 'value')}".strip()


def _texts_of_parts(message: object) -> Iterator[str]:
    yield text_at(message, "poll", "question", "text")
    for answer in objects_at(message, "poll", "answers"):
        yield text_at(answer, "poll_media", "text")
    yield from texts_of_embeds(message)
    yield from _texts_of_components(message, depth=0)
    for file in objects_at(message, "attachments"):
        yield text_at(file, "title")
        yield text_at(file, "description")
        yield text_at(file, "filename")


def _texts_of_components(parent: object, *, depth: int) -> Iterator[str]:
    for part in objects_at(parent, "components"):
        yield text_at(part, "content")
        yield text_at(part, "label")
        yield text_at(part, "placeholder")
        if depth < _DEEPEST:
            yield from _texts_of_components(part, depth=depth + 1)
