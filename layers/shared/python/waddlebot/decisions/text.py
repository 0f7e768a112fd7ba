"""A community as a text says: each difference is a deed, and all of them or none are done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from waddlebot.decisions.as_declared import as_declared, words_in_text
from waddlebot.decisions.asking import Asker
from waddlebot.decisions.commands import rename_command, say_who_may_use, switch_command
from waddlebot.decisions.homes import name_community
from waddlebot.decisions.labels import drop_label, hang_label, make_label, recolor_label, take_label
from waddlebot.decisions.limits import drop_limit, set_limit
from waddlebot.decisions.modules import as_granted, install_module, remove_module
from waddlebot.decisions.roles import Gift, give_role
from waddlebot.decisions.rules import add_rule, turn_off_rule
from waddlebot.decisions.settings import (
    change_setting,
    set_events_channel,
    set_moderators_channel,
    set_module_setting,
    set_points,
    set_quiet,
)
from waddlebot.domain.community_facts import (
    EVENTS_CHANNEL,
    MODERATORS_CHANNEL,
    Difference,
    FactKind,
    Facts,
    compare,
    place_in_text,
)
from waddlebot.domain.errors import Because, Refusal
from waddlebot.domain.labels import Labelled
from waddlebot.domain.limits import Limit
from waddlebot.domain.reputation import POINTS
from waddlebot.stores.audit_log import last_change
from waddlebot.stores.community_facts import load_facts
from waddlebot.stores.labels import Thing
from waddlebot.stores.string_rules import StringRules
from waddlebot.stores.versions import Edit
from waddlebot_sdk.roles import Role

IMPORT = "import text"
UNDO = "take back text"


@dataclass(frozen=True, slots=True, kw_only=True)
class TextForm:
    """How facts are written; `read` raises Refusal with what is wrong and where."""

    read: Callable[[str], Facts]
    write: Callable[[Facts], str]


def bring_text(
    edit: Edit, asker: Asker, *, text: str, form: TextForm, is_trial: bool = False
) -> Sequence[Difference]:
    """Afterwards the community is as the text says; a trial only says what would change.

    Every deed is checked as if it were done by hand: the first that cannot be refuses the whole.
    """
    asker.check_everywhere(Role.OWNER)
    return _become(edit, asker, form.read(text), form, action=IMPORT, is_trial=is_trial)


def take_back_text(
    edit: Edit, asker: Asker, *, form: TextForm, is_trial: bool = False
) -> Sequence[Difference]:
    """As it was before the last text was brought in; a trial only says what would change."""
    asker.check_everywhere(Role.OWNER)
    last = last_change(edit.connection, asker.community, [IMPORT, UNDO])
    if last is None or last.action != IMPORT or not last.before:
        words = "No text was read in that could be taken back."
        raise Refusal(words, code="NOTHING_TO_UNDO")
    wanted = form.read(str(last.before["text"]))
    return _become(edit, asker, wanted, form, action=UNDO, is_trial=is_trial)


def _become(
    edit: Edit, asker: Asker, wanted: Facts, form: TextForm, *, action: str, is_trial: bool
) -> Sequence[Difference]:
    edit.hold(asker.community)
    facts = load_facts(edit.connection, asker.community)
    wanted = as_declared(edit, wanted, own=words_in_text(facts, wanted))
    wanted = as_granted(edit, facts, wanted)
    differences = compare(facts, wanted)
    with _trying(edit, is_trial=is_trial):
        _free_names(edit, asker, differences)
        for one in differences:
            _do(edit, asker, one, wanted)
        if differences:
            before, after = {"text": form.write(facts)}, {"changes": len(differences)}
            edit.note(action, "community", asker.community, before=before, after=after)
    return differences


@contextmanager
def _trying(edit: Edit, *, is_trial: bool) -> Iterator[None]:
    touched = set(edit.touched)
    with edit.connection.transaction(force_rollback=is_trial):
        yield
    if is_trial:
        edit.touched = touched


def _free_names(edit: Edit, asker: Asker, differences: Sequence[Difference]) -> None:
    """Commands that swap their names give them up first."""
    for one in differences:
        if one.key[0] is FactKind.CALLED and None not in (one.before, one.after):
            rename_command(edit, asker, command=one.key[1], name=None)


def _do(edit: Edit, asker: Asker, one: Difference, wanted: Facts) -> None:
    try:
        _DEEDS[one.key[0]](edit, asker, one)
    except Refusal as refusal:
        place = place_in_text(one, wanted)
        words = f"'{place}': {refusal.say}"
        raise Refusal(words, Because.WRONG, code="IMPOSSIBLE_TEXT", field=place) from refusal


def _name(edit: Edit, asker: Asker, one: Difference) -> None:
    name_community(edit, asker, name=one.after)


def _set(edit: Edit, asker: Asker, one: Difference) -> None:
    _, key = one.key
    if key == MODERATORS_CHANNEL:
        set_moderators_channel(edit, asker, one.after)
    elif key == EVENTS_CHANNEL:
        set_events_channel(edit, asker, one.after)
    else:
        change_setting(edit, asker, key=key, value=_text(one.after))


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _set_of_module(edit: Edit, asker: Asker, one: Difference) -> None:
    _, module, key = one.key
    if module == POINTS:
        set_points(edit, asker, event=key, points=one.after)
    else:
        set_module_setting(edit, asker, module=module, key=key, value=one.after)


def _switch(edit: Edit, asker: Asker, one: Difference) -> None:
    _, name, *place = one.key
    at = place[0] if place else None
    switch_command(edit, asker, name=name, enabled=not one.after, at=at)


def _call(edit: Edit, asker: Asker, one: Difference) -> None:
    rename_command(edit, asker, command=one.key[1], name=one.after)


def _say_who_may_use(edit: Edit, asker: Asker, one: Difference) -> None:
    say_who_may_use(edit, asker, command=one.key[1], role=one.after)


def _limit(edit: Edit, asker: Asker, one: Difference) -> None:
    _, command, entity, role, together = one.key
    calls, seconds = one.after or (0, 0)
    limit = Limit(
        command=command, calls=calls, seconds=seconds, together=together, role=role, entity=entity
    )
    if one.after is None:
        drop_limit(edit, asker, limit)
    else:
        set_limit(edit, asker, limit)


def _rule(edit: Edit, asker: Asker, one: Difference) -> None:
    _, rule = one.key
    if one.after is not None:
        add_rule(edit, asker, rule)
        return
    for active in StringRules(edit).list_active(asker.community):
        if replace(active, id=0) == rule:
            turn_off_rule(edit, asker, number=active.id)


def _quiet(edit: Edit, asker: Asker, one: Difference) -> None:
    set_quiet(edit, asker, one.key[1], quiet=bool(one.after))


def _give_role(edit: Edit, asker: Asker, one: Difference) -> None:
    _, platform, user, at = one.key
    role, name = one.after or (Role.USER, "")
    give_role(edit, asker, Gift(platform=platform, user=user, role=role, at=at, name=name))


def _label(edit: Edit, asker: Asker, one: Difference) -> None:
    _, name = one.key
    if one.after is None:
        drop_label(edit, asker, name=name)
    elif one.before is None:
        make_label(edit, asker, name=name, color=one.after)
    else:
        recolor_label(edit, asker, name=name, color=one.after)


def _hang(edit: Edit, asker: Asker, one: Difference) -> None:
    _, kind, id_, name = one.key
    thing = Thing(kind=Labelled(kind), id=id_)
    if one.before is not None:
        take_label(edit, asker, thing=thing, name=name)
    if one.after is not None:
        until = datetime.fromisoformat(one.after) if one.after else None
        hang_label(edit, asker, thing=thing, name=name, until=until)


def _install(edit: Edit, asker: Asker, one: Difference) -> None:
    _, name = one.key
    if one.after is None:
        remove_module(edit, asker, name=name)
    else:
        install_module(edit, asker, name=name, may=one.after)


_DEEDS: Mapping[FactKind, Callable[[Edit, Asker, Difference], None]] = {
    FactKind.NAME: _name,
    FactKind.SETTING: _set,
    FactKind.MODULE: _set_of_module,
    FactKind.OFF: _switch,
    FactKind.OFF_AT: _switch,
    FactKind.CALLED: _call,
    FactKind.RIGHT: _say_who_may_use,
    FactKind.LIMIT: _limit,
    FactKind.RULE: _rule,
    FactKind.QUIET: _quiet,
    FactKind.ROLE: _give_role,
    FactKind.LABEL: _label,
    FactKind.LABELLED: _hang,
    FactKind.INSTALLED: _install,
}
