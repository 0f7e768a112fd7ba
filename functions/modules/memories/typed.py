"""Reads what people type: numbers, addresses, a quote and its author. Refuses in words."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from functions.modules.memories import texts
from waddlebot_sdk import NotUnderstood

MOST_CHARACTERS = 500
MOST_TITLE_CHARACTERS = 100
_NUMBER = re.compile(r"#?(\d{1,9})", re.ASCII)
_SIGNED = re.compile(
    r"(?P<words>.*\S)\s+[-\u2013\u2014]{1,2}\s+(?P<author>\S+(?:\s+\S+){0,3})", re.DOTALL
)
_QUOTED = re.compile(
    r"""["“„«](?P<words>[^"“”„»]+)["”“»](?:(?:\s*[-\u2013\u2014]{1,2})?\s+(?P<author>\S.*))?""",
    re.DOTALL,
)
_HAS_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)


def number_in(text: str) -> int | None:
    """`3` or `#3` as 3; None where it is something else."""
    found = _NUMBER.fullmatch(text.strip())
    return int(found.group(1)) if found else None


def read_number(text: str) -> int:
    number = number_in(text)
    if number is None:
        raise NotUnderstood(texts.no_number(text))
    return number


def read_quote(text: str) -> tuple[str, str]:
    """Words and author of `Waddle on! — Ana` or `"Waddle on!" Ana`; the author may be empty.

    A dash inside a sentence is no signature: an author after a dash has four words at most.
    """
    found = _QUOTED.fullmatch(text) or _SIGNED.fullmatch(text)
    words, author = (found["words"], found["author"] or "") if found else (text, "")
    return read_text(words.strip()), read_title(author.strip())


def read_text(text: str) -> str:
    return _within(text, MOST_CHARACTERS)


def read_title(text: str) -> str:
    return _within(text, MOST_TITLE_CHARACTERS)


def read_address(text: str) -> str:
    """An http or https address; `https://` is put before one without a scheme."""
    address = text if _HAS_SCHEME.match(text) else f"https://{text}"
    try:
        parts = urlsplit(address)
        is_web = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        is_web = False
    if not is_web or any(character.isspace() for character in address):
        raise NotUnderstood(texts.no_address(text))
    return _within(address, MOST_CHARACTERS)


def _within(text: str, most: int) -> str:
    if len(text) > most:
        raise NotUnderstood(texts.too_long(len(text), most))
    return text
