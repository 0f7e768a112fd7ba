"""Whether Twitch would give a shoutout: on air alone, and not too often.

Docs: "Send a Shoutout".
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from local.stand_ins.asgi import AsgiAnswer
from local.stand_ins.twitch.helix_answers import error

APART_SECONDS, EACH_SECONDS = 120, 3600


@dataclass(slots=True)
class StandInShoutouts:
    _given: list[tuple[str, str, float]] = field(default_factory=list)

    def refuse(self, channel: str, to: str, on_air: Mapping[str, int]) -> AsgiAnswer | None:
        """What is not refused counts as given."""
        if channel == to:
            words = "The broadcaster may not give themselves a Shoutout."
            return error(400, "Bad Request", words)
        if not on_air.get(channel):
            words = "The broadcaster is not streaming live or does not have one or more viewers."
            return error(400, "Bad Request", words)
        now = time.monotonic()
        self._given = [one for one in self._given if one[2] > now - EACH_SECONDS]
        for at, whom, when in self._given:
            if at == channel and (whom == to or when > now - APART_SECONDS):
                return error(429, "Too Many Requests", "The cooldown of Shoutouts is not over.")
        self._given.append((channel, to, now))
        return None
