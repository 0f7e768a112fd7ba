"""An inventory leaves as a file, and many things come at once."""

from __future__ import annotations

from datetime import timedelta

from functions.modules.inventory import csv_text, texts
from functions.modules.inventory import texts_of_files as words
from functions.modules.inventory.items import ItemAction, NewItem
from functions.modules.inventory.keeping_commands import MOST_ITEMS
from functions.modules.inventory.people import asking
from functions.modules.inventory.store import Inventory
from functions.modules.inventory.typed import PER_MINUTE
from waddlebot_sdk import (
    Answer,
    Call,
    Chat,
    Field,
    Form,
    NotUnderstood,
    Role,
    WebAnswer,
    WebRequest,
    command,
)

GOOD_FOR = timedelta(hours=1)
MOST_CHARACTERS = 3000


@command(
    "inventory export",
    "Get a secret address where the inventory is fetched as CSV for an hour.",
    example="inventory export",
    also=("inv export",),
    role=Role.ADMIN,
    per_minute=PER_MINUTE,
    private=True,
)
def export_csv(call: Call, inventory: Inventory) -> Answer:
    at, until = call.occurred_at, call.occurred_at + GOOD_FOR
    token = inventory.addresses.make(call.community.id, at=at, until=until)
    return Chat(words.fetch_it(call.address(f"csv/{token}")), secret=True)


@command(
    "inventory import",
    "Add many things at once: a form for rows of CSV.",
    example="inventory import",
    also=("inv import",),
    role=Role.ADMIN,
    per_minute=PER_MINUTE,
)
def import_csv(_call: Call, _inventory: Inventory) -> Answer:
    rows = Field(
        "rows",
        "name, count, description, labels, state",
        long=True,
        most_characters=MOST_CHARACTERS,
    )
    return Form("Add many things", "import", (rows,), text=words.ROWS_WANTED, submit="Add them")


def imported(call: Call, inventory: Inventory) -> Answer:
    """The form as it was sent: all of it is added, or nothing."""
    new = csv_text.read_csv(str(call.data["fields"].get("rows", "")))
    community = call.community.id
    inventory.hold_names(community)
    if inventory.count(community) + len(new) > MOST_ITEMS:
        raise NotUnderstood(texts.too_many_items(MOST_ITEMS))
    known = [one.name for one in new if inventory.find_called(community, one.name)]
    if known:
        raise NotUnderstood(words.known_already(known))
    for one in new:
        _add(call, inventory, one)
    return Chat(words.imported(len(new)))


def _add(call: Call, inventory: Inventory, new: NewItem) -> None:
    by = asking(call)
    item = inventory.add(call.community.id, new, by=by)
    if item is None:  # two names that the database alone reads as one
        raise NotUnderstood(words.twice(new.name))
    inventory.history.note(
        call.community.id,
        item,
        ItemAction.ADD,
        by=by,
        at=call.occurred_at,
        details={"quantity": new.quantity},
    )


def fetched(request: WebRequest, inventory: Inventory) -> WebAnswer:
    community = inventory.addresses.find_community(request.path["token"])
    if community is None:
        return WebAnswer(status=404, title=words.NO_ADDRESS_TITLE, text=words.no_address())
    found = inventory.list_items(community, limit=MOST_ITEMS)
    return WebAnswer(text=csv_text.write_csv(found.items), content_type="text/csv; charset=utf-8")


COMMANDS = (export_csv, import_csv)
