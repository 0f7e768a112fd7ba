"""Communities as an operator or their own people look them up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from waddlebot.domain.community_facts import EVENTS_CHANNEL, MODERATORS_CHANNEL
from waddlebot.domain.entities import CommunityId, EntityId
from waddlebot.domain.limits import Limit
from waddlebot.domain.own_settings import OWN_SETTINGS
from waddlebot.domain.string_rules import StringRule
from waddlebot.stores.command_limits import limit_of
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.set_values import SettingValue
from waddlebot.stores.settings import NAMES, OURS
from waddlebot.stores.string_rules import rule_of
from waddlebot.stores.understood import understood
from waddlebot_sdk.roles import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCommunity:
    """`home` is None for one that was not founded by a server or channel.

    `places` is how many it has.
    """

    id: CommunityId
    name: str
    home: str | None
    places: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPlace:
    entity: EntityId
    is_quiet: bool
    off: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCommands:
    """What a community changed: `names` by name, `rights` by command."""

    off: tuple[str, ...]
    names: dict[str, str]
    rights: dict[str, Role]


class CommunityList:
    """Every method raises Unavailable."""

    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres

    def page(
        self, *, only: Sequence[CommunityId] | None, after: int, most: int
    ) -> list[KnownCommunity]:
        """By number, those behind `after`; `only` these, or all."""
        rows = self._postgres.write(
            """
            SELECT id, name, home, (
                SELECT count(*) FROM entities WHERE community_id = communities.id
            ) AS places FROM communities
            WHERE id > %(after)s AND (%(only)s::bigint[] IS NULL OR id = ANY(%(only)s))
            ORDER BY id LIMIT %(most)s
            """,
            {"after": after, "only": None if only is None else list(only), "most": most},
        )
        return [KnownCommunity(**row) for row in rows]

    def places(self, community: CommunityId, *, after: str, most: int) -> list[KnownPlace]:
        rows = self._postgres.write(
            """
            SELECT entity_id, quiet, (
                SELECT array_agg(command ORDER BY command) FROM command_permissions AS permission
                WHERE permission.entity_id = entities.entity_id AND NOT is_enabled
            ) AS off FROM entities
            WHERE community_id = %(community)s AND entity_id > %(after)s
            ORDER BY entity_id LIMIT %(most)s
            """,
            {"community": community, "after": after, "most": most},
        )
        return [
            KnownPlace(
                entity=EntityId(row["entity_id"]),
                is_quiet=row["quiet"],
                off=tuple(row["off"] or ()),
            )
            for row in rows
        ]

    def rules(self, community: CommunityId) -> list[StringRule]:
        """Those at work, in the order in which they are looked at."""
        rows = self._postgres.write(
            """
            SELECT * FROM string_rules WHERE community_id = %(id)s AND is_active
            ORDER BY priority, coalesce(place, id)
            """,
            {"id": community},
        )
        return understood("string_rules", rows, rule_of)

    def limits(self, community: CommunityId) -> list[Limit]:
        """By command, the highest role's last."""
        rows = self._postgres.write(
            "SELECT * FROM command_limits WHERE community_id = %(id)s", {"id": community}
        )
        found = understood("command_limits", rows, limit_of)
        return sorted(found, key=lambda one: (one.command, one.role.rank, one.together))

    def settings(self, community: CommunityId) -> dict[str, SettingValue | None]:
        """All of OWN_SETTINGS, as they are or as usual, and the channels that are named.

        By the names under which `!settings` has them. Raises Unavailable.
        """
        [row] = self._postgres.write(
            "SELECT settings, moderators_channel FROM communities WHERE id = %(id)s",
            {"id": community},
        )
        own: dict[str, Any] = row["settings"].get(OURS, {})
        return {
            **{key: own.get(key, setting.usual) for key, setting in OWN_SETTINGS.items()},
            MODERATORS_CHANNEL: row["moderators_channel"],
            EVENTS_CHANNEL: own.get(EVENTS_CHANNEL),
        }

    def commands(self, community: CommunityId) -> OwnCommands:
        [row] = self._postgres.write(
            """
            SELECT disabled, settings, (
                SELECT jsonb_object_agg(command, role) FROM command_rights
                WHERE community_id = communities.id
            ) AS rights FROM communities WHERE id = %(id)s
            """,
            {"id": community},
        )
        return OwnCommands(
            off=tuple(sorted(row["disabled"])),
            names=dict(row["settings"].get(NAMES, {})),
            rights={name: Role(role) for name, role in (row["rights"] or {}).items()},
        )
