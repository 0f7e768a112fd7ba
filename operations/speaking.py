"""How the verbs speak: tables and times in a terminal, JSON for programs, exit codes."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from operations.api import Api, NotDone, find_api

LEAST_WIDTH = 6


def add_common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--url", default="", help="the platform's address; else WADDLEBOT_URL, else this machine"
    )
    parser.add_argument("--json", action="store_true", help="the same as JSON")


def number(text: str) -> int:
    """Of an argument, in words where it is none: `type=number`."""
    try:
        return int(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"'{text}' is no whole number") from error


def run(do: Callable[[Api], int], url: str) -> int:
    """The verb's own exit code; 1 with a sentence where it could not be done."""
    try:
        return do(find_api(url))
    except NotDone as failed:
        print(failed, file=sys.stderr)
        return 1


def show_json(value: Any) -> None:
    """With what is not printable escaped: see `plain`."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    print(
        "".join(one if one.isprintable() or one == "\n" else json.dumps(one)[1:-1] for one in text)
    )


def table(
    head: Sequence[str], rows: Sequence[Sequence[Any]], *, gives_way: Sequence[int] = ()
) -> str:
    """Columns as wide as what stands in them; numbers to the right.

    Where the terminal is narrower the columns that `gives_way` names are cut. What goes on to a
    program or a file is as wide as it is.
    """
    cells = [list(head), *[[plain(str(cell)) for cell in row] for row in rows]]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    _fit(widths, gives_way)
    cells = [[cut(cell, width) for cell, width in zip(line, widths, strict=True)] for line in cells]
    right = [bool(rows) and all(isinstance(row[n], int) for row in rows) for n in range(len(head))]
    return "\n".join(_line(line, widths, right) for line in cells)


def plain(text: str) -> str:
    """What strangers wrote in chat must not steer the operator's terminal."""
    return "".join(one if one.isprintable() else " " for one in text)


def cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def seconds(value: float) -> str:
    """`4.2 s`, `3 min`, `5 h`, `2 d`."""
    if value < 60:
        return f"{value:.1f} s" if value < 10 else f"{value:.0f} s"
    if value < 3_600:
        return f"{value / 60:.0f} min"
    return f"{value / 3_600:.0f} h" if value < 172_800 else f"{value / 86_400:.0f} d"


def ago(written_at: str) -> str:
    age = (datetime.now(UTC) - datetime.fromisoformat(written_at)).total_seconds()
    return f"{seconds(max(age, 0.0))} ago"


def is_sure(question: str) -> bool:
    """Whether a person at a terminal says yes."""
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def moment(at: str) -> str:
    """`2026-07-01 12:00:00.123 UTC`, of a moment as JSON has it."""
    there = datetime.fromisoformat(at).astimezone(UTC).replace(tzinfo=None)
    return f"{there.isoformat(' ', 'milliseconds')} UTC"


def counted(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or f'{one}s'}"


def _fit(widths: list[int], gives_way: Sequence[int]) -> None:
    most = shutil.get_terminal_size((0, 0)).columns
    while most and sum(widths) + 2 * (len(widths) - 1) > most:
        widest = max(gives_way, key=widths.__getitem__, default=None)
        if widest is None or widths[widest] <= LEAST_WIDTH:
            return
        widths[widest] -= 1


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    return "  ".join(
        cell.rjust(width) if is_right else cell.ljust(width)
        for cell, width, is_right in zip(cells, widths, right, strict=True)
    ).rstrip()
