"""It may, or it may not, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from waddlebot.domain.matches import Match


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`by` is the rule or row that decided; `said` whether this refusal is said in chat."""

    match: Match
    reason: Reason
    wait_seconds: float = 0.0
    by: str = ""
    said: bool = False

    @property
    def allowed(self) -> bool:
        return self.reason is Reason.ALLOWED
