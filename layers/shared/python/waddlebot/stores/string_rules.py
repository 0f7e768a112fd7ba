"""String rules: turned off instead of deleted, so that each change has a way back."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from waddlebot.domain.entities import CommunityId, EntityId
from waddlebot.domain.rule_patterns import MOST_COST, check_together, counted, reads_exactly
from waddlebot.domain.rule_presets import preset_of
from waddlebot.domain.string_rules import MatchType, RuleAction, StringRule
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Edit

MOST_SHOWN = 60
"""Of a pattern, where it is told what became of its rule."""


class StringRules:
    """What one transaction changes has one time, and is taken back as one."""

    def __init__(self, edit: Edit) -> None:
        self._edit = edit
        self._connection = edit.connection

    def add(
        self,
        community: CommunityId,
        *,
        match_type: MatchType,
        pattern: str,
        action: RuleAction,
        by: str,
        case_sensitive: bool = False,
        priority: int = 100,
        entities: frozenset[EntityId] = frozenset(),
        say: str = "",
        command: str = "",
        webhook: str = "",
        timeout_seconds: int = 0,
    ) -> StringRule:
        """The rule with its number. `by` is the person, as `platform:id`. Checks nothing."""
        row = self._connection.execute(
            """
            INSERT INTO string_rules (community_id, string, match_type, case_sensitive,
                enabled_entity_ids, action, command_to_execute, message, priority, added_by,
                timeout_seconds, webhook_url, cost, raw, added_at)
            VALUES (%(community)s, %(pattern)s, %(match_type)s, %(case_sensitive)s,
                %(entities)s, %(action)s, %(command)s, %(say)s, %(priority)s, %(by)s,
                %(timeout)s, %(webhook)s, %(cost)s, %(raw)s, now())
            RETURNING string_rules.*
            """,
            {
                "community": community,
                "pattern": pattern,
                "match_type": match_type.value,
                "case_sensitive": case_sensitive,
                "entities": sorted(entities),
                "action": action.value,
                "command": command,
                "say": say,
                "priority": priority,
                "by": by,
                "timeout": timeout_seconds,
                "webhook": webhook,
                "cost": counted(match_type, pattern),
                "raw": match_type is MatchType.REGEX and (case_sensitive or reads_exactly(pattern)),
            },
        ).fetchone()
        assert row is not None  # noqa: S101 - an INSERT returns its row
        rule = rule_of(row)
        self._edit.note("add rule", f"rule {rule.id}", community, after=_described(rule))
        return rule

    def find_same(self, community: CommunityId, rule: StringRule) -> int | None:
        """The number of one at work that hits the same in the same places, and does the same."""
        row = self._connection.execute(
            """
            SELECT id FROM string_rules
            WHERE community_id = %(community)s AND is_active AND id <> %(id)s
                AND match_type = %(match_type)s
                AND action = %(action)s AND case_sensitive = %(case_sensitive)s
                AND enabled_entity_ids = %(entities)s AND webhook_url = %(webhook)s
                AND CASE WHEN case_sensitive OR match_type = 'regex' THEN string = %(pattern)s
                    ELSE lower(string) = lower(%(pattern)s) END
            ORDER BY id LIMIT 1
            """,
            {
                "community": community,
                "id": rule.id,
                "match_type": rule.match_type.value,
                "action": rule.action.value,
                "case_sensitive": rule.case_sensitive,
                "entities": sorted(rule.entities),
                "webhook": rule.webhook,
                "pattern": rule.pattern,
            },
        ).fetchone()
        return row["id"] if row else None

    def check_room(self, community: CommunityId) -> None:
        """Raises Refusal: with what was just changed, all its rules cost more than they may.

        One that is too dear by itself rests, and is no reason to refuse others.
        """
        self._connection.execute(
            "SELECT FROM communities WHERE id = %(community)s FOR UPDATE", {"community": community}
        )
        row = self._connection.execute(
            """
            SELECT count(*) AS rules, coalesce(sum(cost), 0) AS cost FROM string_rules
            WHERE community_id = %(community)s AND is_active AND coalesce(cost, 0) <= %(most)s
            """,
            {"community": community, "most": MOST_COST},
        ).fetchone()
        assert row is not None  # noqa: S101 - an aggregate returns its row
        check_together(row["rules"], row["cost"])

    def note_rest_told(self, community: CommunityId, rules: Sequence[int]) -> bool:
        """False where somebody else has told."""
        told = self._connection.execute(
            """
            UPDATE string_rules SET rest_told_at = clock_timestamp()
            WHERE community_id = %(community)s AND id = ANY(%(rules)s) AND rest_told_at IS NULL
            """,
            {"community": community, "rules": list(rules)},
        )
        if told.rowcount:
            self._edit.note("rules rest", "rules", community, after={"rules": list(rules)})
        return bool(told.rowcount)

    def list_active(self, community: CommunityId) -> list[StringRule]:
        """In the order in which they are looked at."""
        rows = self._connection.execute(
            """
            SELECT * FROM string_rules WHERE community_id = %(community)s AND is_active
            ORDER BY priority, coalesce(place, id)
            """,
            {"community": community},
        )
        return [rule_of(row) for row in rows]

    def follow_renamed(self, community: CommunityId, before: str, after: str) -> None:
        """Those that run a command, `!custom run hello`, run it by its new name."""
        self._connection.execute(
            """
            UPDATE string_rules
            SET command_to_execute = %(after)s || substr(command_to_execute, %(behind)s)
            WHERE community_id = %(community)s AND (command_to_execute = %(before)s
                OR starts_with(command_to_execute, %(begins)s))
            """,
            {
                "community": community,
                "before": before,
                "begins": f"{before} ",
                "after": after,
                "behind": len(before) + 1,
            },
        )

    def turn_off(self, community: CommunityId, rule: int, by: str) -> bool:
        """False where the community has no such rule at work.

        `rule` is its number, `by` an account or `waddlebot`.
        """
        row = self._connection.execute(
            """
            UPDATE string_rules SET is_active = false, off_by = %(by)s, off_at = now()
            WHERE community_id = %(community)s AND id = %(rule)s AND is_active
            RETURNING string_rules.*
            """,
            {"community": community, "rule": rule, "by": by},
        ).fetchone()
        if row is None:
            return False
        self._edit.note("turn off rule", f"rule {rule}", community, before=_described(rule_of(row)))
        return True

    def undo_last(
        self, community: CommunityId, by: str, *, at: EntityId | None = None
    ) -> str | None:
        """Takes back this person's last change, or else the community's; says which, in words.

        Asked again it goes one change further back. None where nothing is left to take back. A rule
        that another does the same as by now stays off. `at`: of rules that hold there alone.
        """
        rows = self._connection.execute(
            """
            WITH change AS (
                SELECT id, is_active, CASE WHEN is_active THEN added_by ELSE off_by END AS who,
                    CASE WHEN is_active THEN added_at ELSE off_at END AS made_at
                FROM string_rules
                WHERE community_id = %(community)s AND (is_active OR off_at IS NOT NULL)
                    AND (%(at)s::text IS NULL OR enabled_entity_ids = ARRAY[%(at)s::text])
                FOR UPDATE
            ), last AS (
                SELECT who, made_at FROM change ORDER BY (who = %(by)s) DESC, made_at DESC LIMIT 1
            )
            UPDATE string_rules AS rule
            SET is_active = NOT rule.is_active, off_by = NULL, off_at = NULL
            FROM change JOIN last USING (who, made_at) WHERE rule.id = change.id
            RETURNING rule.*
            """,
            {"community": community, "by": by, "at": at},
        ).fetchall()
        there = self._stay_off(community, rows)
        for row in rows:
            if row["id"] in there:
                continue
            was = _described(rule_of(row))
            self._edit.note(
                "undo rule",
                f"rule {row['id']}",
                community,
                before=None if row["is_active"] else was,
                after=was if row["is_active"] else None,
            )
        return _undone(rows, there) if rows else None

    def _stay_off(
        self, community: CommunityId, rows: Sequence[Mapping[str, Any]]
    ) -> dict[int, int]:
        """Those that were on again beside their like, each with the number of that."""
        there: dict[int, int] = {}
        for row in rows:
            same = self.find_same(community, rule_of(row)) if row["is_active"] else None
            if same is not None:
                there[row["id"]] = same
                self._connection.execute(
                    "UPDATE string_rules SET is_active = false WHERE id = %(id)s", {"id": row["id"]}
                )
        return there


def _undone(rows: Sequence[Mapping[str, Any]], there: Mapping[int, int]) -> str:
    """What was changed at once is one change: a preset, say.

    `there` is by the number of a rule the one that does the same, for which it stays off.
    """
    if len(rows) == 1:
        [row] = rows
        if same := there.get(row["id"]):
            return f"rule {row['id']} stays off, since rule {same} does that already"
        state = "on again" if row["is_active"] else "gone again"
        return f"rule {row['id']} ({row['action']} {_shown(rule_of(row))}) is {state}"
    back = sum(row["is_active"] for row in rows) - len(there)
    gone = len(rows) - len(there) - back
    as_well = "off, since others do that already"
    parts = ((back, "on again"), (gone, "gone again"), (len(there), as_well))
    return " and ".join(f"{count} rules are {state}" for count, state in parts if count)


def _shown(rule: StringRule) -> str:
    preset, pattern = preset_of(rule), rule.pattern
    if preset:
        return f"of the preset {preset}"
    return f"“{pattern[:MOST_SHOWN]}…”" if len(pattern) > MOST_SHOWN else f"“{pattern}”"


def rule_of(row: Mapping[str, Any]) -> StringRule:
    """`row` is one of `string_rules`. Raises ValueError or KeyError where it is none of this
    release.
    """
    return StringRule(
        id=row["id"],
        match_type=MatchType(row["match_type"]),
        pattern=row["string"],
        action=RuleAction(row["action"]),
        case_sensitive=row["case_sensitive"],
        priority=row["priority"],
        entities=frozenset(row["enabled_entity_ids"]),
        say=row["message"],
        command=row["command_to_execute"],
        webhook=row["webhook_url"],
        timeout_seconds=row["timeout_seconds"],
        cost=row["cost"],
        raw=row["raw"],
        rest_told=row["rest_told_at"] is not None,
    )


def count_costs(postgres: Postgres, *, most_seconds: float) -> int:
    """Counts what rules of earlier releases cost; how many, as far as the time goes.

    Raises Unavailable.
    """
    until, done = time.monotonic() + most_seconds, 0
    while time.monotonic() < until:
        with postgres.writer() as connection:
            rows = connection.execute(
                """
                SELECT id, match_type, string FROM string_rules WHERE cost IS NULL
                ORDER BY is_active DESC, id LIMIT 100
                """
            ).fetchall()
            for row in rows:
                cost = counted(MatchType(row["match_type"]), row["string"])
                connection.execute(
                    "UPDATE string_rules SET cost = %(cost)s WHERE id = %(id)s",
                    {"cost": cost, "id": row["id"]},
                )
        done += len(rows)
        if not rows:
            break
    return done


def _described(rule: StringRule) -> dict[str, Any]:
    """For the audit log; what is as usual is left out."""
    told = {
        "kind": rule.match_type.value,
        "text": rule.pattern,
        "action": rule.action.value,
        "say": rule.say,
        "command": rule.command,
        "webhook": rule.webhook,
        "timeout_seconds": rule.timeout_seconds,
    }
    return {name: value for name, value in told.items() if value}
