"""How people and places are called: `Ana on Twitch`, `#general on Discord`.

Ids are for programs; where a name is not known the platform's is, and what kind of thing it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import EntityId, parse_entity
from waddlebot.platforms import find_abilities, platform_names

_PLATFORMS = "|".join(sorted(platform_names()))
_PLACE = re.compile(rf"\b(?:{_PLATFORMS}):(?:channel|server):[\w@-]+(?:[./][\w@-]+)*", re.ASCII)
_PERSON = re.compile(rf"\b({_PLATFORMS}):(?!channel:|server:)(\w+)", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownNames:
    """What is known of the names of some places and people."""

    places: Mapping[EntityId, str] = field(default_factory=dict)
    people: Mapping[Account, str] = field(default_factory=dict)

    def place(self, entity: EntityId) -> str:
        """`#general on Discord`, `a channel on Slack`, `a server on Discord`."""
        place, name = parse_entity(entity), self.places.get(entity, "")
        abilities = find_abilities(place.platform)
        on = f"on {abilities.name or place.platform}"
        if place.kind == "server":
            return f"the server of {abilities.place_sign}{name} {on}" if name else f"a server {on}"
        return f"{abilities.place_sign}{name} {on}" if name else f"a channel {on}"

    def person(self, account: Account) -> str:
        """`Ana on Twitch`, `somebody on Twitch`."""
        platform, _ = account
        name = self.people.get(account) or "somebody"
        return f"{name} on {find_abilities(platform).name or platform}"

    def told(self, text: str) -> str:
        """The same, with names in place of ids."""
        text = _PLACE.sub(lambda found: self.place(EntityId(found[0])), text)
        return _PERSON.sub(lambda found: self.person(Account(found[1], found[2])), text)


def places_in(texts: Iterable[str]) -> Iterator[EntityId]:
    for text in texts:
        yield from map(EntityId, _PLACE.findall(text))


def people_in(texts: Iterable[str]) -> Iterator[Account]:
    for text in texts:
        yield from (Account(*found) for found in _PERSON.findall(text))
