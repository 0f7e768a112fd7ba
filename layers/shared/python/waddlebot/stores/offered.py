"""What was offered and waits: forms to be opened, and what can be picked by a number."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import redis

from waddlebot.domain.entities import EntityId
from waddlebot.domain.events import Speaker
from waddlebot.domain.offers import OfferedForm
from waddlebot.stores import keys
from waddlebot.stores.valkey import CACHE, Script

FORM_SECONDS = 15 * 60
"""As long as the role counts that somebody had who asked for it."""

# KEYS: what is kept. ARGV: of each its value and how many seconds it lives.
_KEEP = Script(
    """
    for n, key in ipairs(KEYS) do redis.call('SET', key, ARGV[2 * n - 1], 'EX', ARGV[2 * n]) end
    return 1
    """,
    server=CACHE,
)
_FIND = Script(
    """
    local found = {}
    for n, key in ipairs(KEYS) do found[n] = redis.call('GET', key) end
    return found
    """,
    server=CACHE,
)


class WaitingForm(msgspec.Struct, frozen=True, kw_only=True):
    """For `user`, who asked for it in `entity`. `proof` is the hash of what stands in the address
    that they were told alone.
    """

    form: OfferedForm
    entity: EntityId
    parent: EntityId | None = None
    thread: str | None = None
    community: str
    user: Speaker
    proof: str
    until: datetime

    def is_proven(self, proof: str) -> bool:
        return bool(proof) and hmac.compare_digest(self.proof, hash_of(proof))


class Pickable(msgspec.Struct, frozen=True, kw_only=True):
    """What picking it presses: `id` is signed, `values` are of a menu."""

    id: str
    values: tuple[str, ...] = ()


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """In the order of their numbers; of two the newer one is meant."""

    at: datetime
    choices: tuple[Pickable, ...]


class ToKeep(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to be kept."""

    key: str
    value: bytes
    seconds: int


def keep_form(ref: str, form: WaitingForm) -> ToKeep:
    value = msgspec.json.encode(form)
    return ToKeep(key=keys.open_form(ref), value=value, seconds=FORM_SECONDS)


def keep_choices(entity: EntityId, whose: str, choices: Choices, seconds: int) -> ToKeep:
    """`whose` is one person's id, or empty where all may pick."""
    return ToKeep(
        key=keys.choices(entity, whose), value=msgspec.json.encode(choices), seconds=seconds
    )


@dataclass(frozen=True, slots=True)
class WaitingOffers:
    """Every method is one round trip and raises Unavailable."""

    cache: redis.Redis

    def keep(self, those: Sequence[ToKeep]) -> None:
        values: list[Any] = [part for one in those for part in (one.value, one.seconds)]
        if those:
            _KEEP.run(self.cache, [one.key for one in those], values)

    def find_form(self, ref: str) -> WaitingForm | None:
        [found] = self._find([keys.open_form(ref)])
        return msgspec.json.decode(found, type=WaitingForm) if found else None

    def find_choices(self, places: Sequence[tuple[EntityId, str]]) -> Mapping[int, Choices]:
        """What can be picked, by the number of the question; `places` are each with who asks."""
        names = [keys.choices(at, whose) for at, who in places for whose in ("", who)]
        found = [
            msgspec.json.decode(one, type=Choices) if one else None for one in self._find(names)
        ]
        newest = {}
        for number in range(len(places)):
            those = [one for one in found[2 * number : 2 * number + 2] if one]
            if those:
                newest[number] = max(those, key=lambda one: one.at)
        return newest

    def _find(self, names: Sequence[str]) -> Sequence[bytes | None]:
        found: Any = _FIND.run(self.cache, names, []) if names else []
        return list(found)


def hash_of(proof: str) -> str:
    return hashlib.sha256(proof.encode()).hexdigest()
