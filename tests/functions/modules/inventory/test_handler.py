"""The module behind its door: a JSON object in, a transaction, JSON objects out."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from functions.modules.inventory.module import MODULE
from functions.modules.inventory.store import Inventory
from tests.helpers.module_users import as_module
from tests.helpers.servers import Urls
from waddlebot.runtime.serve_module import ModuleDoor, serve_module

CONTEXT = SimpleNamespace(aws_request_id="request-1")
DISCORD = {"id": "discord:channel:1001", "platform": "discord"}


@pytest.fixture
def handler(
    database_urls: Urls, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ModuleDoor[Inventory]]:
    monkeypatch.setenv("DATABASE_URL", as_module(database_urls, "inventory"))
    fresh = serve_module(MODULE, build=Inventory)
    yield fresh
    fresh.close()


def a_call(command: str, text: str, **more: Any) -> dict[str, Any]:
    now = datetime.now(UTC)
    name = f"exec-{uuid.uuid4().hex}"
    return {
        "version": 1,
        "execution_id": name,
        "session_id": f"sess_{name}",
        "command": f"inventory {command}",
        "text": text,
        "event_type": "chatMessage",
        "user": {"id": "7", "name": "Max", "role": "moderator"},
        "entity": DISCORD,
        "community": {"id": 1, "name": "Demo"},
        "occurred_at": now.isoformat(),
        "deadline": (now + timedelta(seconds=60)).isoformat(),
        **more,
    }


def said(answer: Any) -> list[str]:
    return [item["chat_message"] for item in answer if "chat_message" in item]


def test_a_call_that_is_delivered_twice_lends_once(handler: ModuleDoor[Inventory]) -> None:
    handler(a_call("add", "battery x5"), CONTEXT)
    take = a_call("take", "battery 2")

    first, again = (handler(take, CONTEXT) for _ in range(2))

    assert said(first) == said(again)
    assert "3 of 5 are here." in said(handler(a_call("show", "battery"), CONTEXT))[0]


def test_whom_a_mention_means_has_it_by_id(handler: ModuleDoor[Inventory]) -> None:
    names = {"<@301>": "@Ana of Oslo"}
    ana = {"id": "301", "name": "Ana (new)", "role": "user"}
    handler(a_call("add", "camera"), CONTEXT)

    lent = handler(a_call("checkout", "camera <@301> for 2 days", names=names), CONTEXT)
    back = handler(a_call("return", "camera", user=ana), CONTEXT)

    assert said(lent)[0].startswith("Ana of Oslo has camera until ")
    assert said(back) == ["camera is back."]


def test_a_command_of_a_slash_reads_the_same(handler: ModuleDoor[Inventory]) -> None:
    """What is chosen apart comes in quotes, but for the last."""
    added = handler(a_call("add", '"AA battery" x3 "in the box" #power'), CONTEXT)
    taken = handler(a_call("take", '"AA battery" 2 for 2 days'), CONTEXT)

    assert said(added) == ["Added 3 x AA battery as #1: in the box. Labels: power."]
    assert said(taken)[0].startswith("You have 2 x AA battery until ")


def test_personal_data_is_handed_out_and_erased(handler: ModuleDoor[Inventory]) -> None:
    handler(a_call("add", "camera"), CONTEXT)
    handler(a_call("take", "camera"), CONTEXT)
    person = {"community_id": 1, "platform": "discord", "user_id": "7"}

    handed_out = handler({"personal_data": {"verb": "export", **person}}, CONTEXT)
    erased = handler({"personal_data": {"verb": "erase", **person}}, CONTEXT)
    after = handler({"personal_data": {"verb": "export", **person}}, CONTEXT)

    assert isinstance(handed_out, dict)
    assert [one["kind"] for one in handed_out["records"]] == [
        "item added",
        "loan",
        "activity",
        "activity",
    ]
    assert isinstance(erased, dict)
    assert erased["erased"] > 0
    assert after == {"records": []}
