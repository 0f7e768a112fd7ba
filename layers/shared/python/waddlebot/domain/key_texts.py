"""The text of an API key: `wbot_`, 43 letters and digits by lot, and six that check them.

A person's own begins with `wbot_user_`, so that whoever finds one knows whom to tell.

As in the tokens of the large code hosts: a mistyped or invented key is told from a real one
without asking anybody, and whoever scans for leaked secrets finds ours.
Older keys, and those that operators chose themselves, have no checksum and stay good.
"""

from __future__ import annotations

import re
import secrets
import string
import zlib

PREFIX = "wbot_"
OF_PEOPLE = "wbot_user_"
MOST_CHARACTERS = 256

_DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase
_SECRET_LETTERS = 43
"""256 bits."""
_CHECK_LETTERS = 6
_WITHOUT_CHECKSUM = re.compile(r"wbot_[\w-]{43}", re.ASCII)


def new_key_text(prefix: str = PREFIX) -> str:
    text = prefix + "".join(secrets.choice(_DIGITS) for _ in range(_SECRET_LETTERS))
    return text + _checksum(text)


def is_no_key(text: str) -> bool:
    """Surely nobody's: it says that it is ours and its checksum is wrong, or it is too long."""
    if len(text) > MOST_CHARACTERS:
        return True
    if not text.startswith(PREFIX) or _WITHOUT_CHECKSUM.fullmatch(text):
        return False
    prefix = OF_PEOPLE if text.startswith(OF_PEOPLE) else PREFIX
    length = len(prefix) + _SECRET_LETTERS
    return text[length:] != _checksum(text[:length])


def _checksum(text: str) -> str:
    rest = zlib.crc32(text.encode("utf-8", "replace"))
    letters = ""
    for _ in range(_CHECK_LETTERS):
        rest, digit = divmod(rest, len(_DIGITS))
        letters = _DIGITS[digit] + letters
    return letters
