"""The log that nobody waits for: a batch's lines, verdicts and overlay pushes, in one statement."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import psycopg
from psycopg.types.json import Jsonb

from waddlebot.domain.entities import platform_of
from waddlebot.domain.errors import Unavailable
from waddlebot.domain.events import MessageType
from waddlebot.domain.executions import Execution, execution_id
from waddlebot.domain.matches import Standing
from waddlebot.domain.outcomes import Outcome
from waddlebot.domain.verdicts import Verdict
from waddlebot.stores.postgres import Postgres

CHAT_LINES = frozenset(
    {MessageType.CHAT_MESSAGE, MessageType.SLASH_COMMAND, MessageType.APP_MENTION}
)
PUSH_SECONDS = 60
"""What a page has not shown by then is not shown any more."""

Row = dict[str, Any]
Clock = Callable[[], datetime]

_encode = msgspec.json.Encoder().encode
_BAD_DATA = (psycopg.DataError, UnicodeEncodeError)
"""What PostgreSQL refuses, and lone surrogates, which do not even become bytes."""

log = logging.getLogger(__name__)

_STATEMENT = """
    WITH lines AS (
        INSERT INTO messages (event_id, occurred_on, occurred_at, community_id, entity_id, platform,
            user_id, user_name, text, commands_version, community_version)
        SELECT * FROM jsonb_to_recordset(%(messages)s) AS row (
            event_id text, occurred_on date, occurred_at timestamptz, community_id bigint,
            entity_id text, platform text, user_id text, user_name text, text text,
            commands_version text, community_version text)
        ON CONFLICT (event_id, occurred_on) DO NOTHING
    ), verdicts AS (
        INSERT INTO command_executions (execution_id, occurred_on, occurred_at, event_id,
            session_id, community_id, entity_id, platform, user_id, user_name, module, command,
            arguments, needed_role, role, reason, decided_by, wait_seconds, said, status,
            response_data, error_message, execution_time_ms, attempts)
        SELECT * FROM jsonb_to_recordset(%(verdicts)s) AS row (
            execution_id text, occurred_on date, occurred_at timestamptz, event_id text,
            session_id text, community_id bigint, entity_id text, platform text, user_id text,
            user_name text, module text, command text, arguments text, needed_role text,
            role text, reason text, decided_by text, wait_seconds double precision, said boolean,
            status text, response_data jsonb, error_message text,
            execution_time_ms double precision, attempts integer)
        ON CONFLICT (execution_id, occurred_on) DO UPDATE SET status = EXCLUDED.status,
            response_data = EXCLUDED.response_data, error_message = EXCLUDED.error_message,
            execution_time_ms = EXCLUDED.execution_time_ms, attempts = EXCLUDED.attempts
        WHERE command_executions.status = 'pending' AND EXCLUDED.status IN ('success', 'failed')
    ), pushed AS (
        SELECT *, row_number() OVER (PARTITION BY community_id ORDER BY nth) AS step,
            count(*) OVER (PARTITION BY community_id) AS steps
        FROM jsonb_to_recordset(%(pushes)s) AS row (nth integer, community_id bigint,
            source text, execution_id text, position integer, content jsonb,
            expires_at timestamptz)
    ), counted AS (
        -- The row stays locked until the commit: numbers are given out in the order of commits.
        INSERT INTO overlay_state (community_id, last_number)
        SELECT community_id, count(*) FROM pushed GROUP BY community_id ORDER BY community_id
        ON CONFLICT (community_id) DO UPDATE
            SET last_number = overlay_state.last_number + EXCLUDED.last_number
        RETURNING community_id, last_number
    )
    INSERT INTO overlay_pushes
        (community_id, number, source, execution_id, position, content, expires_at)
    SELECT community_id, last_number - steps + step, source, execution_id, position, content,
        expires_at
    FROM pushed JOIN counted USING (community_id)
    ON CONFLICT (execution_id, position) DO NOTHING
