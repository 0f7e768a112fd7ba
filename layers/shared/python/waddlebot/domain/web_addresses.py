"""Addresses that a person or a stranger's module gave: what may be kept of them.

Where such a name leads is looked at when it is called, each time (waddlebot/outside/addresses.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from waddlebot.domain.errors import Because, Refusal

MOST_CHARACTERS = 300
HTTPS_PORT = 443
_LEAST_OTHER_PORT = 1024
_PLAIN = re.compile(r"[!-~]+")
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
# 127.1, 0x7f000001 and 2130706433 are 127.0.0.1 to whoever looks names up.
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class WebAddress:
    """`host` is lower case and without a dot at its end; `target` is path and query."""

    host: str
    port: int
    target: str

    @property
    def origin(self) -> str:
        return f"https://{self.host}{'' if self.port == HTTPS_PORT else f':{self.port}'}"

    def __str__(self) -> str:
        return f"{self.origin}{self.target}"


def read_web_address(text: str) -> WebAddress:
    """Raises Refusal: no address of the open web that may be called over https."""
    text = text.strip()
    if len(text) > MOST_CHARACTERS:
        raise _no_address(f"That address has more than {MOST_CHARACTERS} characters.")
    if not text.lower().startswith("https://"):
        raise _no_address("An address begins with https:// here.")
    # The one that checks and the one that calls must read the same: no letter may be read twice.
    if not _PLAIN.fullmatch(text) or "\\" in text:
        raise _no_address(
            "An address has letters without accents and no spaces here; write others as %C3%A9, "
            "and a name as xn--…"
        )
    try:
        parts = urlsplit(text)
        host, port = (parts.hostname or "").removesuffix("."), parts.port or HTTPS_PORT
    except ValueError as error:
        raise _no_address("That is no address I can read.") from error
    if "@" in parts.netloc:
        raise _no_address(
            "An address has no name and password in it here: it is shown to moderators."
        )
    _check_host(host)
    if port != HTTPS_PORT and port < _LEAST_OTHER_PORT:
        raise _no_address(f"The port is {HTTPS_PORT}, or one from {_LEAST_OTHER_PORT:,} on.")
    query = f"?{parts.query}" if parts.query else ""
    return WebAddress(host=host, port=port, target=f"{parts.path or '/'}{query}")


def _no_address(words: str) -> Refusal:
    return Refusal(words, Because.WRONG)


def _check_host(host: str) -> None:
    labels = host.split(".")
    if ":" in host or _NUMBER.fullmatch(labels[-1]):
        raise _no_address("An address has a name here, not a number: https://example.com/…")
    if len(labels) < 2 or len(host) > 253 or not all(map(_LABEL.fullmatch, labels)):
        raise _no_address("That address has no name that the open web knows.")
