"""What this person may use here, and how one command is used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from functions.builtins.tools import Builtin, WithCommands
from waddlebot.domain import sayings
from waddlebot.domain.bounds import MINUTE_SECONDS, bounds_of
from waddlebot.domain.command_table import PREFIXES
from waddlebot.domain.events import MessageType
from waddlebot.domain.own_words import USUAL_PREFIX
from waddlebot.domain.sessions import Session
from waddlebot.domain.triggers import MISTYPED, UNKNOWN, CommandTrigger
from waddlebot.domain.typed import declared_rest, nearest_here, split_typed, usable_here
from waddlebot.platforms import find_abilities
from waddlebot_sdk import Answer, Call, Chat, Role, command, on, say_command
from waddlebot_sdk.own_words import say_declared

HELP = say_command("help")
_ONE = say_command(f"help {say_command('quote')}")
MORE = f"More about one: {_ONE}"
NOTHING_KNOWN = f"{HELP} lists what you can use here."
FRIENDLY = f"Hello! I am here for commands: {HELP} lists what you can use."
# From here on a platform shows line ends and has room for them.
ROOMY_CHARACTERS = 1000
MANY = 20
"""A minute: nobody needs to be told of a limit that hardly anybody reaches."""


@command(
    "help [command]",
    "Show what you can use here, or how one command is used.",
    example="help quote",
    per_minute=20,
)
def help_(call: Call, tools: WithCommands) -> Answer:
    asked = call.arguments.get("command", "").strip()
    return Chat(_about(asked, tools) if asked else _overview(call, tools))


@command(
    "commands",
    "List what you can use here.",
    example="commands",
    per_minute=20,
)
def commands_(call: Call, tools: WithCommands) -> Answer:
    return Chat(_overview(call, tools))


def unknown(call: Call, tools: WithCommands) -> Answer:
    """What may follow a word of ours, what was probably meant, or a friendly sentence."""
    line, session = call.text, tools.session
    words = session.community.words
    prefix, said = split_typed(line, words, any_prefix=True) or (USUAL_PREFIX, line)
    first = _first_word(declared_rest(prefix, said, words))
    below = tools.table.below(prefix, first)
    if below:
        return Chat(_group(words.word_shown(first), usable_here(below, session)), free=True)
    nearest = nearest_here(line, session, tools.table)
    if nearest:
        return Chat(f"Did you mean {nearest}?", free=True)
    if session.event.type is MessageType.SLASH_COMMAND:
        return Chat(f"There is no '{_first_word(said)[:40]}' here. {NOTHING_KNOWN}", free=True)
    return Chat(FRIENDLY, free=True)


def mistyped(call: Call, tools: WithCommands) -> Answer:
    nearest = nearest_here(call.text, tools.session, tools.table)
    return Chat(f"Did you mean {nearest}?", private=True, free=True) if nearest else None


def _about(asked: str, tools: WithCommands) -> str:
    """A module by its name, a command, what may follow a word, or what was probably meant."""
    words = tools.session.community.words
    typed = split_typed(asked, words, any_prefix=True)
    prefix, said = typed or (USUAL_PREFIX, asked)
    declared = declared_rest(prefix, said, words)
    module = _module_called(asked, tools)
    of_module = _usable(tools.table.modules().get(module, ()), tools)
    if len(of_module) > 1:
        return _group(_as_called(module, tools), of_module)
    named = tools.find_command(asked)
    if named:
        return describe(named, tools.session)
    first = _first_word(declared)
    prefixes = (prefix,) if typed else PREFIXES
    below = [command for one in prefixes for command in tools.table.below(one, first)]
    if below:
        return _group(words.word_shown(first), _usable(below, tools))
    nearest = nearest_here(asked, tools.session, tools.table)
    hint = f"Did you mean {nearest}?" if nearest else NOTHING_KNOWN
    return f"There is no '{asked[:40]}' here. {hint}"


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


def _group(name: str, commands: Sequence[CommandTrigger]) -> str:
    if not commands:
        return f"{name}: nothing that you may use here. {NOTHING_KNOWN}"
    return f"{name}: {', '.join(map(_usage, commands))}"


def describe(trigger: CommandTrigger, session: Session) -> str:
    """Usage, what it does, one example, who may, how often this person may here."""
    limits = [bound.limit for bound in bounds_of(trigger, session)]
    told = [limit for limit in limits if limit.seconds != MINUTE_SECONDS or limit.calls < MANY]
    often = "".join(f" {sayings.how_often(limit).capitalize()}." for limit in told)
    said = say_declared(trigger.example, prefix=trigger.prefix)
    example = f" Example: {said}." if trigger.example else ""
    who = sayings.who_may(trigger.role)
    return f"{_usage(trigger)}: {trigger.summary}{example} For {who}.{often}"


def _usage(trigger: CommandTrigger) -> str:
    """How this form is used: an alias keeps its own words and takes the same arguments."""
    arguments = [word for word in trigger.usage.split() if word[0] in "<["]
    return " ".join((trigger.name, *arguments))


def _overview(call: Call, tools: WithCommands) -> str:
    """One message: with less room, less of each module."""
    room = find_abilities(call.entity.platform).most_characters
    roomy = room >= ROOMY_CHARACTERS
    usable = {
        module: found
        for module, commands in tools.table.modules().items()
        if (found := _usable(commands, tools))
    }
    # With little room what everybody uses comes first, and what moderators repair with by its name.
    repairing = [] if roomy else [one for one, found in usable.items() if not _for_all(found)]
    groups = {
        _as_called(module, tools): [command.name for command in found]
        for module, found in usable.items()
        if module not in repairing
    }
    names = " ".join(_as_called(module, tools) for module in repairing)
    more = [f"For moderators, {HELP} and one of: {names}"] if repairing else []
    for most in (100, 20, 12, 8, 5, 3, 2, 1):
        text = _listed(groups, most, more, roomy=roomy)
        if len(text) <= room:
            break
    return text


def _first_word(text: str) -> str:
    return (text.split(maxsplit=1) or [""])[0]


def _for_all(commands: Sequence[CommandTrigger]) -> bool:
    return any(command.role is Role.USER for command in commands)


def _listed(
    groups: Mapping[str, Sequence[str]], most: int, more: Sequence[str], *, roomy: bool
) -> str:
    """Modules of a single command share a line."""
    single = [names[0] for names in groups.values() if len(names) == 1]
    lines = [f"You can use {' '.join(single)}"] if single else []
    lines += [
        f"{module}: {_cut(names, most)}" for module, names in groups.items() if len(names) > 1
    ]
    return ("\n" if roomy else " · ").join((*lines, *more, MORE))


def _cut(names: Sequence[str], most: int) -> str:
    left = len(names) - most
    return " ".join(names[:most]) + (f" +{left}" if left > 0 else "")


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
