"""`waddlebot tables NAME`: what the specification calls servers, entities, commands and so on."""

from __future__ import annotations

import argparse
import json
from functools import partial
from typing import Any

from operations.api import Api
from operations.speaking import add_common, counted, plain, run, show_json

NAMES = ("servers", "entities", "commands", "command_executions", "coordination")
MOST = 100

Wire = dict[str, Any]


def main(argv: list[str]) -> int:
    """0 done; 1 not, with a sentence; 2 not understood."""
    parser = argparse.ArgumentParser(
        prog="waddlebot tables",
        description="The tables that the specification names, with every column of theirs.",
    )
    parser.add_argument("name", metavar="NAME", choices=NAMES, help=", ".join(NAMES))
    parser.add_argument(
        "--most", type=int, default=20, help=f"rows, 20 unless said, {MOST} at most"
    )
    parser.add_argument("--after", default="", metavar="ID", help="those behind this one")
    add_common(parser)
    asked = parser.parse_args(argv)
    if not 1 <= asked.most <= MOST:
        parser.error(f"--most is 1 to {MOST}")
    return run(partial(_show, asked), asked.url)


def _show(asked: argparse.Namespace, api: Api) -> int:
    after: dict[str, str | int] = {"after": asked.after} if asked.after else {}
    told = api.get(f"tables/{asked.name}", limit=asked.most, **after)
    if asked.json:
        show_json(told)
        return 0
    for row in told["rows"]:
        print("\n".join(_lines(row)), end="\n\n")
    print(f"{counted(len(told['rows']), 'row')} of {asked.name}.")
    if told["next"] is not None:
        print(f"More: waddlebot tables {asked.name} --after {plain(str(told['next']))}")
    return 0


def _lines(row: Wire) -> list[str]:
    """What is not known is left out."""
    width = max(map(len, row))
    return [
        plain(f"{name.ljust(width)}  {_text(value)}")
        for name, value in row.items()
        if value is not None
    ]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
