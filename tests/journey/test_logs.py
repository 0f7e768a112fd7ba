"""`make logs` and `waddlebot logs`, over what a house has really written, and what it may write."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.house import ROOT, House
from tests.helpers.patience import eventually

LINE = re.compile(r"\d\d:\d\d:\d\d\.\d{3} (DEBUG|INFO|WARNING|ERROR) +[a-z-]+ +\S.*")


def shown(home: Path, *arguments: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-m", "local", "logs", "--once", *arguments],
        cwd=ROOT,
        env={**os.environ, "WADDLEBOT_HOME": str(home)},
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    return done.stdout.splitlines()


def asked(house: House, message: str) -> str:
    """The session of one question to the API."""
    body: dict[str, Any] = {
        "message_type": "chatMessage",
        "entity_id": f"twitch:channel:{uuid.uuid4().int % 10**12}",
        "user_id": "123456",
        "message": message,
    }
    status, answer = house.api(body)
    assert status == 200, answer
    return str(answer["session_id"])


def test_they_are_lines_for_people_and_json_on_request(house: House) -> None:
    one, other = asked(house, "!quote"), asked(house, "!quote")

    def of_one() -> list[str]:
        return shown(house.home, "--session", one)

    assert eventually(lambda: bool(of_one()), within=15)
    lines = of_one()
    assert all(map(LINE.fullmatch, lines)), lines
    assert any(" memories " in line and "action=quote" in line for line in lines), lines
    told = [json.loads(line) for line in shown(house.home, "--session", one, "--json")]
    assert {entry["session_id"] for entry in told} == {one}
    assert {"function", "level", "at", "message"} <= set(told[0])
    assert other not in " ".join(lines)


def test_one_function_s_lines_alone(house: House) -> None:
    asked(house, "!help")
    told = [json.loads(one) for one in shown(house.home, "--function", "gateway", "--json")]
    assert {entry["function"] for entry in told} == {"gateway"}
    lines = shown(house.home, "--level", "debug", "--function", "router-api")
    assert any("REPORT RequestId" in line for line in lines)
    assert not any("REPORT RequestId" in line for line in shown(house.home))


@pytest.fixture
def written(tmp_path: Path) -> Path:
    logs = tmp_path / "logs"
    logs.mkdir()
    ours = {"level": "WARNING", "module": "x:1", "category": "SYSTEM"}
    late = {**ours, "timestamp": "2026-11-28T00:00:01.000+00:00", "message": "after midnight"}
    early = {**ours, "timestamp": "2026-11-27T23:59:59.000+00:00", "message": "before midnight"}
    (logs / "a.log").write_text(f"{json.dumps(late)}\n")
    (logs / "b.log").write_text(f"{json.dumps(early)}\nTraceback (most recent call last):\n")
    (logs / "cache.log").write_text("7:M 28 Nov 2026 00:00:02.500 * Ready\nhalf a li")
    (logs / "c.log").write_bytes(b'{"_aws": {}}\n\xff\xfe no text\n{"level": 7}\n[1]\n\n')
    return tmp_path


def test_lines_of_all_files_stand_in_the_order_of_their_times(written: Path) -> None:
    found = [line for line in shown(written) if re.search("midnight|Traceback|Ready|half a", line)]
    assert [re.sub(r" +", " ", line) for line in found] == [
        "23:59:59.000 WARNING b before midnight",
        "23:59:59.000 ERROR b Traceback (most recent call last):",
        "00:00:01.000 WARNING a after midnight",
        "00:00:02.500 INFO cache Ready",
    ]


def test_errors_are_found_by_their_level(written: Path) -> None:
    assert [line.split()[1] for line in shown(written, "--level", "error")] == ["ERROR"]
