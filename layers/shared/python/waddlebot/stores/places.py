"""Places, and the communities that they belong to.

Every change goes through an `Edit` (versions.py), so that routers learn of it at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import LiteralString

from waddlebot.domain.entities import CommunityId, EntityId, parse_entity, platform_of
from waddlebot.stores.connected_homes import move_connections
from waddlebot.stores.opening import found_communities, open_places
from waddlebot.stores.postgres import Connection, Postgres
from waddlebot.stores.set_values import ValueSet, set_value, the_one
from waddlebot.stores.versions import Edit, new_token


class Places:
    def __init__(self, edit: Edit) -> None:
        self._edit = edit
        self._connection = edit.connection

    def open(self, entity: EntityId, *, login: str | None = None) -> CommunityId:
        """The community of a place; an unknown place gets one of its own, or its server's.

        `login` is a name that is accepted in place of the id (a Twitch channel's).
        """
        open_places(self._connection, [entity])
        # One of digits could be another channel's id.
        if login is not None and not login.isdecimal():
            self._call(entity, f"{platform_of(entity)}:channel:{login.lower()}")
        row = the_one(
            self._connection,
            "SELECT community_id FROM entities WHERE entity_id = %(entity)s",
            {"entity": entity},
        )
        return self._touched(row["community_id"])

    def join(self, entities: Iterable[EntityId], community: str) -> CommunityId:
        """Brings places, known or not, into the community of that name, made if need be."""
        places = sorted(entities)
        open_places(self._connection, places)
        home: int = the_one(
            self._connection,
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
        row = the_one(
            self._connection, "SELECT id FROM communities WHERE home = %(home)s", {"home": home}
        )
        return CommunityId(row["id"])

    def of_home(self, home: str) -> CommunityId:
        """The community that a server or channel belongs to now; founded if it has none."""
        place = parse_entity(EntityId(home))
        row = self._connection.execute(
            """
            SELECT community_id FROM entities WHERE entity_id = %(home)s
                OR (platform = %(platform)s AND server_id = %(server)s)
            ORDER BY created_at, entity_id LIMIT 1
            """,
            {"home": home, "platform": place.platform, "server": place.channel},
        ).fetchone()
        return CommunityId(row["community_id"]) if row else self.founded_for(home)

    def move_home(self, home: str, community: CommunityId) -> None:
        """All places of a server, or a channel, with their limits and switches, and what was
        connected there."""
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
        move_connections(self._connection, home, community)
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

    def home_of(self, community: CommunityId) -> str | None:
        """The server or channel that it was founded for. Raises Rejected: 404."""
        statement: LiteralString = "SELECT home FROM communities WHERE id = %(community)s"
        home: str | None = the_one(self._connection, statement, {"community": community})["home"]
        return home

    def set_quiet(self, entity: EntityId, quiet: bool) -> None:  # noqa: FBT001 - the value itself
        set_value(
            self._edit,
            """
            WITH old AS (
                SELECT entity_id, quiet FROM entities WHERE entity_id = %(entity)s FOR UPDATE
            )
            UPDATE entities SET quiet = %(value)s FROM old WHERE entities.entity_id = old.entity_id
            RETURNING community_id, old.quiet AS was
            """,
            {"entity": entity},
            ValueSet(action="set quiet", about=entity, value=quiet),
        )

    def greet(self, entity: EntityId) -> bool:
        """True for exactly one caller: the one that says hello in this place, or in its server."""
        community: LiteralString = "SELECT community_id FROM entities WHERE entity_id = %(entity)s"
        # Two of its places may be new at once.
        self._edit.hold(
            CommunityId(the_one(self._connection, community, {"entity": entity})["community_id"])
        )
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
    """Those of these names that are places of the community, no private talk.

    Raises Unavailable.
    """
    rows = postgres.write(
        """
        SELECT name FROM entity_names
        WHERE name = ANY(%(names)s) AND community_id = %(community)s
            AND NOT is_private_place(entity_id)
        """,
        {"names": list(names), "community": community},
    )
    return {EntityId(row["name"]) for row in rows}


def communities_at(postgres: Postgres, names: Sequence[EntityId]) -> Mapping[EntityId, CommunityId]:
    """Of those that are known, by id or login, the communities; private talk is nobody's.

    Raises Unavailable.
    """
    rows = postgres.write(
        """
        SELECT name, community_id FROM entity_names
        WHERE name = ANY(%(names)s) AND NOT is_private_place(entity_id)
        """,
        {"names": list(names)},
    )
    return {EntityId(row["name"]): CommunityId(row["community_id"]) for row in rows}
