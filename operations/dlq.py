"""`waddlebot dlq list|show|replay|drop`: dead letters and replies in doubt, until you decide."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import quote

from operations.api import Api, NotDone
from operations.speaking import (
    add_common,
    ago,
    counted,
    cut,
    is_sure,
    moment,
    plain,
    run,
    show_json,
    table,
)

MOST_IDS = 100
"""What one request may decide."""
_KINDS = ("event", "reply", "record")
_HEAD = ("ID", "KIND", "WRITTEN", "WHAT", "WHY")
_DONE = frozenset({"replayed", "done_before", "dropped"})

Wire = dict[str, Any]
Do = Callable[[Api], int]


def main(argv: list[str]) -> int:
    """0 all done; 1 something was not, which is said; 2 not understood."""
    parser = _arguments()
    asked = parser.parse_args(argv)
    if asked.verb in ("replay", "drop") and bool(asked.ids) == asked.all:
        parser.error(f"dlq {asked.verb} wants ids or --all")
    do = _DOES[asked.verb](asked)
    return run(do, asked.url)


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="waddlebot dlq",
        description="Events that were given up, replies that may or may not have been seen, and "
        "rows that the record refused. They wait until you decide.",
    )
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="list|show|replay|drop")
    every = verbs.add_parser("list", help="all of them, oldest first")
    every.add_argument("--kind", choices=_KINDS, help="these alone")
    one = verbs.add_parser("show", help="all that is known of one")
    one.add_argument("id", metavar="ID")
    replay = verbs.add_parser("replay", help="do it again, as if it had happened now")
    drop = verbs.add_parser("drop", help="forget it for good")
    for verb, default in ((replay, "event"), (drop, None)):
        verb.add_argument("ids", nargs="*", default=[], metavar="ID")
        verb.add_argument("--all", action="store_true", help="all that are there now")
        verb.add_argument(
            "--kind", choices=_KINDS, default=default, help=f"with --all: {default or 'these'} only"
        )
    for verb in (every, one, replay, drop):
        add_common(verb)
    return parser


def _decision(asked: argparse.Namespace) -> Do:
    decision = _Decision(verb=asked.verb, ids=tuple(asked.ids), kind=asked.kind, as_json=asked.json)
    return decision.carry_out


def _list(kind: str | None, api: Api, *, as_json: bool) -> int:
    letters = [letter for letter in _letters(api) if kind in (None, letter["kind"])]
    if as_json:
        show_json({"letters": letters})
    elif letters:
        print(table(_HEAD, list(map(_row, letters))))
        print(f"\n{counted(len(letters), 'letter')}. All about one: waddlebot dlq show ID")
    else:
        print("No dead letters, no replies in doubt.")
    if not as_json and (calls := api.get("calls-in-doubt")["calls"]):
        print(f"{counted(len(calls), 'call')} in doubt: see `waddlebot doubts list`.")
    return 0


def _show(letter_id: str, api: Api, *, as_json: bool) -> int:
    letter = api.get(f"dead-letters/{quote(letter_id, safe='')}")["letter"]
    if as_json:
        show_json(letter)
        return 0
    _, kind, written, *_ = _row(letter)
    print(f"{letter['id']}: {kind}, written {written} ({moment(letter['written_at'])})")
    print(f"why: {plain(letter['reason'])}")
    show_json(letter["content"])
    for line in _what_to_do(letter):
        print(line)
    return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Decision:
    """`kind` counts where no ids are given: then it is about all of that kind."""

    verb: str
    ids: tuple[str, ...]
    kind: str | None
    as_json: bool

    def carry_out(self, api: Api) -> int:
        letters = [] if self.ids else list(_letters(api))
        ids = self.ids or tuple(one["id"] for one in letters if self.kind in (None, one["kind"]))
        if self.verb == "drop" and not self.ids and ids and not _is_sure(len(ids)):
            raise NotDone("Nothing was dropped.")
        results = [
            result
            for start in range(0, len(ids), MOST_IDS)
            for result in api.post(
                f"dead-letters/{self.verb}", {"ids": ids[start : start + MOST_IDS]}
            )["results"]
        ]
        self._tell(results, left=len(letters) - len(ids) if not self.ids else 0)
        return 0 if all(one["fate"] in _DONE for one in results) else 1

    def _tell(self, results: Sequence[Wire], *, left: int) -> None:
        if self.as_json:
            show_json({"results": results})
            return
        for result in results:
            print(f"{result['id']}  {result['words']}")
        if not results:
            print(f"Nothing to {self.verb}.")
        if left:
            print(f"{counted(left, 'letter')} of another kind left alone; see --kind.")


def _letters(api: Api) -> Iterator[Wire]:
    """Those that are there now: what comes in meanwhile is another day's work."""
    page = api.get("dead-letters")
    yield from page["letters"]
    while page["next"]:
        page = api.get("dead-letters", after=page["next"])
        yield from page["letters"]


def _row(letter: Wire) -> tuple[str, ...]:
    kind = "reply in doubt" if letter["in_doubt"] else letter["kind"]
    return (
        letter["id"],
        kind,
        ago(letter["written_at"]),
        _what(letter),
        cut(letter["reason"], 60),
    )


def _what(letter: Wire) -> str:
    about = letter["about"]
    if about is None:
        return "-"
    who = f"{about['user']}: " if about["user"] else ""
    return cut(f"{about['entity']}  {who}{about['text']}", 60)


def _what_to_do(letter: Wire) -> Iterator[str]:
    if letter["about"] and letter["kind"] == "event":
        yield f"what was recorded of it: waddlebot explain {plain(letter['about']['id'])}"
    if letter["can_be_replayed"]:
        twice = "   (people may see it twice)" if letter["kind"] == "reply" else ""
        yield f"do it again:             waddlebot dlq replay {letter['id']}{twice}"
    yield f"forget it:               waddlebot dlq drop {letter['id']}"


def _is_sure(number: int) -> bool:
    """A person is asked; a script has said so with --all."""
    if not sys.stdin.isatty():
        return True
    return is_sure(f"Drop {counted(number, 'letter')} for good?")


_DOES: Mapping[str, Callable[[argparse.Namespace], Do]] = {
    "list": lambda asked: partial(_list, asked.kind, as_json=asked.json),
    "show": lambda asked: partial(_show, asked.id, as_json=asked.json),
    "replay": _decision,
    "drop": _decision,
}
