"""Labels on people: words that a community hangs on somebody, for good or for a while."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from functions.builtins.how_long import HowLong, take_how_long
from functions.builtins.naming import find_person
from functions.builtins.offering import label_names
from functions.builtins.paging import say_page
from functions.builtins.tools import Builtin, Deciding, WithClock, WithMembers
from waddlebot.decisions.asking import Asker
from waddlebot.decisions.parts.labels.deeds import drop_label, hang_label, make_label, take_label
from waddlebot.domain.accounts import Account
from waddlebot.domain.labels import USUAL_COLOR, Applied, Labelled, read_label_name
from waddlebot.stores.belonging import was_seen
from waddlebot.stores.labels import LabelSearch, Thing
from waddlebot.stores.members import Members
from waddlebot.stores.versions import Edit
from waddlebot_sdk import Answer, Call, Chat, NotUnderstood, Role, command, say_command
from waddlebot_sdk.grammar import take_words, without_quotes
from waddlebot_sdk.pages import is_page, read_page
from waddlebot_sdk.shown import show_time
from waddlebot_sdk.times import looks_like_time

LEAST_SECONDS, MOST_SECONDS = 60, 365 * 24 * 60 * 60
HOW_LONG = "Say for how long: for 1h, until 24 dec, at most for 365d."
MOST_FOUND = 200

_WORD = re.compile(r"\s+(?=\S)")
_SAYS_HOW_LONG = re.compile(r"(?:for|until|till)\s", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, kw_only=True)
class LabelTools(Deciding, WithClock, WithMembers):
    pass


@command(
    "labels list [person]",
    "List the labels there are here, or those of a person; a number is a page.",
    also=("labels", "label list"),
    example="labels list @ana",
)
def list_(call: Call, tools: LabelTools) -> Answer:
    search = _search(tools)
    typed = call.arguments.get("person", "")
    if typed and not is_page(typed):
        hanging = search.on(_thing(call, tools))
        who = call.arguments["person"]
        described = list(map(_described, hanging))
        return Chat(f"{who}: {', '.join(described) or 'no labels'}.")
    names = [label.name for label in search.list_all()]
    again = say_command("labels list")
    page = read_page(typed, again=again)
    heading = "There are the labels "
    return Chat(say_page(names, call, again=again, heading=heading, between=", ", page=page))


@command(
    "labels make <name> [colour]",
    "Make a label; one that is called like a module lets people use its moderators' commands.",
    also=("label make", "label create"),
    example="labels make regular #ffaa00",
    role=Role.MODERATOR,
)
def make(call: Call, tools: LabelTools) -> Answer:
    def decide(edit: Edit, asker: Asker) -> str:
        color = call.arguments.get("colour") or USUAL_COLOR
        name = make_label(edit, asker, name=call.arguments["name"], color=color).name
        how = say_command(f"labels add @ana {name}")
        return f"There is a label '{name}' now. Hang it on somebody: {how}"

    return tools.decide(call, decide)


@command(
    "labels drop <name>",
    "Take a label from everybody, and forget it.",
    also=("label drop", "label delete"),
    example="labels drop regular",
    role=Role.MODERATOR,
    completes={"name": label_names},
)
def drop(call: Call, tools: LabelTools) -> Answer:
    def decide(edit: Edit, asker: Asker) -> str:
        taken = drop_label(edit, asker, name=call.arguments["name"])
        return f"The label '{read_label_name(call.arguments['name'])}' is gone; it was on {taken}."

    return tools.decide(call, decide)


@command(
    "labels add <person> <label>",
    "Hang a label on a person, for good or for a while: for 7d, until 24 dec.",
    also=("label add",),
    example="labels add @ana regular for 7d",
    role=Role.MODERATOR,
    completes={"label": label_names},
)
def add(call: Call, tools: LabelTools) -> Answer:
    typed, how_long = _read_label(call, tools)
    thing = _thing(call, tools)
    is_member = _is_silent_member(Account.read(thing.id), tools)

    def decide(edit: Edit, asker: Asker) -> str:
        until = how_long.until if how_long else None
        name = hang_label(edit, asker, thing=thing, name=typed, until=until, is_member=is_member)
        said = f" {how_long.said}" if how_long else ""
        who = call.arguments["person"]
        undo = say_command(f"labels take {who} {name}")
        return f"{who} has the label '{name}'{said}. Undo: {undo}"

    return tools.decide(call, decide)


@command(
    "labels take <person> <label>",
    "Take a label from a person.",
    also=("label take", "label remove"),
    example="labels take @ana regular",
    role=Role.MODERATOR,
    completes={"label": label_names},
)
def take(call: Call, tools: LabelTools) -> Answer:
    def decide(edit: Edit, asker: Asker) -> str:
        thing, who = _thing(call, tools), call.arguments["person"]
        name = take_label(edit, asker, thing=thing, name=call.arguments["label"])
        undo = say_command(f"labels add {who} {name}")
        return f"{who} has the label '{name}' no more. Undo: {undo}"

    return tools.decide(call, decide)


@command(
    "labels find <label> [page]",
    "Find who has a label.",
    also=("label find",),
    example="labels find regular",
    role=Role.MODERATOR,
    completes={"label": label_names},
)
def find(call: Call, tools: LabelTools) -> Answer:
    name = read_label_name(call.arguments["label"])
    found = _search(tools).find(Labelled.USER, [name], most=MOST_FOUND)
    shown = _called(found, tools)
    again, heading = say_command(f"labels find {name}"), f"The label '{name}': "
    return Chat(say_page(shown or ["nobody"], call, again=again, heading=heading, between=", "))


def _read_label(call: Call, tools: LabelTools) -> tuple[str, HowLong | None]:
    """The label's name, and for how long; a name that looks like a time goes into quotes."""
    _, typed = take_words(call.text, 1)
    name, time = _split(typed, {label.name for label in _search(tools).list_all()})
    if not time:
        return without_quotes(name), None
    how_long = take_how_long(time, now=tools.now, zone=tools.session.community.time_zone)
    if how_long is None or how_long.rest or not LEAST_SECONDS <= how_long.seconds <= MOST_SECONDS:
        raise NotUnderstood(f"I cannot read '{time[:40]}' there. {HOW_LONG}")
    return without_quotes(name), how_long


