"""Modules and commands that are on or off, in a whole community or in one of its places."""

from __future__ import annotations

from waddlebot.domain.entities import CommunityId, EntityId
from waddlebot.stores.set_values import ValueSet, set_value
from waddlebot.stores.versions import Edit


class Switches:
    def __init__(self, edit: Edit) -> None:
        self._edit = edit
        self._connection = edit.connection

    def set_enabled(self, community: CommunityId, name: str, *, enabled: bool) -> None:
        """Switches a module (`memories`) or command (`!quote`) on or off in the whole community."""
        set_value(
            self._edit,
            """
            WITH old AS (SELECT id, disabled FROM communities WHERE id = %(community)s FOR UPDATE)
            UPDATE communities SET disabled = CASE WHEN %(value)s
                THEN array_remove(old.disabled, %(name)s)
                ELSE array_append(array_remove(old.disabled, %(name)s), %(name)s) END
            FROM old WHERE communities.id = old.id
            RETURNING communities.id AS community_id, %(name)s <> ALL(old.disabled) AS was
            """,
            {"community": community, "name": name},
            ValueSet(action="set enabled", about=name, value=enabled),
        )

    def set_enabled_at(self, entity: EntityId, name: str, *, enabled: bool) -> None:
        """Switches a module or command on or off in one place."""
        set_value(
            self._edit,
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
            ValueSet(action="set enabled", about=f"{name} at {entity}", value=enabled),
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
