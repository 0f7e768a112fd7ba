"""Communities and their places, members, settings and switches.

Every change goes through an `Edit` (versions.py), so that routers learn of it at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

from psycopg.types.json import Jsonb

from waddlebot.domain.entities import (
    CommunityId,
    EntityId,
    is_like_a_home,
    platform_of,
)
from waddlebot.domain.errors import Rejected
from waddlebot.domain.own_settings import OWN_SETTINGS
from waddlebot.stores.opening import found_communities, open_places
from waddlebot.stores.overlays import hash_token
from waddlebot.stores.postgres import Connection, Postgres
from waddlebot.stores.versions import Edit, new_token
from waddlebot_sdk.roles import Role

SettingValue = bool | int | str
OURS = "waddlebot"
"""The settings of the house itself stand beside those of modules under this name."""
NAMES = "names"
"""Under this one, the words by which commands are called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Set:
    """One value that is changed, as the audit log tells it."""

    action: str
    about: str
    value: SettingValue | None


class Communities:
    def __init__(self, edit: Edit) -> None:
        self._edit = edit
        self._connection = edit.connection

    def open_place(self, entity: EntityId, *, login: str | None = None) -> CommunityId:
        """The community of a place; an unknown place gets one of its own, or its server's.

        `login` is a name that is accepted in place of the id (a Twitch channel's).
        """
        open_places(self._connection, [entity])
        # One of digits could be another channel's id.
        if login is not None and not login.isdecimal():
            self._call(entity, f"{platform_of(entity)}:channel:{login.lower()}")
        row = self._one(
            "SELECT community_id FROM entities WHERE entity_id = %(entity)s", {"entity": entity}
        )
        return self._touched(row["community_id"])

    def join(self, entities: Iterable[EntityId], community: str) -> CommunityId:
        """Brings places, known or not, into the community of that name, made if need be."""
        places = sorted(entities)
        open_places(self._connection, places)
        home: int = self._one(
            """
            INSERT INTO communities (name, version) VALUES (%(name)s, %(version)s)
            ON CONFLICT (name) DO UPDATE SET name = EXCLUDED.name RETURNING id
            """,
            {"name": community, "version": new_token()},
        )["id"]
        left = self._connection.execute(
            """
            WITH moved AS (
                SELECT entity_id, community_id FROM entities
                WHERE entity_id = ANY(%(places)s) ORDER BY entity_id FOR UPDATE
            )
            UPDATE entities SET community_id = %(home)s FROM moved
            WHERE entities.entity_id = moved.entity_id RETURNING moved.community_id
            """,
            {"places": places, "home": home},
        ).fetchall()
        self._edit.touch(CommunityId(row["community_id"]) for row in left)
        return self._touched(home)

    def founded_for(self, home: str) -> CommunityId:
        """The community of a server or channel alone, made if it has none."""
        found_communities(self._connection, [home])
        row = self._one("SELECT id FROM communities WHERE home = %(home)s", {"home": home})
        return CommunityId(row["id"])

    def move_home(self, home: str, community: CommunityId) -> None:
        """All places of a server, or a channel, with their limits and switches."""
        moved = self._connection.execute(
            """
            WITH moved AS (
                SELECT entity_id, community_id FROM entities
                WHERE entity_id = %(home)s OR platform || ':server:' || server_id = %(home)s
                ORDER BY entity_id FOR UPDATE
            )
            UPDATE entities SET community_id = %(community)s FROM moved
            WHERE entities.entity_id = moved.entity_id RETURNING moved.community_id AS left
            """,
            {"home": home, "community": community},
        ).fetchall()
        for left in {CommunityId(row["left"]) for row in moved}:
            self._edit.note("left", home, left)
        self._edit.note("joined", home, community)

    def homes(self, community: CommunityId) -> list[str]:
        """The servers and channels that belong to it."""
        rows = self._connection.execute(
            """
            SELECT DISTINCT CASE WHEN server_id IS NULL THEN entity_id
                ELSE platform || ':server:' || server_id END AS home
            FROM entities WHERE community_id = %(community)s ORDER BY home
            """,
            {"community": community},
        )
        return [row["home"] for row in rows]

    def name_of(self, community: CommunityId) -> str:
        """Raises Rejected: 404."""
        statement: LiteralString = "SELECT name FROM communities WHERE id = %(community)s"
        return str(self._one(statement, {"community": community})["name"])

    def home_of(self, community: CommunityId) -> str | None:
        """The server or channel that it was founded for. Raises Rejected: 404."""
        statement: LiteralString = "SELECT home FROM communities WHERE id = %(community)s"
        home: str | None = self._one(statement, {"community": community})["home"]
        return home

    def rename(self, community: CommunityId, name: str) -> bool:
        """False where another one has that name, whatever its letters' size.

        Raises Rejected: it could be taken for somebody else's server or channel.
        """
        self._check_own(community, name)
        taken = self._connection.execute(
            "SELECT FROM communities WHERE lower(name) = lower(%(name)s) AND id <> %(community)s",
            {"name": name, "community": community},
        ).fetchone()
        if taken is None:
            self._change(
                """
                WITH old AS (SELECT id, name FROM communities WHERE id = %(community)s FOR UPDATE)
                UPDATE communities SET name = %(value)s FROM old WHERE communities.id = old.id
                RETURNING communities.id AS community_id, old.name AS was
                """,
                {"community": community},
                Set(action="rename", about="community", value=name),
            )
        return taken is None

    def _check_own(self, community: CommunityId, name: str) -> None:
        """A name is not a place: only its own home's, which nobody gave, looks like one."""
        if not is_like_a_home(name):
            return
        own = self._connection.execute(
            "SELECT FROM communities WHERE id = %(id)s AND %(name)s IN (name, home)",
            {"id": community, "name": name},
        ).fetchone()
        if own is None:
            raise Rejected(
                409,
                "NAME_OF_A_PLACE",
                f"'{name[:60]}' could be taken for a place: a name has no ':' in it.",
            )

    def set_quiet(self, entity: EntityId, quiet: bool) -> None:  # noqa: FBT001 - the value itself
        self._change(
            """
            WITH old AS (
                SELECT entity_id, quiet FROM entities WHERE entity_id = %(entity)s FOR UPDATE
            )
            UPDATE entities SET quiet = %(value)s FROM old WHERE entities.entity_id = old.entity_id
            RETURNING community_id, old.quiet AS was
            """,
            {"entity": entity},
            Set(action="set quiet", about=entity, value=quiet),
        )

    def greet(self, entity: EntityId) -> bool:
        """True for exactly one caller: the one that says hello in this place, or in its server."""
        community: LiteralString = "SELECT community_id FROM entities WHERE entity_id = %(entity)s"
        # Two of its places may be new at once.
        self._edit.hold(CommunityId(self._one(community, {"entity": entity})["community_id"]))
        row = self._connection.execute(
            """
            UPDATE entities AS place SET greeted_at = now()
            WHERE entity_id = %(entity)s AND greeted_at IS NULL AND NOT EXISTS (
                SELECT FROM entities AS fellow WHERE fellow.platform = place.platform
                    AND fellow.server_id = place.server_id AND fellow.greeted_at IS NOT NULL
            ) RETURNING community_id
            """,
            {"entity": entity},
        ).fetchone()
        if row is not None:
            self._touched(row["community_id"])
        return row is not None

    def set_member_role(
        self,
        community: CommunityId,
        platform: str,
        user_id: str,
        role: Role,
        *,
        at: EntityId | None = None,
        name: str = "",
    ) -> None:
        """In every place of the community, or `at` one of them; Role.USER takes it back."""
        self._change(
            """
            WITH one AS (
                SELECT id AS community_id, %(platform)s AS platform, %(user)s AS user_id,
                    %(at)s AS entity_id
                FROM communities WHERE id = %(community)s
            ), old AS (
                SELECT role FROM community_members
                JOIN one USING (community_id, platform, user_id, entity_id)
            ), put AS (
                INSERT INTO community_members
                    (community_id, platform, user_id, entity_id, role, name)
                SELECT one.*, %(value)s, %(name)s FROM one WHERE %(value)s <> 'user'
                ON CONFLICT (community_id, platform, user_id, entity_id) DO UPDATE
                SET role = EXCLUDED.role,
                    name = coalesce(nullif(EXCLUDED.name, ''), community_members.name)
            ), taken AS (
                DELETE FROM community_members USING one
                WHERE (community_members.community_id, community_members.platform,
                    community_members.user_id, community_members.entity_id)
                    = (one.community_id, one.platform, one.user_id, one.entity_id)
                    AND %(value)s = 'user'
            )
            SELECT community_id, coalesce((SELECT role FROM old), 'user') AS was FROM one
            """,
            {
                "community": community,
                "platform": platform,
                "user": user_id,
                "at": at or "",
                "name": name,
            },
            Set(
                action="set role",
                about=f"{platform}:{user_id}{f' at {at}' if at else ''}",
                value=role.value,
            ),
        )

    def member_role(
        self, community: CommunityId, platform: str, user_id: str, *, at: EntityId | None = None
    ) -> Role:
        """What was given here; nothing says what the platform itself gives."""
        row = self._connection.execute(
            """
            SELECT role FROM community_members WHERE community_id = %(community)s
                AND platform = %(platform)s AND user_id = %(user)s AND entity_id = %(at)s
            """,
            {"community": community, "platform": platform, "user": user_id, "at": at or ""},
        ).fetchone()
        return Role(row["role"]) if row else Role.USER

    def set_setting(
        self, community: CommunityId, module: str, name: str, value: SettingValue
    ) -> None:
        self._change(
            """
            WITH old AS (
                SELECT id, settings FROM communities WHERE id = %(community)s FOR UPDATE
            )
            UPDATE communities SET settings = old.settings || jsonb_build_object(
                %(module)s::text,
                coalesce(old.settings -> %(module)s, '{}')
                    || jsonb_build_object(%(name)s::text, %(json)s::jsonb)
            ) FROM old WHERE communities.id = old.id
            RETURNING communities.id AS community_id, old.settings -> %(module)s -> %(name)s AS was
            """,
            {"community": community, "module": module, "name": name, "json": Jsonb(value)},
            Set(action="set setting", about=f"{module} {name}", value=value),
        )

    def clear_setting(self, community: CommunityId, module: str, name: str) -> None:
        """As it is usual again."""
        self._change(
            """
            WITH old AS (
                SELECT id, settings FROM communities WHERE id = %(community)s FOR UPDATE
            )
            UPDATE communities SET settings = old.settings #- ARRAY[%(module)s, %(name)s] FROM old
            WHERE communities.id = old.id
            RETURNING communities.id AS community_id, old.settings -> %(module)s -> %(name)s AS was
            """,
            {"community": community, "module": module, "name": name},
            Set(action="clear setting", about=f"{module} {name}", value=None),
        )

    def setting(self, community: CommunityId, module: str, name: str) -> SettingValue | None:
        """None: as usual."""
        was: SettingValue | None = self._one(
            """
            SELECT settings -> %(module)s -> %(name)s AS was FROM communities
            WHERE id = %(community)s
            """,
            {"community": community, "module": module, "name": name},
        )["was"]
        return was

    def set_own(self, community: CommunityId, key: str, value: SettingValue) -> SettingValue:
        """One of OWN_SETTINGS, already read; what it was. What is usual is not kept."""
        usual, was = OWN_SETTINGS[key].usual, self.setting(community, OURS, key)
        if value == usual:
            self.clear_setting(community, OURS, key)
        else:
            self.set_setting(community, OURS, key, value)
        return usual if was is None else was

    def names_of_commands(self, community: CommunityId) -> dict[str, str]:
        """Commands by the names that they have here in place of their own."""
        names: dict[str, str] = self._one(
            """
            SELECT coalesce(settings -> %(names)s, '{}') AS own FROM communities WHERE id = %(id)s
            """,
            {"names": NAMES, "id": community},
        )["own"]
        return names

    def rename_command(self, community: CommunityId, command: str, name: str | None) -> None:
        """Called by `name` alone; None: by its own again."""
        names = self.names_of_commands(community)
        for before in [one for one, renamed in names.items() if renamed == command]:
            if before != name:
                self.clear_setting(community, NAMES, before)
        if name is not None:
            self.set_setting(community, NAMES, name, command)

    def set_moderators_channel(self, community: CommunityId, entity: EntityId | None) -> None:
        self._change(
            """
            WITH old AS (
                SELECT id, moderators_channel FROM communities WHERE id = %(community)s FOR UPDATE
            )
            UPDATE communities SET moderators_channel = %(value)s FROM old
            WHERE communities.id = old.id
            RETURNING communities.id AS community_id, old.moderators_channel AS was
            """,
            {"community": community},
            Set(action="set moderators' channel", about="community", value=entity),
        )

    def set_enabled(self, community: CommunityId, name: str, *, enabled: bool) -> None:
        """Switches a module (`memories`) or command (`!quote`) on or off in the whole community."""
        self._change(
            """
            WITH old AS (SELECT id, disabled FROM communities WHERE id = %(community)s FOR UPDATE)
            UPDATE communities SET disabled = CASE WHEN %(value)s
                THEN array_remove(old.disabled, %(name)s)
                ELSE array_append(array_remove(old.disabled, %(name)s), %(name)s) END
            FROM old WHERE communities.id = old.id
            RETURNING communities.id AS community_id, %(name)s <> ALL(old.disabled) AS was
            """,
            {"community": community, "name": name},
            Set(action="set enabled", about=name, value=enabled),
        )

    def set_enabled_at(self, entity: EntityId, name: str, *, enabled: bool) -> None:
        """Switches a module or command on or off in one place."""
        self._change(
            """
            WITH old AS (
                SELECT is_enabled FROM command_permissions
                WHERE entity_id = %(entity)s AND command = %(name)s
            ), switched AS (
                INSERT INTO command_permissions (entity_id, command, is_enabled)
                SELECT entity_id, %(name)s, %(value)s FROM entities WHERE entity_id = %(entity)s
                ON CONFLICT (entity_id, command) DO UPDATE SET is_enabled = EXCLUDED.is_enabled
                RETURNING entity_id
            )
            SELECT community_id, (SELECT is_enabled FROM old) AS was
            FROM entities JOIN switched USING (entity_id)
            """,
            {"entity": entity, "name": name},
            Set(action="set enabled", about=f"{name} at {entity}", value=enabled),
        )

    def is_off(self, community: CommunityId, name: str, *, at: EntityId | None = None) -> bool:
        """In the whole community, or `at` one place."""
        row = self._connection.execute(
            """
            SELECT FROM communities WHERE id = %(community)s AND %(at)s::text IS NULL
                AND %(name)s = ANY(disabled)
            UNION ALL
            SELECT FROM command_permissions
            WHERE entity_id = %(at)s AND command = %(name)s AND NOT is_enabled
            """,
            {"community": community, "name": name, "at": at},
        ).fetchone()
        return row is not None

    def set_overlay_token(self, community: CommunityId, token: str) -> None:
        """The address of its overlay pages; an old one stops working. Only a hash is kept."""
        self._connection.execute(
            """
            INSERT INTO overlay_state (community_id, token_hash) VALUES (%(community)s, %(hash)s)
            ON CONFLICT (community_id) DO UPDATE SET token_hash = EXCLUDED.token_hash
            """,
            {"community": community, "hash": hash_token(token)},
        )

    def _call(self, entity: EntityId, also: str) -> None:
        """Logins wander: whoever had this one before has it no more."""
        given_up = self._connection.execute(
            """
            UPDATE entities SET also_called = NULL
            WHERE also_called = %(also)s AND entity_id <> %(entity)s RETURNING community_id
            """,
            {"entity": entity, "also": also},
        ).fetchall()
        self._edit.touch(CommunityId(row["community_id"]) for row in given_up)
        self._connection.execute(
            "UPDATE entities SET also_called = %(also)s WHERE entity_id = %(entity)s",
            {"entity": entity, "also": also},
        )

    def _change(self, statement: LiteralString, params: dict[str, Any], change: Set) -> None:
        """`statement` sets `%(value)s`, and returns whose it is and what it `was`."""
        row = self._one(statement, {**params, "value": change.value})
        if row["was"] == change.value:  # said again
            self._touched(row["community_id"])
            return
        self._edit.note(
            change.action,
            change.about,
            CommunityId(row["community_id"]),
            before=None if row["was"] is None else {"value": row["was"]},
            after={"value": change.value},
        )

    def _one(self, statement: LiteralString, params: dict[str, Any]) -> dict[str, Any]:
        row = self._connection.execute(statement, params).fetchone()
        if row is None:
            raise Rejected(404, "NOT_FOUND", "There is no such place or community.")
        return row

    def _touched(self, community: int) -> CommunityId:
        self._edit.touch([CommunityId(community)])
        return CommunityId(community)


def find_place_of(
    connection: Connection, community: CommunityId, name: EntityId
) -> EntityId | None:
    """The community's place of this name, which may be a login's."""
    row = connection.execute(
        """
        SELECT entity_id FROM entity_names
        WHERE name = %(name)s AND community_id = %(community)s
        """,
        {"name": name, "community": community},
    ).fetchone()
    return EntityId(row["entity_id"]) if row else None


def places_of(
    postgres: Postgres, community: CommunityId, names: Sequence[EntityId]
) -> set[EntityId]:
    """Those of these names that are places of the community. Raises Unavailable."""
    rows = postgres.write(
        """
        SELECT name FROM entity_names
        WHERE name = ANY(%(names)s) AND community_id = %(community)s
        """,
        {"names": list(names), "community": community},
    )
    return {EntityId(row["name"]) for row in rows}


def find_community(postgres: Postgres, name: str) -> CommunityId | None:
    """By its name, whatever its letters' size. Raises Unavailable."""
    rows = postgres.write(
        "SELECT id FROM communities WHERE lower(name) = lower(%(name)s) LIMIT 1", {"name": name}
    )
    return CommunityId(rows[0]["id"]) if rows else None
