"""Keys: made, shown once, found, and those that do not fit."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.terminal import Terminal, address, terminal
from waddlebot.domain.entities import EntityId
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions, editing

__all__ = ["address", "terminal"]


def test_a_key_of_one_community_sees_that_one_alone(
    address: str,
    terminal: Terminal,
    database: Postgres,
    versions: Versions,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert address
    with editing(database, versions) as edit:
        for name in ("Penguins", "Puffins"):
            Places(edit).join([EntityId(f"twitch:channel:{name}")], name)
    made = "keys make pond --community penguins --role moderator"
    key = terminal.type(made).splitlines()[1]
    assert "Penguins (moderator)" in terminal.type("keys list")
    terminal.type("keys make fish --community Fish")
    assert "no community of that name" in terminal.err
    terminal.type("keys make fish --kind admin --community Penguins")
    assert "is for the whole house" in terminal.err

    monkeypatch.setenv("WADDLEBOT_API_KEY", key)
    assert [one["name"] for one in terminal.type_json("community list")["communities"]] == [
        "Penguins"
    ]
    terminal.type("community export Penguins")
    assert "This is for admins; this key is a moderator." in terminal.err
    terminal.type("community export Puffins")
    assert "knows no community 'Puffins'" in terminal.err
    terminal.type("keys list")
    assert terminal.code == 1


def test_the_local_platform_is_found_with_its_key(
    address: str, terminal: Terminal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("WADDLEBOT_URL", "")
    monkeypatch.setenv("WADDLEBOT_API_KEY", "")
    (tmp_path / "address").write_text(f"{address}\n")
    (tmp_path / "dev.env").write_text("# For calls\nWADDLEBOT_API_KEY=key-admin\n")

    assert terminal.type("dlq list") == "No dead letters, no replies in doubt.\n"
    terminal.type(f"dlq list --url {address}")

    assert terminal.code == 1, "the local key goes nowhere else"
    assert terminal.err.startswith("A key is missing: set WADDLEBOT_API_KEY")


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("", "A key is missing: set WADDLEBOT_API_KEY"),
        ("wrong", "{address} does not know this key. Check WADDLEBOT_API_KEY."),
        ("key-collector", "This needs a key with the scope 'admin'."),
    ],
)
def test_a_key_that_does_not_fit_is_said(
    address: str, terminal: Terminal, monkeypatch: pytest.MonkeyPatch, key: str, said: str
) -> None:
    monkeypatch.setenv("WADDLEBOT_API_KEY", key)

    terminal.type("dlq drop 0-1-0")

    assert terminal.code == 1
    assert terminal.err.startswith(said.format(address=address))


def test_a_key_is_shown_once_and_its_story_stays(address: str, terminal: Terminal) -> None:
    assert address
    words, key = terminal.type("keys make overlay --kind module --days 30").splitlines()
    assert "overlay" in words
    assert key.startswith("wbot_")
    row = next(line for line in terminal.type("keys list").splitlines() if " overlay " in line)
    assert key not in terminal.out
    assert f"{key[:9]}…" in row
    assert "never" in row  # used
    assert terminal.type_json("keys rotate overlay --overlap-hours 2")["old_ends_in_hours"] == 2
    old = row.split()[0]
    assert "within a minute" in terminal.type(f"keys revoke {old}")
    terminal.type(f"keys revoke {old}")
    assert (terminal.code, "already revoked" in terminal.err) == (1, True)

    head, *rows = terminal.type("audit").splitlines()
    assert head.startswith("WHEN")
    assert [" ".join(row.split()[3:7]) for row in rows] == [
        "account-admin revoke key overlay",
        "account-admin rotate key overlay",
        "account-admin make key overlay",
    ]
    assert len(terminal.type_json("audit --most 1")["changes"]) == 1


def test_nothing_was_changed_yet(address: str, terminal: Terminal) -> None:
    assert address
    assert terminal.type("audit") == "Nothing was changed yet.\n"