def _split(typed: str, known: AbstractSet[str]) -> tuple[str, str]:
    """A name, and what stands for the time behind it: `late owl for 7d`, `"day 2 crew" 7d`.

    A label that is called so is meant before any time: `season 2`.
    """
    (first,), rest = take_words(typed, 1)
    if not typed.startswith(first):  # it stood in quotes
        return first, rest
    for found in _WORD.finditer(typed):
        name, tail = typed[: found.start()], typed[found.end() :]
        if " ".join(typed.lower().split()) in known:
            break
        is_name = _NUMBER.fullmatch(tail) and " ".join(name.lower().split()) not in known
        if _SAYS_HOW_LONG.match(tail) or (looks_like_time(tail) and not is_name):
            return name, tail
    return typed, ""


def _search(tools: LabelTools) -> LabelSearch:
    community = tools.session.community
    return LabelSearch(tools.postgres, community.id, version=community.version)


def _called(users: Sequence[str], tools: LabelTools) -> list[str]:
    accounts = {user: Account.read(user) for user in users}
    names = Members(tools.postgres).names_of(tools.session.community.id, accounts.values())
    return [names.get(account, user) for user, account in accounts.items()]


def _thing(call: Call, tools: LabelTools) -> Thing:
    user = find_person(call, tools)
    return Thing(kind=Labelled.USER, id=f"{call.entity.platform}:{user}")


def _is_silent_member(account: Account, tools: LabelTools) -> bool:
    """Of who was seen nobody is asked."""
    with tools.postgres.writer() as connection:
        if was_seen(connection, tools.session.community.id, account):
            return False
    return tools.is_member(account)


def _described(applied: Applied) -> str:
    return applied.name + (f" (until {show_time(applied.until)})" if applied.until else "")


MODULE = Builtin(
    tools=LabelTools,
    name="labels",
    summary="Words hung on people.",
    commands=(list_, make, drop, add, take, find),
)
