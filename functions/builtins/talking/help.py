"""What this person may use here, and how one command is used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from functions.builtins.made_here import MADE_HERE, made_here
from functions.builtins.offering import names_to_read
from functions.builtins.overview import (
    ROOMY_CHARACTERS,
    everything,
    more_about,
    of_commands,
    overview,
    rows_of,
    usage_of,
)
from functions.builtins.paging import PAGE, say_page
from functions.builtins.tools import Builtin, WithCommands
from waddlebot.domain import sayings
from waddlebot.domain.alias_following import targets_of
from waddlebot.domain.aliases import MOST_STEPS, Alias, aliases_of, described, read_alias
from waddlebot.domain.bounds import MINUTE_SECONDS, bounds_of
from waddlebot.domain.command_table import PREFIXES
from waddlebot.domain.custom_commands import described as describe_custom
from waddlebot.domain.custom_commands import find_usable
from waddlebot.domain.custom_readers import check_reader, role_in
from waddlebot.domain.events import MessageType
from waddlebot.domain.executions import OfferedChat
from waddlebot.domain.offers import Offering
from waddlebot.domain.own_names import fold_name
from waddlebot.domain.own_words import USUAL_PREFIX
from waddlebot.domain.sessions import Session
from waddlebot.domain.triggers import MISTYPED, UNKNOWN, CommandTrigger
from waddlebot.domain.typed import (
    as_here,
    declared_rest,
    is_stood_for,
    nearest_here,
    split_prefix,
    split_typed,
    usable_here,
)
from waddlebot.platforms import find_abilities
from waddlebot.platforms.emoji_names import find_emoji
from waddlebot_sdk import Answer, Call, Chat, command, on, say_command
from waddlebot_sdk.own_words import say_declared
from waddlebot_sdk.pages import check_page, read_page

HELP = say_command("help")
NOTHING_KNOWN = f"{HELP} lists what you can use here."
FRIENDLY = f"Hello! I am here for commands: {HELP} lists what you can use."
FIND = "Find a command, and what may follow it"
SOME_PLACES = "some channels"
MANY = 20
"""A minute: nobody needs to be told of a limit that hardly anybody reaches."""


@command(
    "help [command]",
    "Show what you can use here, or how one command is used.",
    example="help quote",
    per_minute=20,
    completes={"command": names_to_read},
)
def help_(call: Call, tools: WithCommands) -> Answer:
    asked = call.arguments.get("command", "").strip()
    return _about(asked, call, tools) if asked else _overview(call, tools)


@command(
    "commands [page]",
    "List what you can use here.",
    example="commands 2",
    per_minute=20,
)
def commands_(call: Call, tools: WithCommands) -> Answer:
    """All of them, however little room there is; `!help` is one message."""
    again = say_command("commands")
    page = read_page(call.arguments.get(PAGE, ""), again=again)
    usable, room = _by_module(tools), _room(call)
    whole = everything(usable, room)
    if whole is not None:
        check_page(page, pages=1, again=again)
        return whole
    listed = [row for module, found in usable.items() for row in rows_of(module, found, room)]
    between = "\n" if room >= ROOMY_CHARACTERS else " · "
    end = f"{between}{more_about(usable)}"
    return Chat(say_page(listed, call, again=again, between=between, end=end, page=page))


def unknown(call: Call, tools: WithCommands) -> Answer:
    """What may follow a word of ours, what was probably meant, or a friendly sentence."""
    line, session = call.text, tools.session
    words = session.community.words
    prefix, said = split_typed(line, words, any_prefix=True) or (USUAL_PREFIX, line)
    first = _first_word(declared_rest(prefix, said, words))
    below = tools.table.below(prefix, first)
    if below:
        shown = _group(words.word_shown(first), usable_here(below, session), call)
        return replace(shown, free=True)
    nearest = nearest_here(line, session, tools.table)
    if nearest:
        return Chat(f"Did you mean {nearest}?", free=True)
    if session.event.type is MessageType.SLASH_COMMAND:
        return Chat(f"There is no '{_first_word(said)[:40]}' here. {NOTHING_KNOWN}", free=True)
    return Chat(FRIENDLY, free=True)


def mistyped(call: Call, tools: WithCommands) -> Answer:
    nearest = nearest_here(call.text, tools.session, tools.table)
    return Chat(f"Did you mean {nearest}?", private=True, free=True) if nearest else None


def _about(asked: str, call: Call, tools: WithCommands) -> Chat:
    """A module by its name, a command, what may follow a word, or what was probably meant."""
    words = tools.session.community.words
    typed = split_typed(asked, words, any_prefix=True)
    prefix, said = typed or (USUAL_PREFIX, asked)
    declared = declared_rest(prefix, said, words)
    module = _module_called(asked, tools)
    of_module = _usable(tools.table.modules().get(module, ()), tools)
    if len(of_module) > 1:
        return _group(_as_called(module, tools), of_module, call)
    named = tools.find_command(asked)
    if named and not is_stood_for(named, tools.session):
        return Chat(describe(named, tools.session))
    first = _first_word(declared)
    prefixes = (prefix,) if typed else PREFIXES
    below = [command for one in prefixes for command in tools.table.below(one, first)]
    if below and not named:
        return _group(words.word_shown(first), _usable(below, tools), call)
    name = fold_name(find_emoji(said))
    if alias := _find_alias(name, tools):
        return _about_alias(alias, tools)
    if custom := find_usable(name, tools.session.community):
        readable = check_reader(role_in(tools.session), custom)
        return Chat(describe_custom(readable, lambda _: SOME_PLACES))
    made = made_here(tools) if name == MADE_HERE else []
    if made:
        return _group(MADE_HERE, made, call)
    nearest = nearest_here(asked, tools.session, tools.table)
    hint = f"Did you mean {nearest}?" if nearest else NOTHING_KNOWN
    return Chat(f"There is no '{asked[:40]}' here. {hint}")


def _find_alias(name: str, tools: WithCommands) -> Alias | None:
    text = aliases_of(tools.session.community).get(name)
    return read_alias(name, text) if text else None


def _about_alias(alias: Alias, tools: WithCommands) -> Chat:
    """What it stands for, and how that is used."""
    session = tools.session
    steps = islice(targets_of(alias.name, aliases_of(session.community)), MOST_STEPS)
    targets = (tools.table.find(*split_prefix(step)) for step in steps)
    known = [as_here(one.trigger, session.community) for one in targets if one]
    told = " ".join(describe(one, session) for one in dict.fromkeys(known))
    stands = f"{say_command(alias.usage)} stands for {described(alias)}"
    return Chat(f"{stands}. {told}" if told else stands)


def _module_called(name: str, tools: WithCommands) -> str:
    """The module of this name; what is called after a command has that command's name here too."""
    command = tools.session.community.words.command_called(name) or ""
    module = command.removeprefix(USUAL_PREFIX)
    return module if module and _is_its_own(module, tools) else name.lower()


