"""Who wins, by the seed alone: anybody who has seed and entries finds the same order.

Each entry has as many tickets as it counts; the smallest hash of its tickets is its score, and
entries win from the smallest score on. So chances are as the weights are, among all and among those
who are left, and no winner can be chosen by drawing again.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable

ENTRY_CHARACTERS = 16


def new_seed() -> str:
    """256 bits, as 64 hexadecimal digits."""
    return secrets.token_hex(32)


def commit_to(seed: str) -> str:
    """What is said before: whoever knows it cannot know the seed, nor change it afterwards."""
    return _hash(seed)


def name_entry(salt: bytes, platform: str, user_id: str) -> str:
    """What stands for an account where everybody may read it."""
    account = f"{platform}:{user_id}".encode()
    return hmac.digest(salt, account, "sha256").hex()[:ENTRY_CHARACTERS]


def hash_list(entries: Iterable[tuple[str, int]]) -> str:
    """Of entries with their weights, in whatever order they come."""
    return _hash("\n".join(f"{entry} {weight}" for entry, weight in sorted(entries)))


def rank(seed: str, entries: Iterable[tuple[str, int]]) -> list[str]:
    """Entries from the first that wins to the last; each comes with its weight."""
    return [entry for _, entry in sorted((_score(seed, *one), one[0]) for one in entries)]


def _score(seed: str, entry: str, weight: int) -> str:
    return min(_hash(f"{seed}:{entry}:{ticket}") for ticket in range(weight))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
