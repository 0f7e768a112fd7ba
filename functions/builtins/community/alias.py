"""Words of a community's own for commands, and for what it often has said."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from functions.builtins.counting_on import say_counted_on
from functions.builtins.offering import alias_names, counting_aliases
from functions.builtins.paging import say_page
from functions.builtins.tools import Builtin, Deciding, WithClock, WithCommands
from waddlebot.decisions.asking import Asker
from waddlebot.decisions.parts.aliases.deeds import (
    find_alias,
    remove_alias,
    rename_alias,
    set_alias,
    set_counted,
)
from waddlebot.domain.alias_following import check_step_told, expand_alias
from waddlebot.domain.alias_places import TypedBehind, fill
from waddlebot.domain.aliases import (
    Alias,
    AliasKind,
    aliases_of,
    described,
    leads_to,
    read_alias,
)
from waddlebot.domain.custom_commands import custom_of
from waddlebot.domain.errors import Because, Refusal
from waddlebot.domain.own_names import fold_name
from waddlebot.domain.own_words import USUAL_PREFIX
from waddlebot.domain.typed import split_prefix
from waddlebot.platforms.emoji_names import find_emoji
from waddlebot.stores.own_counters import OF_ALIASES, OwnCounters, count_by
from waddlebot.stores.versions import Edit
from waddlebot_sdk import Answer, Call, Chat, NotUnderstood, Role, command, say_command
from waddlebot_sdk.grammar import without_quotes

LIST = say_command("alias list")
EXAMPLE = f"{say_command('alias add hi =')} {say_command('quote $1')}"
HOW = f"Say it like {EXAMPLE}"
_DEFINITION = re.compile(r"(?P<name>[^\s=]+)(?:\s*=\s*|\s+)(?P<text>.+)", re.DOTALL)
_NUMBER = re.compile(r"[+-]?[0-9]{1,16}")
MOST_SHOWN = 120


@dataclass(frozen=True, kw_only=True)
class AliasTools(Deciding, WithCommands, WithClock):
    @property
    def aliases(self) -> Mapping[str, str]:
        return aliases_of(self.session.community)

    def find(self, typed: str) -> Alias:
        """Raises Refusal."""
        name = self.bare(typed)
        if name not in self.aliases:
            words = f"There is no alias '{name[:50]}'. See {LIST}."
            raise Refusal(words, Because.UNKNOWN)
        return read_alias(name, self.aliases[name])

    def bare(self, typed: str) -> str:
        """A name without the prefix that people type before it."""
        own = self.session.community.words.prefix
        bare = typed.removeprefix(own)
        return fold_name(find_emoji(bare if bare != typed else typed.removeprefix(USUAL_PREFIX)))


@command(
    "alias list [page]",
    "List the aliases of this community, and what they stand for.",
    also=("alias",),
    example="alias list",
    per_minute=20,
)
def list_(call: Call, tools: AliasTools) -> Answer:
    if not tools.aliases:
        return Chat(f"There are no aliases here. A moderator adds one: {EXAMPLE}")
    read = (read_alias(name, text) for name, text in sorted(tools.aliases.items()))
    listed = [f"{say_command(one.name)} = {_cut(described(one))}" for one in read]
    return Chat(say_page(listed, call, again=LIST))


@command(
    "alias show <name>",
    "Show what an alias stands for.",
    example="alias show hug",
    per_minute=20,
    completes={"name": alias_names},
)
def show(call: Call, tools: AliasTools) -> Answer:
    alias = tools.find(call.arguments["name"])
    rests = tools.find_command(f"{USUAL_PREFIX}{alias.name}")
    hidden = " A command came later that is called so: it goes first." if rests else ""
    return Chat(f"{say_command(alias.usage)} stands for {described(alias)}{hidden}")


@command(
    "alias add <name> [text]",
    "Add an alias: of a command, of several with && between, or of a line to be said.",
    example="alias add hug = !quote $1",
    role=Role.MODERATOR,
    per_minute=20,
)
def add(call: Call, tools: AliasTools) -> Answer:
    return _save(call, tools, is_new=True)


@command(
    "alias edit <name> [text]",
    "Have an alias stand for something else.",
    example="alias edit hug = !quote $1",
    role=Role.MODERATOR,
    per_minute=20,
    completes={"name": alias_names},
)
def edit_(call: Call, tools: AliasTools) -> Answer:
    return _save(call, tools, is_new=False)


@command(
    "alias remove <name>",
    "Remove an alias.",
    also=("alias rm", "alias delete"),
    example="alias remove hug",
    role=Role.MODERATOR,
    per_minute=20,
    completes={"name": alias_names},
)
def remove(call: Call, tools: AliasTools) -> Answer:
    name = tools.bare(call.arguments["name"])

    def decide(edit: Edit, asker: Asker) -> str:
        removed = remove_alias(edit, asker, name=name)
        undo = say_command(f"alias add {removed.name} =")
        return f"Removed: {say_command(name)}. Undo: {undo} {described(removed)}"

    return tools.decide(call, decide)


@command(
    "alias rename <name> <new-name>",
    "Call an alias otherwise.",
    example="alias rename hug cuddle",
    role=Role.MODERATOR,
    per_minute=20,
    completes={"name": alias_names},
)
def rename(call: Call, tools: AliasTools) -> Answer:
    name, to = (tools.bare(call.arguments[one]) for one in ("name", "new-name"))

    def decide(edit: Edit, asker: Asker) -> str:
        called = rename_alias(edit, asker, name=name, to=to)
        undo = say_command(f"alias rename {called} {name}")
        return f"{name} is {say_command(called)} now. Undo: {undo}"

    return tools.decide(call, decide)


@command(
    "alias count <name> <number>",
    "Set what a counting alias has come to.",
    example="alias count deaths 0",
    role=Role.MODERATOR,
    per_minute=20,
    completes={"name": counting_aliases},
)
def count_(call: Call, tools: AliasTools) -> Answer:
    name, typed = tools.bare(call.arguments["name"]), call.arguments["number"]
    if not _NUMBER.fullmatch(typed):
        raise NotUnderstood("Say a number: what it has come to.")

    def decide(edit: Edit, asker: Asker) -> str:
        before = set_counted(edit, asker, name=name, counted=int(typed))
        undo = say_command(f"alias count {name} {before}")
        return f"{say_command(name)} has come to {int(typed)}. Undo: {undo}"

    return tools.decide(call, decide)


@command(
    "alias run <name> [words]",
    "Say what an alias says that stands for no command.",
    example="alias run hello Ana",
    per_minute=20,
    completes={"name": alias_names},
)
def run(call: Call, tools: AliasTools) -> Answer:
    """Every line that begins with an alias comes here, unless commands are what it means."""
    alias = tools.find(call.arguments["name"])
    given = TypedBehind(
        rest=call.text.partition(" ")[2].strip(), caller=call.user.name if call.user else ""
    )
    if alias.kind is AliasKind.COMMAND:
        return _explain(alias, given, tools)
    check_step_told(alias, given)
    if alias.kind is AliasKind.COUNTER:
        return tools.change(call, lambda edit: _counted(edit, alias, given, tools))
    return Chat(_said(alias, given, call, tools))


def _said(alias: Alias, given: TypedBehind, call: Call, tools: AliasTools) -> str:
    if alias.kind is AliasKind.RANDOM:
        # The same one, however often the call is delivered.
        return fill(random.Random(call.execution_id).choice(alias.choices), given)  # noqa: S311
    if alias.kind is AliasKind.TIME:
        zone = ZoneInfo(tools.session.community.time_zone)
        return fill(tools.now.astimezone(zone).strftime(alias.body), given)
    return fill(alias.body, given)


def _counted(edit: Edit, alias: Alias, given: TypedBehind, tools: AliasTools) -> str:
    community = tools.session.community.id
    now = count_by(edit.connection, OF_ALIASES, community, alias.counter, alias.by)
    counted = TypedBehind(rest=given.rest, caller=given.caller, count=str(now))
    text = fill(alias.body, counted)
    return text if "{count}" in alias.body else f"{text} {now}"


def _explain(alias: Alias, given: TypedBehind, tools: AliasTools) -> Answer:
    """Why it does not run. Raises Refusal: it leads nowhere, or something is missing behind it."""
    lines = expand_alias(alias.name, given, tools.aliases)
    for line in lines:
        if tools.table.find(*split_prefix(line)) is None:
            first = say_command(line.split(maxsplit=1)[0])
            stands = f"{say_command(alias.name)} stands for {described(alias)}"
            words = f"{stands}, but there is no {first} here."
            raise Refusal(words, Because.UNKNOWN)
    raise NotUnderstood(f"Type it as {say_command(alias.usage)}.")


def _save(call: Call, tools: AliasTools, *, is_new: bool) -> Answer:
    found = _DEFINITION.fullmatch(call.text.strip())
    if found is None:
        raise NotUnderstood(f"Say what it stands for. {HOW}")
    name, text = tools.bare(found["name"]), without_quotes(found["text"].strip())

    def decide(edit: Edit, asker: Asker) -> str:
        before = find_alias(edit, asker, name=name)
        left = OwnCounters(edit, asker.community, OF_ALIASES).left()
        alias = set_alias(edit, asker, name=name, text=text, is_new=is_new)
        on = say_counted_on(left, [alias.counter] if alias.counter else (), alias.name)
        stands = f"{say_command(alias.usage)} stands for {described(alias)} now."
        return f"{stands}{_hint(alias, tools)}{on} Undo: {_undo(alias, before)}"

    return tools.decide(call, decide)


def _undo(alias: Alias, before: str | None) -> str:
    if before is None:
        return say_command(f"alias remove {alias.name}")
    was = described(read_alias(alias.name, before))
    return f"{say_command(f'alias edit {alias.name} =')} {was}"


def _hint(alias: Alias, tools: AliasTools) -> str:
    """Of what is typed wrong, perhaps; it may also come later."""
    for step in alias.steps:
        head, community = leads_to(step)[0], tools.session.community
        is_own = head in tools.aliases or head in custom_of(community)
        if not is_own and tools.table.find(*split_prefix(step)) is None:
            return f" There is no {say_command(step.split(maxsplit=1)[0])} yet."
    return ""


def _cut(text: str) -> str:
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"


MODULE = Builtin(
    tools=AliasTools,
    name="alias",
    summary="Words of your own for commands.",
    commands=(add, list_, show, edit_, remove, rename, count_, run),
)
