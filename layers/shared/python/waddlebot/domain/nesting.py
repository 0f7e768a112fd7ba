"""How deep JSON may be: whoever reads it goes a call deeper with each bracket, and then no further.

Readers give up at a thousand, and what is done with the value before that.
"""

from __future__ import annotations

import re

DEEPEST = 100
"""Objects and lists within each other; platforms write a dozen."""
TOO_DEEP = f"There are {DEEPEST} brackets within each other at most."

_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+"|[\[{]|[\]}]', re.DOTALL)


def is_too_deep(raw: bytes) -> bool:
    """Whether or not it is JSON. Few brackets are only counted, which takes no time."""
    if raw.count(b"[") + raw.count(b"{") <= DEEPEST:
        return False
    depth = 0
    for token in _TOKEN.finditer(raw):
        sign = token[0]
        depth += (sign in b"[{") - (sign in b"]}")
        if depth > DEEPEST:
            return True
    return False
