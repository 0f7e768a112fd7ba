"""A community function as AWS Lambda runs it: the SDK alone, no variables, JSON in and out."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

import pytest

from functions.catalogue import lambda_modules
from tests.contract.imports import ROOT
from waddlebot.domain.events import MessageType, message_type
from waddlebot.domain.triggers import FIRST_CONTACT
from waddlebot_sdk import Call, Command, CommunityInfo, Module, Place, User
from waddlebot_sdk.events import EVENTS
from waddlebot_sdk.responses import from_wire

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
PROGRAM = """
import importlib, json, sys
root, sdk, handler = sys.argv[1:]
sys.path[:0] = [root, sdk]
answer = importlib.import_module(handler).handler(json.load(sys.stdin), None)
ours = {"waddlebot", "psycopg", "redis"} & {name.split(".")[0] for name in sys.modules}
json.dump([answer, sorted(ours)], sys.stdout)
"""
EXAMPLES = [
    pytest.param(module, command, id=f"{module.name}-{command.path}")
    for module in lambda_modules()
    if module.community
    for command in module.commands
]


@pytest.mark.parametrize(("module", "command"), EXAMPLES)
def test_it_answers_its_own_example(module: Module[Any], command: Command[Any]) -> None:
    call = Call(
        execution_id="exec-1",
        session_id="sess_1",
        command=command.path,
        prefix=module.prefix,
        text=command.example.removeprefix(command.path).strip(),
        event_type="chatMessage",
        user=User(id="1", name="Ana"),
        entity=Place(id="twitch:channel:1001", platform="twitch"),
        community=CommunityInfo(id=1, name="Demo"),
        occurred_at=NOW,
        deadline=NOW,
    )

    answer, ours = run_apart(f"functions.modules.{module.name}.handler", call)

    assert from_wire(answer)
    assert {item["session_id"] for item in answer} == {"sess_1"}
    assert ours == [], "it was loaded with what it is not granted"


def run_apart(handler: str, call: Call) -> Any:
    """In a bare interpreter: no packages but the SDK, no variable set."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", PROGRAM, str(ROOT), str(ROOT / "sdk/python"), handler],
        input=json.dumps(call.to_wire()),
        env={},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_strangers_may_listen_to_every_event_that_people_and_platforms_make() -> None:
    internal = {"due", "first_line", "gone", "invited", "profile_change", "unsaid"}

    assert {*MessageType} - internal | {FIRST_CONTACT} == EVENTS
    assert all(event == FIRST_CONTACT or message_type(event) for event in EVENTS)
