"""How an answer is dressed for a platform: the one place where people's words become its markup.

What the house says is plain: every sign of it is shown as it stands, so that a name is never a
link, a spoiler or a heading. What a community function or a moderator wrote may have markup, but
where a link leads is always read.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from waddlebot_sdk.shown import Shown, say_time, word_times

ADDRESS = re.compile(r"https?://[^\s<>()\[\]|*`\\~]+")
"""What a platform links by itself: marks in it are none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dress:
    """`plain` makes any text read as it stands; `marked` leaves markup but hides no address.

    `time` words a moment, given how it is said in the community's zone.
    """

    plain: Callable[[str], str] = str
    marked: Callable[[str], str] = str
    time: Callable[[datetime, Shown, str], str] = lambda _at, _shown, said: said

    def put_on(self, text: str, *, is_marked: bool, now: datetime, zone: str) -> str:
        """The text as the platform reads it; `now` and `zone` are those of the community."""

        def worded(at: datetime, shown: Shown) -> str:
            return self.time(at, shown, say_time(at, shown, now=now, zone=zone))

        return word_times(text, time=worded, rest=self.marked if is_marked else self.plain)


def outside_addresses(text: str, change: Callable[[str], str]) -> str:
    """The text, changed everywhere but in its addresses."""
    end, parts = 0, []
    for address in ADDRESS.finditer(text):
        parts += [change(text[end : address.start()]), address[0]]
        end = address.end()
    return "".join([*parts, change(text[end:])])
