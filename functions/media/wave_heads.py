"""The head of a WAV, which most programs for sound write in its longer form.

Source: Microsoft, "Multiple channel audio data and WAVE files" (WAVEFORMATEXTENSIBLE): where the
kind is 0xFFFE the real one stands in the first two bytes of the GUID behind. Python's `wave` knows
that form from 3.12 on alone; all that comes behind it is the same.
"""

from __future__ import annotations

import struct

PCM, FLOAT, _LONGER = 1, 3, 0xFFFE
_KIND_WITHIN = 24
"""Bytes before the GUID."""


def with_plain_head(content: bytes) -> tuple[bytes, int]:
    """The same with a head that says its kind by itself, and that kind; 0 where it has no head."""
    at = _head_at(content)
    if at is None:
        return content, 0
    [kind] = struct.unpack_from("<H", content, at)
    if kind != _LONGER or len(content) < at + _KIND_WITHIN + 2:
        return content, kind
    within = content[at + _KIND_WITHIN : at + _KIND_WITHIN + 2]
    return content[:at] + within + content[at + 2 :], int.from_bytes(within, "little")


def _head_at(content: bytes) -> int | None:
    """Where the `fmt ` part begins; parts begin at even bytes."""
    at = 12
    while at + 10 <= len(content):
        name, size = struct.unpack_from("<4sI", content, at)
        if name == b"fmt ":
            return at + 8
        at += 8 + size + size % 2
    return None
