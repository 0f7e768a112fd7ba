"""Words drawn by lot, the same in each run, and the longest lines of platforms."""

from __future__ import annotations

import random
import string

CHANCE = random.Random(6)  # noqa: S311 - no secret
DISCORDS_MOST, SLACKS_MOST = 4_000, 40_000


def a_word(length: int, letters: str = string.ascii_lowercase) -> str:
    return "".join(CHANCE.choices(letters, k=length))


WORDS = [a_word(5) for _ in range(1_000)]
