"""It may, or it may not, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from waddlebot.domain.matches import Match
from waddlebot_sdk.responses import Chat


class Reason(StrEnum):
    ALLOWED = "allowed"
    REPEATED = "repeated"
    SHADOWED = "shadowed"
    QUIET = "quiet"
    DISABLED = "disabled"
    EXEMPT = "exempt"
    ROLE = "role"
    COOLDOWN = "cooldown"
    LIMIT = "limit"
    STALE = "stale"
    NOT_NOW = "not_now"
    STOPPED = "stopped"
    FORGED = "forged"
    EXPIRED = "expired"
    DONE_BEFORE = "done_before"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`by` is the rule or row that decided; `said` whether this refusal is said in chat.

    `hushed`: whatever would be said about a try that came to nothing is not said, as there were
    many; `instead` is said in its place, once.
    """

    match: Match
    reason: Reason
    wait_seconds: float = 0.0
    by: str = ""
    said: bool = False
    hushed: bool = False
    instead: Chat | None = None

    @property
    def allowed(self) -> bool:
        return self.reason is Reason.ALLOWED
