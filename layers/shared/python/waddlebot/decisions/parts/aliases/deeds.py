"""By which word of its own a community runs a command, or has something said."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from waddlebot.decisions.alias_texts import check_length
from waddlebot.decisions.asking import Asker
from waddlebot.decisions.declared import check_may_use
from waddlebot.decisions.free_names import check_looks
from waddlebot.domain.alias_following import check_following, targets_of, with_name
from waddlebot.domain.alias_places import with_defaults
from waddlebot.domain.aliases import (
    Alias,
    check_alias,
    declared,
    read_alias,
    run_line,
    with_counter,
)
from waddlebot.domain.errors import Because, Refusal
from waddlebot.domain.own_names import fold_name, is_name
from waddlebot.domain.own_words import USUAL_PREFIX, OwnWords
from waddlebot.domain.private_talk import is_of_ones_own
from waddlebot.stores.aliases import Aliases
from waddlebot.stores.command_rows import DeclaredCommands
from waddlebot.stores.custom_commands import CustomCommands
from waddlebot.stores.own_counters import MOST_COUNTED
from waddlebot.stores.own_words import words_of
from waddlebot.stores.string_rules import StringRules
from waddlebot.stores.versions import Edit
from waddlebot_sdk.own_words import say_command, say_name
from waddlebot_sdk.roles import Role

MOST_ALIASES = 100


def set_alias(
    edit: Edit, asker: Asker, *, name: str, text: str, is_new: bool | None = None
) -> Alias:
    """As it is kept, in place of the one of that name; `is_new`: whether there may be none yet."""
    own = asker.check_everywhere(Role.MODERATOR)
    name = fold_name(name)
    check_length(text.strip())
    edit.hold(asker.community)  # before it is looked who has the name
    words = words_of(edit.connection, asker.community)
    _check_name(edit, asker, name, words)
    aliases = Aliases(edit, asker.community)
    there = aliases.all()
    _check_there(name, there, is_new=is_new)
    if name not in there:
        check_looks(edit, asker, name)
    alias = read_alias(name, declared(text, words.declared_line))
    check_length(alias.text)
    check_alias(alias)
    following = {**there, name: alias.text}
    check_following(following, there)
    _check_targets(edit, asker, own, targets_of(name, following))
    aliases.put(name, alias.text, before=there.get(name))
    aliases.settle_counters()
    return alias


def remove_alias(edit: Edit, asker: Asker, *, name: str) -> Alias:
    """The one that is gone; what it counted goes with it a day later, unless another counts the
    same, or it is there again.
    """
    asker.check_everywhere(Role.MODERATOR)
    edit.hold(asker.community)
    aliases = Aliases(edit, asker.community)
    alias = _find(fold_name(name), aliases.all())
    aliases.remove(alias.name, alias.text)
    aliases.settle_counters()
    return alias


def rename_alias(edit: Edit, asker: Asker, *, name: str, to: str) -> str:
    """What it is called now. Those that lead to it follow, and so does what it counted."""
    own = asker.check_everywhere(Role.MODERATOR)
    name, to = fold_name(name), fold_name(to)
    edit.hold(asker.community)
    _check_name(edit, asker, to, words_of(edit.connection, asker.community))
    check_looks(edit, asker, to, but=name)
    aliases = Aliases(edit, asker.community)
    there = aliases.all()
    alias = _find(name, there)
    if to != name and to in there:
        raise _is_there(to)
    renamed = {to if one == name else one: text for one, text in there.items()}
    following = {one: with_name(one, text, name, to) for one, text in renamed.items()}
    is_counted_by_name = read_alias(to, alias.text).counter != alias.counter
    if is_counted_by_name and _are_counted(there, {name, to}, but=name):
        following[to] = with_counter(alias)
    check_following(following, there)
    _check_targets(edit, asker, own, targets_of(to, following))
    aliases.rename(name, to)
    StringRules(edit).follow_renamed(asker.community, run_line(name, ""), run_line(to, ""))
    for one, text in following.items():
        if text != renamed[one]:
            check_length(text)
            aliases.put(one, text, before=renamed[one])
    if is_counted_by_name and following[to] == alias.text:
        aliases.counters.move(name, to)
    return to


def find_alias(edit: Edit, asker: Asker, *, name: str) -> str | None:
    """What it stands for, and does until the edit ends: what others did a moment ago is seen."""
    edit.hold(asker.community)
    return Aliases(edit, asker.community).all().get(fold_name(name))


def set_counted(edit: Edit, asker: Asker, *, name: str, counted: int) -> int:
    """What its counter has come to now; the next one counts from there. It was as is given back."""
    asker.check_everywhere(Role.MODERATOR)
    edit.hold(asker.community)
    aliases = Aliases(edit, asker.community)
    alias = _find(fold_name(name), aliases.all())
    if not alias.counter:
        words = f"{say_command(alias.name)} counts nothing."
        raise Refusal(words, Because.WRONG, code="COUNTS_NOTHING", field="name")
    if abs(counted) > MOST_COUNTED:
        words = f"A counter goes to {MOST_COUNTED:,} at most."
        raise Refusal(words, Because.WRONG, code="TOO_MUCH_COUNTED", field="counted")
    return aliases.counters.set_to(alias.counter, counted, action="set counter")


def _are_counted(there: Mapping[str, str], counters: Collection[str], *, but: str) -> bool:
    """Whether another alias than this one counts with one of them."""
    read = (read_alias(one, text) for one, text in there.items() if one != but)
    return any(alias.counter in counters for alias in read)


def _find(name: str, there: Mapping[str, str]) -> Alias:
    if name not in there:
        words = f"There is no alias '{name[:50]}'. See {say_command('alias list')}."
        raise Refusal(words, Because.UNKNOWN, code="UNKNOWN_ALIAS", field="name")
    return read_alias(name, there[name])


def _check_there(name: str, there: Mapping[str, str], *, is_new: bool | None) -> None:
    if is_new and name in there:
        raise _is_there(name)
    if is_new is False:
        _find(name, there)
    if name not in there and len(there) >= MOST_ALIASES:
        remove = say_command("alias remove")
        words = f"There are {MOST_ALIASES} aliases already. Remove one: {remove}"
        raise Refusal(words, code="TOO_MANY_ALIASES")


def _is_there(name: str) -> Refusal:
    edit, remove = say_command(f"alias edit {name}"), say_command(f"alias remove {name}")
    words = f"There is an alias '{name}' already. Change it: {edit} … Or remove it: {remove}"
    return Refusal(words, code="ALIAS_THERE")


def _check_name(edit: Edit, asker: Asker, name: str, words: OwnWords) -> None:
    """No alias hides a command, whether that always works or not, nor one of their own."""
    if not is_name(name):
        say = "The name of an alias is one word of at most 50 letters, digits, emoji and _."
        raise Refusal(say, Because.WRONG, code="INVALID_NAME", field="name")
    if name in CustomCommands(edit, asker.community).names():
        remove = say_command(f"custom delete {name}")
        say = f"There is a custom command '{name}' already. Delete it first: {remove}"
        raise Refusal(say, code="NAME_TAKEN", field="name")
    own = words.command_called(name)
    if own or DeclaredCommands(edit.connection).is_taken(f"{USUAL_PREFIX}{name}"):
        shown = say_command(own or name)
        say = f"{shown} is a command already, and no alias hides one: choose another name."
        raise Refusal(say, code="NAME_TAKEN", field="name")


def _check_targets(edit: Edit, asker: Asker, own: Role, steps: Iterable[str]) -> None:
    """Whoever types an alias has read no more than its name: it leads to nothing that whoever saves
    it may not do, to no deed that is each person's own, and to no command that a secret follows.
    """
    known = DeclaredCommands(edit.connection)
    for step in steps:
        found = known.find_begun(with_defaults(step))
        if found is None:  # not there yet
            continue
        if found.secret:
            words = f"What is typed behind {say_name(found.typed)} is a secret: it has no alias."
            raise Refusal(words, Because.WRONG, code="SECRET_COMMAND", field="text")
        if is_of_ones_own(found.module):
            words = f"{say_name(found.typed)} is each person's own to type: it has no alias."
            raise Refusal(words, Because.WRONG, code="OWN_COMMAND", field="text")
        check_may_use(edit, asker, found, own)
