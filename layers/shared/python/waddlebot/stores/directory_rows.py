"""The rows behind the directory: one statement for everything a batch misses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

from waddlebot.domain.command_table import CommandTable
from waddlebot.domain.entities import GLOBAL_COMMUNITY, CommunityId, EntityId, home_of
from waddlebot.domain.labels import Applied
from waddlebot.domain.sessions import Community, Spot
from waddlebot.stores.lent_rights import LENT_IN
from waddlebot.stores.part_rows import Columns, CommunityRow, PartRows, object_of, params_of
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.understood import understood
from waddlebot_sdk.roles import Role, highest

_OF_THE_HOUSE: Columns = {
    "id": "id",
    "version": "version",
    "home": "home",
    "hinted": "moderators_hinted_at IS NOT NULL",
    "lent": LENT_IN,
}
"""What of a community nobody decides."""

_STATEMENT: LiteralString = """
    WITH places AS (
        SELECT asked.name, place.* FROM unnest(%(names)s::text[]) AS asked (name)
        CROSS JOIN LATERAL (
            SELECT * FROM entities WHERE also_called = asked.name OR entity_id = asked.name
            -- A name that is one place's login and another's id means the former.
            ORDER BY also_called IS NOT DISTINCT FROM asked.name DESC LIMIT 1
        ) AS place
    ), spoken AS (
        SELECT person.name, person.user_id AS speaker, entity_id, platform, community_id
        FROM unnest(%(people_at)s::text[], %(people)s::text[]) AS person (name, user_id)
        JOIN places USING (name)
    ), accounts AS (
        -- All that are one person with somebody who is spoken of.
        SELECT name, speaker, platform, speaker AS user_id FROM spoken
        UNION
        SELECT spoken.name, speaker, other.platform, other.user_id FROM spoken
        JOIN identities AS mine ON (mine.platform, mine.user_id) = (spoken.platform, speaker)
        JOIN identities AS other USING (person_id)
    )
    SELECT (
        SELECT version FROM table_versions WHERE name = 'commands'
    ) AS commands_version, (
        SELECT jsonb_agg(to_jsonb(commands)) FROM commands WHERE is_active AND %(commands)s
    ) AS commands, (
        SELECT jsonb_agg(jsonb_build_object(
            'name', name, 'entity_id', entity_id, 'community_id', community_id,
            'quiet', quiet, 'greeted', greeted_at IS NOT NULL OR EXISTS (
                SELECT FROM entities AS fellow WHERE fellow.platform = places.platform
                    AND fellow.server_id = places.server_id AND fellow.greeted_at IS NOT NULL
            ),
            'disabled', (
                SELECT jsonb_agg(command) FROM command_permissions AS permission
                WHERE permission.entity_id = places.entity_id AND NOT is_enabled
            )
        )) FROM places WHERE name = ANY(%(places)s)
    ) AS places, (
        SELECT jsonb_agg({community}) FROM communities
        WHERE id = ANY(%(communities)s)
            OR id IN (SELECT community_id FROM places WHERE name = ANY(%(places)s))
    ) AS communities, (
        SELECT jsonb_agg(jsonb_build_object(
            'name', spoken.name, 'user_id', speaker, 'roles', (
                SELECT jsonb_agg(ARRAY[role, entity_id]) FROM accounts
                JOIN community_members AS member USING (platform, user_id)
                WHERE (accounts.name, accounts.speaker) = (spoken.name, spoken.speaker)
                    AND member.community_id IN (spoken.community_id, %(everywhere)s)
                    AND member.entity_id IN ('', spoken.entity_id)
            ),
            'labels', (
                SELECT jsonb_agg(jsonb_build_object('name', labels.name, 'until', expires_at))
                FROM accounts
                JOIN entity_labels ON thing = accounts.platform || ':' || accounts.user_id
                JOIN labels ON labels.id = label_id
                WHERE (accounts.name, accounts.speaker) = (spoken.name, spoken.speaker)
                    AND entity_labels.community_id = spoken.community_id AND kind = 'user'
            ),
            'community_id', spoken.community_id, 'version', version
        ))
        FROM spoken JOIN communities ON communities.id = spoken.community_id
    ) AS people
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedRows:
    """Places by the names under which they are asked for; people as (place's name, user id).

    `communities` are wanted without any of their places.
    """

    places: Sequence[EntityId] = ()
    people: Sequence[tuple[EntityId, str]] = ()
    commands: bool = False
    communities: Sequence[CommunityId] = ()

    def __bool__(self) -> bool:
        return bool(self.places or self.people or self.commands)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedPlace:
    """`home` as `home_of` names it."""

    spot: Spot
    community: CommunityId
    home: str


