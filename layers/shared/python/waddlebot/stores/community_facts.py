"""A community's decisions, read in one statement and changed difference by difference."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from waddlebot.domain.community_facts import Difference, Key, Kind
from waddlebot.domain.entities import CommunityId, EntityId
from waddlebot.domain.errors import Rejected
from waddlebot.domain.labels import Labelled
from waddlebot.domain.limits import Limit
from waddlebot.stores.command_limits import CommandLimits, limit_of
from waddlebot.stores.command_rights import CommandRights
from waddlebot.stores.communities import NAMES, OURS, Communities
from waddlebot.stores.installed_modules import InstalledModules
from waddlebot.stores.labels import Labels, Thing
from waddlebot.stores.postgres import Connection
from waddlebot.stores.string_rules import StringRules, rule_of
from waddlebot.stores.versions import Edit
from waddlebot_sdk.roles import Role

MODERATORS_CHANNEL = "moderators_channel"


def load_facts(connection: Connection, community: CommunityId) -> dict[Key, Any]:
    """All of them. What has run out is none. Raises Rejected: 404."""
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
            SELECT jsonb_agg(module) FROM installed_modules AS own
            WHERE own.community_id = communities.id
        ) AS installed
        FROM communities WHERE id = %(id)s
        """,
        {"id": community},
    ).fetchone()
    if row is None:
        raise Rejected(404, "UNKNOWN_COMMUNITY", "There is no such community.")
    return {
        (Kind.NAME,): row["name"],
        **_settings(row),
        **{(Kind.OFF, name): True for name in row["disabled"]},
        **{(Kind.OFF_AT, name, entity): True for name, entity in row["off_at"] or ()},
        **{(Kind.RIGHT, name): Role(role) for name, role in (row["rights"] or {}).items()},
        **dict(_limit(limit_of(one)) for one in row["limits"] or ()),
        **_rules(row["rules"] or ()),
        **{(Kind.QUIET, entity): True for entity in row["quiet"] or ()},
        **dict(map(_member, row["members"] or ())),
        **{(Kind.LABEL, name): color for name, color in (row["labels"] or {}).items()},
        **dict(map(_labelled, row["labelled"] or ())),
        **{(Kind.INSTALLED, module): True for module in row["installed"] or ()},
    }


def _settings(row: Mapping[str, Any]) -> dict[Key, Any]:
    settings = row["settings"]
    facts: dict[Key, Any] = {
        (Kind.SETTING, key): value for key, value in settings.get(OURS, {}).items()
    }
    if row["moderators_channel"]:
        facts[Kind.SETTING, MODERATORS_CHANNEL] = row["moderators_channel"]
    for name, command in settings.get(NAMES, {}).items():
        facts[Kind.CALLED, command] = name
    for module, own in settings.items():
        if module not in {OURS, NAMES}:
            facts |= {(Kind.MODULE, module, key): value for key, value in own.items()}
    return facts


def _limit(limit: Limit) -> tuple[Key, Any]:
    about = (limit.command, limit.entity, limit.role, limit.together)
    return (Kind.LIMIT, *about), (limit.calls, limit.seconds)


def _rules(rows: Iterable[Mapping[str, Any]]) -> dict[Key, Any]:
    """The same rule twice is one."""
    facts: dict[Key, Any] = {}
    for number, row in enumerate(rows):
        facts.setdefault((Kind.RULE, replace(rule_of(row), id=0)), number)
    return facts


def _member(row: Mapping[str, Any]) -> tuple[Key, Any]:
    about = (row["platform"], row["user_id"], row["entity_id"] or None)
    return (Kind.ROLE, *about), (Role(row["role"]), row["name"])


def _labelled(row: Mapping[str, Any]) -> tuple[Key, Any]:
    about = (row["kind"], row["thing"], row["name"])
    return (Kind.LABELLED, *about), in_utc(row["expires_at"]) if row["expires_at"] else ""


def in_utc(text: str) -> str:
    """A moment in the one way in which it is compared. Raises ValueError."""
    return datetime.fromisoformat(text).astimezone(UTC).isoformat()


def change_facts(edit: Edit, community: CommunityId, differences: Iterable[Difference]) -> None:
    """Each is noted as if it had been made by hand. Raises Rejected where it cannot be."""
    changing = _Changing(edit, community)
    for one in differences:
        changing.make(one)


