"""What there is, who has it, what happened to it."""

from __future__ import annotations

from functions.modules.inventory import texts, texts_of_history, texts_of_typing, typed
from functions.modules.inventory.completing import items
from functions.modules.inventory.items import Listed
from functions.modules.inventory.people import asking
from functions.modules.inventory.store import Inventory
from functions.modules.inventory.typed import PER_MINUTE
from waddlebot.platforms import find_abilities
from waddlebot_sdk import Answer, Call, Chat, NotUnderstood, command, say_command
from waddlebot_sdk.pages import is_page, read_page, take_page

MOST_LISTED = 1000
MOST_HISTORY = 200
"""Of the newest."""
MOST_IN_FIGURES = 10


@command(
    "inventory list [what] [page]",
    "List what there is: all, available, out or low.",
    example="inventory list available",
    also=("inv list",),
    per_minute=PER_MINUTE,
    completes={"what": ("all", "available", "out", "low")},
)
def list_items(call: Call, inventory: Inventory) -> Answer:
    what, page = call.arguments.get("what", ""), call.arguments.get("page", "")
    if is_page(what) and not page:
        what, page = "", what
    listed = typed.read_listed(what or Listed.ALL.value)
    if listed is None:
        raise NotUnderstood(texts_of_typing.no_listed(what))
    again = say_command(f"inventory list{f' {what}' if what else ''}")
    number = read_page(page, again=again)
    found = inventory.list_items(call.community.id, listed=listed, limit=MOST_LISTED)
    if not found.items:
        return Chat(texts.none_listed(listed))
    holders = inventory.loans.of_community(call.community.id)
    room = room_in(call)
    return Chat(texts.listed(found, holders, number, listed=listed, again=again, room=room))


@command(
    "inventory show <item>",
    "Show a thing, who has it and until when.",
    example="inventory show camera",
    also=("inv show", "inventory status", "inv status"),
    per_minute=PER_MINUTE,
    completes={"item": items()},
)
def show(call: Call, inventory: Inventory) -> Answer:
    item = typed.find_whole(call, inventory)
    loans, line = inventory.loans.of_item(item), inventory.waiting.of_item(item)
    with_it = inventory.with_it(call.community.id, item)
    return Chat(texts.shown(item, loans, len(line), with_it, room=room_in(call)))


@command(
    "inventory search <words>",
    "Find things with these words, or with labels: #video.",
    example="inventory search #video camera",
    also=("inv search",),
    per_minute=PER_MINUTE,
)
def search(call: Call, inventory: Inventory) -> Answer:
    asked, page = take_page(typed.one_line(call.in_words(call.arguments["words"])))
    words, labels = typed.read_search(asked)
    found = inventory.list_items(call.community.id, words=words, labels=labels, limit=MOST_LISTED)
    if not found.items:
        return Chat(texts.none_found(asked))
    holders = inventory.loans.of_community(call.community.id)
    again = say_command(f"inventory search {asked} page")
    return Chat(texts.found(found, holders, page, again=again, room=room_in(call)))


@command(
    "inventory stats [page]",
    "Count what there is, and list what happened last.",
    example="inventory stats",
    also=("inv stats",),
    per_minute=PER_MINUTE,
)
def stats(call: Call, inventory: Inventory) -> Answer:
    again = say_command("inventory stats")
    page = read_page(call.arguments.get("page", ""), again=again)
    counted = inventory.figures(call.community.id, call.occurred_at)
    done = inventory.history.newest(call.community.id, limit=MOST_IN_FIGURES)
    return Chat(texts_of_history.figures(counted, done, page, again=again, room=room_in(call)))


@command(
    "inventory mine [page]",
    "List what you have.",
    example="inventory mine",
    also=("inv mine",),
    per_minute=PER_MINUTE,
)
def mine(call: Call, inventory: Inventory) -> Answer:
    again = say_command("inventory mine")
    page = read_page(call.arguments.get("page", ""), again=again)
    who = inventory.accounts.whole(call.community.id, asking(call))
    loans = inventory.loans.of_person(call.community.id, who)
    if not loans:
        return Chat(texts.none_mine())
    return Chat(texts.mine(loans, page, again=again, room=room_in(call)))


@command(
    "inventory history [item]",
    "List what happened, to one thing or to all; also to what is deleted.",
    example="inventory history camera",
    also=("inv history",),
    per_minute=PER_MINUTE,
    completes={"item": items()},
)
def history(call: Call, inventory: Inventory) -> Answer:
    community = call.community.id
    name, page = take_page(typed.as_named(call.in_words(call.arguments.get("item", ""))))
    if not name:
        done = inventory.history.newest(community, limit=MOST_HISTORY)
    else:
        item = inventory.find_called(community, name) or typed.numbered(call, inventory, name)
        of_one = inventory.history.of_item
        done = (
            of_one(item, limit=MOST_HISTORY)
            if item
            else inventory.history.of_name(community, name, limit=MOST_HISTORY)
        )
    if not done:
        return Chat(texts_of_history.no_history(name) if name else texts.none_listed(Listed.ALL))
    again = say_command(f"inventory history{f' {name}' if name else ''} page")
    return Chat(texts_of_history.history(done, page, again=again, room=room_in(call)))


@command(
    "inventory [verb]",
    "Say what can be done with the inventory.",
    example="inventory",
    also=("inv",),
    per_minute=PER_MINUTE,
)
def overview(call: Call, _inventory: Inventory) -> Answer:
    return Chat(texts.known_verbs(call.text), private=True)


def room_in(call: Call) -> int:
    """Characters of a message where this was typed."""
    return find_abilities(call.entity.platform).most_characters


COMMANDS = (list_items, show, search, mine, history, stats, overview)
