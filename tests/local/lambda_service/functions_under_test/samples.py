"""Functions that behave, and functions that do not."""

from __future__ import annotations

import decimal
import importlib.util
import json
import logging
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

log = logging.getLogger()


def echo(event: Any, _context: Any) -> Any:
    return event


def who_am_i(_event: Any, context: Any) -> dict[str, Any]:
    return {
        "pid": os.getpid(),
        "name": context.function_name,
        "arn": context.invoked_function_arn,
        "remaining_ms": context.get_remaining_time_in_millis(),
        "environment": dict(os.environ),
        "directory": os.getcwd(),  # noqa: PTH109 (what the function sees)
    }


def client_context(_event: Any, context: Any) -> Any:
    return context.client_context.custom


def importable(event: list[str], _context: Any) -> list[str]:
    return [name for name in event if importlib.util.find_spec(name) is not None]


def imported(_event: Any, _context: Any) -> list[str]:
    return sorted(sys.modules)


def fail(_event: Any, _context: Any) -> None:
    raise ValueError("the kettle is empty: ünïcödé")


def fail_and_count(event: dict[str, Any], _context: Any) -> str:
    """Fails until it was called `succeed_at` times; the calls are lines of a file."""
    calls = Path(event["calls"])
    with calls.open("a") as file:
        file.write("called\n")
    if len(calls.read_text().splitlines()) < event["succeed_at"]:
        raise ValueError("not yet")
    return "done"


def leave(event: Any, _context: Any) -> None:
    sys.exit(event)


def leave_at_once(event: int, _context: Any) -> None:
    os._exit(event)


def kill_itself(_event: Any, _context: Any) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def sleep(seconds: float, _context: Any) -> str:
    time.sleep(seconds)
    return "rested"


def sleep_with_child(seconds: float, _context: Any) -> None:
    child = subprocess.Popen(["sleep", str(seconds)])  # noqa: S607 (any sleep will do)
    print(f"child {child.pid}")
    time.sleep(seconds)


def much(length: int, _context: Any) -> str:
    return "x" * length


def length(event: str, _context: Any) -> int:
    return len(event)


def raw(_event: Any, _context: Any) -> bytes:
    return b"\x00\xff raw"


def not_a_number(_event: Any, _context: Any) -> float:
    return float("nan")


def money(_event: Any, _context: Any) -> decimal.Decimal:
    return decimal.Decimal("12.30")


def not_json(_event: Any, _context: Any) -> object:
    return object()


def talk(_event: Any, _context: Any) -> None:
    print("printed plainly")
    print("complained", file=sys.stderr)
    log.warning("logged properly")


def chatter(lines: int, _context: Any) -> None:
    for number in range(lines):
        print(f"line {number}")


def answer(event: dict[str, Any], _context: Any) -> Any:
    """Answers an API Gateway event with its own body, read as a function's result."""
    return json.loads(event["body"])


def sleep_until(event: dict[str, Any], _context: Any) -> str:
    """Sleeps as many seconds as the request's body says."""
    time.sleep(json.loads(event["body"]))
    return "rested"


def hoard(megabytes: int, _context: Any) -> int:
    return len(bytearray(megabytes * 1024 * 1024))


def escape(event: dict[str, Any], _context: Any) -> str:
    """Starts what tries to stay: in its own session, twice forked, deaf to signals, forking."""
    marks = Path(event["marks"])
    for way in event["ways"]:
        _start(way, marks)
    while len(list(marks.iterdir())) < len(event["ways"]):
        time.sleep(0.005)
    if event.get("kill_keeper"):
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(30)
    if event.get("then") == "hang":
        time.sleep(30)
    return "innocent"


def _start(way: str, marks: Path) -> None:
    if os.fork():
        return
    if way != "child":
        os.setsid()
    if way == "twice" and os.fork():
        os._exit(0)
    if way == "deaf":
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
    if way == "renamed":
        (marks / f"{way}-{os.getpid()}").touch()
        os.execve("/bin/sleep", ["postgres", "60"], {})  # noqa: S606 - played hostile
    (marks / f"{way}-{os.getpid()}").touch()
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if way == "heir" and os.fork():  # each leaves an heir and ends
            os._exit(0)
        time.sleep(0.002)
    os._exit(0)