def _as_called(module: str, tools: WithCommands) -> str:
    words = tools.session.community.words
    return words.word_shown(module) if _is_its_own(module, tools) else module


def _is_its_own(module: str, tools: WithCommands) -> bool:
    """Whether the command that is called like this module is one of its own."""
    found = tools.table.find(USUAL_PREFIX, module)
    return found is not None and found.trigger.module == module


def _group(name: str, commands: Sequence[CommandTrigger], call: Call) -> Chat:
    if not commands:
        return Chat(f"{name}: nothing that you may use here. {NOTHING_KNOWN}")
    return of_commands(name, commands, _room(call))


def describe(trigger: CommandTrigger, session: Session) -> str:
    """Usage, what it does, one example, who may, how often this person may here."""
    limits = [bound.limit for bound in bounds_of(trigger, session)]
    told = [limit for limit in limits if limit.seconds != MINUTE_SECONDS or limit.calls < MANY]
    often = "".join(f" {sayings.how_often(limit).capitalize()}." for limit in told)
    said = say_declared(trigger.example, prefix=trigger.prefix)
    example = f" Example: {said}." if trigger.example else ""
    who = sayings.who_may(trigger.role)
    return f"{usage_of(trigger)}: {trigger.summary}{example} For {who}.{often}"


def _overview(call: Call, tools: WithCommands) -> Chat:
    # What chatters come for first; what only answers something that was offered, `!pick`, last.
    modules = sorted(
        _by_module(tools).items(), key=lambda one: (one[0] != MADE_HERE, _unlikely(one[1][0]))
    )
    shown = overview(dict(modules), _room(call))
    if not find_abilities(call.entity.platform).has_finders:
        return shown
    return OfferedChat(text=shown.text, listing=shown.listing, offer=Offering(finder=FIND))


def _room(call: Call) -> int:
    return find_abilities(call.entity.platform).most_characters


def _by_module(tools: WithCommands) -> dict[str, list[CommandTrigger]]:
    """What the community made itself first."""
    made = made_here(tools)
    return ({MADE_HERE: made} if made else {}) | {
        _as_called(module, tools): found
        for module, commands in tools.table.modules().items()
        if (found := _usable(commands, tools))
    }


def _unlikely(first: CommandTrigger) -> tuple[int, bool, bool]:
    """Of a module by its first command: for whom, whether the house itself serves it, and whether
    it is nothing without words behind it.
    """
    return first.role.rank, first.destination.is_in_process, "<" in first.usage


def _first_word(text: str) -> str:
    return (text.split(maxsplit=1) or [""])[0]


def _usable(commands: Sequence[CommandTrigger], tools: WithCommands) -> list[CommandTrigger]:
    """What this person may use in this place; the shortest, and so the likeliest, first."""
    usable = usable_here(commands, tools.session)
    return sorted(usable, key=lambda command: (command.role.rank, len(command.path), command.path))


MODULE = Builtin(
    tools=WithCommands,
    name="help",
    summary="Shows what can be used.",
    commands=(help_, commands_),
    listens=(on(UNKNOWN, unknown), on(MISTYPED, mistyped)),
)
