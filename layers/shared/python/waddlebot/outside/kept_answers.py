"""Answers of a service that are kept for a while, each with its age.

On the cache server, so that one process spares the others their calls; while it is away nothing is
kept.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from waddlebot.domain.errors import Unavailable
from waddlebot.stores import keys
from waddlebot.stores.valkey import CACHE, Client, answering

MOST_BYTES = 64 * 1024


class KeptAnswer(msgspec.Struct, frozen=True, kw_only=True):
    status: int
    headers: dict[str, str]
    body: bytes
    at: float

    @property
    def age_seconds(self) -> float:
        return max(0.0, time.time() - self.at)


@dataclass(frozen=True, slots=True)
class KeptAnswers:
    client: Client | None

    def find(self, service: str, name: str) -> KeptAnswer | None:
        if self.client is None:
            return None
        try:
            with answering(CACHE):
                found = self.client.get(keys.kept_answer(service, name))
            return (
                msgspec.msgpack.decode(found, type=KeptAnswer) if isinstance(found, bytes) else None
            )
        except (Unavailable, msgspec.DecodeError):  # of another release
            return None

    def keep(self, service: str, name: str, kept: KeptAnswer, seconds: float) -> None:
        if self.client is None or len(kept.body) > MOST_BYTES:
            return
        try:
            with answering(CACHE):
                self.client.set(
                    keys.kept_answer(service, name),
                    msgspec.msgpack.encode(kept),
                    px=max(1, round(seconds * 1000)),
                )
        except Unavailable:
            return


def name_of(method: str, url: str, headers: Mapping[str, str]) -> str:
    """What was asked, by whom (a token is a header); nothing can be read from it."""
    told = msgspec.json.encode([method, url, sorted(headers.items())])
    return hashlib.blake2b(told, digest_size=16).hexdigest()
