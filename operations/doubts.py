"""`waddlebot doubts [settle ID…]`: calls of which nobody knows whether they went through."""

from __future__ import annotations

import argparse
from functools import partial
from typing import Any

from operations.api import Api
from operations.speaking import add_common, ago, counted, cut, plain, run, show_json, table

Wire = dict[str, Any]

_HEAD = ("ID", "WHEN", "MODULE", "WHO", "WHERE", "TYPED", "EVENT")
_NOT_LISTED = "It is not listed: already settled, or gone."


def main(argv: list[str]) -> int:
    """0 done; 1 not, with a sentence; 2 not understood."""
    parser = argparse.ArgumentParser(
        prog="waddlebot doubts",
        description="Calls that asked somebody else's service for something, and nobody knows "
        "whether it was done. Whoever called was told so. They wait until you have looked there.",
    )
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="list|settle")
    every = verbs.add_parser("list", help="all of them, oldest first")
    settle = verbs.add_parser("settle", help="you have looked: list them no more")
    settle.add_argument("ids", nargs="+", metavar="ID")
    for verb in (every, settle):
        add_common(verb)
    asked = parser.parse_args(argv)
    do = partial(_list, asked) if asked.verb == "list" else partial(_settle, asked)
    return run(do, asked.url)


def _list(asked: argparse.Namespace, api: Api) -> int:
    calls = api.get("calls-in-doubt")["calls"]
    if asked.json:
        show_json({"calls": calls})
    elif calls:
        print(table(_HEAD, list(map(_row, calls))))
        print(f"\n{counted(len(calls), 'call')}. All about one: waddlebot explain EVENT")
        print("You have looked: waddlebot doubts settle ID")
    else:
        print("No calls in doubt.")
    return 0


def _settle(asked: argparse.Namespace, api: Api) -> int:
    results = api.post("calls-in-doubt/settle", {"ids": asked.ids})["results"]
    if asked.json:
        show_json({"results": results})
    else:
        for one in results:
            words = "Settled." if one["is_settled"] else _NOT_LISTED
            print(f"{plain(one['id'])}  {words}")
    return 0 if all(one["is_settled"] for one in results) else 1


def _row(call: Wire) -> tuple[str, ...]:
    return (
        call["id"],
        ago(call["at"]),
        call["module"],
        call["user"] or "-",
        call["place"] or "-",
        cut(" ".join(filter(None, (call["command"], call["arguments"]))), 60) or "-",
        call["event"] or "-",
    )
