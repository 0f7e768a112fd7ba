"""Which gateway carries what, and which channels come first: an operator says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from waddlebot.domain.accounts import Account
from waddlebot.domain.errors import Rejected
from waddlebot.runtime.logs import Category, Logger
from waddlebot.runtime.resources import Resources
from waddlebot.runtime.serve_http import Request
from waddlebot.stores.claim_statuses import ClaimStatus, claim_statuses
from waddlebot.stores.claims import Claimable, Claims, find_alive

MOST_PRIORITY = 1_000

Wire = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ClaimsDoor:
    resources: Resources
    log: Logger

    def show(self) -> Wire:
        """`{"claims": [{"platform", "channel", "priority", "holder" or None, "since", "lives",
        "is_live", "viewers", "seen_at" or None, "servers", "trouble", "id", "status", "entity" or
        None, "heartbeat_interval" or None (seconds), "created_at", "updated_at", "name"}]}`, what
        comes first in front; of one that was claimed this moment the last seven are missing."""
        alive = find_alive(self.resources.streams)
        found = Claims(self.resources.postgres).look()
        known = claim_statuses(self.resources.postgres)
        shown = [
            {**_shown(one, alive), **_status(known.get(Account(one.platform, one.channel)))}
            for one in found
        ]
        return {"success": True, "claims": shown}

    def prefer(self, request: Request) -> Wire:
        """Of `{"platform", "channel", "priority"}`: `{"platform", "channel", "priority",
        "before"}`. Raises Rejected: 400, 404."""
        platform, channel, priority = _read(request.body)
        by = request.caller.account
        claims = Claims(self.resources.postgres)
        before = claims.prefer(platform, channel, priority, by=by)
        if before is None:
            raise Rejected(
                404,
                "UNKNOWN_CHANNEL",
                f"No gateway knows {platform} {channel}. What there is: waddlebot claims",
            )
        self.log.info("channel preferred", category=Category.AUDIT, channel=channel, by=by)
        return {
            "success": True,
            "platform": platform,
            "channel": channel,
            "priority": priority,
            "before": before,
        }


def _shown(claim: Claimable, alive: set[str]) -> Wire:
    return {
        "platform": claim.platform,
        "channel": claim.channel,
        "priority": claim.priority,
        "holder": claim.holder or None,
        "since": claim.since.isoformat() if claim.since else None,
        "lives": claim.holder in alive,
        "is_live": claim.is_live,
        "viewers": claim.viewers,
        "seen_at": claim.seen_at.isoformat() if claim.seen_at else None,
        "servers": list(claim.servers),
        "trouble": claim.trouble,
    }


def _status(known: ClaimStatus | None) -> Wire:
    if known is None:
        return {}
    return {
        "id": known.id,
        "status": known.status,
        "entity": known.entity,
        "heartbeat_interval": known.heartbeat_interval,
        "created_at": known.created_at.isoformat(),
        "updated_at": known.updated_at.isoformat(),
        "name": known.name,
    }


def _read(body: Any) -> tuple[str, str, int]:
    asked = body if isinstance(body, Mapping) else {}
    names = asked.get("platform"), asked.get("channel")
    for field, name in zip(("platform", "channel"), names, strict=True):
        if not isinstance(name, str) or not 0 < len(name) <= 100 or not name.isprintable():
            raise _invalid(field, f"'{field}' is one of those that `waddlebot claims` names.")
    priority = asked.get("priority")
    if not isinstance(priority, int) or isinstance(priority, bool):
        raise _invalid("priority", "'priority' is a whole number.")
    if not 1 <= priority <= MOST_PRIORITY:
        raise _invalid("priority", f"'priority' is 1 to {MOST_PRIORITY:,}; the lowest comes first.")
    return str(names[0]), str(names[1]), priority


def _invalid(field: str, message: str) -> Rejected:
    return Rejected(400, "INVALID_FIELD", message, details={"field": field})
