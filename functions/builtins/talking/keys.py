"""A person's own keys for the API: told to that person alone, and their text once."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from functions.builtins.in_person import check_in_person
from functions.builtins.tools import Builtin, Deciding
from waddlebot.decisions.own_keys import (
    ALL,
    MOST_LIVE,
    MadeKey,
    find_own_keys,
    make_own_key,
    rename_own_key,
    renew_own_key,
    revoke_own_key,
    revoke_own_keys,
)
from waddlebot.domain.accounts import Account
from waddlebot.domain.errors import Refusal
from waddlebot.stores.identities import Identity
from waddlebot.stores.own_api_keys import OwnApiKey
from waddlebot.stores.versions import Edit
from waddlebot_sdk import Answer, Call, Chat, command, say_command

_ELSEWHERE = "With a key, another one is had at POST /api/identity/api-keys alone."


@command(
    "keys list",
    "List your own keys for the API; their texts are shown to nobody again.",
    also=("keys",),
    example="keys list",
    private=True,
)
def show(call: Call, tools: Deciding) -> Answer:
    me = _account(call)
    with tools.postgres.writer() as connection:
        there = find_own_keys(Edit(connection), me)
    make = say_command("keys make NAME")
    if not there:
        return Chat(f"You have no key. With one a program does over the API what you may: {make}")
    listed = "; ".join(map(_told, there))
    return Chat(
        f"Your keys ({len(there)} of {MOST_LIVE}): {listed}. Another: {make} End one: "
        f"{say_command('keys revoke NAME')}"
    )


@command(
    "keys make [name]",
    "Make a key with which a program does over the API what you may, for a year.",
    example="keys make laptop",
    private=True,
    per_minute=5,
)
def make(call: Call, tools: Deciding) -> Answer:
    check_in_person(tools.session, _ELSEWHERE)
    return tools.change_in_secret(call, partial(_make, call, _asking(call)))


@command(
    "keys renew <name>",
    "Get another text for a key of yours; the old one is refused from then on.",
    example="keys renew laptop",
    private=True,
    per_minute=5,
)
def renew(call: Call, tools: Deciding) -> Answer:
    check_in_person(tools.session, _ELSEWHERE)
    me, name = _account(call), call.arguments["name"]
    return tools.change_in_secret(call, lambda edit: _shown(renew_own_key(edit, me, key=name)))


@command(
    "keys rename <name> <new>",
    "Call a key of yours by another name.",
    example="keys rename laptop desk",
    private=True,
)
def rename(call: Call, tools: Deciding) -> Answer:
    me, old = _account(call), call.arguments["name"]

    def change(edit: Edit) -> str:
        now = rename_own_key(edit, me, key=old, name=call.arguments["new"])
        return f"Your key {old} is called {now} now."

    return tools.change(call, change)


@command(
    "keys revoke <name>",
    "End a key of yours, or all of them; nobody can bring it back.",
    also=("keys delete",),
    example="keys revoke laptop",
    private=True,
)
def revoke(call: Call, tools: Deciding) -> Answer:
    return tools.change(call, partial(_revoke, _account(call), call.arguments["name"]))


def _make(call: Call, me: Identity, edit: Edit) -> str:
    name = call.arguments.get("name", "")
    return _shown(make_own_key(edit, me, name=name, call=call.execution_id))


def _shown(made: MadeKey) -> str:
    name = made.key.name
    return (
        f"{made.text} is your key {name} until {_day(made.key.expires_at)}, shown this once. "
        "Whoever has it may do what you may: tell it to nobody. "
        f"End it: {say_command(f'keys revoke {name}')}"
    )


def _revoke(me: Account, name: str, edit: Edit) -> str:
    if name.strip().casefold() == ALL:
        count = revoke_own_keys(edit, me)
        told = "Your key is" if count == 1 else f"All {count} of your keys are"
        return f"{told} revoked." if count else "You have no key."
    gone = revoke_own_key(edit, me, key=name)
    return f"Your key {gone} is revoked: it is refused everywhere within a minute."


def _told(one: OwnApiKey) -> str:
    used = f"last used {_day(one.last_used_at)}" if one.last_used_at else "never used"
    return f"{one.name} ({one.hint}…, until {_day(one.expires_at)}, {used})"


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"


def _account(call: Call) -> Account:
    me = _asking(call)
    return Account(me.platform, me.user_id)


def _asking(call: Call) -> Identity:
    """Raises Refusal: a program has keys of its own, which operators make."""
    if call.user is None or call.user.id.startswith("api:"):
        raise Refusal("Only people have keys of their own.")
    return Identity(platform=call.entity.platform, user_id=call.user.id, name=call.user.name)


MODULE = Builtin(
    tools=Deciding,
    name="keys",
    summary="Your own keys for the API.",
    commands=(show, make, renew, rename, revoke),
)
