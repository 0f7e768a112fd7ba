"""Lists of the house, a page at a time: as much as the platform takes in one message."""

from __future__ import annotations

from collections.abc import Sequence

from waddlebot.platforms import find_abilities
from waddlebot_sdk import Call
from waddlebot_sdk.pages import Pages, read_page

PAGE = "page"
_FOR_ESCAPES = 0.9
"""Of a message: names may need some signs more on the platform."""


def room_in(call: Call) -> int:
    """The characters of one message where this was asked."""
    return int(find_abilities(call.entity.platform).most_characters * _FOR_ESCAPES)


def say_page(
    entries: Sequence[str],
    call: Call,
    *,
    again: str,
    heading: str = "",
    between: str = "; ",
    end: str = ".",
    page: int | None = None,
) -> str:
    """The page that was asked for; `again` is the command, without a page's number.

    Raises:
        NotUnderstood: there is no such page.
    """
    asked = read_page(call.arguments.get(PAGE, ""), again=again) if page is None else page
    pages = Pages(again=again, room=room_in(call), heading=heading, between=between, end=end)
    return pages.say(entries, asked)
