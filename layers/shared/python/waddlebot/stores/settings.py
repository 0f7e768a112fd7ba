"""What a community has set: of modules, of the house, and how its commands are called."""

from __future__ import annotations

from psycopg.types.json import Jsonb

from waddlebot.domain import module_names
from waddlebot.domain.entities import CommunityId, EntityId
from waddlebot.domain.own_settings import OWN_SETTINGS
from waddlebot.stores.set_values import SettingValue, ValueSet, set_value, the_one
from waddlebot.stores.versions import Edit

OURS = module_names.OURS
"""The settings of the house itself stand beside those of modules under this name."""
NAMES = module_names.NAMES
"""Under this one, the words by which commands are called."""


class CommunitySettings:
    def __init__(self, edit: Edit) -> None:
        self._edit = edit
        self._connection = edit.connection

    def set(self, community: CommunityId, module: str, name: str, value: SettingValue) -> None:
        set_value(
            self._edit,
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
            ValueSet(action="set setting", about=f"{module} {name}", value=value),
        )

    def clear(self, community: CommunityId, module: str, name: str) -> None:
        """As it is usual again."""
        set_value(
            self._edit,
            """
            WITH old AS (
                SELECT id, settings FROM communities WHERE id = %(community)s FOR UPDATE
            )
            UPDATE communities SET settings = old.settings #- ARRAY[%(module)s, %(name)s] FROM old
            WHERE communities.id = old.id
            RETURNING communities.id AS community_id, old.settings -> %(module)s -> %(name)s AS was
            """,
            {"community": community, "module": module, "name": name},
            ValueSet(action="clear setting", about=f"{module} {name}", value=None),
        )

    def find(self, community: CommunityId, module: str, name: str) -> SettingValue | None:
        """None: as usual."""
        was: SettingValue | None = the_one(
            self._connection,
            """
            SELECT settings -> %(module)s -> %(name)s AS was FROM communities
            WHERE id = %(community)s
            """,
            {"community": community, "module": module, "name": name},
        )["was"]
        return was

    def set_own(self, community: CommunityId, key: str, value: SettingValue) -> SettingValue:
        """One of OWN_SETTINGS, already read; what it was. What is usual is not kept."""
        usual, was = OWN_SETTINGS[key].usual, self.find(community, OURS, key)
        if value == usual:
            self.clear(community, OURS, key)
        else:
            self.set(community, OURS, key, value)
        return usual if was is None else was

    def names_of_commands(self, community: CommunityId) -> dict[str, str]:
        """Commands by the names that they have here in place of their own."""
        names: dict[str, str] = the_one(
            self._connection,
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
                self.clear(community, NAMES, before)
        if name is not None:
            self.set(community, NAMES, name, command)

    def set_moderators_channel(self, community: CommunityId, entity: EntityId | None) -> None:
        set_value(
            self._edit,
            """
            WITH old AS (
                SELECT id, moderators_channel FROM communities WHERE id = %(community)s FOR UPDATE
            )
            UPDATE communities SET moderators_channel = %(value)s FROM old
            WHERE communities.id = old.id
            RETURNING communities.id AS community_id, old.moderators_channel AS was
            """,
            {"community": community},
            ValueSet(action="set moderators' channel", about="community", value=entity),
        )
