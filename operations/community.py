"""`waddlebot community list|export|diff|import|undo`: all that a community decided, as text."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from operations.api import Api, NotDone
from operations.speaking import add_common, counted, is_sure, plain, run, show_json, table

Wire = dict[str, Any]

AT = "communities"
_KEEP = (
    "That cannot be taken back itself. To keep what is there now: "
    "waddlebot community export '{}' > now.toml"
)
_HEAD = ("NUMBER", "NAME", "FOUNDED FOR", "PLACES")


def main(argv: list[str]) -> int:
    """0 done; 1 not, with a sentence; 2 not understood."""
    asked = _arguments().parse_args(argv)
    return run(partial(_DOES[asked.verb], asked), asked.url)


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="waddlebot community",
        description="Settings, commands, rules, limits, labels and roles as one readable file.",
    )
    metavar = "list|export|diff|import|undo"
    verbs = parser.add_subparsers(dest="verb", required=True, metavar=metavar)
    every = verbs.add_parser("list", help="the communities that your key may see")
    export = verbs.add_parser("export", help="write one out")
    diff = verbs.add_parser("diff", help="what a file would change")
    bring = verbs.add_parser("import", help="make it as the file says, once you said --yes")
    bring.add_argument("--yes", action="store_true", help="change it")
    undo = verbs.add_parser("undo", help="as it was before the last import, once you said yes")
    undo.add_argument("--yes", action="store_true", help="take it back without being asked")
    for verb in (export, diff, bring, undo):
        verb.add_argument("community", metavar="NAME", help="or its number")
    for verb in (diff, bring):
        verb.add_argument("file", metavar="FILE", help="as export writes it; - for standard input")
    for verb in (every, export, diff, bring, undo):
        add_common(verb)
    return parser


def _list(asked: argparse.Namespace, api: Api) -> int:
    found = _every(api)
    if asked.json:
        show_json({"communities": found})
        return 0
    rows = [
        (one["id"], one["words"]["name"], one["words"]["home"] or "-", one["places"])
        for one in found
    ]
    print(table(_HEAD, rows))
    return 0


def _every(api: Api) -> list[Wire]:
    found: list[Wire] = []
    after: int | None = -1
    while after is not None:
        page = api.ask("GET", AT, query={"after": after})
        found += page["data"]
        after = page["meta"]["pagination"]["next"]
    return found


def _find(name: str, api: Api) -> int:
    found = _every(api)
    for one in found:
        if name.lower() in {str(one["id"]), one["name"].lower(), one["words"]["name"].lower()}:
            return int(one["id"])
    known = ", ".join(plain(one["words"]["name"]) for one in found[:10]) or "none"
    raise NotDone(f"Your key knows no community '{name}'. It knows: {known}.")


def _export(asked: argparse.Namespace, api: Api) -> int:
    told = api.ask("GET", f"{AT}/{_find(asked.community, api)}/text")["data"]
    if asked.json:
        show_json(told)
    else:
        sys.stdout.write(told["text"])
    return 0


def _diff(asked: argparse.Namespace, api: Api) -> int:
    told = _bring(asked, api, dry_run=True)
    if asked.json:
        show_json(told)
    else:
        _print_changes(told)
    return 0


def _import(asked: argparse.Namespace, api: Api) -> int:
    told = _bring(asked, api, dry_run=not asked.yes)
    if asked.json:
        show_json(told)
        return 0
    _print_changes(told)
    if not told["changes"]:
        return 0
    many = counted(len(told["changes"]), "change")
    if asked.yes:
        print(f"\nDone: {many}. Take it back: waddlebot community undo '{plain(asked.community)}'")
    else:
        print(f"\nNothing was changed yet. Make {many}: the same with --yes")
    return 0


def _bring(asked: argparse.Namespace, api: Api, *, dry_run: bool) -> Wire:
    number, text = _find(asked.community, api), _read(asked.file)
    told: Wire = api.ask("PUT", f"{AT}/{number}/text", {"text": text, "dry_run": dry_run})["data"]
    return told


def _undo(asked: argparse.Namespace, api: Api) -> int:
    number = _find(asked.community, api)
    told = _take_back(number, api, dry_run=not asked.yes)
    if asked.json:
        show_json(told)
        return 0
    _print_changes(told)
    if not told["changes"]:
        return 0
    if not asked.yes:
        many = counted(len(told["changes"]), "change")
        print(f"\n{plain(_KEEP.format(asked.community))}")
        if not sys.stdin.isatty():
            print(f"Nothing was taken back yet. Take back {many}: the same with --yes")
            return 0
        if not is_sure(f"Take back {many}?"):
            return 1
        _take_back(number, api, dry_run=False)
    print("\nIt is as it was before the last import.")
    return 0


def _take_back(number: int, api: Api, *, dry_run: bool) -> Wire:
    told: Wire = api.ask("POST", f"{AT}/{number}/text/undo", {"dry_run": dry_run})["data"]
    return told


def _read(name: str) -> str:
    try:
        return sys.stdin.read() if name == "-" else Path(name).read_text("utf-8")
    except OSError as error:
        raise NotDone(f"{name} cannot be read: {error.strerror or error}.") from error
    except UnicodeError as error:
        raise NotDone(f"{name} cannot be read: it is no text in UTF-8.") from error


def _print_changes(told: Wire) -> None:
    for words in told["changes"]:
        print(plain(words))
    if not told["changes"]:
        print("Nothing differs.")


_DOES: Mapping[str, Callable[[argparse.Namespace, Api], int]] = {
    "list": _list,
    "export": _export,
    "diff": _diff,
    "import": _import,
    "undo": _undo,
}
