"""A community's decisions, all of them, read in one statement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from waddlebot.domain.community_facts import MODERATORS_CHANNEL, FactKind, Key
from waddlebot.domain.entities import CommunityId
from waddlebot.domain.errors import Rejected
from waddlebot.domain.limits import Limit
from waddlebot.stores.command_limits import limit_of
from waddlebot.stores.postgres import Connection
from waddlebot.stores.settings import NAMES, OURS
from waddlebot.stores.string_rules import rule_of
from waddlebot_sdk.roles import Role
from waddlebot_sdk.wishes import read_may


def load_facts(connection: Connection, community: CommunityId) -> dict[Key, Any]:
    """All of them. What has run out is none. Raises Rejected: 404.

    By `Key`; the values as `Fact` has them.
    """
    row = connection.execute(
        """
        SELECT name, settings, disabled, moderators_channel, (
            SELECT jsonb_agg(ARRAY[command, permission.entity_id])
            FROM command_permissions AS permission JOIN entities USING (entity_id)
            WHERE entities.community_id = communities.id AND NOT is_enabled
        ) AS off_at, (
            SELECT jsonb_object_agg(command, role) FROM command_rights AS own
            WHERE own.community_id = communities.id
        ) AS rights, (
            SELECT jsonb_agg(to_jsonb(own)) FROM command_limits AS own
            WHERE own.community_id = communities.id
        ) AS limits, (
            SELECT jsonb_agg(to_jsonb(own) ORDER BY priority, id) FROM string_rules AS own
            WHERE own.community_id = communities.id AND is_active
        ) AS rules, (
            SELECT jsonb_agg(entity_id) FROM entities
            WHERE entities.community_id = communities.id AND quiet
        ) AS quiet, (
            SELECT jsonb_agg(to_jsonb(own)) FROM community_members AS own
            WHERE own.community_id = communities.id
        ) AS members, (
            SELECT jsonb_object_agg(own.name, color) FROM labels AS own
            WHERE own.community_id = communities.id
        ) AS labels, (
            SELECT jsonb_agg(to_jsonb(own) || jsonb_build_object('name', labels.name))
            FROM entity_labels AS own JOIN labels ON labels.id = label_id
            WHERE own.community_id = communities.id
                AND (expires_at IS NULL OR expires_at > now())
        ) AS labelled, (
            SELECT jsonb_object_agg(module, may) FROM installed_modules AS own
            WHERE own.community_id = communities.id
        ) AS installed
        FROM communities WHERE id = %(id)s
        """,
        {"id": community},
    ).fetchone()
    if row is None:
        raise Rejected(404, "UNKNOWN_COMMUNITY", "There is no such community.")
    return {
        (FactKind.NAME,): row["name"],
        **_settings(row),
        **{(FactKind.OFF, name): True for name in row["disabled"]},
        **{(FactKind.OFF_AT, name, entity): True for name, entity in row["off_at"] or ()},
        **{(FactKind.RIGHT, name): Role(role) for name, role in (row["rights"] or {}).items()},
        **dict(_limit(limit_of(one)) for one in row["limits"] or ()),
        **_rules(row["rules"] or ()),
        **{(FactKind.QUIET, entity): True for entity in row["quiet"] or ()},
        **dict(map(_member, row["members"] or ())),
        **{(FactKind.LABEL, name): color for name, color in (row["labels"] or {}).items()},
        **dict(map(_labelled, row["labelled"] or ())),
        **{
            (FactKind.INSTALLED, module): tuple(sorted(read_may(may)))
            for module, may in (row["installed"] or {}).items()
        },
    }


def _settings(row: Mapping[str, Any]) -> dict[Key, Any]:
    settings = row["settings"]
    facts: dict[Key, Any] = {
        (FactKind.SETTING, key): value for key, value in settings.get(OURS, {}).items()
    }
    if row["moderators_channel"]:
        facts[FactKind.SETTING, MODERATORS_CHANNEL] = row["moderators_channel"]
    for name, command in settings.get(NAMES, {}).items():
        facts[FactKind.CALLED, command] = name
    for module, own in settings.items():
        if module not in {OURS, NAMES}:
            facts |= {(FactKind.MODULE, module, key): value for key, value in own.items()}
    return facts


def _limit(limit: Limit) -> tuple[Key, Any]:
    about = (limit.command, limit.entity, limit.role, limit.together)
    return (FactKind.LIMIT, *about), (limit.calls, limit.seconds)


def _rules(rows: Iterable[Mapping[str, Any]]) -> dict[Key, Any]:
    """The same rule twice is one."""
    facts: dict[Key, Any] = {}
    for number, row in enumerate(rows):
        facts.setdefault((FactKind.RULE, replace(rule_of(row), id=0)), number)
    return facts


def _member(row: Mapping[str, Any]) -> tuple[Key, Any]:
    about = (row["platform"], row["user_id"], row["entity_id"] or None)
    return (FactKind.ROLE, *about), (Role(row["role"]), row["name"])


def _labelled(row: Mapping[str, Any]) -> tuple[Key, Any]:
    about = (row["kind"], row["thing"], row["name"])
    return (FactKind.LABELLED, *about), in_utc(row["expires_at"]) if row["expires_at"] else ""


def in_utc(text: str) -> str:
    """A moment in the one way in which it is compared. Raises ValueError."""
    return datetime.fromisoformat(text).astimezone(UTC).isoformat()
