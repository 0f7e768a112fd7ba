"""Gives back, at their services, tokens of what people disconnected while those did not answer.

For a day, ever more seldom; then the owner is told what is left to do (lost.py).
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

from waddlebot.outside.driving import Ask
from waddlebot.outside.revoking import revoke_all
from waddlebot.platforms.renewing import Renewer
from waddlebot.stores.revocations import Revocation, Revocations

PAUSES_SECONDS = (60.0, 300.0, 1_800.0, 7_200.0, 21_600.0, 43_200.0)
MOST_AT_ONCE = 10
EACH_SECONDS = 10.0
"""Less than the shortest pause: nobody else takes it meanwhile."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class GivingBack:
    """`renewers` by service: what has none here is left to whoever set it up."""

    revocations: Revocations
    renewers: Mapping[str, Renewer]
    ask: Ask = field(repr=False)

    def look(self) -> None:
        """What is due, one after the other. Raises Unavailable: the rest is due again."""
        for one in self.revocations.take(MOST_AT_ONCE, pauses=PAUSES_SECONDS):
            self._give_back(one)

    def _give_back(self, one: Revocation) -> None:
        doomed = [(one.connection, one.tokens)]
        about = {"of_service": one.connection.service, "of_account": one.connection.account}
        if not revoke_all(doomed, self.renewers, self.ask, seconds=EACH_SECONDS):
            self.revocations.end(one.connection)
            log.info("tokens given back late", extra={**about, "tries": one.tries})
        elif one.tries >= len(PAUSES_SECONDS):
            self.revocations.give_up(one.connection)
            log.error("tokens not given back", extra={**about, "tries": one.tries})
