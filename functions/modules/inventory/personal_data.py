"""What the module holds about a person, handed out or removed on request."""

from __future__ import annotations

from typing import Any

from functions.modules.inventory.store import Inventory


def export(
    community: int, platform: str, user_id: str, inventory: Inventory
) -> list[dict[str, Any]]:
    """What this person added, has, did and had."""
    keys = [user_id, *inventory.history.logins_of(community, platform, user_id)]
    added = inventory.list_added_by(community, platform, user_id)
    accounts = [f"{platform}:{key}" for key in keys]
    held = inventory.loans.list_held(community, accounts)
    done = inventory.history.list_of(community, platform, keys)
    return [
        *({"kind": "item added", "number": item.number, "name": item.name} for item in added),
        *(
            {
                "kind": "loan",
                "item": loan.item_name,
                "quantity": loan.quantity,
                "since": loan.since.isoformat(),
                "until": loan.until and loan.until.isoformat(),
            }
            for loan in held
        ),
        *(
            {"kind": "waiting", "item": one.item_name, "quantity": one.quantity}
            for one in inventory.waiting.of_person(community, accounts)
        ),
        *(
            {"kind": "request", "number": one.number, "item": one.item_name}
            for one in inventory.requests.of_person(community, accounts)
        ),
        *(
            {
                "kind": "activity",
                "item": one.item_name,
                "action": one.action,
                "by": one.by.name,
                "holder": one.holder and one.holder.name,
                "details": dict(one.details),
                "at": one.at.isoformat(),
            }
            for one in done
        ),
    ]


def erase(community: int, platform: str, user_id: str, inventory: Inventory) -> int:
    """Items and what happened to them stay the community's, and what is out stays out; nothing of
    it says who. Who waits or asks for something does so no more."""
    keys = [user_id, *inventory.history.logins_of(community, platform, user_id)]
    accounts = [f"{platform}:{key}" for key in keys]
    added = inventory.forget_who_added(community, platform, user_id)
    for loan in inventory.loans.list_held(community, accounts):
        inventory.reminders.cancel(community, loan)
    held = inventory.loans.forget_holder(community, platform, keys)
    waiting = inventory.waiting.of_person(community, accounts)
    requests = inventory.requests.of_person(community, accounts)
    for one in waiting:
        inventory.waiting.leave(community, one)
    for request in requests:
        inventory.requests.drop(community, request)
    gone = len(waiting) + len(requests)
    return gone + added + held + inventory.history.forget(community, platform, keys)
