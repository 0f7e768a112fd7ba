"""Requests as API Gateway hands them on."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import redis

from functions.operations import handler as operations
from functions.router.record import Ledger
from tests.helpers.aws_context import AwsContext
from tests.helpers.events_and_commands import a_command, a_match, a_session, an_event
from waddlebot.domain.outcomes import Outcome
from waddlebot.domain.verdicts import Reason, Verdict
from waddlebot.stores.keys import Partitions
from waddlebot.stores.late_records import LateRecords
from waddlebot.stores.postgres import Postgres
from waddlebot_sdk.roles import Role


def record_refusal(database: Postgres, streams: redis.Redis) -> str:
    """The id of an event that was refused for want of a role."""
    event = an_event("!addquote hi", id="slack:T1/C1/17.1", occurred_at=datetime.now(UTC))
    session = a_session(event=event)
    match = a_match(a_command("addquote", role=Role.MODERATOR), session=session, text="hi")
    refused = Verdict(match=match, reason=Reason.ROLE, by="moderator", said=True)
    ledger = Ledger(database, LateRecords(streams, Partitions()))
    ledger.record([Outcome(session=session, verdicts=(refused,))])
    return event.id


def ask(
    route: str,
    body: Any = None,
    *,
    key: str = "key-collector",
    query: dict[str, str] | None = None,
    **path: str,
) -> tuple[int, dict[str, Any]]:
    """Status and the answer's JSON."""
    event: dict[str, Any] = {
        "routeKey": route,
        "headers": {"authorization": f"Bearer {key}"} if key else {},
        "isBase64Encoded": False,
    }
    if path:
        event["pathParameters"] = path
    if query:
        event["queryStringParameters"] = query
    if body is not None:
        event["body"] = json.dumps(body)
    answer = operations.handler(event, AwsContext())
    return answer["statusCode"], json.loads(answer["body"])
