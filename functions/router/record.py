"""The log that nobody waits for: a batch's lines, verdicts and overlay pushes, in one statement."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from functions.router.departures import departures
from functions.router.heard_lines import is_line, unkept, unwelcome, watched
from functions.router.kept_calls import (
    HIDDEN,
    is_secret,
    kept_error,
    kept_responses,
    kept_text,
    location_of,
)
from functions.router.points import day_of, points
from waddlebot.domain import sayings
from waddlebot.domain.entities import EntityId, platform_of
from waddlebot.domain.errors import Unavailable
from waddlebot.domain.events import FOR_ONE_MODULE, MessageType, texts_of
from waddlebot.domain.executions import Execution, execution_id
from waddlebot.domain.line_names import gone_event, line_event
from waddlebot.domain.matches import Standing
from waddlebot.domain.outcomes import Outcome
from waddlebot.domain.overlay_pushes import life_of
from waddlebot.domain.sayings import NOTHING_DONE
from waddlebot.domain.socket_pushes import SocketPush, nobody_looks
from waddlebot.domain.typed import split_typed
from waddlebot.domain.verdicts import Verdict
from waddlebot.stores.late_records import LateRecords
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.record_rows import BAD_DATA, encode_rows, write_rows
from waddlebot_sdk.responses import Chat

MOST_NAMED = 10_000
"""Places whose names this process remembers to have written."""

Row = dict[str, Any]
Tables = dict[str, list[Row]]
Clock = Callable[[], datetime]

log = logging.getLogger(__name__)


class Ledger:
    """`late` keeps what cannot be written now; `show` is told what pages that look now are to see.
    What is written late they ask for themselves.
    """

    def __init__(
        self,
        postgres: Postgres,
        late: LateRecords,
        *,
        show: Callable[[Sequence[SocketPush]], None] = nobody_looks,
        clock: Clock = lambda: datetime.now(UTC),
    ) -> None:
        self._postgres = postgres
        self._late = late
        self._show = show
        self._clock = clock
        self._has_kept = False
        self._named: dict[EntityId, str] = {}

    def record(self, outcomes: Sequence[Outcome]) -> None:
        """All of it in one round trip and transaction; recording it again changes nothing.

        While the writer is away it is kept on the streams server and written later. A batch that
        PostgreSQL refuses for its data is recorded event by event; what it still refuses is a dead
        letter. What belongs to another router is left to that one.

        Raises:
            Unavailable: neither server takes it, and a told event is among them.
        """
        ours = [outcome for outcome in outcomes if outcome.standing is not Standing.BUSY]
        _log_refused(ours)
        tables = self._tables(ours)
        if not any(tables.values()):
            return
        try:
            self._write_or_keep(ours, tables)
        except Unavailable:
            # Their answers are out; failing now would take them back.
            if not all(outcome.session.event.is_asked for outcome in ours):
                raise
            log.exception("outcomes were not recorded", extra={"events": _ids(ours)})

    def _write_or_keep(self, outcomes: Sequence[Outcome], tables: Tables) -> None:
        rows = encode_rows(tables)
        try:
            self._show(write_rows(self._postgres, rows))
            self._catch_up()
        except BAD_DATA as error:
            if len(outcomes) > 1:
                for outcome in outcomes:
                    self._write_or_keep([outcome], self._tables([outcome]))
                return
            log.error("outcome cannot be recorded", extra={"events": _ids(outcomes)})  # noqa: TRY400 - holds text
            self._late.give_up(rows, outcomes[0].session.event.entity, type(error).__name__)
        except Unavailable:
            log.warning("outcomes are recorded later", extra={"events": len(outcomes)})
            self._late.keep(rows, outcomes[0].session.event.entity)
            self._has_kept = True

    def _catch_up(self) -> None:
        """The writer is back: what this process kept need not wait for the clock."""
        if self._has_kept:
            self._has_kept = False
            self._late.write(self._postgres)

    def _tables(self, outcomes: Sequence[Outcome]) -> Tables:
        now = self._clock().astimezone(UTC)
        return {
            "messages": _unique(_lines(outcomes, now.date()), "event_id"),
            "happenings": _unique(_happenings(outcomes, now.date()), "event_id"),
            "departures": list(departures(outcomes)),
            "verdicts": _unique(_verdicts(outcomes, now.date()), "execution_id"),
            "pushes": _pushes(outcomes, now),
            "points": _unique(points(outcomes, now.date()), "event_id"),
            "places": _unique(self._new_names(outcomes), "entity_id"),
            "unkept": list(unkept(outcomes)),
            "watched": list(watched(outcomes)),
            "unwelcome": list(unwelcome(outcomes)),
        }

    def _new_names(self, outcomes: Iterable[Outcome]) -> Iterable[Row]:
        """What places are called, once a process: most lines say nothing new."""
        if len(self._named) > MOST_NAMED:
            self._named.clear()
        for outcome in outcomes:
            event = outcome.session.event
            if event.place_name and self._named.get(event.entity) != event.place_name:
                self._named[event.entity] = event.place_name
                yield {"entity_id": event.entity, "name": event.place_name}


def _log_refused(outcomes: Iterable[Outcome]) -> None:
    """Whoever runs the house may want to know what modules try."""
    for outcome in outcomes:
        for execution in outcome.executions:
            for one in execution.refused:
                told = {"event": outcome.session.event.id, "wish": one.wish.value, "why": one.why}
                called = execution.verdict.match.trigger.module
                log.warning("a module may not", extra={"called": called, **told})


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
        if is_line(session.event) and session.community.keep_days:
            yield {
                **_origin(outcome, today),
                "text": _told(outcome),
                "commands_version": session.commands_version,
                "community_version": session.community.version,
            }


def _happenings(outcomes: Iterable[Outcome], today: date) -> Iterable[Row]:
    """What is no line, so that it has a story even where nothing met it.

    What is due has the story of the call that it belongs to.
    """
    for outcome in outcomes:
        session, event = outcome.session, outcome.session.event
        is_told = event.type not in FOR_ONE_MODULE and not event.watched_only
        if is_told and not is_line(event) and session.community.keep_days:
            origin = _origin(outcome, today)
            del origin["role"]
            yield {**origin, "type": event.type.value}
        elif event.type is MessageType.GONE and session.community.keep_days:
            yield from _gone_lines(outcome, today)


def _gone_lines(outcome: Outcome, today: date) -> Iterable[Row]:
    """One a line, so that nothing is made of what was deleted where it stood."""
    origin, event = _origin(outcome, today), outcome.session.event
    del origin["role"]
    for message in texts_of(event.data.get("messages")):
        name = gone_event(line_event(event.entity, message))
        yield {**origin, "event_id": name, "type": event.type.value}


def _told(outcome: Outcome) -> str:
    """The line, without what was typed behind a command as a secret."""
    for verdict in outcome.verdicts:
        if is_secret(verdict.match.trigger):
            return f"{sayings.name_of(verdict.match.trigger)} {HIDDEN}"
    event = outcome.session.event
    if event.watched_only and split_typed(event.text, outcome.session.community.words):
        # An edit, say: nothing has looked up which command it is.
        return f"{event.text.split(maxsplit=1)[0]} {HIDDEN}"
    return "\n".join(event.texts)


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
        "occurred_on": day_of(event.occurred_at, today),
        "occurred_at": event.occurred_at,
        "community_id": session.community.id,
        "entity_id": session.spot.entity,
        "platform": platform_of(session.spot.entity),
        "user_id": person.id if person else None,
        "user_name": person.name if person else None,
        "role": person.role.value if person else None,
    }


def _decision(verdict: Verdict) -> Row:
    match = verdict.match
    return {
        "module": match.trigger.module,
        "command": match.trigger.id,
        "arguments": kept_text(match),
        "location_url": location_of(match.trigger),
        "needed_role": match.trigger.role.value,
        "reason": verdict.reason.value,
        "decided_by": verdict.by,
        "wait_seconds": verdict.wait_seconds,
        "said": verdict.said,
        "hushed": verdict.hushed,
    }


def _result(execution: Execution | None) -> Row:
    if execution is None:
        return {
            "status": None,
            "response_data": [],
            "error_message": "",
            "execution_time_ms": 0.0,
            "attempts": 0,
            "refused": None,
            "response_status": None,
        }
    return {
        "status": execution.status.value,
        "response_data": kept_responses(execution),
        "error_message": kept_error(execution) or (NOTHING_DONE if _is_for_free(execution) else ""),
        "execution_time_ms": execution.took_ms,
        "attempts": execution.attempts,
        "refused": [one.to_row() for one in execution.refused] or None,
        "response_status": int(execution.http_status),
    }


def _is_for_free(execution: Execution) -> bool:
    """It said what was wrong, or what to type instead, and did nothing else."""
    responses = execution.responses
    return bool(responses) and all(isinstance(one, Chat) and one.free for one in responses)


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
                    "made_at": now,
                    "expires_at": now + life_of(push.source, push.content),
                    "counts_for": push.counts_for,
                    "counts": push.counts,
                }
            )
    return rows
