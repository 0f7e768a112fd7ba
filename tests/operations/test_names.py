"""Operators read names of people and places; ids stay in the JSON."""

from __future__ import annotations

import re

import msgspec

from functions.router.record import Ledger
from tests.helpers.events_and_commands import a_session, an_event
from tests.helpers.terminal import Terminal, address, terminal
from waddlebot.domain.entities import EntityId
from waddlebot.domain.events import Speaker
from waddlebot.domain.outcomes import Outcome
from waddlebot.stores.keys import Partitions
from waddlebot.stores.late_records import LateRecords
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.settings import CommunitySettings
from waddlebot.stores.switches import Switches
from waddlebot.stores.valkey import connect
from waddlebot.stores.versions import Versions, editing

__all__ = ["address", "terminal"]

GENERAL = EntityId("discord:channel:10/20")
UNNAMED = EntityId("slack:channel:T1/C1")
ANA = Speaker(id="30", name="Ana")
AN_ID = re.compile(r"\w:\w+:\w|\b(?:discord|twitch|slack):\w")


def said(database: Postgres, entity: EntityId, person: Speaker, place_name: str) -> None:
    event = msgspec.structs.replace(
        an_event("hi", entity=entity, user=person), place_name=place_name
    )
    late = LateRecords(connect("redis://127.0.0.1:1/0"), Partitions())
    Ledger(database, late).record([Outcome(session=a_session(event=event))])


def test_the_audit_log_speaks_by_names(
    address: str, terminal: Terminal, database: Postgres, versions: Versions
) -> None:
    assert address
    with editing(database, versions, by="discord:30") as edit:
        number = Places(edit).open(GENERAL)
        Places(edit).open(UNNAMED)
        CommunitySettings(edit).set_own(number, "language", "de")
        Switches(edit).set_enabled_at(GENERAL, "roll", enabled=False)
        Switches(edit).set_enabled_at(UNNAMED, "roll", enabled=False)
    said(database, GENERAL, ANA, "general")

    told = terminal.type("audit")
    assert "Ana on Discord" in told
    assert "roll at #general on Discord" in told
    assert "roll at a channel on Slack" in told
    assert "the server of #general on Discord" in told
    assert not AN_ID.search(told), told
    changes = terminal.type_json("audit")["changes"]
    assert {one["who"] for one in changes} == {"discord:30"}
    assert f"roll at {GENERAL}" in {one["about"] for one in changes}


def test_communities_are_listed_by_where_they_are_at_home(
    address: str, terminal: Terminal, database: Postgres, versions: Versions
) -> None:
    assert address
    with editing(database, versions) as edit:
        Places(edit).open(GENERAL)
        Places(edit).open(EntityId("twitch:channel:1001"), login="waddlebot")
    said(database, GENERAL, ANA, "general")

    told = terminal.type("community list")
    assert "the server of #general on Discord" in told
    assert "waddlebot on Twitch" in told
    assert not AN_ID.search(told), told
    homes = [one["home"] for one in terminal.type_json("community list")["communities"]]
    assert homes[-2:] == ["discord:server:10", "twitch:channel:1001"]


def test_a_renamed_channel_is_called_by_its_new_name(
    address: str, terminal: Terminal, database: Postgres, versions: Versions
) -> None:
    assert address
    with editing(database, versions) as edit:
        Places(edit).open(GENERAL)
    for name in ("general", "pond"):
        said(database, GENERAL, ANA, name)
    assert "the server of #pond on Discord" in terminal.type("community list")
