"""What the end of a connection to Discord's gateway means for the session that it carried.

Source: "Gateway", "Gateway Close Event Codes".
"""

from __future__ import annotations

from dataclasses import dataclass

from gateway_bot.connections.staying import WELL_SECONDS

FOR_GOOD = frozenset({4004, 4010, 4011, 4012, 4013, 4014})
"""Bad token, shard, version or intents: another try costs a new session and ends the same way."""

NO_TOKEN, NO_INTENTS = 4004, 4014

_GONE = frozenset({4003, 4006, 4007, 4009})
"""Not known any more, a sequence that it never had, or too long ago."""

_AWAY = frozenset({1000, 1001})
_MOST_IN_VAIN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Stood:
    """What was seen of a connection until Discord ended it. `code` is None where it was silent or
    said without one that it does not go on."""

    code: int | None = None
    was_resuming: bool = False
    is_welcome: bool = False
    seconds: float = 0.0

    @property
    def is_in_vain(self) -> bool:
        """It was to go on with a session and did not, or was sent away as soon as it had."""
        is_sent_away = self.code in _AWAY and self.seconds < WELL_SECONDS
        return self.was_resuming and (not self.is_welcome or is_sent_away)


@dataclass(slots=True)
class Resumes:
    """How often in a row a session could not be taken up again."""

    _in_vain: int = 0

    def is_given_up(self, stood: Stood) -> bool:
        """Whether the next connection has to begin a session of its own.

        A resume that Discord answers by going away is not repeated: it would be answered so again.
        """
        self._in_vain = self._in_vain + 1 if stood.is_in_vain else 0
        is_turned_away = stood.was_resuming and not stood.is_welcome and stood.code in _AWAY
        if stood.code in _GONE or is_turned_away or self._in_vain >= _MOST_IN_VAIN:
            self._in_vain = 0
            return True
        return False


def words_for(code: int) -> str:
    """For the operator: what has to change before another try."""
    if code == NO_TOKEN:
        return "DISCORD_TOKEN must be the bot's current token: set it and start the gateway anew."
    if code == NO_INTENTS:
        return (
            "Discord refuses the bot's intents: switch on its Server Members and Message Content "
            "intents in the developer portal, and start the gateway anew."
        )
    return (
        f"Discord closed the connection with {code}, which is for good: see DISCORD_SHARDS, and "
        "start the gateway anew."
    )
