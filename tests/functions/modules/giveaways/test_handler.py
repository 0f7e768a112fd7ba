"""The module behind its door: a JSON object in, a transaction, JSON objects out."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest

from functions.modules.giveaways.giveaways import Giveaways
from functions.modules.giveaways.module import MODULE
from tests.helpers.module_users import as_module
from tests.helpers.servers import Urls
from waddlebot.runtime.serve_module import ModuleDoor, serve_module
from waddlebot.stores.due import Due
from waddlebot.stores.postgres import Postgres

CONTEXT = SimpleNamespace(aws_request_id="request-1")
DISCORD = {"id": "discord:channel:1001", "platform": "discord"}


@pytest.fixture
def handler(
    database_urls: Urls, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ModuleDoor[Giveaways]]:
    monkeypatch.setenv("DATABASE_URL", as_module(database_urls, "giveaways"))
    fresh = serve_module(MODULE, build=Giveaways)
    yield fresh
    fresh.close()


def a_call(command: str, text: str = "", **more: Any) -> dict[str, Any]:
    now = datetime.now(UTC)
    name = f"exec-{uuid.uuid4().hex}"
    return {
        "version": 1,
        "execution_id": name,
        "session_id": f"sess_{name}",
        "command": command,
        "text": text,
        "event_type": "chatMessage",
        "user": {"id": "7", "name": "Max", "role": "moderator"},
        "entity": DISCORD,
        "community": {"id": 1, "name": "Demo"},
        "occurred_at": now.isoformat(),
        "deadline": (now + timedelta(seconds=60)).isoformat(),
        **more,
    }


def said(answer: Any) -> str:
    (item,) = answer
    text: str = item["chat_message"]
    return text


def test_a_draw_that_is_delivered_twice_draws_once(
    handler: ModuleDoor[Giveaways], database: Postgres
) -> None:
    handler(a_call("giveaway start", "A fish"), CONTEXT)
    for number in range(3):
        ana = {"id": f"10{number}", "name": f"Ana{number}", "role": "user"}
        handler(a_call("enter", user=ana), CONTEXT)
    draw = a_call("giveaway draw")

    first, again = (said(handler(draw, CONTEXT)) for _ in range(2))

    assert first == again
    assert first.startswith("🎉")
    with database.writer() as connection:
        rows = Due(connection).take(datetime.now(UTC) + timedelta(days=1), 100)
    assert [row.data["news"] for row in rows] == ["won", "claim"]


def test_whom_a_mention_means_is_excluded_by_id(handler: ModuleDoor[Giveaways]) -> None:
    handler(a_call("giveaway start", "A fish"), CONTEXT)
    names = {"<@80351110224678912>": "@Ana of Oslo"}
    excluded = handler(a_call("giveaway exclude", "<@80351110224678912>", names=names), CONTEXT)
    ana = {"id": "80351110224678912", "name": "Ana (new)", "role": "user"}

    assert said(excluded).startswith("Ana of Oslo cannot win #1 A fish")
    assert "a moderator left you out" in said(handler(a_call("enter", user=ana), CONTEXT))


def test_a_prize_keeps_the_names_that_people_read(handler: ModuleDoor[Giveaways]) -> None:
    started = handler(
        a_call("giveaway start", "Lunch with\n <@301>", names={"<@301>": "@Olga"}), CONTEXT
    )

    assert "#1 Lunch with @Olga. " in said(started)


def test_it_reads_who_is_one_person_and_nothing_else_of_people(database_urls: Urls) -> None:
    with psycopg.connect(as_module(database_urls, "giveaways"), autocommit=True) as connection:
        connection.execute("SELECT * FROM linked_accounts(ARRAY['twitch'], ARRAY['1'])")
        for wrong in (
            "SELECT platform FROM identities",
            "SELECT id FROM people",
            "UPDATE identities SET person_id = 1",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(wrong)
