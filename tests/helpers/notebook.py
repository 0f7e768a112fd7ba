"""A notebook: a small module with a table of its own, and its door as Lambda calls it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from tests.helpers.aws_context import logging_restored
from tests.helpers.module_users import at_home
from tests.helpers.servers import Urls
from waddlebot.domain.errors import Refusal
from waddlebot.runtime.serve_module import ModuleDoor, serve_module
from waddlebot.stores.postgres import Connection, Postgres
from waddlebot_sdk import Answer, Call, Chat, CommunityInfo, Module, PersonalData, Place, User
from waddlebot_sdk.module import command

__all__ = ["logging_restored"]  # a fixture


@dataclass(frozen=True, slots=True)
class Notes:
    connection: Connection

    def add(self, text: str) -> int:
        self.connection.execute("INSERT INTO notes (note) VALUES (%s)", (text,))
        [row] = self.connection.execute("SELECT count(*) AS number FROM notes")
        return int(row["number"])


@command("note <words>", "Keep a note.", example="note milk")
def note(call: Call, notes: Notes) -> Answer:
    number = notes.add(call.arguments["words"])
    if "secret" in call.text:
        raise Refusal("Secrets are not kept.")
    return Chat(f"Note {number}.")


@command("code", "Tell a code.", example="code")
def code(_: Call, notes: Notes) -> Answer:
    return Chat(f"Your code is 7F3KQ9, number {notes.add('code')}.", secret=True)


@command("nap", "Sleep too long.", example="nap")
def nap(_: Call, notes: Notes) -> Answer:
    notes.connection.execute("SELECT pg_sleep(5)")
    return None


@command("odd", "Say what no database keeps.", example="odd")
def odd(_: Call, notes: Notes) -> Answer:
    notes.add("odd")
    return Chat("A\0B")


@command("twice", "Try and undo.", example="twice")
def twice(_: Call, notes: Notes) -> Answer:
    notes.add("kept")
    with notes.connection.transaction():
        notes.add("undone")
        raise psycopg.Rollback


def export(_: int, __: str, user_id: str, notes: Notes) -> list[dict[str, Any]]:
    return [
        {"note": row["note"], "of": user_id}
        for row in notes.connection.execute("SELECT note FROM notes")
    ]


def erase(_: int, __: str, ___: str, notes: Notes) -> int:
    return notes.connection.execute("DELETE FROM notes").rowcount


NOTEBOOK: Module[Notes] = Module(
    name="notebook",
    summary="Keeps notes.",
    commands=(note, code, nap, odd, twice),
    personal_data=PersonalData(export=export, erase=erase),
    timeout_seconds=0.2,
)


@pytest.fixture
def door(
    database_urls: Urls,
    monkeypatch: pytest.MonkeyPatch,
    logging_restored: None,  # noqa: ARG001 - a fixture
) -> Iterator[ModuleDoor[Notes]]:
    monkeypatch.setenv("DATABASE_URL", at_home(database_urls, NOTEBOOK, "notes", "note text"))
    door = serve_module(NOTEBOOK, build=Notes)
    yield door
    door.close()


def a_call(text: str = "milk", *, execution_id: str = "e1", command: str = "note") -> Call:
    return Call(
        execution_id=execution_id,
        session_id="sess_1",
        command=command,
        text=text,
        event_type="chatMessage",
        user=User(id="1", name="Ana"),
        entity=Place(id="twitch:channel:1001", platform="twitch"),
        community=CommunityInfo(id=1, name="Penguins"),
        occurred_at=datetime.now(UTC),
        deadline=datetime.now(UTC) + timedelta(seconds=5),
    )


def notes_in(database: Postgres) -> list[str]:
    return [row["note"] for row in database.read("SELECT note FROM notes")]
