"""What is a community's own: its places, who was seen there, what happened there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from waddlebot.decisions.asking import Asker, find_place
from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import EntityId
from waddlebot.domain.errors import Because, Refusal
from waddlebot.domain.labels import Labelled
from waddlebot.platforms import platform_names
from waddlebot.stores.belonging import has_happened, was_seen
from waddlebot.stores.command_rows import DeclaredCommands
from waddlebot.stores.labels import Thing
from waddlebot.stores.versions import Edit


def find_own_thing(edit: Edit, asker: Asker, thing: Thing, *, is_member: bool = False) -> Thing:
    """It, as the community calls it. Raises Refusal: it is not this community's.

    `is_member`: the platform says that this person is in a server of the community's.
    """
    if is_member and thing.kind is Labelled.USER:
        return thing
    check = _CHECKS.get(thing.kind)
    return check(edit, asker, thing) if check else thing


def _place(edit: Edit, asker: Asker, thing: Thing) -> Thing:
    return replace(thing, id=find_place(edit, asker, EntityId(thing.id)))


def _person(edit: Edit, asker: Asker, thing: Thing) -> Thing:
    platform, _, user = thing.id.partition(":")
    if platform not in platform_names() or not user:
        known = ", ".join(sorted(platform_names()))
        raise _wrong(f"A person is platform:id, like twitch:123. There are the platforms {known}.")
    if not was_seen(edit.connection, asker.community, Account(platform, user)):
        words = f"I have not seen {thing.id} here yet. Ask them to say something first."
        raise _not_ours(words, "UNKNOWN_PERSON")
    return thing


def _event(edit: Edit, asker: Asker, thing: Thing) -> Thing:
    if not has_happened(edit.connection, asker.community, thing.id):
        raise _not_ours(f"{thing.id} was not written here, or is forgotten.", "UNKNOWN_EVENT")
    return thing


def _module(edit: Edit, _asker: Asker, thing: Thing) -> Thing:
    if not DeclaredCommands(edit.connection).has_module(thing.id):
        raise _not_ours(f"There is no module '{thing.id[:40]}'.", "UNKNOWN_MODULE")
    return thing


def _memory(_edit: Edit, _asker: Asker, thing: Thing) -> Thing:
    """Every community counts its own, so a number is never another's."""
    if not (thing.id.isascii() and thing.id.isdigit()):
        raise _wrong("A memory is named by the number that it has here.")
    return thing


def _wrong(words: str) -> Refusal:
    return Refusal(words, Because.WRONG, field="thing")


def _not_ours(words: str, code: str) -> Refusal:
    return Refusal(words, Because.UNKNOWN, code=code, field="thing")


_CHECKS: Mapping[Labelled, Callable[[Edit, Asker, Thing], Thing]] = {
    Labelled.ENTITY: _place,
    Labelled.USER: _person,
    Labelled.EVENT: _event,
    Labelled.MODULE: _module,
    Labelled.MEMORY: _memory,
}
"""The community itself is its own; items are words of the community's, kept nowhere else."""
