"""Labels on people: words that a community hangs on somebody, for good or for a while."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from functions.builtins.naming import find_person
from functions.builtins.tools import Builtin, Deciding, WithClock
from waddlebot.decisions.asking import Asker
from waddlebot.decisions.labels import drop_label, hang_label, make_label, take_label
from waddlebot.domain import sayings
from waddlebot.domain.labels import USUAL_COLOR, Applied, Labelled, read_label_name
from waddlebot.domain.spans import read_span
from waddlebot.stores.labels import LabelSearch, Thing
from waddlebot.stores.members import Members
from waddlebot.stores.versions import Edit
from waddlebot_sdk import Answer, Call, Chat, NotUnderstood, Role, command, say_command

FOR = " for "
MOST_SECONDS = 365 * 24 * 60 * 60
MOST_LISTED = 20


@dataclass(frozen=True, kw_only=True)
class LabelTools(Deciding, WithClock):
    pass


@command(
    "labels list [person]",
    "List the labels there are here, or those of a person.",
    also=("labels", "label list"),
    example="labels list @ana",
)
def list_(call: Call, tools: LabelTools) -> Answer:
    search = _search(tools)
    if call.arguments.get("person"):
        hanging = search.on(_thing(call, tools))
        who = call.arguments["person"]
        return Chat(f"{who}: {', '.join(map(_described, hanging)) or 'no labels'}.")
    names = [label.name for label in search.list_all()]
    return Chat(f"There are the labels {', '.join(names)}.")


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
)
def drop(call: Call, tools: LabelTools) -> Answer:
    def decide(edit: Edit, asker: Asker) -> str:
        taken = drop_label(edit, asker, name=call.arguments["name"])
        return f"The label '{read_label_name(call.arguments['name'])}' is gone; it was on {taken}."

    return tools.decide(call, decide)


@command(
    "labels add <person> <label>",
    "Hang a label on a person, for good or for a while.",
    also=("label add",),
    example="labels add @ana regular for 7d",
    role=Role.MODERATOR,
)
def add(call: Call, tools: LabelTools) -> Answer:
    typed, _, span = call.arguments["label"].partition(FOR)
    seconds = read_span(span.strip()) if span else None
    if span and (seconds is None or not 60 <= seconds <= MOST_SECONDS):
        raise NotUnderstood("Say for how long: for 1h, for 7d, at most for 365d.")

    def decide(edit: Edit, asker: Asker) -> str:
        until = tools.now + timedelta(seconds=seconds) if seconds else None
        name = hang_label(edit, asker, thing=_thing(call, tools), name=typed, until=until)
        how_long = f" for {sayings.describe_span(seconds)}" if seconds else ""
        who = call.arguments["person"]
        undo = say_command(f"labels take {who} {name}")
        return f"{who} has the label '{name}'{how_long}. Undo: {undo}"

    return tools.decide(call, decide)


@command(
    "labels take <person> <label>",
    "Take a label from a person.",
    also=("label take", "label remove"),
    example="labels take @ana regular",
    role=Role.MODERATOR,
)
def take(call: Call, tools: LabelTools) -> Answer:
    def decide(edit: Edit, asker: Asker) -> str:
        thing, who = _thing(call, tools), call.arguments["person"]
        name = take_label(edit, asker, thing=thing, name=call.arguments["label"])
        undo = say_command(f"labels add {who} {name}")
        return f"{who} has the label '{name}' no more. Undo: {undo}"

    return tools.decide(call, decide)


@command(
    "labels find <label>",
    "Find who has a label.",
    also=("label find",),
    example="labels find regular",
    role=Role.MODERATOR,
)
def find(call: Call, tools: LabelTools) -> Answer:
    name = read_label_name(call.arguments["label"])
    found = _search(tools).find(Labelled.USER, [name])
    members = Members(tools.postgres)
    shown = [_called(members, tools, one) for one in found[:MOST_LISTED]]
    left = f" and {len(found) - MOST_LISTED} more" if len(found) > MOST_LISTED else ""
    return Chat(f"The label '{name}': {', '.join(shown) or 'nobody'}{left}.")


def _search(tools: LabelTools) -> LabelSearch:
    community = tools.session.community
    return LabelSearch(tools.postgres, community.id, version=community.version)


def _called(members: Members, tools: LabelTools, user: str) -> str:
    platform, _, user_id = user.partition(":")
    return members.name_of(tools.session.community.id, platform, user_id) or user


def _thing(call: Call, tools: LabelTools) -> Thing:
    user = find_person(call, tools)
    return Thing(kind=Labelled.USER, id=f"{call.entity.platform}:{user}")


def _described(applied: Applied) -> str:
    return applied.name + (f" (until {applied.until:%Y-%m-%d %H:%M} UTC)" if applied.until else "")


MODULE = Builtin(
    tools=LabelTools,
    name="labels",
    summary="Words hung on people.",
    commands=(list_, make, drop, add, take, find),
)
