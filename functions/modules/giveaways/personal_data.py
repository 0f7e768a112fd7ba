"""What the module holds about a person, handed out or removed on request."""

from __future__ import annotations

from typing import Any

from functions.modules.giveaways.giveaway import GiveawayStatus
from functions.modules.giveaways.giveaways import Giveaways


def export(
    community: int, platform: str, user_id: str, giveaways: Giveaways
) -> list[dict[str, Any]]:
    """What this account entered and what came of it, what it started, where it was left out."""
    started = giveaways.list_started_by(community, platform, user_id)
    excluded = giveaways.entries.count_exclusions_of(community, platform, user_id)
    return [
        *(
            {
                "kind": "entry",
                "number": one.number,
                "prize": one.prize,
                "name": one.entry.name,
                "entry": one.entry.entry,
                "weight": one.entry.weight,
                "entered_at": one.entered_at.isoformat(),
                "outcome": one.outcome or one.entry.left_out,
            }
            for one in giveaways.entries.told_to(community, platform, user_id)
        ),
        *({"kind": "giveaway", "number": one.number, "prize": one.terms.prize} for one in started),
        *([{"kind": "exclusions", "number": excluded}] if excluded else []),
    ]


def erase(community: int, platform: str, user_id: str, giveaways: Giveaways) -> int:
    """An entry goes while entries are taken, and stays in a closed list without telling whose.

    Whoever is excluded of what still takes entries stays so.
    """
    running = giveaways.find_running(community)
    held = giveaways.hold(community, running.number) if running else None
    if held and held.status is GiveawayStatus.OPEN:
        accounts = giveaways.entries.accounts_of(platform, user_id)
        giveaways.entries.keep_out(held, accounts)
    gone = giveaways.entries.forget(community, platform, user_id)
    return gone + giveaways.forget_who_started(community, platform, user_id)
