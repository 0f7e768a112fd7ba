"""Communities as texts, the people in them and their rules, as an operator types."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
import redis

from tests.helpers.events_and_commands import TWITCH
from tests.helpers.terminal import Terminal, address, terminal
from waddlebot.domain.string_rules import MatchType, RuleAction
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.settings import CommunitySettings
from waddlebot.stores.string_rules import StringRules
from waddlebot.stores.versions import Versions, editing

__all__ = ["address", "terminal"]


def test_a_community_is_written_out_compared_read_in_and_taken_back(
    address: str, terminal: Terminal, database: Postgres, versions: Versions, tmp_path: Path
) -> None:
    assert address
    with editing(database, versions) as edit:
        number = Places(edit).join([TWITCH], "Penguins")
        CommunitySettings(edit).set_own(number, "language", "de")
    assert "Penguins" in terminal.type("community list")
    text = terminal.type("community export penguins")
    assert 'language = "de"' in text
    file = tmp_path / "penguins.toml"
    file.write_text(text)
    assert terminal.type(f"community diff Penguins {file}") == "Nothing differs.\n"
    file.write_text(text.replace('"de"', '"fr"'))

    told = terminal.type(f"community import Penguins {file}")
    assert told.splitlines()[0] == "~ setting language: de becomes fr"
    assert "Nothing was changed yet" in told
    assert 'language = "de"' in terminal.type("community export Penguins")
    assert "Take it back" in terminal.type(f"community import Penguins {file} --yes")
    assert terminal.type_json("community export Penguins")["text"] == file.read_text()
    asked = terminal.type("community undo Penguins")
    assert asked.splitlines()[0] == "~ setting language: fr becomes de"
    assert "Nothing was taken back yet" in asked
    assert "That cannot be taken back itself" in asked
    assert terminal.type("community export Penguins") == file.read_text()
    assert terminal.type_json("community undo Penguins")["dry_run"] is True
    told = terminal.type("community undo Penguins --yes")
    assert "~ setting language: fr becomes de" in told
    assert "as it was before the last import" in told
    assert terminal.type("community export Penguins") == text
    terminal.type("community undo Penguins")
    assert (terminal.code, terminal.err) == (1, "No text was read in that could be taken back.\n")

    file.write_text("colour = 1")
    terminal.type(f"community import Penguins {file}")
    assert (terminal.code, terminal.err) == (1, "'waddlebot': it is missing.\n")
    terminal.type("community export Puffins")
    assert "Your key knows no community 'Puffins'" in terminal.err
    terminal.type("community import Penguins nothing.toml")
    assert terminal.err == "nothing.toml cannot be read: No such file or directory.\n"
    file.write_bytes(b"\xff")
    terminal.type(f"community import Penguins {file}")
    assert terminal.err == f"{file} cannot be read: it is no text in UTF-8.\n"


@pytest.mark.usefixtures("address")
def test_a_table_of_changes_is_as_wide_as_the_terminal(
    terminal: Terminal, database: Postgres, versions: Versions, monkeypatch: pytest.MonkeyPatch
) -> None:
    with editing(database, versions) as edit:
        number = Places(edit).join([TWITCH], "Penguins that have a very long name of their own")
        CommunitySettings(edit).set_own(number, "language", "de")
    assert max(map(len, terminal.type("audit").splitlines())) > 80
    monkeypatch.setenv("COLUMNS", "80")
    narrow = terminal.type("audit").splitlines()
    assert max(map(len, narrow)) <= 80
    assert "…" in "".join(narrow)


@pytest.mark.parametrize(("typed", "left"), [("n\n", "fr"), ("\n", "fr"), ("y\n", "de")])
@pytest.mark.usefixtures("address")
def test_a_person_is_asked_before_an_import_is_taken_back(  # noqa: PLR0917 - fixtures
    terminal: Terminal,
    database: Postgres,
    versions: Versions,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    typed: str,
    left: str,
) -> None:
    with editing(database, versions) as edit:
        number = Places(edit).join([TWITCH], "Penguins")
        CommunitySettings(edit).set_own(number, "language", "de")
    file = tmp_path / "penguins.toml"
    file.write_text(terminal.type("community export Penguins").replace('"de"', '"fr"'))
    terminal.type(f"community import Penguins {file} --yes")
    keyboard, screen = os.openpty()
    os.write(keyboard, typed.encode())
    with os.fdopen(screen) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        told = terminal.type("community undo Penguins")
    os.close(keyboard)

    assert told.splitlines()[0] == "~ setting language: fr becomes de"
    assert "Take back 1 change? [y/N] " in terminal.err
    assert terminal.code == (0 if left == "de" else 1)
    assert f'language = "{left}"' in terminal.type("community export Penguins")


def test_a_person_is_told_all_and_forgotten_when_it_is_meant(
    address: str, terminal: Terminal, database: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert address
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    database.write(
        """
        INSERT INTO community_members (community_id, platform, user_id, role, name)
        VALUES (0, 'twitch', '7', 'admin', 'Ana')
        """
    )
    [account] = terminal.type_json("person export twitch:7")["accounts"]
    assert account["tables"]["community_members"] == [
        {"community_id": 0, "entity_id": "", "role": "admin", "name": "Ana"}
    ]
    terminal.type("person erase twitch:7")
    assert (terminal.code, database.write("SELECT * FROM erasures")) == (1, [])
    assert terminal.type("person erase twitch:7 --yes") == "1 account. Forgotten within minutes.\n"
    assert len(database.write("SELECT * FROM erasures")) == 1
    terminal.type("person export irc:7")
    assert "'platform' is one of discord, slack, twitch." in terminal.err


def test_a_rule_is_undone_and_what_it_deleted_is_listed(
    address: str, terminal: Terminal, database: Postgres, versions: Versions, streams: redis.Redis
) -> None:
    assert address
    assert streams
    with editing(database, versions) as edit:
        community = Places(edit).open(TWITCH)
        rule = StringRules(edit).add(
            community,
            match_type=MatchType.CONTAINS,
            pattern="casino",
            action=RuleAction.BLOCK,
            by="twitch:max",
            timeout_seconds=600,
        )
    said = terminal.type(f"rules undo {rule.id} --dry-run").splitlines()
    assert said == [
        f"rule {rule.id}: contains “casino”, block for 10 min ({TWITCH})",
        "0 hits in the last 24 h.",
        "Would be done: the rule off, and 0 people may write again.",
    ]
    assert "The rule is off." in terminal.type(f"rules undo {rule.id}")
    assert "was off already" in terminal.type(f"rules undo {rule.id}")
    assert terminal.type_json(f"rules undo {rule.id}")["was_on"] is False
    terminal.type("rules undo 99999")
    assert (terminal.code, terminal.err.strip()) == (1, "There is no rule 99999.")
