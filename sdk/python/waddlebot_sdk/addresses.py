"""Addresses as people type and chats wrap them."""

from __future__ import annotations

import re

_WRAPPED = re.compile(r"<(?P<address>[^<>|\s]+)(?:\|[^<>|]*)?>")
_OPENING, _CLOSING = "([{\"'“„«", ")]}\"'”“»"
_PUNCTUATION = ".,;:!?…"


def bare_address(text: str) -> str:
    """`<https://x.org>`, Slack's `<https://x.org|x.org>`, `(https://x.org).` as `https://x.org`.

    A bracket that the address opens itself stays. What is no address comes back as it was typed:
    whoever asks for one checks it.
    """
    typed = text.strip()
    bare = typed.strip("\u200b\ufeff").rstrip(_PUNCTUATION)
    wrapped = _WRAPPED.fullmatch(bare)
    if wrapped:
        return wrapped["address"]
    bare = bare.lstrip(_OPENING)
    while bare and (bare[-1] in _PUNCTUATION or _closes_nothing(bare)):
        bare = bare[:-1]
    wrapped = _WRAPPED.fullmatch(bare)
    return wrapped["address"] if wrapped else bare or typed


def _closes_nothing(address: str) -> bool:
    """Whether it ends with a bracket or quote that it does not open."""
    last = address[-1]
    if last not in _CLOSING:
        return False
    opening = {")": "(", "]": "[", "}": "{"}.get(last)
    return opening is None or address.count(last) > address.count(opening)
