"""A channel whose people have words of their own, asked through the router's door."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.helpers.http_doors import says
from tests.helpers.router_doors import Doors, Told
from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import CommunityId, EntityId, platform_of
from waddlebot.stores.members import MemberRoles
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.settings import CommunitySettings
from waddlebot.stores.versions import Versions, editing
from waddlebot_sdk.roles import Role

Says = Callable[..., str]
PLACES = {
    "twitch": EntityId("twitch:channel:3000"),
    "discord": EntityId("discord:channel:30/31"),
    "slack": EntityId("slack:channel:T30/C31"),
}
OLGA, MAX = "300000000000000001", "300000000000000002"
"""Owns it; moderates it. Everybody else is a viewer."""


@dataclass(frozen=True, slots=True)
class Channel:
    doors: Doors
    database: Postgres
    versions: Versions
    place: EntityId
    community: CommunityId

    def told(self, line: str, who: str = MAX, **fields: Any) -> Told:
        told = self.doors.asks(says(line, entity_id=self.place, user_id=who, **fields))
        assert told.status == 200, told.body
        return told

    def says(self, line: str, who: str = MAX, **fields: Any) -> str:
        """What is answered, several lines with ` / ` between."""
        return " / ".join(self.told(line, who, **fields).texts)


def open_channel(
    doors: Doors, database: Postgres, versions: Versions, *, on: str = "twitch"
) -> Channel:
    place = PLACES[on]
    with editing(database, versions) as edit:
        community = Places(edit).open(place)
        Places(edit).greet(place)
        roles = MemberRoles(edit)
        roles.give(community, Account(platform_of(place), OLGA), Role.OWNER, name="Olga")
        roles.give(community, Account(platform_of(place), MAX), Role.MODERATOR, name="Max")
    return Channel(doors, database, versions, place, community)


def with_words(channel: Channel, prefix: str, **names: str) -> None:
    """`keep="!addquote"`: as its admins have set them."""
    with editing(channel.database, channel.versions) as edit:
        settings = CommunitySettings(edit)
        settings.set_own(channel.community, "prefix", prefix)
        for name, command in names.items():
            settings.rename_command(channel.community, command, name)
