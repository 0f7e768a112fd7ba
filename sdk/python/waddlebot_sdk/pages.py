"""Long lists a page at a time, each as one message.

pages = Pages(again="!rules list", room=450)
pages.say(entries, read_page("2", again="!rules list"))
# '…; …. Page 2 of 5; !rules list 3 goes on.'
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from waddlebot_sdk.module import NotUnderstood

_PAGE = re.compile(r"(?:(?P<words>.*\S)\s+)?page\s+(?P<number>\d{1,4})", re.IGNORECASE | re.DOTALL)
_NUMBER = re.compile(r"\d{1,4}", re.ASCII)
_TIME = re.compile(r"\u2064<t:-?\d+(?::\w)?>")
_FOR_THE_LINE_BELOW, _FOR_A_TIME = 60, 50


def _width(entry: str) -> int:
    """A time is longer where it is read than where it is written."""
    return len(_TIME.sub("", entry)) + _FOR_A_TIME * len(_TIME.findall(entry))


def read_page(text: str, *, again: str) -> int:
    """`2`; nothing is the first page.

    Raises:
        NotUnderstood: it is no number.
    """
    typed = text.strip()
    if not typed:
        return 1
    if not is_page(typed):
        raise NotUnderstood(f"'{typed[:30]}' is no page. Say its number: {again} 2")
    return int(typed)


def is_page(text: str) -> bool:
    return _NUMBER.fullmatch(text.strip()) is not None


def check_page(page: int, *, pages: int, again: str) -> None:
    """Raises NotUnderstood where there are only so many. `pages` is how many there are."""
    if 1 <= page <= pages:
        return
    if pages == 1:
        one = again.removesuffix(" page")
        raise NotUnderstood(f"There is no page {page}: all of it is on one, {one}")
    raise NotUnderstood(f"There is no page {page}, only {pages}. The last: {again} {pages}")


def take_page(text: str) -> tuple[str, int]:
    """`waddle page 2` as words and page; without a page it is the first."""
    found = _PAGE.fullmatch(text.strip())
    if found is None:
        return text.strip(), 1
    return found["words"] or "", int(found["number"])


_ENDS = ".!?…"
"""A text that people wrote may end its sentence itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """`again` is what is typed before a page's number; `room` the characters of one message."""

    again: str
    room: int
    heading: str = ""
    between: str = "; "
    end: str = "."

    def say(self, entries: Sequence[str], page: int) -> str:
        """That page, and how to see the next.

        Raises:
            NotUnderstood: there is no such page.
        """
        pages = self._cut(entries)
        check_page(page, pages=len(pages), again=self.again)
        said = f"{self.heading}{self.between.join(pages[page - 1])}"
        said += "" if said[-1:] in tuple(_ENDS) else self.end
        if len(pages) == 1:
            return said
        more = f"; {self.again} {page + 1} goes on" if page < len(pages) else ""
        stop = "" if said[-1:] in (*_ENDS, "\n") else " ·"
        return f"{said}{stop} Page {page} of {len(pages)}{more}."

    def _cut(self, entries: Sequence[str]) -> list[list[str]]:
        room = self.room - len(self.heading) - len(self.again) - _FOR_THE_LINE_BELOW
        pages: list[list[str]] = [[]]
        used = 0
        for entry in entries:
            width = _width(entry) + len(self.between)
            if pages[-1] and used + width > room:
                pages.append([])
                used = 0
            pages[-1].append(entry)
            used += width
        return pages
