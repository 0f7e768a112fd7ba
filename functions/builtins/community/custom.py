"""Commands of a community's own: `!addcom hello Hi $(user)!`, then `!hello`."""

from __future__ import annotations

import random
import re
from dataclasses import replace

from functions.builtins.custom_tools import LIST, CustomTools, named, shortened, undo_behind
from functions.builtins.facts_for_texts import ask_facts
from functions.builtins.offering import completing_custom, custom_names_off, custom_names_on
from functions.builtins.paging import say_page
from functions.builtins.previewed_custom import in_one_line, previewed, step_by_step
from functions.builtins.tools import Builtin
from functions.builtins.wanted_custom import (
    EACH,
    EXAMPLE,
    Counting,
    Wanted,
    add_again,
    read_cooldown,
    read_role,
    read_wanted,
)
from waddlebot.decisions.asking import Asker
from waddlebot.decisions.parts.custom.deeds import (
    change_custom,
    find_custom,
    remove_custom,
    rename_custom,
    set_custom,
    set_custom_count,
)
from waddlebot.domain.custom_commands import CustomCommand, named_in
from waddlebot.domain.custom_counting import counters_of
from waddlebot.domain.custom_meanings import Calling
from waddlebot.domain.custom_readers import check_reader, read_by, role_in
from waddlebot.domain.custom_variables import tell
from waddlebot.domain.entities import parse_entity
from waddlebot.platforms import find_abilities
from waddlebot.stores.versions import Edit
from waddlebot_sdk import Answer, Call, Chat, NotUnderstood, Role, command, say_command

_NUMBER = re.compile(r"[+-]?[0-9]{1,16}")


@command(
    "custom list [page]",
    "List the commands that this community has of its own.",
    also=("custom",),
    example="custom list",
    per_minute=20,
)
def list_(call: Call, tools: CustomTools) -> Answer:
    if not tools.commands:
        return Chat(f"There are no custom commands here. A moderator adds one: {EXAMPLE}")
    listed = [
        shortened(one)
        for one in tools.described(*read_by(role_in(tools.session), tools.commands.values()))
    ]
    if not listed:
        return Chat("There are no custom commands for you here.")
    return Chat(say_page(listed, call, again=LIST))


@command(
    "custom show <name>",
    "Show what a custom command says, for whom it is, and how long it rests.",
    also=("command show",),
    example="custom show hello",
    per_minute=20,
)
def show(call: Call, tools: CustomTools) -> Answer:
    found = tools.find(call.arguments["name"])
    return Chat(tools.described(check_reader(role_in(tools.session), found))[0])


@command(
    "custom add <name> [text]",
    "Add a command of your own: what it says, with variables like $(user) in it.",
    also=("addcom", "command add", "commands add"),
    example="custom add hello Hi $(user)!",
    role=Role.MODERATOR,
    per_minute=20,
)
def add(call: Call, tools: CustomTools) -> Answer:
    wanted = read_wanted(call.text, tools.bare, tools.read_when)
    if wanted.text is None:
        raise NotUnderstood(f"Say what it says: {EXAMPLE}")
    made = wanted.made_of(CustomCommand(name=wanted.name, text=""))

    def decide(edit: Edit, asker: Asker) -> str:
        added, on = tools.noting_counts(edit, lambda: set_custom(edit, asker, made, is_new=True))
        undo = say_command(f"custom delete {added.name}")
        return f"{tools.described(added)[0]}{on} Undo: {undo}"

    return tools.decide(call, decide)


@command(
    "custom edit <name> [text]",
    "Have a custom command say something else.",
    also=("editcom", "command edit", "commands edit"),
    example="custom edit hello Hello $(user)!",
    role=Role.MODERATOR,
    per_minute=20,
)
def edit_(call: Call, tools: CustomTools) -> Answer:
    wanted = read_wanted(call.text, tools.bare, tools.read_when)
    if not wanted.changes:
        raise NotUnderstood("Say what it says from now on.")
    return _change(call, tools, wanted)


@command(
    "custom delete <name>",
    "Delete a custom command.",
    also=("delcom", "command delete", "commands delete", "custom remove"),
    example="custom delete hello",
    role=Role.MODERATOR,
    per_minute=20,
)
def delete(call: Call, tools: CustomTools) -> Answer:
    name = tools.bare(call.arguments["name"])

    def decide(edit: Edit, asker: Asker) -> str:
        gone = remove_custom(edit, asker, name=name)
        return f"Deleted: {say_command(gone.name)}. Undo: {add_again(gone)}"

    return tools.decide(call, decide)


@command(
    "custom rename <name> <new-name>",
    "Call a custom command otherwise.",
    example="custom rename hello hi",
    role=Role.MODERATOR,
    per_minute=20,
)
def rename(call: Call, tools: CustomTools) -> Answer:
    name, to = (tools.bare(call.arguments[one]) for one in ("name", "new-name"))

    def decide(edit: Edit, asker: Asker) -> str:
        called = rename_custom(edit, asker, name=name, to=to).name
        undo = say_command(f"custom rename {called} {name}")
        return f"{name} is {say_command(called)} now. Undo: {undo}"

    return tools.decide(call, decide)


@command(
    "custom rest <name> <time> [each]",
    "Say how long a custom command rests after each use, for everybody or each person: 30s, none.",
    also=("custom cooldown", "command cooldown"),
    example="custom rest hello 30s",
    role=Role.MODERATOR,
    per_minute=20,
)
def rest(call: Call, tools: CustomTools) -> Answer:
    seconds, whose = read_cooldown(call.arguments["time"]), call.arguments.get("each", "")
    if whose and whose.lower() != EACH:
        like = say_command("custom rest hello 5m each")
        raise NotUnderstood(f"For each person say it like {like}")
    wanted = Wanted(name=named(call, tools))
    if whose:
        return _change(call, tools, replace(wanted, person_cooldown_seconds=seconds))
    return _change(call, tools, replace(wanted, cooldown_seconds=seconds))


