"""What nobody sees of a text: signs without a picture, and letters that look like a blank."""

from __future__ import annotations

import re

from waddlebot_sdk.seen_signs import FLAGS

# Each of these is what stands in a character class.
CONTROLS = "\x01-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"
# Letters to a program and a blank to people, as wide as a letter: between words or within one.
LOOK_BLANK_RANGES = "\u115f\u1160\u2800\u3164\uffa0\U0001d159\U00013441\U00013442"
UNSEEN_RANGES = (
    "\u00ad\u034f\u0640\u061c\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u2d7f\ufe00-\ufe0f\ufeff\ufff0-\ufffb\U000e0000-\U000e0fff"
    "\U00013430-\U00013440\U00016fe4\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    f"{CONTROLS}{LOOK_BLANK_RANGES}"
)
UNSEEN = re.compile(f"[{UNSEEN_RANGES}]+")


def is_blank(text: str) -> bool:
    """Whether there is nothing to read in it, however long it is."""
    return not without_unseen_edges(text)


def without_unseen_edges(text: str) -> str:
    """Without white space and what nobody sees at both ends: chat programs append such."""
    start, end = 0, len(text)
    while end > start and _is_unseen(text[end - 1]) and not text.endswith(FLAGS, start, end):
        end -= 1
    while start < end and _is_unseen(text[start]):
        start += 1
    return text[start:end]


def _is_unseen(letter: str) -> bool:
    is_plain = letter.isascii() and letter.isprintable()
    return letter.isspace() or not (is_plain or UNSEEN.match(letter) is None)
