"""What is kept about people, and how to have it told or forgotten."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from functions.builtins.tools import Builtin, Deciding
from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import EntityId
from waddlebot.platforms.shown_names import ShownNames
from waddlebot.stores.erasures import ask_to_forget
from waddlebot.stores.personal_data import HELD, accounts, tell
from waddlebot.stores.shown_names import names_of_people, names_of_places
from waddlebot.stores.versions import Edit
from waddlebot_sdk import Answer, Call, Chat, command, say_command

EVERYTHING = "everything"
MOST_PLACES = 3


@command(
    "privacy",
    "Say what is kept about you, for how long, and how to have it erased.",
    example="privacy",
    private=True,
)
def privacy(_call: Call, tools: Deciding) -> Answer:
    days = tools.session.community.keep_days
    lines = f"Lines of chat are kept for {days} days" if days else "Lines of chat are not kept"
    return Chat(
        f"{lines}, commands and points earned for 30; roles, labels, points and what you had kept "
        "until you or a moderator delete it. Moderators can ask why a line did what it did; "
        "nothing leaves the servers of whoever runs me. See what there is: "
        f"{say_command('privacy mine')}. Have it erased: {say_command('privacy erase')}"
    )


@command(
    "privacy mine",
    "Count what is kept about you.",
    example="privacy mine",
    private=True,
    per_minute=5,
)
def mine(call: Call, tools: Deciding) -> Answer:
    if call.user is None:
        return None
    me = Account(call.entity.platform, call.user.id)
    counts, places = Counter[str](), Counter[EntityId]()
    with tools.postgres.writer() as connection:
        everyone = accounts(connection, me)
        for account in everyone:
            for table, rows in tell(connection, account).items():
                counts[table] += len(rows)
                places.update(row["entity_id"] for row in rows if row.get("entity_id"))
    return Chat(_told(call.user.name, me, everyone, counts, _named(tools, everyone, places)))


def _named(
    tools: Deciding, everyone: Sequence[Account], places: Counter[EntityId]
) -> tuple[ShownNames, list[str]]:
    """With where most of it was."""
    most = [place for place, _ in places.most_common(MOST_PLACES)]
    names = ShownNames(
        places=names_of_places(tools.postgres, most),
        people=names_of_people(tools.postgres, everyone),
    )
    return names, list(dict.fromkeys(map(names.place, most)))


def _told(
    name: str,
    me: Account,
    everyone: Sequence[Account],
    counts: Counter[str],
    named: tuple[ShownNames, list[str]],
) -> str:
    names, where = named
    known = replace(names, people={**names.people, me: name})
    kept = [_counted(table, count) for table, count in counts.items() if count]
    there = f", most of it in {_listed(where)}" if where else ""
    return (
        f"About you, {_listed([known.person(one) for one in everyone])}, I keep "
        f"{_listed(kept) or 'nothing'}{there}; and what modules keep for you. Whoever runs me can "
        f"give you all of it. Have it erased: {say_command('privacy erase')}"
    )


def _counted(table: str, count: int) -> str:
    one, many = HELD[table].called
    return f"{count:,} {one if count == 1 else many}"


def _listed(words: Sequence[str]) -> str:
    """`a, b and c`"""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


@command(
    "privacy erase [everything]",
    "Have all that is kept about you erased, on every platform that you linked.",
    example="privacy erase everything",
    private=True,
    per_minute=5,
)
def erase(call: Call, tools: Deciding) -> Answer:
    if call.user is None:
        return None
    if call.arguments.get(EVERYTHING, "").lower() != EVERYTHING:
        how = say_command(f"privacy erase {EVERYTHING}")
        return Chat(
            "That takes your lines, points, roles, labels, notes, reminders and linked accounts, "
            f"in every community, and nobody can bring it back: {how}"
        )
    account = Account(call.entity.platform, call.user.id)

    def ask(edit: Edit) -> str:
        asked = ask_to_forget(edit.connection, account)
        many = "account" if asked == 1 else "accounts"
        return (
            f"You are forgotten within minutes ({asked} {many}). What you write from now on is "
            "kept as before. Quotes stay the community's, without your name."
        )

    return tools.change(call, ask)


MODULE = Builtin(
    tools=Deciding,
    name="privacy",
    summary="What is kept about people.",
    commands=(privacy, mine, erase),
)