@command(
    "custom need <name> <role>",
    "Say who may use a custom command: everybody, moderators, admins, owners.",
    example="custom need hello moderators",
    role=Role.MODERATOR,
    per_minute=20,
)
def need(call: Call, tools: CustomTools) -> Answer:
    return _change(
        call, tools, Wanted(name=named(call, tools), role=read_role(call.arguments["role"]))
    )


@command(
    "custom off <name>",
    "Switch a custom command off; it is kept.",
    example="custom off hello",
    role=Role.MODERATOR,
    per_minute=20,
    completes={"name": custom_names_on},
)
def off(call: Call, tools: CustomTools) -> Answer:
    return _change(call, tools, Wanted(name=named(call, tools), enabled=False))


@command(
    "custom on <name>",
    "Switch a custom command on again.",
    example="custom on hello",
    role=Role.MODERATOR,
    per_minute=20,
    completes={"name": custom_names_off},
)
def on(call: Call, tools: CustomTools) -> Answer:
    return _change(call, tools, Wanted(name=named(call, tools), enabled=True))


@command(
    "custom count <counter> <number>",
    "Set what a counter of custom commands has come to.",
    example="custom count deaths 0",
    role=Role.MODERATOR,
    per_minute=20,
)
def count_(call: Call, tools: CustomTools) -> Answer:
    counter, typed = tools.bare(call.arguments["counter"]), call.arguments["number"]
    if not _NUMBER.fullmatch(typed):
        raise NotUnderstood("Say a number: what it has come to.")

    def decide(edit: Edit, asker: Asker) -> str:
        before = set_custom_count(edit, asker, counter=counter, counted=int(typed))
        undo = say_command(f"custom count {counter} {before}")
        return f"{counter} has come to {int(typed)}. Undo: {undo}"

    return tools.decide(call, decide)


@command(
    "custom try <name> [words]",
    "Show what a custom command would say to somebody; nothing is counted.",
    example="custom try hello @Max",
    role=Role.MODERATOR,
    per_minute=20,
    private=True,
)
def try_(call: Call, tools: CustomTools) -> Answer:
    found = check_reader(role_in(tools.session), tools.find(call.arguments["name"]))
    return Chat(in_one_line(found, call, previewed(found, call, tools)))


@command(
    "custom explain <name> [words]",
    "Show what each variable of a custom command comes to; nothing is counted.",
    example="custom explain hello",
    role=Role.MODERATOR,
    per_minute=20,
    private=True,
)
def explain(call: Call, tools: CustomTools) -> Answer:
    found = check_reader(role_in(tools.session), tools.find(call.arguments["name"]))
    told = step_by_step(found, previewed(found, call, tools))
    return Chat(f"{told}{tools.why_silent(found)}")


@command(
    "custom run <name> [words]",
    "Say what a custom command says: every line that begins with one comes here.",
    example="custom run hello",
    per_minute=20,
)
def run(call: Call, tools: CustomTools) -> Answer:
    found = tools.find(call.arguments["name"])
    is_judged = named_in(call.text) == found.name and found.enabled  # by its own role and rest
    if tools.session.meant is None or not is_judged:
        raise NotUnderstood(f"Type it as {say_command(found.name)}.")
    calling = _calling(found, call, tools)
    calling = replace(calling, facts=ask_facts(found.text, calling, call, tools))
    if any(True for _ in counters_of(found.name, found.text)):
        return tools.change(call, lambda edit: _said(found, calling, tools, edit))
    return Chat(_said(found, calling, tools, None))


def _calling(found: CustomCommand, call: Call, tools: CustomTools) -> Calling:
    """Nothing is counted of it, and nothing asked for, yet."""
    user, session = call.user, tools.session
    return Calling(
        command=found.name,
        typed=call.text.partition(" ")[2].strip(),
        user=user.name if user else "",
        user_id=user.id if user else "",
        level=user.role.value if user else "",
        channel=session.community.name,
        platform=call.entity.platform,
        now=tools.now,
        zone=session.community.time_zone,
        # The same one, however often the call is delivered.
        chance=random.Random(call.execution_id),  # noqa: S311
        count=Counting(None, session.community.id),
        place=parse_entity(call.entity.id).channel,
        line=session.event.message or "",
        prefix=session.community.words.prefix,
    )


def _said(found: CustomCommand, calling: Calling, tools: CustomTools, edit: Edit | None) -> str:
    told = replace(calling, count=Counting(edit, tools.session.community.id))
    return tell(found.text, told, most=find_abilities(calling.platform).most_characters)


def _change(call: Call, tools: CustomTools, wanted: Wanted) -> Answer:
    def decide(edit: Edit, asker: Asker) -> str:
        before = find_custom(edit, asker, name=wanted.name)
        now, on = tools.noting_counts(
            edit, lambda: change_custom(edit, asker, name=wanted.name, **wanted.changes)
        )
        return f"{tools.described(now)[0]}{on}{undo_behind(before, wanted)}"

    return tools.decide(call, decide)


MODULE = Builtin(
    tools=CustomTools,
    name="custom",
    summary="Commands of your own that say something.",
    commands=(
        *(add, list_, off, on, run),
        *map(completing_custom, (show, edit_, delete, rename, rest, need, count_, try_, explain)),
    ),
)
