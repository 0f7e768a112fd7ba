"""What a router process remembers of places, communities and people: bounded, and not for long."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from waddlebot.domain.entities import CommunityId, EntityId
from waddlebot.domain.sessions import Community
from waddlebot.stores.directory_rows import GivenRoles, Loaded, OpenedPlace

LIFE_SECONDS = 300.0
MOST_PLACES = 10_000
MOST_COMMUNITIES = 2_000
MOST_PEOPLE = 50_000

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")
Clock = Callable[[], float]
_Known = tuple[EntityId, CommunityId, str, str, str]
_AsOf = tuple[OpenedPlace, str]
"""A place, and its community's version when it was read."""


class Shelf(Generic[Key, Value]):
    """The values used last, each for `LIFE_SECONDS` from when it was put there."""

    def __init__(self, most: int, clock: Clock) -> None:
        self._most = most
        self._clock = clock
        self._kept: OrderedDict[Key, tuple[float, Value]] = OrderedDict()

    def find(self, key: Key) -> Value | None:
        kept = self._kept.get(key)
        if kept is None or kept[0] < self._clock():
            return None
        self._kept.move_to_end(key)
        return kept[1]

    def put(self, key: Key, value: Value) -> None:
        self._kept[key] = (self._clock() + LIFE_SECONDS, value)
        self._kept.move_to_end(key)
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)


class DirectoryMemory:
    """A role is kept under its community's version and the one of what holds everywhere, a place
    under its community's.

    A change there forgets all of them at once.
    """

    def __init__(self, clock: Clock) -> None:
        self._places: Shelf[EntityId, _AsOf] = Shelf(MOST_PLACES, clock)
        self._communities: Shelf[CommunityId, Community] = Shelf(MOST_COMMUNITIES, clock)
        self._roles: Shelf[_Known, GivenRoles] = Shelf(MOST_PEOPLE, clock)
        self._commands: Shelf[str, str] = Shelf(1, clock)

    def find_place(self, name: EntityId) -> tuple[OpenedPlace, Community] | None:
        """Not a place of before its community changed, though another has brought the change."""
        place, version = self._places.find(name) or (None, "")
        community = self._communities.find(place.community) if place else None
        if place is None or community is None or community.version != version:
            return None
        return place, community

    def find_role(
        self, name: EntityId, community: Community, user: str, everywhere: str
    ) -> GivenRoles | None:
        return self._roles.find((name, community.id, community.version, everywhere, user))

    def find_commands_version(self) -> str | None:
        return self._commands.find("")

    def keep(self, loaded: Loaded) -> None:
        for name, place in loaded.places.items():
            self._places.put(name, (place, loaded.communities[place.community].version))
        for community in loaded.communities.values():
            self._communities.put(community.id, community)
        for (name, user), member in loaded.people.items():
            everywhere = loaded.commands_version
            known = (name, member.community, member.version, everywhere, user)
            self._roles.put(known, member.given)
        if loaded.table is not None:
            self._commands.put("", loaded.commands_version)
