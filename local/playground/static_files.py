"""The page's own files, and what browsers are told about them."""

from __future__ import annotations

from pathlib import Path

from local.stand_ins.asgi import AsgiAnswer
from waddlebot.runtime import looks

FOLDER = Path(__file__).parent / "static"
PAGE = "playground.html"
SHARED = {path.name: path for path in (looks.TOKENS, looks.DUCK)}
"""All pages of the house have these."""

_KINDS = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "cache-control": "no-cache",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


def find_file(name: str) -> AsgiAnswer | None:
    """The file as an answer; read anew each time, so that an edit shows on reload."""
    path = SHARED.get(name, FOLDER / name)
    if (
        (name not in SHARED and path.parent != FOLDER)
        or path.suffix not in _KINDS
        or not path.is_file()
    ):
        return None
    return AsgiAnswer(
        headers={**_HEADERS, "content-type": _KINDS[path.suffix]}, body=path.read_bytes()
    )
