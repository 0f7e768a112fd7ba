"""A titled list as Slack dresses it: Block Kit. Lengths: docs, "Reference: blocks"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from waddlebot.platforms.wording import disarm, shortened
from waddlebot_sdk.listings import ListEntry, Listing

_MOST_IN_HEADER = 150
_MOST_IN_SECTION = 3000
_MARKS = re.compile(r"[*_~`]")
REFUSED = frozenset({"invalid_blocks", "invalid_blocks_format"})
"""The same without blocks may be taken."""

Block = dict[str, Any]
Shown = Callable[[str], str]
"""A text as Slack's marks have it."""


def blocks_of(listing: Listing, shown: Shown) -> list[Block]:
    """A header, the entries, and below them what stands beside."""
    title = shortened(disarm(listing.title), _MOST_IN_HEADER)
    header = {"type": "header", "text": {"type": "plain_text", "text": title}}
    blocks = [header, *map(section, _sections(listing.entries, shown))]
    if listing.more:
        blocks.append({"type": "context", "elements": [_marked(shown(listing.more))]})
    return blocks


def section(text: str) -> Block:
    return {"type": "section", "text": _marked(shortened(text, _MOST_IN_SECTION))}


def _marked(text: str) -> Block:
    return {"type": "mrkdwn", "text": text}


def _sections(entries: Sequence[ListEntry], shown: Shown) -> Iterator[str]:
    """As many lines in each as it takes."""
    text = ""
    for line in (_line(entry, shown) for entry in entries):
        if text and len(text) + 1 + len(line) > _MOST_IN_SECTION:
            yield text
            text = ""
        text = f"{text}\n{line}" if text else line
    yield text


def _line(entry: ListEntry, shown: Shown) -> str:
    """Slack has no way to write a mark itself: a name that holds one is not bold."""
    name = shown(entry.name)
    name = name if _MARKS.search(name) else f"*{name}*"
    return f"{name}  {shown(entry.about)}" if entry.about else name