"""


class Ledger:
    def __init__(self, postgres: Postgres, *, clock: Clock = lambda: datetime.now(UTC)) -> None:
        self._postgres = postgres
        self._clock = clock

    def record(self, outcomes: Sequence[Outcome]) -> None:
        """All of it in one round trip and transaction; recording it again changes nothing.

        A batch that PostgreSQL refuses for its data is recorded event by event, and what it
        still refuses is logged. What belongs to another router is left to that one.

        Raises:
            Unavailable: the writer does not answer and a told event is among them.
        """
        ours = [outcome for outcome in outcomes if outcome.standing is not Standing.BUSY]
        try:
            self._record(ours)
        except _BAD_DATA:
            for outcome in ours:
                self._record_alone(outcome)
        except Unavailable:
            # Their answers are out; failing now would take them back.
            if not all(outcome.session.event.is_asked for outcome in ours):
                raise
            log.exception("outcomes were not recorded", extra={"events": _ids(ours)})

    def _record_alone(self, outcome: Outcome) -> None:
        try:
            self._record([outcome])
        except _BAD_DATA as error:
            extra = {"events": _ids([outcome]), "error": type(error).__name__}
            log.error("outcome could not be recorded", extra=extra)  # noqa: TRY400 - holds text

    def _record(self, outcomes: Sequence[Outcome]) -> None:
        now = self._clock().astimezone(UTC)
        tables = {
            "messages": _unique(_lines(outcomes, now.date()), "event_id"),
            "verdicts": _unique(_verdicts(outcomes, now.date()), "execution_id"),
            "pushes": _pushes(outcomes, now),
        }
        if any(tables.values()):
            self._write({name: Jsonb(rows, dumps=_encode) for name, rows in tables.items()})

    def _write(self, tables: dict[str, Jsonb]) -> None:
        try:
            self._postgres.write(_STATEMENT, tables)
        except psycopg.errors.CheckViolation as error:
            # The day has no partition: nothing is wrong with the rows, the sweep has not run.
            raise Unavailable("the record of today") from error


def _ids(outcomes: Iterable[Outcome]) -> list[str]:
    return [outcome.session.event.id for outcome in outcomes]


def _unique(rows: Iterable[Row], key: str) -> list[Row]:
    """One row a key, the first; in the order of keys, so that two writers cannot lock crosswise."""
    first: dict[str, Row] = {}
    for row in rows:
        first.setdefault(row[key], row)
    return [first[one] for one in sorted(first)]


def _lines(outcomes: Iterable[Outcome], today: date) -> Iterable[Row]:
    for outcome in outcomes:
        session = outcome.session
        if session.event.type in CHAT_LINES:
            yield {
                **_origin(outcome, today),
                "text": session.event.text,
                "commands_version": session.commands_version,
                "community_version": session.community.version,
            }


def _verdicts(outcomes: Iterable[Outcome], today: date) -> Iterable[Row]:
    for outcome in outcomes:
        ran = {execution.id: execution for execution in outcome.executions}
        for verdict in outcome.verdicts:
            number = execution_id(verdict.match)
            yield {
                **_origin(outcome, today),
                "execution_id": number,
                "session_id": outcome.session.id,
                **_decision(verdict),
                **_result(ran.get(number)),
            }


def _origin(outcome: Outcome, today: date) -> Row:
    session = outcome.session
    event, person = session.event, session.person
    return {
        "event_id": event.id,
        "occurred_on": _day(event.occurred_at, today),
        "occurred_at": event.occurred_at,
        "community_id": session.community.id,
        "entity_id": session.spot.entity,
        "platform": platform_of(session.spot.entity),
        "user_id": person.id if person else None,
        "user_name": person.name if person else None,
        "role": person.role.value if person else None,
    }


def _day(occurred_at: datetime, today: date) -> date:
    """The event's own, as long as there is a partition for it whatever its clock says."""
    day = occurred_at.astimezone(UTC).date()
    return day if day == today else min(max(day, today - timedelta(days=1)), today)


def _decision(verdict: Verdict) -> Row:
    match = verdict.match
    return {
        "module": match.trigger.module,
        "command": match.trigger.id,
        "arguments": match.text,
        "needed_role": match.trigger.role.value,
        "reason": verdict.reason.value,
        "decided_by": verdict.by,
        "wait_seconds": verdict.wait_seconds,
        "said": verdict.said,
    }


def _result(execution: Execution | None) -> Row:
    if execution is None:
        return {
            "status": None,
            "response_data": [],
            "error_message": "",
            "execution_time_ms": 0.0,
            "attempts": 0,
        }
    return {
        "status": execution.status.value,
        "response_data": [response.to_wire() for response in execution.responses],
        "error_message": execution.error,
        "execution_time_ms": execution.took_ms,
        "attempts": execution.attempts,
    }


def _pushes(outcomes: Iterable[Outcome], now: datetime) -> list[Row]:
    rows: list[Row] = []
    for outcome in outcomes:
        positions: dict[str, int] = {}
        for push in outcome.overlay_pushes:
            positions[push.execution_id] = positions.get(push.execution_id, -1) + 1
            rows.append(
                {
                    "nth": len(rows),
                    "community_id": push.community,
                    "source": push.source,
                    "execution_id": push.execution_id,
                    "position": positions[push.execution_id],
                    "content": push.content,
                    "expires_at": now + timedelta(seconds=PUSH_SECONDS),
                }
            )
    return rows
