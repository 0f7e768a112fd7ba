"""What is one emoji: told by its shape, as new ones come every year."""

from __future__ import annotations

import re

MOST_EMOJI = 64

# What may be drawn as a picture, with what says so and a tone of skin behind it.
_PICTURE = (
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u27bf"
    "\u2934\u2935\u2b05-\u2b55\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
    "\ufe0f?[\U0001f3fb-\U0001f3ff]?(?:[\U000e0020-\U000e007e]+\U000e007f)?"
)
_EMOJI = re.compile(
    rf"{_PICTURE}(?:\u200d{_PICTURE})*"
    "|[\U0001f1e6-\U0001f1ff]{2}"  # a flag
    "|[0-9#*]\ufe0f?\u20e3"  # a key
    r"|:[^\s:<>/]+(?:::skin-tone-[2-6])?:"  # by its name
    r"|<?(?:a?:)?\w{2,32}:\d{15,22}>?"  # a server's own, as Discord writes it
)


def is_emoji(text: str) -> bool:
    """Whether it is one: 🎂, `:cake:`, or `<:wave:301000000000000002>` of a server's own."""
    return len(text) <= MOST_EMOJI and _EMOJI.fullmatch(text) is not None
