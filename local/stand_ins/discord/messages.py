"""The messages that stand on Discord now, so that they can be answered, edited and deleted."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Iterator

from local.stand_ins.asgi import Json
from local.stand_ins.places import StandInPlace

_KEPT = 5_000
_NONCE_SECONDS = 180.0  # "within the past few minutes" (docs: "Create Message")


class Messages:
    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[StandInPlace, Json]] = OrderedDict()
        self._seen_by: dict[str, str] = {}
        self._nonces: OrderedDict[tuple[str, str], tuple[float, str]] = OrderedDict()

    def keep(self, place: StandInPlace, body: Json, *, only_for: str = "") -> None:
        """`only_for` is the login of who alone sees it."""
        self._kept[body["id"]] = (place, body)
        self._seen_by[body["id"]] = only_for
        if len(self._kept) > _KEPT:
            gone, _ = self._kept.popitem(last=False)
            self._seen_by.pop(gone, None)

    def newest_in(self, channel: str, login: str) -> Iterator[Json]:
        """What this person sees there, the newest first."""
        for place, body in reversed(self._kept.values()):
            if place.channel == channel and self._seen_by.get(body["id"]) in {"", login}:
                yield body

    def find(self, message_id: str) -> tuple[StandInPlace, Json] | None:
        return self._kept.get(message_id)

    def find_in(self, channel: str, message_id: str) -> tuple[StandInPlace, Json] | None:
        found = self._kept.get(message_id)
        return found if found and found[0].channel == channel else None

    def drop(self, message_id: str) -> tuple[StandInPlace, Json] | None:
        return self._kept.pop(message_id, None)

    def remember_nonce(self, channel: str, nonce: str, message_id: str) -> None:
        self._nonces[channel, nonce] = (time.monotonic(), message_id)
        if len(self._nonces) > _KEPT:
            self._nonces.popitem(last=False)

    def find_by_nonce(self, channel: str, nonce: str) -> Json | None:
        """The message that was sent with it a moment ago."""
        sent_at, message_id = self._nonces.get((channel, nonce), (0.0, ""))
        found = self._kept.get(message_id)
        return found[1] if found and time.monotonic() - sent_at < _NONCE_SECONDS else None
