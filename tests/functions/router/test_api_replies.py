"""Whoever calls the API for nobody but themselves puts words into nobody's mouth."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from functions.router.api_events import read_event
from waddlebot.stores.api_keys import COLLECTOR, ApiKey

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(("scopes", "is_believed"), [({COLLECTOR}, True), (set[str](), False)])
def test_which_line_is_answered_is_believed_only_from_collectors(
    scopes: set[str], *, is_believed: bool
) -> None:
    metadata = {"replied_to": {"message_id": "1", "text": "I never said that"}, "more": 1}
    body = {
        "message_type": "chatMessage",
        "entity_id": "twitch:channel:1001",
        "user_id": "7",
        "message": "!addquote",
        "metadata": metadata,
    }
    key = ApiKey(account="ours", scopes=frozenset(scopes), per_minute=9)

    data = read_event(body, key, now=NOW, asked_until=NOW).event.data

    assert data == (metadata if is_believed else {"more": 1})
