"""What fires later: written in a module's own transaction, turned into events when it is time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from psycopg.types.json import Jsonb

from waddlebot.domain.entities import CommunityId, EntityId
from waddlebot.domain.events import Channel, Event, Later, MessageType, Speaker, WayBack
from waddlebot.stores.postgres import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRow:
    """`private`: what is said then is for the asking person alone. `is_private_talk`: it was asked
    for in private talk, and acts in the community of then.

    `data` is what the module wants to find again. `fires_as`: of what the record found for a module
    it is what happened, else what the module asked to be told later.
    """

    id: int
    community: CommunityId
    is_private_talk: bool
    entity_id: EntityId
    module: str
    at: datetime
    user: Speaker | None
    data: Mapping[str, Any]
    way_back: WayBack
    parent: EntityId | None = None
    private: bool = False
    fires_as: MessageType = MessageType.DUE

    def to_event(self) -> Event:
        """The same event each time it is made, so firing twice is harmless."""
        return Event(
            id=f"due:{self.id}:{int(self.at.timestamp())}",
            type=self.fires_as,
            entity=self.entity_id,
            parent=self.parent,
            user=self.user,
            data={**self.data, "module": self.module},
            occurred_at=self.at,
            way_back=self.way_back,
            private=self.private or self.is_private_talk,
            community=self.community if self.is_private_talk else None,
        )


class Due:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def plan(
        self,
        *,
        community_id: int,
        later: Later,
        module: str,
        at: datetime,
        data: dict[str, Any],
        after_lines: int | None = None,
        again_after: timedelta | None = None,
    ) -> int:
        """The row's number. The module is called with `data` at that time, or soon after, and what
        it answers is said as `later` says.

        With `after_lines` not before so many lines were heard in that place (see `lines_heard`),
        and no call is made to find that out. With `again_after` it fires again and again until it
        is cancelled: what comes back does not end where its module is off for a while.
        """
        row = self._connection.execute(
            """
            INSERT INTO due (community_id, entity_id, parent, is_private, module, at, person, data,
                way_back, after_lines, again_seconds)
            VALUES (%(community)s, %(entity)s, %(parent)s, %(private)s, %(module)s, %(at)s,
                %(person)s, %(data)s, %(way_back)s, %(after_lines)s, %(again)s)
            RETURNING id
            """,
            {
                "community": community_id,
                "entity": later.entity,
                "parent": later.parent,
                "private": later.private,
                "module": module,
                "at": at,
                "person": Jsonb(msgspec.to_builtins(later.user)) if later.user else None,
                "data": Jsonb(data),
                "way_back": Jsonb(msgspec.to_builtins(Channel(thread=later.thread))),
                "after_lines": after_lines,
                "again": int(again_after.total_seconds()) if again_after else None,
            },
        ).fetchone()
        assert row is not None  # noqa: S101 - an INSERT returns its row
        return int(row["id"])

    def cancel(self, number: int, module: str, community_id: int) -> bool:
        """False where it fired already, or is not this module's in this community."""
        cancelled = self._connection.execute(
            """
            DELETE FROM due WHERE id = %(id)s AND module = %(module)s
                AND community_id = %(community)s AND fired_at IS NULL
            """,
            {"id": number, "module": module, "community": community_id},
        )
        return cancelled.rowcount == 1

    def drop(self, module: str, entity: EntityId, data: Mapping[str, Any]) -> None:
        """What would fire there, whichever community planned it. `data` is all that it was planned
        with, `{name: value}`.
        """
        self._connection.execute(
            """
            DELETE FROM due WHERE module = %(module)s AND entity_id = %(entity)s
                AND data = %(data)s AND fired_at IS NULL
            """,
            {"module": module, "entity": entity, "data": Jsonb(dict(data))},
        )

    def take(self, now: datetime, limit: int) -> list[DueRow]:
        """What is due, oldest first, held for this transaction; what others hold is left out."""
        rows = self._connection.execute(
            """
            SELECT id, community_id, entity_id, parent, is_private,
                is_private_place(entity_id) AS is_private_talk, module, at, person, data, way_back,
                fires_as
            FROM due
            WHERE fired_at IS NULL AND after_lines IS NULL AND at <= %(now)s
            ORDER BY at, id LIMIT %(limit)s
            FOR UPDATE SKIP LOCKED
            """,
            {"now": now, "limit": limit},
        )
        return [_row(row) for row in rows]

    def mark(self, numbers: Sequence[int], now: datetime) -> None:
        """They are on the stream; in the transaction that took them."""
        self._connection.execute(
            """
            UPDATE due SET fired_at = CASE WHEN again_seconds IS NULL THEN %(now)s::timestamptz END,
                at = CASE WHEN again_seconds IS NULL THEN at
                    ELSE %(now)s::timestamptz + again_seconds * interval '1 second' END
            WHERE id = ANY(%(ids)s)
            """,
            {"ids": list(numbers), "now": now},
        )


def _row(row: Mapping[str, Any]) -> DueRow:
    return DueRow(
        id=row["id"],
        community=CommunityId(row["community_id"]),
        is_private_talk=row["is_private_talk"],
        entity_id=EntityId(row["entity_id"]),
        module=row["module"],
        at=row["at"],
        user=msgspec.convert(row["person"], Speaker | None),
        data=row["data"],
        way_back=msgspec.convert(row["way_back"], WayBack),
        parent=EntityId(row["parent"]) if row["parent"] else None,
        private=row["is_private"],
        fires_as=MessageType(row["fires_as"]),
    )
