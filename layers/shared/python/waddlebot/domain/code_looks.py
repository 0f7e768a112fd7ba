"""Words of a line that look like an identity code, where somebody may have mistyped `!verify`."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

HIDDEN = "······"

# As codes are drawn (stores/identity_codes.py), typed in whatever case.
_CODE = re.compile(r"(?<![\w-])[A-HJ-NP-Z2-9]{6}(?![\w-])", re.ASCII | re.IGNORECASE)
_SIGN = re.compile(r"\s*[^\w\s<@]")
_FIRST_WORD = re.compile(r"\w+")
_VERIFY, _NEAR = "verify", 0.6


def without_codes(text: str) -> str:
    """The line without what may be a code; a line that looks like no command is as it was.

    The command may be renamed, its prefix too: any sign and a word do, and so does a word alone
    that is nearly `verify`.
    """
    first = _FIRST_WORD.search(text)
    if first is None or not (_SIGN.match(text) or _is_near(first[0])):
        return text
    return text[: first.end()] + _CODE.sub(HIDDEN, text[first.end() :])


def _is_near(word: str) -> bool:
    return SequenceMatcher(None, word[:20].lower(), _VERIFY).ratio() >= _NEAR
