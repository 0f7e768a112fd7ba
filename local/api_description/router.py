"""One event or up to a hundred, described: functions/router answers them in place."""

from __future__ import annotations

from collections.abc import Mapping

from functions.router.api_batches import MOST_EVENTS
from functions.router.api_events import (
    MOST_ID_CHARACTERS,
    MOST_MESSAGE_CHARACTERS,
    MOST_ROLES,
)
from functions.router.http_handler import MOST_BATCH_BYTES
from local.api_description.shapes import (
    FLAG,
    NUMBER,
    OPEN,
    TEXT,
    Described,
    fields,
    listed,
    maybe,
    one_of,
    succeeded,
    text,
    whole,
)
from waddlebot.domain.events import MessageType

_ID = text(1, MOST_ID_CHARACTERS)
_LATER = maybe(text(0, MOST_ID_CHARACTERS))
_EVENT = fields(
    {"message_type": one_of(*MessageType), "entity_id": text(3, MOST_ID_CHARACTERS)},
    more={
        "user_id": maybe(_ID),
        "message": maybe(text(0, MOST_MESSAGE_CHARACTERS)),
        "session_id": _LATER,
        "username": _LATER,
        "message_id": _LATER,
        "roles": maybe(listed(TEXT, 0, MOST_ROLES)),
        "metadata": maybe(OPEN),
        "occurred_at": maybe(TEXT),
    },
)
_REPLY = fields(
    {"session_id": TEXT},
    more={
        "response_action": TEXT,
        "chat_message": TEXT,
        "execution_id": TEXT,
        "response_data": OPEN,
        "private": FLAG,
        "secret": FLAG,
    },
)
_VERDICT = fields(
    {"module": TEXT, "allowed": FLAG, "reason": TEXT, "wait_seconds": NUMBER, "by": TEXT},
    more={"command": TEXT, "rule": whole(0), "event": TEXT, "message": TEXT},
)
_EXECUTION = fields(
    {"execution_id": TEXT, "module": TEXT, "status": TEXT, "took_ms": NUMBER}, more={"error": TEXT}
)
_ANSWER = succeeded(
    session_id=TEXT,
    replies=listed(_REPLY),
    verdicts=listed(_VERDICT),
    executions=listed(_EXECUTION),
)
_HELLO = {
    "message_type": "chatMessage",
    "entity_id": "twitch:channel:waddlebot",
    "user_id": "123456",
    "message": "!help",
}

ROUTES: Mapping[str, Described] = {
    "POST /api/router/process": Described(
        summary="One event, answered in place",
        answer=_ANSWER,
        body=_EVENT,
        example=_HELLO,
    ),
    "POST /api/router/batch": Described(
        summary=f"Up to {MOST_EVENTS} events; entry n is event n, or its error",
        answer=succeeded(
            results=listed(
                {"anyOf": [_ANSWER, {"$ref": "#/components/schemas/Error"}]}, 1, MOST_EVENTS
            )
        ),
        # What is wrong with one entry is that one's error, so the list takes anything.
        body=fields({"events": listed({"anyOf": [_EVENT, {}]}, 1, MOST_EVENTS)}),
        example={"events": [_HELLO]},
        most_kib=MOST_BATCH_BYTES // 1024,
    ),
}
