"""A community's timers, and where they are said. Every statement but one names its
community: what was planned in a place that is another's by now is dropped there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from functions.modules.timers.kept_timers import MODULE_NAME, Timer, TimerTurn
from functions.modules.timers.rhythm import TimerRhythm
from waddlebot.domain.entities import CommunityId, EntityId
from waddlebot.domain.events import Later
from waddlebot.stores.due import Due
from waddlebot.stores.lines_heard import LinesHeard, lines_heard
from waddlebot.stores.on_air import is_on_air
from waddlebot.stores.postgres import Connection

_TRIED_AGAIN = timedelta(hours=1)
"""Where it was not called: its place is quiet, or it is off."""
_TIMERS = """
    SELECT timers.*,
        (SELECT array_agg(text ORDER BY number) FROM timer_texts WHERE timer_id = id) AS texts,
        (SELECT array_agg(entity_id) FROM timer_places WHERE timer_id = id) AS places
    FROM timers WHERE community_id = %(community)s
"""


class Timers:
    """Works in the transaction of its connection and neither commits nor rolls back."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._due = Due(connection)

    def list_all(self, community: int) -> list[Timer]:
        """By name."""
        rows = self._connection.execute(
            f"{_TIMERS} ORDER BY name",
            {"community": community},
        )
        return [_timer(row) for row in rows.fetchall()]

    def find(self, community: int, name: str) -> Timer | None:
        """Held for this transaction, and read when it is: so its texts are those of now."""
        self._connection.execute(
            "SELECT FROM timers WHERE community_id = %s AND name = %s FOR UPDATE",
            (community, name),
        )
        row = self._connection.execute(
            f"{_TIMERS} AND name = %(name)s",
            {"community": community, "name": name},
        ).fetchone()
        return _timer(row) if row else None

    def make(self, community: int, name: str, rhythm: TimerRhythm, text: str) -> Timer | None:
        """None where another has that name."""
        row = self._connection.execute(
            """
            INSERT INTO timers (community_id, name, every_seconds, cron, after_lines, live_only,
                jitter_seconds)
            VALUES (%(community)s, %(name)s, %(every)s, %(cron)s, %(lines)s, %(live)s, %(jitter)s)
            ON CONFLICT (community_id, name) DO NOTHING RETURNING id
            """,
            {"community": community, "name": name, **_columns(rhythm)},
        ).fetchone()
        if row is None:
            return None
        self.set_text(row["id"], 1, text)
        return Timer(id=row["id"], name=name, rhythm=rhythm, texts=(text,))

    def change(self, timer: Timer, rhythm: TimerRhythm) -> None:
        self._connection.execute(
            """
            UPDATE timers SET every_seconds = %(every)s, cron = %(cron)s, after_lines = %(lines)s,
                live_only = %(live)s, jitter_seconds = %(jitter)s
            WHERE id = %(id)s
            """,
            {"id": timer.id, **_columns(rhythm)},
        )

    def set_text(self, timer: int, number: int, text: str) -> None:
        """From 1 on; the one behind the last is another one."""
        self._connection.execute(
            """
            INSERT INTO timer_texts (timer_id, number, text) VALUES (%s, %s, %s)
            ON CONFLICT (timer_id, number) DO UPDATE SET text = EXCLUDED.text
            """,
            (timer, number, text),
        )

    def delete(self, community: int, timer: Timer) -> None:
        for place in timer.places:
            self.silence(community, timer, EntityId(place))
        self._connection.execute("DELETE FROM timers WHERE id = %s", (timer.id,))

    def silence(self, community: int, timer: Timer, entity: EntityId) -> bool:
        """It is said there no more; False where it was not."""
        gone = self._connection.execute(
            "DELETE FROM timer_places WHERE timer_id = %s AND entity_id = %s RETURNING due_id",
            (timer.id, entity),
        ).fetchone()
        if gone and gone["due_id"] is not None:
            self._due.cancel(gone["due_id"], MODULE_NAME, community)
        return gone is not None

    def plan(
        self,
        community: int,
        timer: Timer,
        entity: EntityId,
        *,
        at: datetime | None,
        after_lines: int,
        is_said: bool = False,
    ) -> None:
        """Its next time there, in place of the one that was planned; none where `at` is None.

        `after_lines` as `lines_heard` counts them. `is_said`: its next text is another one.
        """
        row = self._connection.execute(
            """
            INSERT INTO timer_places AS known (timer_id, entity_id, after_lines)
            VALUES (%(timer)s, %(entity)s, %(lines)s)
            ON CONFLICT (timer_id, entity_id) DO UPDATE SET run = known.run + 1,
                after_lines = EXCLUDED.after_lines, said = known.said + %(said)s
            RETURNING run, due_id
            """,
            {"timer": timer.id, "entity": entity, "lines": after_lines, "said": int(is_said)},
        ).fetchone()
        assert row is not None  # noqa: S101 - it is there now
        if row["due_id"] is not None:
            self._due.cancel(row["due_id"], MODULE_NAME, community)
        number = None
        if at is not None:
            number = self._due.plan(
                community_id=community,
                later=Later(entity=entity),
                module=MODULE_NAME,
                at=at,
                data={"timer": timer.id, "run": row["run"]},
                after_lines=after_lines,
                again_after=_TRIED_AGAIN,
            )
        self._connection.execute(
            "UPDATE timer_places SET due_id = %s WHERE timer_id = %s AND entity_id = %s",
            (number, timer.id, entity),
        )

    def take(self, community: int, number: int, entity: EntityId, run: int) -> TimerTurn | None:
        """Whose time has come; None where it was said, changed or stopped since it was planned.

        Who speaks in that place is held for this transaction: of two timers one is first.
        """
        self._connection.execute(
            """
            INSERT INTO timer_turns (entity_id, said_at) VALUES (%s, 'epoch')
            ON CONFLICT (entity_id) DO UPDATE SET said_at = timer_turns.said_at
            """,
            (entity,),
        )
        # Who changes it elsewhere waits, or was first: it is planned as it is now.
        self._connection.execute(
            "SELECT FROM timers WHERE community_id = %s AND id = %s FOR SHARE",
            (community, number),
        )
        row = self._connection.execute(
            f"""
            SELECT timer.*, place.said, place.after_lines AS lines_until
            FROM ({_TIMERS}) AS timer JOIN timer_places AS place ON place.timer_id = timer.id
            WHERE timer.id = %(number)s AND place.entity_id = %(entity)s AND run = %(run)s
            """,  # noqa: S608 - all is ours
            {"community": community, "number": number, "entity": entity, "run": run},
        ).fetchone()
        if row is None:
            return None
        return TimerTurn(timer=_timer(row), said=row["said"], after_lines=row["lines_until"])

    def drop(self, entity: EntityId, planned: Mapping[str, Any]) -> None:
        """What was planned with this fires there no more; `planned` is what came back of it.

        Where it was the newest, the place is another community's: it is said there no more, so
        that it can be switched on where the place comes back.
        """
        data = {"timer": planned["timer"], "run": planned["run"]}
        self._due.drop(MODULE_NAME, entity, data)
        self._connection.execute(
            """
            DELETE FROM timer_places
            WHERE timer_id = %(timer)s AND entity_id = %(entity)s AND run = %(run)s
            """,
            {**data, "entity": entity},
        )

    def last_said_at(self, entity: EntityId) -> datetime:
        """When any timer spoke there last."""
        row = self._connection.execute(
            "SELECT said_at FROM timer_turns WHERE entity_id = %s", (entity,)
        ).fetchone()
        assert row is not None  # noqa: S101 - `take` makes it
        said_at: datetime = row["said_at"]
        return said_at

    def note_said(self, entity: EntityId, at: datetime) -> None:
        """Now, where that is later: what was due long ago is said now."""
        self._connection.execute(
            """
            UPDATE timer_turns SET said_at = greatest(%s, clock_timestamp()) WHERE entity_id = %s
            """,
            (at, entity),
        )

    def heard(self, entity: EntityId) -> LinesHeard:
        """Lines of people, which are counted there from the first time on that this is asked."""
        return lines_heard(self._connection, entity)

    def is_live(self, community: int) -> bool | None:
        """None where nobody looks at any channel of this community."""
        return is_on_air(self._connection, CommunityId(community))


def _columns(rhythm: TimerRhythm) -> Mapping[str, object]:
    return {
        "every": rhythm.every,
        "cron": rhythm.cron,
        "lines": rhythm.after_lines,
        "live": rhythm.live_only,
        "jitter": rhythm.jitter,
    }


def _timer(row: Mapping[str, Any]) -> Timer:
    texts: Sequence[str] = row["texts"] or ()
    return Timer(
        id=row["id"],
        name=row["name"],
        rhythm=TimerRhythm(
            every=row["every_seconds"],
            cron=row["cron"],
            after_lines=row["after_lines"],
            live_only=row["live_only"],
            jitter=row["jitter_seconds"],
        ),
        texts=tuple(texts),
        places=frozenset(row["places"] or ()),
    )
