"""The module behind its door: a JSON object in, a transaction, JSON objects out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from functions.modules.memories.module import MODULE
from functions.modules.memories.store import Memories
from tests.helpers.module_users import as_module
from tests.helpers.servers import Urls
from waddlebot.runtime.serve_module import ModuleDoor, serve_module

CONTEXT = SimpleNamespace(aws_request_id="request-1")


@pytest.fixture
def handler(database_urls: Urls, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleDoor[Memories]]:
    monkeypatch.setenv("DATABASE_URL", as_module(database_urls, "memories"))
    fresh = serve_module(MODULE, build=Memories)
    yield fresh
    fresh.close()


def a_call(execution_id: str, command: str, text: str) -> dict[str, Any]:
    now = datetime.now(UTC)
    return {
        "version": 1,
        "execution_id": execution_id,
        "session_id": f"sess_{execution_id}",
        "command": command,
        "text": text,
        "event_type": "chatMessage",
        "user": {"id": "7", "name": "Max", "role": "moderator"},
        "entity": {"id": "twitch:channel:1001", "platform": "twitch"},
        "community": {"id": 1, "name": "Demo"},
        "occurred_at": now.isoformat(),
        "deadline": (now + timedelta(seconds=5)).isoformat(),
    }


def said(answer: Any) -> list[str]:
    return [item["chat_message"] for item in answer if "chat_message" in item]


def test_a_call_that_is_delivered_twice_keeps_one_quote(handler: ModuleDoor[Memories]) -> None:
    first, again = (handler(a_call("exec-1", "addquote", "Waddle on!"), CONTEXT) for _ in range(2))
    other = handler(a_call("exec-2", "addquote", "Fish first"), CONTEXT)

    assert said(first) == said(again) == ["Kept as quote #1."]
    assert said(other) == ["Kept as quote #2."]


def test_personal_data_is_handed_out_and_erased(handler: ModuleDoor[Memories]) -> None:
    handler(a_call("exec-1", "remind", "10m stretch"), CONTEXT)
    person = {"community_id": 1, "platform": "twitch", "user_id": "7"}

    handed_out = handler({"personal_data": {"verb": "export", **person}}, CONTEXT)
    erased = handler({"personal_data": {"verb": "erase", **person}}, CONTEXT)

    assert isinstance(handed_out, dict)
    assert [record["content"] for record in handed_out["records"]] == ["stretch"]
    assert erased == {"erased": 1}
