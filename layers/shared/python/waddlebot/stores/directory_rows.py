"""The rows behind the directory: one statement for everything a batch misses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from waddlebot.domain.command_table import CommandTable
from waddlebot.domain.community_facts import EVENTS_CHANNEL
from waddlebot.domain.entities import GLOBAL_COMMUNITY, CommunityId, EntityId, home_of
from waddlebot.domain.labels import Applied
from waddlebot.domain.own_settings import OFF
from waddlebot.domain.sessions import USUAL_KEEP_DAYS, Community, Helper, Spot
from waddlebot.stores.command_limits import limit_of
from waddlebot.stores.own_words import words_in
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.settings import OURS
from waddlebot.stores.string_rules import rule_of
from waddlebot.stores.understood import understood
from waddlebot_sdk.roles import Role, highest
from waddlebot_sdk.wishes import read_may

MOST_HELPERS = 20
"""Of a community's; whoever is refused is told of one or two."""

_STATEMENT = """
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
        SELECT jsonb_agg(jsonb_build_object(
            'id', id, 'name', name, 'version', version, 'settings', settings,
            'disabled', disabled, 'home', home,
            -- Neither channel where it has left the community since.
            'moderators_channel', (
                SELECT entity_id FROM entities WHERE entities.community_id = communities.id
                    AND entity_id = moderators_channel
            ),
            'events_channel', (
                SELECT entity_id FROM entities WHERE entities.community_id = communities.id
                    AND entity_id = settings -> %(ours)s ->> %(events_channel)s
            ),
            'hinted', moderators_hinted_at IS NOT NULL,
            'rules', (
                SELECT jsonb_agg(to_jsonb(rule) ORDER BY priority, id) FROM string_rules AS rule
                WHERE rule.community_id = communities.id AND is_active
            ),
            'limits', (
                SELECT jsonb_agg(to_jsonb(command_limits)) FROM command_limits
                WHERE command_limits.community_id = communities.id
            ),
            'installed', (
                SELECT jsonb_object_agg(module, may) FROM installed_modules
                WHERE installed_modules.community_id = communities.id
            ),
            'needed', (
                SELECT jsonb_object_agg(command, role) FROM command_rights
                WHERE command_rights.community_id = communities.id
            ),
            'helpers', (
                SELECT jsonb_agg(to_jsonb(helper)) FROM (
                    SELECT name, platform, role FROM community_members AS member
                    WHERE member.community_id = communities.id AND entity_id = '' AND name <> ''
                    ORDER BY array_position('{owner,admin,moderator}', role), name, user_id
                    LIMIT %(helpers)s
                ) AS helper
            )
        )) FROM communities
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


@dataclass(frozen=True, slots=True)
class DirectoryRows:
    """`read_table` makes a command table of its rows: which engines there are is not known here."""

    postgres: Postgres
    read_table: Callable[[Sequence[Mapping[str, Any]]], CommandTable]

    def read(self, wanted: WantedRows) -> Loaded:
        """What of it there is, from the replica, which may lag. Raises Unavailable."""
        return self._loaded(self.postgres.read(_STATEMENT, _params(wanted)), wanted)

    def read_newest(self, wanted: WantedRows) -> Loaded:
        """The same from the writer. Raises Unavailable."""
        return self._loaded(self.postgres.write(_STATEMENT, _params(wanted)), wanted)

    def _loaded(self, rows: list[dict[str, Any]], wanted: WantedRows) -> Loaded:
        [row] = rows
        return Loaded(
            commands_version=row["commands_version"],
            table=self.read_table(row["commands"] or []) if wanted.commands else None,
            places={place["name"]: _place(place) for place in row["places"] or []},
            communities={one["id"]: _community(one) for one in row["communities"] or []},
            people={(one["name"], one["user_id"]): _member(one) for one in row["people"] or []},
        )


def _params(wanted: WantedRows) -> dict[str, Any]:
    return {
        "names": list({*wanted.places, *(name for name, _ in wanted.people)}),
        "places": list(wanted.places),
        "people_at": [name for name, _ in wanted.people],
        "people": [user for _, user in wanted.people],
        "commands": wanted.commands,
        "communities": list(wanted.communities),
        "everywhere": GLOBAL_COMMUNITY,
        "ours": OURS,
        "events_channel": EVENTS_CHANNEL,
        "helpers": MOST_HELPERS,
    }


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


def _community(row: Mapping[str, Any]) -> Community:
    own = row["settings"].get(OURS, {})
    return Community(
        id=CommunityId(row["id"]),
        name=row["name"],
        version=row["version"],
        rules=tuple(understood("string_rules", row["rules"] or (), rule_of)),
        settings=row["settings"],
        disabled=frozenset(row["disabled"]),
        limits=tuple(understood("command_limits", row["limits"] or (), limit_of)),
        moderators_channel=row["moderators_channel"],
        events_channel=row["events_channel"],
        moderators_hinted=row["hinted"],
        home=row["home"],
        words=words_in(row["settings"]),
        keep_days=own.get("keep_days", USUAL_KEEP_DAYS),
        time_zone=own.get("time_zone", "UTC"),
        language=own.get("language", "en"),
        offers=own.get("offers") != OFF,
        moderator_group=own.get("moderator_group", ""),
        needed=dict(understood("command_rights", (row["needed"] or {}).items(), _right)),
        installed={name: read_may(may) for name, may in (row["installed"] or {}).items()},
        helpers=tuple(understood("community_members", row["helpers"] or (), _helper)),
    )


def _right(row: tuple[str, str]) -> tuple[str, Role]:
    command, role = row
    return command, Role(role)


def _helper(row: Mapping[str, Any]) -> Helper:
    return Helper(name=row["name"], platform=row["platform"], role=Role(row["role"]))


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