class _Changing:
    def __init__(self, edit: Edit, community: CommunityId) -> None:
        self._edit = edit
        self._community = community
        self._communities = Communities(edit)
        self._make: dict[Kind, Callable[[Difference], None]] = {
            Kind.NAME: self._rename,
            Kind.SETTING: self._set,
            Kind.MODULE: self._set_of_module,
            Kind.OFF: self._switch,
            Kind.OFF_AT: self._switch_at,
            Kind.CALLED: self._call,
            Kind.RIGHT: self._set_right,
            Kind.LIMIT: self._set_limit,
            Kind.RULE: self._set_rule,
            Kind.QUIET: self._set_quiet,
            Kind.ROLE: self._set_role,
            Kind.LABEL: self._set_label,
            Kind.LABELLED: self._hang,
            Kind.INSTALLED: self._install,
        }

    def make(self, one: Difference) -> None:
        self._make[one.key[0]](one)

    def _rename(self, one: Difference) -> None:
        if not self._communities.rename(self._community, one.after):
            raise Rejected(409, "NAME_TAKEN", f"There is a community called {one.after} already.")

    def _set(self, one: Difference) -> None:
        _, key = one.key
        if key == MODERATORS_CHANNEL:
            channel = EntityId(one.after) if one.after else None
            self._communities.set_moderators_channel(self._community, channel)
        else:
            self._set_in(OURS, key, one.after)

    def _set_of_module(self, one: Difference) -> None:
        _, module, key = one.key
        self._set_in(module, key, one.after)

    def _set_in(self, module: str, key: str, value: Any) -> None:
        if value is None:
            self._communities.clear_setting(self._community, module, key)
        else:
            self._communities.set_setting(self._community, module, key, value)

    def _switch(self, one: Difference) -> None:
        _, name = one.key
        self._communities.set_enabled(self._community, name, enabled=not one.after)

    def _switch_at(self, one: Difference) -> None:
        _, name, entity = one.key
        self._communities.set_enabled_at(entity, name, enabled=not one.after)

    def _call(self, one: Difference) -> None:
        _, command = one.key
        self._communities.rename_command(self._community, command, one.after)

    def _set_right(self, one: Difference) -> None:
        _, command = one.key
        if one.after is None:
            CommandRights(self._edit).clear(self._community, command)
        else:
            CommandRights(self._edit).put(self._community, command, one.after)

    def _set_limit(self, one: Difference) -> None:
        _, command, entity, role, together = one.key
        calls, seconds = one.after or (0, 0)
        limit = Limit(
            command=command,
            calls=calls,
            seconds=seconds,
            together=together,
            role=role,
            entity=entity,
        )
        if one.after is None:
            CommandLimits(self._edit).drop(self._community, limit)
        else:
            CommandLimits(self._edit).put(self._community, limit)

    def _set_rule(self, one: Difference) -> None:
        (_, rule), rules = one.key, StringRules(self._edit)
        if one.after is None:
            for active in rules.list_active(self._community):
                if replace(active, id=0) == rule:
                    rules.turn_off(self._community, active.id, self._edit.by)
            return
        rules.add(
            self._community,
            match_type=rule.match_type,
            pattern=rule.pattern,
            action=rule.action,
            by=self._edit.by,
            case_sensitive=rule.case_sensitive,
            priority=rule.priority,
            entities=rule.entities,
            say=rule.say,
            command=rule.command,
            timeout_seconds=rule.timeout_seconds,
        )

    def _set_quiet(self, one: Difference) -> None:
        _, entity = one.key
        self._communities.set_quiet(entity, bool(one.after))

    def _set_role(self, one: Difference) -> None:
        _, platform, user, entity = one.key
        role, name = one.after or (Role.USER, "")
        self._communities.set_member_role(
            self._community, platform, user, role, at=entity, name=name
        )

    def _set_label(self, one: Difference) -> None:
        _, name = one.key
        labels = Labels(self._edit, self._community)
        if one.after is None:
            labels.drop(name)
        elif one.before is None:
            labels.make(name, one.after)
        else:
            labels.recolor(name, one.after)

    def _install(self, one: Difference) -> None:
        _, module = one.key
        modules = InstalledModules(self._edit)
        (modules.install if one.after else modules.remove)(self._community, module)

    def _hang(self, one: Difference) -> None:
        _, kind, thing, name = one.key
        labels, named = Labels(self._edit, self._community), Thing(kind=Labelled(kind), id=thing)
        if one.before is not None:
            labels.take(named, name)
        if one.after is not None:
            until = datetime.fromisoformat(one.after) if one.after else None
            labels.apply(named, name, until=until)
