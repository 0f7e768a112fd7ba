"""Which commands a community has of its own, for whom, how often, and what they say."""

from __future__ import annotations

from dataclasses import replace

from waddlebot.decisions.alias_texts import follow_renamed
from waddlebot.decisions.asking import Asker, find_place
from waddlebot.decisions.free_names import check_looks
from waddlebot.domain import sayings
from waddlebot.domain.custom_commands import (
    MOST_COOLDOWN_SECONDS,
    CustomCommand,
    with_counter,
)
from waddlebot.domain.custom_counting import counters_of
from waddlebot.domain.custom_texts import MOST_CHARACTERS
from waddlebot.domain.custom_variables import check_text
from waddlebot.domain.custom_whens import ALWAYS, When, check_when, wrong_when
from waddlebot.domain.entities import EntityId, is_whole_server
from waddlebot.domain.errors import Because, Refusal
from waddlebot.domain.own_names import fold_name, is_name
from waddlebot.domain.own_words import USUAL_PREFIX
from waddlebot.stores.aliases import Aliases
from waddlebot.stores.command_rows import DeclaredCommands
from waddlebot.stores.custom_commands import CustomCommands
from waddlebot.stores.own_counters import MOST_COUNTED
from waddlebot.stores.own_words import words_of
from waddlebot.stores.versions import Edit
from waddlebot_sdk.own_words import say_command
from waddlebot_sdk.roles import Role

MOST_COMMANDS = 300


def set_custom(
    edit: Edit, asker: Asker, command: CustomCommand, *, is_new: bool | None = None
) -> CustomCommand:
    """As it is kept, in place of the one of that name; `is_new`: whether there may be none yet."""
    own = asker.check_everywhere(Role.MODERATOR)
    command = replace(
        command,
        name=fold_name(command.name),
        text=command.text.strip(),
        category=fold_name(command.category),
    )
    edit.hold(asker.community)
    commands = CustomCommands(edit, asker.community)
    there = commands.all()
    if is_new is False:
        _find(command.name, there)
    before = there.get(command.name)
    if before is None:
        _check_name(edit, asker, command.name)
        check_looks(edit, asker, command.name)
        _check_is_ours(command.name, commands)
    elif is_new:
        raise _is_there(command.name)
    else:
        _check_is_theirs(before, own)
    if before is None and len(there) >= MOST_COMMANDS:
        words = f"There are {MOST_COMMANDS} custom commands already. Delete one:"
        raise Refusal(f"{words} {say_command('custom delete')}", code="TOO_MANY_COMMANDS")
    _check(command, own)
    when = _placed(edit, asker, command.when, before.when if before else ALWAYS)
    command = replace(command, when=when)
    commands.put(command, before=before)
    commands.settle_counters()
    return command


def change_custom(
    edit: Edit,
    asker: Asker,
    *,
    name: str,
    text: str | None = None,
    role: Role | None = None,
    cooldown_seconds: int | None = None,
    person_cooldown_seconds: int | None = None,
    when: When | None = None,
    category: str | None = None,
    enabled: bool | None = None,
) -> CustomCommand:
    """As it is now; what is None stays as it was."""
    asker.check_everywhere(Role.MODERATOR)
    edit.hold(asker.community)
    before = _find(fold_name(name), CustomCommands(edit, asker.community).all())
    wanted = replace(
        before,
        text=before.text if text is None else text,
        role=before.role if role is None else role,
        cooldown_seconds=(
            before.cooldown_seconds if cooldown_seconds is None else cooldown_seconds
        ),
        person_cooldown_seconds=(
            before.person_cooldown_seconds
            if person_cooldown_seconds is None
            else person_cooldown_seconds
        ),
        when=before.when if when is None else when,
        category=before.category if category is None else category,
        enabled=before.enabled if enabled is None else enabled,
    )
    return set_custom(edit, asker, wanted, is_new=False)


def remove_custom(edit: Edit, asker: Asker, *, name: str) -> CustomCommand:
    """The one that is gone; what it counted goes with it a day later, unless another counts the
    same, or it is there again.
    """
    own = asker.check_everywhere(Role.MODERATOR)
    edit.hold(asker.community)
    commands = CustomCommands(edit, asker.community)
    command = _find(fold_name(name), commands.all())
    _check_is_theirs(command, own)
    commands.remove(command)
    commands.settle_counters()
    return command


def rename_custom(edit: Edit, asker: Asker, *, name: str, to: str) -> CustomCommand:
    """As it is called now. Aliases that lead to it follow, and so does what it counted by its name,
    unless another counts the same: then it counts that on.
    """
    own = asker.check_everywhere(Role.MODERATOR)
    name, to = fold_name(name), fold_name(to)
    edit.hold(asker.community)
    commands = CustomCommands(edit, asker.community)
    there = commands.all()
    command = _find(name, there)
    _check_is_theirs(command, own)
    if to in there and to != name:
        raise _is_there(to)
    _check_name(edit, asker, to)
    check_looks(edit, asker, to, but=name)
    _check_is_ours(to, commands, but=name)
    renamed = replace(command, name=to)
    by_its_name = _counted_by(command) != _counted_by(renamed)
    is_shared = by_its_name and _is_counted(there, command, to)
    commands.rename(name, to, with_counter=by_its_name and not is_shared)
    if is_shared:
        before, renamed = renamed, replace(renamed, text=with_counter(command))
        _check(renamed, own)
        commands.put(renamed, before=before)
    follow_renamed(edit, asker.community, name, to)
    return renamed


