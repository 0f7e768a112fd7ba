"""What a community decided of its alerts, a row a rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from waddlebot.domain.alerts import AlertKind, AlertRule
from waddlebot.domain.entities import CommunityId
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Edit

_OF = "SELECT * FROM alert_rules WHERE community_id = %(id)s ORDER BY kind, platform, least"


class AlertRules:
    """Of one community, in a change of it."""

    def __init__(self, edit: Edit, community: CommunityId) -> None:
        self._edit = edit
        self._community = community

    def all(self) -> list[AlertRule]:
        """In the order of kinds, platforms and least amounts."""
        rows = self._edit.connection.execute(_OF, {"id": self._community})
        return [rule_of(row) for row in rows]

    def put(self, rule: AlertRule, *, before: AlertRule | None) -> None:
        self._edit.connection.execute(
            """
            INSERT INTO alert_rules (community_id, kind, platform, least, most, is_on, text, style,
                seconds, image, sound)
            VALUES (%(id)s, %(kind)s, %(platform)s, %(least)s, %(most)s, %(on)s, %(text)s,
                %(style)s, %(seconds)s, %(image)s, %(sound)s)
            ON CONFLICT (community_id, kind, platform, least) DO UPDATE SET
                most = excluded.most, is_on = excluded.is_on, text = excluded.text,
                style = excluded.style, seconds = excluded.seconds, image = excluded.image,
                sound = excluded.sound
            """,
            {"id": self._community, **asdict(rule)},
        )
        was = None if before is None else asdict(before)
        self._edit.note("set alert", rule.kind, self._community, before=was, after=asdict(rule))

    def remove(self, rule: AlertRule) -> None:
        self._edit.connection.execute(
            """
            DELETE FROM alert_rules WHERE community_id = %(id)s AND kind = %(kind)s
                AND platform = %(platform)s AND least = %(least)s
            """,
            {"id": self._community, **asdict(rule)},
        )
        self._edit.note("reset alert", rule.kind, self._community, before=asdict(rule))


def list_alert_rules(postgres: Postgres, community: CommunityId) -> list[AlertRule]:
    """Raises Unavailable."""
    return [rule_of(row) for row in postgres.write(_OF, {"id": community})]


def rule_of(row: Mapping[str, Any]) -> AlertRule:
    """`row` is one of the table, by its columns. Raises ValueError: its kind is not known here."""
    return AlertRule(
        kind=AlertKind(row["kind"]).value,
        platform=row["platform"],
        least=row["least"],
        most=row["most"],
        on=row["is_on"],
        text=row["text"],
        style=row["style"],
        seconds=row["seconds"],
        image=row["image"],
        sound=row["sound"],
    )
