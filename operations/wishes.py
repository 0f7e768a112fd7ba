"""`waddlebot wishes`: what modules wished besides answering and was not done, and why."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from functools import partial
from typing import Any

from operations.api import Api
from operations.speaking import add_common, ago, counted, number, run, show_json, table

Wire = dict[str, Any]

MOST = 100
_HEAD = ("WHEN", "MODULE", "COMMUNITY", "WHERE", "WISHED", "WHY NOT", "EVENT")


def main(argv: list[str]) -> int:
    """0 done; 1 not, with a sentence; 2 not understood."""
    parser = argparse.ArgumentParser(
        prog="waddlebot wishes",
        description="What modules wished to do besides answering and was not done: not declared, "
        "not granted, or not possible there. The newest first.",
    )
    parser.add_argument(
        "--most", type=number, default=50, help=f"of so many calls, 50 unless said, {MOST} at most"
    )
    parser.add_argument("--module", default="", metavar="NAME", help="of this one alone")
    add_common(parser)
    asked = parser.parse_args(argv)
    if not 1 <= asked.most <= MOST:
        parser.error(f"--most is 1 to {MOST}")
    return run(partial(_list, asked), asked.url)


def _list(asked: argparse.Namespace, api: Api) -> int:
    query: dict[str, str | int] = {"module": asked.module} if asked.module else {}
    calls = api.get("refused-wishes", limit=asked.most, **query)["calls"]
    if asked.json:
        show_json({"calls": calls})
    elif calls:
        rows = [row for call in calls for row in _rows(call)]
        print(table(_HEAD, rows))
        print(f"\n{counted(len(calls), 'call')}. All about one: waddlebot explain EVENT")
    else:
        print("No module wished what it may not have.")
    return 0


def _rows(call: Wire) -> Iterator[tuple[str, ...]]:
    for one in call["refused"]:
        yield (
            ago(call["at"]),
            call["module"],
            call["community"] or "-",
            call["place"],
            one["wish"].replace("_", " "),
            one["why"],
            call["event"],
        )
