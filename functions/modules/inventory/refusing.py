"""Why somebody does not get a thing, as it is at this moment."""

from __future__ import annotations

from functions.modules.inventory import texts, texts_of_waiting
from functions.modules.inventory.items import StockItem
from functions.modules.inventory.people import Borrower, asking
from functions.modules.inventory.store import Inventory
from waddlebot_sdk import Call


def why_not(call: Call, inventory: Inventory, item: StockItem, *, to: Borrower) -> str:
    """Somebody may have been quicker a moment ago, and it may have been `to`."""
    now = inventory.find(call.community.id, item.number)
    if now is None:
        return texts.no_such(item.name, "")
    own = inventory.loans.of_them(now, inventory.accounts.whole(call.community.id, to))
    if own and now.is_single and to.is_same(asking(call)):
        return texts.you_have_it(own)
    loans, line = inventory.loans.of_item(now), inventory.waiting.of_item(now)
    return texts_of_waiting.not_lent(now, loans, line, at=call.occurred_at)
