"""What people read of HTML; its parser is loaded where there is any, and not before."""

from __future__ import annotations

from html.parser import HTMLParser


def text_of_html(html: str) -> str:
    """What people read of it, whatever is marked in between."""
    read = _Read()
    read.feed(html)
    read.close()
    return "".join(read.texts)


_MARKS = "a abbr b code del em i ins kbd mark q s samp small span strong sub sup u var wbr img"
_WITHIN_A_LINE = frozenset(_MARKS.split())


class _Read(HTMLParser):
    """What begins a line of its own is apart from what was before it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - as it is called
        self._apart(tag)

    def handle_endtag(self, tag: str) -> None:
        self._apart(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def _apart(self, tag: str) -> None:
        if tag not in _WITHIN_A_LINE:
            self.texts.append(" ")
