from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from operations.classify import main
from tests.helpers import payloads

RECORDED = Path(__file__).parents[3] / "shared" / "fixtures" / "platform_payloads" / "index.json"


@pytest.fixture
def recorded() -> Path:
    if not RECORDED.exists():
        pytest.skip("the recorded payloads are not beside this repository")
    return RECORDED


def an_index(folder: Path, **expected: Any) -> Path:
    """One Twitch chat line, signed, with what is expected of it."""
    body = payloads.a_twitch_line("!quote 3")
    (folder / "line.json").write_bytes(body)
    case = {
        "file": "line.json",
        "platform": "twitch",
        "transport": "webhook",
        "headers": payloads.twitch_headers(body),
        "clock_epoch": int(payloads.NOW.timestamp()),
        "expected": expected,
    }
    secrets = {"twitch_eventsub_secret": payloads.TWITCH_SECRET}
    index = folder / "index.json"
    index.write_text(json.dumps({"meta": {"verification": secrets}, "cases": [case]}))
    return index


def test_every_recorded_payload_is_classified(
    recorded: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main([str(recorded)])
    *lines, summary = capsys.readouterr().out.splitlines()
    different = [line for line in lines if '"ok": true' not in line]
    assert (code, different) == (0, [])
    assert summary == f"{len(lines)} passed, 0 failed"


def test_a_case_as_expected_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    index = an_index(tmp_path, message_type="chatMessage", user_id="42", text="!quote 3")
    assert main([str(index)]) == 0
    assert capsys.readouterr().out.endswith("1 passed, 0 failed\n")


@pytest.mark.parametrize(
    "expected",
    [
        {"message_type": "cheer"},
        {"message_type": None, "action": "ignore"},
        {"message_type": "chatMessage", "user_id": "43"},
        {"message_type": "cheer", "acceptable": ["cheer", None]},
    ],
)
def test_a_case_that_differs_fails_and_says_what_it_got(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], expected: dict[str, Any]
) -> None:
    assert main([str(an_index(tmp_path, **expected))]) == 1
    line, summary = capsys.readouterr().out.splitlines()
    result = json.loads(line)
    assert (result["ok"], result["expected"]) == (False, expected)
    assert result["got"]["message_type"] == "chatMessage"
    assert summary == "0 passed, 1 failed"


def test_a_signature_that_does_not_fit_fails(tmp_path: Path) -> None:
    index = an_index(tmp_path, message_type="chatMessage")
    described = json.loads(index.read_text())
    described["meta"]["verification"]["twitch_eventsub_secret"] = "another secret"
    index.write_text(json.dumps(described))
    assert main([str(index)]) == 1
