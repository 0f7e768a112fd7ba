"""`waddlebot classify INDEX.json`: recorded payloads, judged by what should come of them.

The index names, per case, the file, the platform, the transport, the headers, the time for which
the signature is fresh, and what is expected. One JSON line a case, then a line that sums up.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import waddlebot.platforms.discord.events
import waddlebot.platforms.discord.signature
import waddlebot.platforms.slack.events
import waddlebot.platforms.slack.signature
import waddlebot.platforms.twitch.events
import waddlebot.platforms.twitch.signature
from waddlebot.domain.errors import Rejected
from waddlebot.platforms.received import Received

_SECRETS = {
    "discord": "discord_public_key",
    "slack": "slack_signing_secret",
    "twitch": "twitch_eventsub_secret",
}
_EVENTS: dict[str, ModuleType] = {
    "discord": waddlebot.platforms.discord.events,
    "slack": waddlebot.platforms.slack.events,
    "twitch": waddlebot.platforms.twitch.events,
}
_SIGNATURES: dict[str, ModuleType] = {
    "discord": waddlebot.platforms.discord.signature,
    "slack": waddlebot.platforms.slack.signature,
    "twitch": waddlebot.platforms.twitch.signature,
}
_JUDGED_APART = frozenset({"message_type", "acceptable", "action"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One entry of the index with the bytes that it is about."""

    file: str
    platform: str
    transport: str
    headers: Mapping[str, str]
    now: datetime
    secret: str
    expected: Mapping[str, Any]
    body: bytes


def main(argv: list[str]) -> int:
    """Returns 1 where a case differs from what is expected, 2 where there is nothing to judge."""
    parser = argparse.ArgumentParser(
        prog="waddlebot classify", description="Judge recorded payloads of the platforms."
    )
    parser.add_argument("index", type=Path, help="the index.json beside the payloads")
    index: Path = parser.parse_args(argv).index
    try:
        cases = load_cases(index)
    except OSError as error:
        return _cannot(f"{error.filename or index} cannot be read: {error.strerror}.")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return _cannot(f"{index} is no index of payloads ({type(error).__name__}: {error}).")
    results = [judge(case) for case in cases]
    for result in results:
        print(json.dumps(result, ensure_ascii=False))
    failed = sum("expected" in result for result in results)
    print(f"{len(results) - failed} passed, {failed} failed")
    return 1 if failed else 0


def _cannot(sentence: str) -> int:
    print(f"{sentence} Name the index.json beside the payloads.", file=sys.stderr)
    return 2


def load_cases(index: Path) -> list[Case]:
    """Raises OSError, ValueError, KeyError, TypeError or AttributeError where the index or a
    payload cannot be read."""
    described = json.loads(index.read_text("utf-8"))
    secrets = described["meta"]["verification"]
    return [_case(entry, secrets, index.parent) for entry in described["cases"]]


def judge(case: Case) -> dict[str, Any]:
    """`expected` is in the result only where something differs."""
    got: dict[str, Any] = {}
    if case.transport == "webhook" and case.headers:
        got |= {"signature": _accepts(case, case.body), "forged": _accepts(case, _forged(case))}
    got |= _said_of(_read(case), case.expected)
    if _is_right(got, case.expected):
        return {"file": case.file, "got": got, "ok": True}
    return {"file": case.file, "got": got, "ok": False, "expected": dict(case.expected)}


def _case(entry: Mapping[str, Any], secrets: Mapping[str, str], folder: Path) -> Case:
    headers = entry.get("headers") or {}
    return Case(
        file=entry["file"],
        platform=entry["platform"],
        transport=entry["transport"],
        headers={name.lower(): value for name, value in headers.items()},
        now=datetime.fromtimestamp(entry.get("clock_epoch") or 0, UTC),
        secret=secrets[_SECRETS[entry["platform"]]],
        expected=entry["expected"],
        body=(folder / entry["file"]).read_bytes(),
    )


def _accepts(case: Case, body: bytes) -> bool:
    try:
        _SIGNATURES[case.platform].verify(case.headers, body, secret=case.secret, now=case.now)
    except Rejected:
        return False
    return True


def _forged(case: Case) -> bytes:
    """The same body with one bit of its middle byte turned over."""
    middle = len(case.body) // 2
    return case.body[:middle] + bytes([case.body[middle] ^ 1]) + case.body[middle + 1 :]


def _read(case: Case) -> Received:
    events = _EVENTS[case.platform]
    received: Received
    if case.transport == "webhook":
        asked_until = case.now + timedelta(seconds=1.8)
        received = events.read_webhook(
            case.headers, case.body, now=case.now, asked_until=asked_until
        )
    elif case.transport == "irc":
        received = events.read_irc(case.body.decode(errors="replace"), now=case.now)
    elif case.transport == "gateway":
        received = events.read_gateway(case.body, now=case.now)
    else:
        received = events.read_websocket(case.body, now=case.now)
    return received


def _said_of(received: Received, expected: Mapping[str, Any]) -> dict[str, Any]:
    said: dict[str, Any] = {
        "message_type": received.event.type.value if received.event else None,
        "action": received.action.value if received.action else None,
    }
    for name in expected:
        if name not in _JUDGED_APART:
            said[name] = _fact(received, name)
    return said


def _fact(received: Received, name: str) -> Any:
    body = received.answer.body if received.answer else b""
    if name == "response":
        return json.loads(body or b"null")
    if name == "response_body":
        return body.decode()
    return received.facts.get(name)


def _is_right(got: Mapping[str, Any], expected: Mapping[str, Any]) -> bool:
    if not got.get("signature", True) or got.get("forged", False):
        return False
    kinds = expected.get("acceptable", [expected["message_type"]])
    if got["message_type"] not in kinds:
        return False
    if got["message_type"] is None and expected.get("action", got["action"]) != got["action"]:
        return False
    return all(got[name] == expected[name] for name in expected if name not in _JUDGED_APART)
