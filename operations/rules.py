"""`waddlebot rules undo`: a rule that hit the wrong people."""

from __future__ import annotations

import argparse
from functools import partial
from typing import Any

from operations.api import Api
from operations.speaking import add_common, ago, counted, cut, number, plain, run, show_json, table

Wire = dict[str, Any]

MOST_SHOWN = 50
_HEAD = ("WHEN", "WHO", "WHERE", "SAID")


def main(argv: list[str]) -> int:
    """0 done; 1 not, with a sentence; 2 not understood."""
    parser = argparse.ArgumentParser(prog="waddlebot rules")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="undo")
    undo = verbs.add_parser(
        "undo", help="switch a rule off, and let everybody write again whom it keeps from it"
    )
    undo.add_argument("rule", type=number, metavar="NUMBER", help="as in !rules list")
    undo.add_argument("--hours", type=number, default=24, help="look back so far, 24 unless said")
    undo.add_argument("--dry-run", action="store_true", help="only say what would be done")
    add_common(undo)
    asked = parser.parse_args(argv)
    return run(partial(_undo, asked), asked.url)


def _undo(asked: argparse.Namespace, api: Api) -> int:
    wanted = {"rule": asked.rule, "hours": asked.hours, "dry_run": asked.dry_run}
    told = api.post("rules/undo", wanted)
    if asked.json:
        show_json({name: value for name, value in told.items() if name != "success"})
    else:
        _tell(asked, told)
    return 0


def _tell(asked: argparse.Namespace, told: Wire) -> None:
    print(plain(f"{told['rule']} ({told['community']})"))
    hits = counted(told["hits"], "hit")
    print(f"{hits} in the last {asked.hours} h.")
    if told["lines"]:
        print("", table(_HEAD, [_row(one) for one in told["lines"][:MOST_SHOWN]]), sep="\n")
        left = len(told["lines"]) - MOST_SHOWN
        if left > 0:
            print(f"and {left} more: --json has all of them")
        print("\nA line that was deleted cannot be brought back; here is what it said.")
    people = counted(len(told["released"]), "person", "people")
    if asked.dry_run:
        print(f"Would be done: the rule off, and {people} may write again.")
        return
    print("The rule is off." if told["was_on"] else "The rule was off already.")
    print(f"{people} may write again.")


def _row(hit: Wire) -> tuple[str, ...]:
    return ago(hit["at"]), hit["user"], hit["entity"], cut(hit["text"], 60)