@dataclass(frozen=True, slots=True)
class GivenRoles:
    """The highest role that somebody was given for one place, and for its whole community.

    `labels` are those that the community has hung on this person, some for a while.
    """

    here: Role = Role.USER
    everywhere: Role = Role.USER
    labels: tuple[Applied, ...] = ()


NOTHING = GivenRoles()


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenMember:
    """`version` is the community's when this was read."""

    community: CommunityId
    version: str
    given: GivenRoles


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """One snapshot. `table` is None where the command table was not asked for.

    `people` are named as they were wanted.
    """

    commands_version: str
    table: CommandTable | None
    places: Mapping[EntityId, OpenedPlace]
    communities: Mapping[CommunityId, Community]
    people: Mapping[tuple[EntityId, str], SeenMember]

    def versions(self) -> dict[EntityId, str]:
        """The community's version under each name that it was read for. `{name: token}`."""
        of_people = {name: member.version for (name, _), member in self.people.items()}
        of_places = {
            name: self.communities[place.community].version for name, place in self.places.items()
        }
        return of_people | of_places


class DirectoryRows:
    def __init__(
        self,
        postgres: Postgres,
        read_table: Callable[[Sequence[Mapping[str, Any]]], CommandTable],
        parts: Mapping[str, PartRows],
    ) -> None:
        """`parts` are those of a community, by their names. `read_table` makes a command table of
        its rows: which engines there are is not known here.
        """
        self._postgres = postgres
        self._read_table = read_table
        self._fields = [field for part in parts.values() for field in part.fields.items()]
        columns = (part.columns for part in parts.values())
        self._statement = _STATEMENT.replace("{community}", object_of([_OF_THE_HOUSE, *columns]))
        self._own = {name: part.own for name, part in parts.items() if part.own}
        self._params = {
            "everywhere": GLOBAL_COMMUNITY,
            **params_of(parts.values()),
        }

    def read(self, wanted: WantedRows) -> Loaded:
        """What of it there is, from the replica, which may lag. Raises Unavailable."""
        return self._loaded(self._postgres.read(self._statement, self._asked(wanted)), wanted)

    def read_newest(self, wanted: WantedRows) -> Loaded:
        """The same from the writer. Raises Unavailable."""
        return self._loaded(self._postgres.write(self._statement, self._asked(wanted)), wanted)

    def _asked(self, wanted: WantedRows) -> dict[str, Any]:
        return {
            "names": list({*wanted.places, *(name for name, _ in wanted.people)}),
            "places": list(wanted.places),
            "people_at": [name for name, _ in wanted.people],
            "people": [user for _, user in wanted.people],
            "commands": wanted.commands,
            "communities": list(wanted.communities),
            **self._params,
        }

    def _loaded(self, rows: list[dict[str, Any]], wanted: WantedRows) -> Loaded:
        [row] = rows
        return Loaded(
            commands_version=row["commands_version"],
            table=self._read_table(row["commands"] or []) if wanted.commands else None,
            places={place["name"]: _place(place) for place in row["places"] or []},
            communities={one["id"]: self._community(one) for one in row["communities"] or []},
            people={(one["name"], one["user_id"]): _member(one) for one in row["people"] or []},
        )

    def _community(self, row: CommunityRow) -> Community:
        return Community(
            id=CommunityId(row["id"]),
            version=row["version"],
            home=row["home"],
            moderators_hinted=row["hinted"],
            lent=frozenset(row["lent"] or ()),
            own={name: read(row) for name, read in self._own.items()},
            **{name: read(row) for name, read in self._fields},
        )


def _place(row: Mapping[str, Any]) -> OpenedPlace:
    return OpenedPlace(
        spot=Spot(
            entity=EntityId(row["entity_id"]),
            quiet=row["quiet"],
            greeted=row["greeted"],
            disabled=frozenset(row["disabled"] or ()),
        ),
        community=CommunityId(row["community_id"]),
        home=home_of(EntityId(row["entity_id"])),
    )


def _member(row: Mapping[str, Any]) -> SeenMember:
    return SeenMember(
        community=CommunityId(row["community_id"]),
        version=row["version"],
        given=_given(row),
    )


def _given(row: Mapping[str, Any]) -> GivenRoles:
    roles = understood("community_members", row["roles"] or (), _role)
    labels = row["labels"] or ()
    if not roles and not labels:
        return NOTHING
    return GivenRoles(
        labels=tuple(
            Applied(name=one["name"], until=_moment(one["until"]) if one["until"] else None)
            for one in labels
        ),
        here=highest(Role.USER, *(role for role, _ in roles)),
        everywhere=highest(Role.USER, *(role for role, entity in roles if not entity)),
    )


def _role(row: Sequence[str]) -> tuple[Role, str]:
    role, entity = row
    return Role(role), entity


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
