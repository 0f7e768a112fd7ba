"""Who enters: an account on one platform. Several of them may be one person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from waddlebot.domain.entities import EntityId
from waddlebot.domain.events import Later, Speaker
from waddlebot.platforms import find_abilities
from waddlebot_sdk import Call

MODULE_NAME = "giveaways"
SHOWN_AS = {
    "subscriber": frozenset({"sub", "subs", "subscriber", "subscribers"}),
    "founder": frozenset({"sub", "subs", "subscriber", "subscribers"}),
    "vip": frozenset({"vip", "vips"}),
}
"""What people call those who wear a badge of Twitch; elsewhere it is a label of that name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrant:
    """An account by its platform's id, its name there, and the login that nobody else bears.

    `later` is how to come back to its person.
    """

    platform: str
    id: str
    name: str
    login: str
    later: Later


@dataclass(frozen=True, slots=True, kw_only=True)
class Excluded:
    """By id, by login, or both; what is not known of them is empty."""

    platform: str
    id: str
    login: str
    name: str


def asking_entrant(call: Call) -> Entrant:
    """Who typed or pressed. Raises LookupError for an event that nobody caused."""
    if call.user is None:
        raise LookupError(f"{call.event_type} names no person")
    user = call.user
    later = (
        msgspec.convert(call.later, Later)
        if call.later
        else Later(entity=EntityId(call.entity.id), user=Speaker(id=user.id, name=user.name))
    )
    login = later.user.login if later.user else ""
    return Entrant(
        platform=call.entity.platform,
        id=user.id,
        name=user.name,
        login=(login or user.name).casefold(),
        later=later,
    )


def asking_account(call: Call) -> Excluded:
    """Whom an event is about, by login too where a platform may tell that alone (IRC)."""
    person = asking_entrant(call)
    login = person.login if find_abilities(person.platform).by_login else ""
    return Excluded(platform=person.platform, id=person.id, login=login, name=person.name)


def labels_of(call: Call) -> frozenset[str]:
    """What weights may name of whoever typed or pressed, in small letters."""
    if call.user is None:
        return frozenset()
    shown = (SHOWN_AS.get(badge, frozenset()) for badge in call.user.badges)
    return frozenset(label.casefold() for label in call.user.labels).union(*shown)


def named_person(call: Call, typed: str) -> Excluded | None:
    """Whom `<@301>` or, where logins are one person's, `@ana` means; None where it is nobody."""
    platform = call.entity.platform
    abilities = find_abilities(platform)
    found = abilities.person.fullmatch(typed.strip()) if abilities.person else None
    if found is None:
        return None
    told = next(filter(None, found.groups()))
    if abilities.by_login:
        return Excluded(platform=platform, id="", login=told.casefold(), name=told)
    name = call.in_words(typed.strip()).removeprefix("@")
    return Excluded(platform=platform, id=told, login="", name=name)


def in_place(later: Later) -> Later:
    """For everybody there; what was begun in private talk stays there."""
    return later if later.private else msgspec.structs.replace(later, user=None)


def read_later(kept: Any) -> Later:
    return msgspec.convert(kept, Later)


def keep_later(later: Later) -> str:
    """As JSON."""
    return msgspec.json.encode(later).decode()
