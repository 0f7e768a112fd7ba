"""What is due back: people are reminded, and what is late is listed."""

from __future__ import annotations

from functions.modules.inventory import texts_of_waiting as words
from functions.modules.inventory.looking_commands import room_in
from functions.modules.inventory.reminders import Reminded
from functions.modules.inventory.store import Inventory
from functions.modules.inventory.typed import PER_MINUTE
from waddlebot_sdk import Answer, Call, Chat, command, say_command
from waddlebot_sdk.pages import read_page


@command(
    "inventory late [page]",
    "List what should be back by now.",
    example="inventory late",
    also=("inv late",),
    per_minute=PER_MINUTE,
)
def late(call: Call, inventory: Inventory) -> Answer:
    again = say_command("inventory late")
    page = read_page(call.arguments.get("page", ""), again=again)
    loans = inventory.loans.list_late(call.community.id, call.occurred_at)
    if not loans:
        return Chat(words.none_late())
    return Chat(words.late(loans, page, again=again, room=room_in(call)))


def reminded(call: Call, inventory: Inventory) -> Answer:
    """Said once: of what is marked or back nothing is said."""
    loan, kind = inventory.loans.find(call.community.id, int(call.data["loan"])), call.data["kind"]
    if loan is None or not inventory.reminders.mark_said(
        call.community.id, loan.id, Reminded(kind)
    ):
        return None
    item = inventory.find_by_id(call.community.id, loan.item_id)
    line = inventory.waiting.of_item(item) if item else []
    return Chat(words.reminded(loan, Reminded(kind), line), notifies=True, called=words.called())


COMMANDS = (late,)
