"""One look for all pages that people see: colours, a card, the duck; every word is escaped.

A page either asks for its style at an address, or brings it along: then it needs nothing but
itself, and its policy names the style by its hash.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path

FOLDER = Path(__file__).parent
TOKENS = FOLDER / "looks.css"
DUCK = FOLDER / "waddlebot.svg"
HTML = "text/html; charset=utf-8"


@cache
def style() -> str:
    """Of a page that is one card."""
    return TOKENS.read_text("utf-8") + FOLDER.joinpath("page.css").read_text("utf-8")


def page(title: str, body: str, *, style_at: str = "") -> str:
    """`body` is markup, `title` is text. Without `style_at` the style stands in the page."""
    looks = f'<link rel="stylesheet" href="{escape(style_at)}">' if style_at else _inline()
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{escape(title)} · WaddleBot</title>{looks}"
        f'<main><p class="brand">{_duck()}WaddleBot</p><h1>{escape(title)}</h1>{body}</main></html>'
    )


def whole_page_headers() -> Mapping[str, str]:
    """Of a page that brings its style: it loads nothing, and no script runs in it."""
    return {
        "content-type": HTML,
        "content-security-policy": (
            f"default-src 'none'; style-src '{_hash(style())}'; base-uri 'none'; "
            "form-action 'none'; frame-ancestors 'none'"
        ),
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
    }


def nothing_here_page() -> str:
    """For a browser that came to an address where nothing is."""
    return page(
        "There is nothing here",
        "<p>Nothing of WaddleBot's has this address. It may have been typed wrong, or what was "
        'here is gone.</p><nav><a class="button" href="/">To the start</a></nav>'
        "<footer><p>Your accounts, roles and points stand on "
        '<a href="/me">your page</a>.</p></footer>',
    )


def wants_page(method: str, accept: str) -> bool:
    """A person's browser says that it would like to read; programs do not."""
    return method in ("GET", "HEAD") and "text/html" in accept.lower()


def _inline() -> str:
    return f"<style>{style()}</style>"


@cache
def _duck() -> str:
    return DUCK.read_text("utf-8").strip().replace("<svg ", '<svg aria-hidden="true" ', 1)


@cache
def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
