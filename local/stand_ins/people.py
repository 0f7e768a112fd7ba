"""Who lives at the stand-ins: three people with accounts on every platform, and the bot."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from waddlebot_sdk.roles import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class StandInPerson:
    """`ids` holds the platform's own id of this person, by platform."""

    name: str
    login: str
    role: Role
    ids: Mapping[str, str]


def _person(number: int, name: str, role: Role) -> StandInPerson:
    ids = {
        "discord": f"30100000000000000{number}",
        "slack": f"U0{name.upper()}",
        "twitch": f"410000{number}",
    }
    return StandInPerson(name=name, login=name.lower(), role=role, ids=MappingProxyType(ids))


PEOPLE: Mapping[str, StandInPerson] = MappingProxyType(
    {
        person.login: person
        for person in (
            _person(1, "Ana", Role.USER),
            _person(2, "Max", Role.MODERATOR),
            _person(3, "Olga", Role.OWNER),
        )
    }
)

OWNER = PEOPLE["olga"]
BOT_NAME = "WaddleBot"
SLACK_BOT_USER = "U0WADDLEBOT"
SLACK_BOT = "B0WADDLEBOT"
SLACK_APP = "A0WADDLEBOT"
TWITCH_BOT_USER = "1000"


_KEPT = 10_000


class StandInPeople:
    """The three, every other viewer from the moment that somebody speaks as them, and strangers.

    A stranger is known on one platform alone: a delivery that was signed by hand told of them.
    """

    def __init__(self) -> None:
        self._viewers: OrderedDict[str, StandInPerson] = OrderedDict()
        self._strangers: OrderedDict[tuple[str, str], StandInPerson] = OrderedDict()
        self._by_id: dict[tuple[str, str], StandInPerson] = {}
        for person in PEOPLE.values():
            self._know(person)

    def named(self, login: str) -> StandInPerson:
        login = login.lower()
        return PEOPLE.get(login) or self._viewers.get(login) or self._welcome(login)

    def by_id(self, platform: str, user_id: str | None) -> StandInPerson | None:
        key = (platform, user_id or "")
        return self._by_id.get(key) or self._strangers.get(key)

    def meet(self, platform: str, user_id: str, *, login: str) -> StandInPerson:
        """Whoever has this id there; a stranger is called by the login."""
        known = self.by_id(platform, user_id)
        if known:
            return known
        ids = MappingProxyType({platform: user_id})
        stranger = StandInPerson(name=login, login=login, role=Role.USER, ids=ids)
        self._strangers[platform, user_id] = stranger
        if len(self._strangers) > _KEPT:
            self._strangers.popitem(last=False)
        return stranger

    def everybody(self) -> list[StandInPerson]:
        return [*PEOPLE.values(), *self._viewers.values()]

    def _welcome(self, login: str) -> StandInPerson:
        person = _viewer(login)
        self._viewers[login] = person
        self._know(person)
        if len(self._viewers) > _KEPT:
            _, gone = self._viewers.popitem(last=False)
            for key in gone.ids.items():
                del self._by_id[key]
        return person

    def _know(self, person: StandInPerson) -> None:
        self._by_id.update(dict.fromkeys(person.ids.items(), person))


def find_by_login(login: str) -> StandInPerson | None:
    """One of the three: who can be mentioned by name."""
    return PEOPLE.get(login.lower())


def stable_number(text: str) -> int:
    """At most eleven digits, the same for the same text in every process."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big") % 10**11


def _viewer(login: str) -> StandInPerson:
    number = stable_number(login)
    ids = {"discord": f"3020000{number:011d}", "slack": f"U1{number}", "twitch": f"42{number:011d}"}
    return StandInPerson(
        name=login.capitalize(), login=login, role=Role.USER, ids=MappingProxyType(ids)
    )
