"""What can be used, as a list: modules with what they do, or commands with what each does.

With less room there is less of each; where a list does not fit at all it is one line of names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from waddlebot.domain.triggers import CommandTrigger
from waddlebot_sdk import Chat, ListEntry, Listing, Role, say_command
from waddlebot_sdk.listings import MOST_ENTRIES

TITLE = "What you can use here"
HELP = say_command("help")
ASKING, USUAL_EXAMPLE = "!help", "!quote"
# From here on a platform shows line ends and has room for them.
ROOMY_CHARACTERS = 1000
ALL = 100

Usable = Mapping[str, Sequence[CommandTrigger]]
"""By module, the likeliest command first."""


def overview(usable: Usable, room: int) -> Chat:
    """One message."""
    if room >= ROOMY_CHARACTERS:
        for listing in _of_modules(usable):
            if fits(listing, room):
                return Chat.listed(listing)
    return Chat(_one_line(usable, room))


def everything(usable: Usable, room: int) -> Chat | None:
    """One message with all that can be typed; None where that does not fit."""
    roomy = room >= ROOMY_CHARACTERS
    listing = next(_of_modules(usable, (ALL,)))
    if roomy and fits(listing, room):
        return Chat.listed(listing)
    groups = {module: [command.name for command in found] for module, found in usable.items()}
    text = _listed(groups, ALL, [more_about(usable)], roomy=roomy)
    return Chat(text) if len(text) <= room else None


def rows_of(module: str, commands: Sequence[CommandTrigger], room: int) -> Iterator[str]:
    """`memories: !quote !addquote`, in as many rows as two of them fit into a message."""
    row = f"{module}:"
    for command in commands:
        if len(row) + len(command.name) > room // 2 and not row.endswith(":"):
            yield row
            row = f"{module}:"
        row = f"{row} {command.name}"
    yield row


def more_about(usable: Usable) -> str:
    """How to read more, by a command that whoever asks may use."""
    typed = [command.typed for commands in usable.values() for command in commands]
    others = [one for one in typed if one != ASKING] or [USUAL_EXAMPLE]
    example = USUAL_EXAMPLE if USUAL_EXAMPLE in typed else others[0]
    return f"More about one: {say_command(f'help {say_command(example)}')}"


def fits(listing: Listing, room: int) -> bool:
    return 1 <= len(listing.entries) <= MOST_ENTRIES and len(listing.as_text()) <= room


def of_commands(name: str, commands: Sequence[CommandTrigger], room: int) -> Chat:
    """What may be typed of one module, or behind one word."""
    about = about_module(commands)
    entries = (ListEntry(name=usage_of(one), about=one.summary) for one in commands)
    listing = Listing(title=name, entries=tuple(entries), more=about)
    if room >= ROOMY_CHARACTERS and fits(listing, room):
        return Chat.listed(listing)
    usages = [usage_of(one) for one in commands]
    names = [one.name for one in commands]
    told = (
        f"{name}: {f'{about} ' if about else ''}{', '.join(usages)}",
        f"{name}: {', '.join(usages)}",
        *(f"{name}: {_cut(names, most)}" for most in range(len(names), 0, -1)),
    )
    return Chat(next((text for text in told if len(text) <= room), told[-1]))


def about_module(commands: Sequence[CommandTrigger]) -> str:
    """Nothing where they are of several."""
    abouts = {command.about_module for command in commands}
    return abouts.pop() if len(abouts) == 1 else ""


def usage_of(trigger: CommandTrigger) -> str:
    """How this form is used: an alias keeps its own words and takes the same arguments."""
    arguments = [word for word in trigger.usage.split() if word[0] in "<["]
    return " ".join((trigger.name, *arguments))


def _of_modules(usable: Usable, mosts: Sequence[int] = (3, 2, 1)) -> Iterator[Listing]:
    for most in mosts:
        yield Listing(
            title=TITLE,
            entries=tuple(_entry(module, found, most) for module, found in usable.items()),
            more=more_about(usable),
        )


def _entry(module: str, commands: Sequence[CommandTrigger], most: int) -> ListEntry:
    names = _cut([command.name for command in commands], most)
    about = about_module(commands).rstrip(".")
    return ListEntry(name=module, about=f"{about}: {names}" if about else names)


def _one_line(usable: Usable, room: int) -> str:
    """What everybody uses comes first, and what moderators repair with by its name."""
    roomy = room >= ROOMY_CHARACTERS
    repairing = [] if roomy else [one for one, found in usable.items() if not _for_all(found)]
    groups = {
        module: [command.name for command in found]
        for module, found in usable.items()
        if module not in repairing
    }
    more = [f"For moderators, {HELP} and one of: {' '.join(repairing)}"] if repairing else []
    more.append(more_about(usable))
    text = ""
    for most in (ALL, 20, 12, 8, 5, 3, 2, 1):
        text = _listed(groups, most, more, roomy=roomy)
        if len(text) <= room:
            break
    return text


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
    return ("\n" if roomy else " · ").join((*lines, *more))


def _cut(names: Sequence[str], most: int) -> str:
    left = len(names) - most
    return " ".join(names[:most]) + (f" +{left}" if left > 0 else "")
