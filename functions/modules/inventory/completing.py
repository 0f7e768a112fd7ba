"""What is offered while somebody types an item: those that have the words in them."""

from __future__ import annotations

from collections.abc import Iterator

from functions.modules.inventory.items import Listed
from functions.modules.inventory.store import Inventory
from waddlebot_sdk import Call, Choice
from waddlebot_sdk.completions import MOST_CHOICES, Completer


def items(listed: Listed = Listed.ALL) -> Completer[Inventory]:
    def offer(call: Call, inventory: Inventory) -> Iterator[Choice]:
        words = call.text.strip()
        found = inventory.list_items(
            call.community.id, listed=listed, words=words, limit=MOST_CHOICES
        )
        for item in found.items:
            yield Choice(item.name, f"#{item.number} {item.name}")

    return offer