def find_custom(edit: Edit, asker: Asker, *, name: str) -> CustomCommand | None:
    """As it is, and stays until the edit ends: what others did a moment ago is seen."""
    edit.hold(asker.community)
    return CustomCommands(edit, asker.community).all().get(fold_name(name))


def set_custom_count(edit: Edit, asker: Asker, *, counter: str, counted: int) -> int:
    """What a counter has come to now; the next use counts from there. It was as is given back."""
    asker.check_everywhere(Role.MODERATOR)
    counter = fold_name(counter)
    edit.hold(asker.community)
    commands = CustomCommands(edit, asker.community)
    if counter not in commands.counters_in_texts():
        words = f"No custom command counts '{counter[:50]}'. Write $(count) in one."
        raise Refusal(words, Because.UNKNOWN, code="UNKNOWN_COUNTER", field="counter")
    if abs(counted) > MOST_COUNTED:
        words = f"A counter goes to {MOST_COUNTED:,} at most."
        raise Refusal(words, Because.WRONG, code="TOO_MUCH_COUNTED", field="counted")
    return commands.counters.set_to(counter, counted, action="set custom counter")


def _find(name: str, there: dict[str, CustomCommand]) -> CustomCommand:
    if name not in there:
        listed = say_command("custom list")
        words = f"There is no custom command '{name[:50]}'. See {listed}."
        raise Refusal(words, Because.UNKNOWN, code="UNKNOWN_CUSTOM_COMMAND", field="name")
    return there[name]


def _is_there(name: str) -> Refusal:
    edit, remove = say_command(f"custom edit {name}"), say_command(f"custom delete {name}")
    words = f"There is a custom command '{name}' already. Change it: {edit} … Or delete: {remove}"
    return Refusal(words, code="CUSTOM_COMMAND_THERE")


def _check_is_theirs(command: CustomCommand, own: Role) -> None:
    """What is for admins alone, moderators do not rewrite. Raises Refusal."""
    if not own.covers(command.role):
        words = f"{say_command(command.name)} is for {sayings.who_may(command.role)} only."
        raise Refusal(words, Because.MAY_NOT)


def _check_is_ours(name: str, commands: CustomCommands, *, but: str = "") -> None:
    """What a newer release wrote is not written over. Raises Refusal."""
    if name != but and name in commands.names():
        words = f"'{name}' was made by a newer release of me: change it when that runs again."
        raise Refusal(words, code="OF_NEWER_RELEASE", field="name")


def _check(command: CustomCommand, own: Role) -> None:
    """Raises Refusal."""
    if not command.text:
        raise Refusal("Say what it says.", Because.WRONG, field="text")
    if len(command.text) > MOST_CHARACTERS:
        words = f"A custom command has {MOST_CHARACTERS} characters at most."
        raise Refusal(words, Because.WRONG, field="text")
    check_text(command.text)
    check_when(command.when)
    if command.category and not is_name(command.category):
        words = "A category is one word of at most 50 letters, digits, emoji and _."
        raise Refusal(words, Because.WRONG, code="INVALID_NAME", field="category")
    for field in ("cooldown_seconds", "person_cooldown_seconds"):
        if not 0 <= getattr(command, field) <= MOST_COOLDOWN_SECONDS:
            words = "A cooldown is a day at most."
            raise Refusal(words, Because.WRONG, code="INVALID_COOLDOWN", field=field)
    if not own.covers(command.role):
        words = f"You decide for {sayings.who_may(own)} and below, not for those above you."
        raise Refusal(words, Because.MAY_NOT, field="role")


def _placed(edit: Edit, asker: Asker, when: When, before: When) -> When:
    """Its places by their ids, each a channel of this community or named before. Raises Refusal."""
    found = frozenset(
        one if one in before.places else _channel(edit, asker, one) for one in when.places
    )
    return replace(when, places=found)


def _channel(edit: Edit, asker: Asker, name: EntityId) -> EntityId:
    found = find_place(edit, asker, name)
    if is_whole_server(found):
        words = f"{name[:80]} is a whole server: name its channels, or the platform."
        raise wrong_when(words, "places")
    return found


def _check_name(edit: Edit, asker: Asker, name: str) -> None:
    """It hides no command and no alias. Raises Refusal."""
    if not is_name(name):
        say = "The name of a custom command is one word of at most 50 letters, digits, emoji and _."
        raise Refusal(say, Because.WRONG, code="INVALID_NAME", field="name")
    own = words_of(edit.connection, asker.community).command_called(name)
    if own or DeclaredCommands(edit.connection).is_taken(f"{USUAL_PREFIX}{name}"):
        shown = say_command(own or name)
        say = f"{shown} is a command of the house already: choose another name."
        raise Refusal(say, code="NAME_TAKEN", field="name")
    if name in Aliases(edit, asker.community).all():
        remove = say_command(f"alias remove {name}")
        say = f"There is an alias '{name}' already. Remove it first: {remove}"
        raise Refusal(say, code="NAME_TAKEN", field="name")


def _counted_by(command: CustomCommand) -> list[str]:
    return list(counters_of(command.name, command.text))


def _is_counted(there: dict[str, CustomCommand], command: CustomCommand, to: str) -> bool:
    """Whether a text names its counter of before, or another counts with that of its new name."""
    others = (one for one in there.values() if one.name != command.name)
    named = {counter for one in others for counter in _counted_by(one)}
    return not named.isdisjoint({command.name, to}) or command.name in _counted_by(
        replace(command, name=to)
    )
