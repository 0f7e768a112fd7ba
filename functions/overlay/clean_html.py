"""HTML of modules as a page may frame it: what is on a list of harmless things, and nothing else.

The page frames it without scripts and in an origin of its own besides; this is the first wall.
"""

from __future__ import annotations

from html.parser import HTMLParser

from waddlebot.domain.shown_addresses import is_public
from waddlebot.domain.unseen import is_blank

_OF_TEXT = "a abbr b br caption code del em i ins kbd mark q s samp small span strong sub sup u var"
_OF_PAGES = "article aside blockquote details div figcaption figure footer header hr main p section"
_OF_LISTS = "dd dl dt li ol ul h1 h2 h3 h4 h5 h6 pre summary time wbr img meter progress"
_OF_TABLES = "table tbody td tfoot th thead tr"
TAGS = frozenset(f"{_OF_TEXT} {_OF_PAGES} {_OF_LISTS} {_OF_TABLES}".split())
ATTRIBUTES = {
    "*": {"class", "dir", "lang", "title", "data-service"},
    "img": {"src", "alt", "width", "height"},
    "meter": {"value", "min", "max", "low", "high", "optimum"},
    "ol": {"start", "reversed"},
    "progress": {"value", "max"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "time": {"datetime"},
}
"""No `style`, no `id`: looks come by classes, which the page's own style sheet knows."""
DRAWN = frozenset({"details", "hr", "meter", "progress"})
"""Seen without a word in them."""
GONE_WITH_CONTENT = frozenset({"script", "style", "template", "noscript", "iframe", "title"})


def clean_html(html: str) -> str:
    """What is left of it: links have no address, as nobody can press them in OBS."""
    import nh3  # in the function alone: whoever shows no HTML does not wait for it

    return nh3.clean(
        html.encode(errors="ignore").decode(),
        tags=set(TAGS),
        clean_content_tags=set(GONE_WITH_CONTENT),
        attributes=ATTRIBUTES,
        attribute_filter=_of_somebody,
        url_schemes={"https"},
        link_rel=None,
        strip_comments=True,
    )


def is_seen_html(clean: str) -> bool:
    """Whether there is a word to be read in it, a picture, or something else that is drawn."""
    reader = _Seen()
    reader.feed(clean)
    reader.close()
    return reader.found


class _Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        is_picture = tag == "img" and bool(told.get("src") or not is_blank(told.get("alt") or ""))
        self.found |= is_picture or tag in DRAWN

    def handle_data(self, data: str) -> None:
        self.found |= not is_blank(data)


def _of_somebody(_: str, attribute: str, value: str) -> str | None:
    """An image's address leads to a host of the internet, in full."""
    return value if attribute != "src" or is_public(value) else None
