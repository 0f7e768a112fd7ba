"""Where a moderator accepts who takes something: what people ask for, and the answers."""

from __future__ import annotations

from datetime import datetime

from functions.modules.inventory import deeds, typed
from functions.modules.inventory import texts_of_waiting as words
from functions.modules.inventory.items import StockItem
from functions.modules.inventory.looking_commands import room_in
from functions.modules.inventory.people import asking, asking_later
from functions.modules.inventory.refusing import why_not
from functions.modules.inventory.requests import LendingRequest
from functions.modules.inventory.store import Inventory
from functions.modules.inventory.typed import PER_MINUTE, Lending
from waddlebot_sdk import Answer, Button, Buttons, Call, Chat, Role, Terms, command, say_command
from waddlebot_sdk.pages import read_page

MOST_OPEN = 100
MOST_OF_ONE_PERSON = 10
MINUTES = 24 * 60
MOST_REASON_CHARACTERS = 200


def has_to_ask(call: Call) -> bool:
    is_moderator = call.user is not None and call.user.role.covers(Role.MODERATOR)
    return bool(call.config["approval"]) and not is_moderator


def ask(call: Call, inventory: Inventory, item: StockItem, lending: Lending) -> Answer:
    """A moderator may press, or type."""
    community, item = call.community.id, typed.hold(inventory, item)
    who = inventory.accounts.whole(community, asking(call))
    found = inventory.requests.list_open(community)
    mine = [one for one in found if one.borrower.is_same(who)]
    if any(one.item_number == item.number for one in mine):
        return Chat(words.asked_already(item))
    if lending.quantity > item.quantity:
        return Chat(words.too_many_wanted(item))
    if len(mine) >= MOST_OF_ONE_PERSON:
        return Chat(words.too_many_of_yours(MOST_OF_ONE_PERSON))
    if len(found) >= MOST_OPEN:
        return Chat(words.too_many_requests(MOST_OPEN))
    request = inventory.requests.ask(
        community, item, lending.quantity, lending.until, who=who, later=asking_later(call)
    )
    if request is None:
        return Chat(words.asked_already(item))
    number = str(request.number)
    buttons = (Button("Accept", "accept", context=number), Button("Refuse", "refuse", number))
    terms = Terms(role=Role.MODERATOR, minutes=MINUTES)
    return Buttons(words.asked(request), buttons, terms, needed=False)


@command(
    "inventory requests [page]",
    "List what people ask for.",
    example="inventory requests",
    also=("inv requests",),
    role=Role.MODERATOR,
    per_minute=PER_MINUTE,
)
def requests(call: Call, inventory: Inventory) -> Answer:
    again = say_command("inventory requests")
    page = read_page(call.arguments.get("page", ""), again=again)
    found = inventory.requests.list_open(call.community.id)
    if not found:
        return Chat(words.no_requests())
    return Chat(words.requests(found, page, again=again, room=room_in(call)))


@command(
    "inventory accept <number>",
    "Lend what somebody asked for.",
    example="inventory accept 3",
    also=("inv accept",),
    role=Role.MODERATOR,
    per_minute=PER_MINUTE,
)
def accept(call: Call, inventory: Inventory) -> Answer:
    return _accept(call, inventory, typed.read_number(call.arguments["number"]))


@command(
    "inventory refuse <number> [reason]",
    "Refuse what somebody asked for.",
    example="inventory refuse 3 it is needed on Friday",
    also=("inv refuse",),
    role=Role.MODERATOR,
    per_minute=PER_MINUTE,
)
def refuse(call: Call, inventory: Inventory) -> Answer:
    number = typed.read_number(call.arguments["number"])
    reason = call.in_words(call.arguments.get("reason", ""))
    return _refuse(call, inventory, number, typed.one_line(reason)[:MOST_REASON_CHARACTERS])


def accept_pressed(call: Call, inventory: Inventory) -> Answer:
    return _accept(call, inventory, typed.read_number(str(call.data["context"])))


def refuse_pressed(call: Call, inventory: Inventory) -> Answer:
    return _refuse(call, inventory, typed.read_number(str(call.data["context"])), "")


def answered(call: Call, _inventory: Inventory) -> Answer:
    """Told where it was asked for."""
    data, name = call.data, call.user.name if call.user else ""
    if data["is_accepted"]:
        ends = datetime.fromisoformat(data["until"]) if data["until"] else None
        said = words.told_accepted(name, data["item"], int(data["quantity"]), ends)
    else:
        said = words.told_refused(name, data["item"], data["reason"])
    return Chat(said, notifies=True, called=words.called())


def _accept(call: Call, inventory: Inventory, number: int) -> Answer:
    community = call.community.id
    # The thing first, then the request: in this order whoever deletes the thing locks them, too.
    asked = inventory.requests.find(community, number)
    item = inventory.find(community, asked.item_number) if asked else None
    item = inventory.lock(item) if item else None
    request = inventory.requests.hold(community, number)
    if request is None or item is None:
        return Chat(words.no_request(number), private=True)
    lending = Lending(quantity=request.quantity, until=_still_to_come(call, request))
    handed = deeds.lend(call, inventory, item, lending, to=request.borrower)
    if handed is None:
        return Chat(why_not(call, inventory, item, to=request.borrower))
    loan = handed.loan
    until = loan.until.isoformat() if loan.until else ""
    inventory.requests.answer(
        community,
        request,
        at=call.occurred_at,
        is_accepted=True,
        quantity=request.quantity,
        until=until,
    )
    return Chat(words.accepted(handed), in_place=True)


def _refuse(call: Call, inventory: Inventory, number: int, reason: str) -> Answer:
    request = inventory.requests.hold(call.community.id, number)
    if request is None:
        return Chat(words.no_request(number), private=True)
    inventory.requests.answer(
        call.community.id, request, at=call.occurred_at, is_accepted=False, reason=reason
    )
    return Chat(words.refused(request), in_place=True)


def _still_to_come(call: Call, request: LendingRequest) -> datetime | None:
    """A day that is over by now says nothing."""
    if request.until and request.until > call.occurred_at:
        return request.until
    return typed.usual_until(call)


COMMANDS = (requests, accept, refuse)
