"""`waddlebot person export|erase PLATFORM:ID`: what is known of somebody, and to be forgotten."""

from __future__ import annotations

import argparse
from functools import partial

from operations.api import Api, NotDone
from operations.speaking import add_common, counted, run, show_json


def main(argv: list[str]) -> int:
    """0 done; 1 not, with a sentence; 2 not understood."""
    asked = _arguments().parse_args(argv)
    return run(partial(_export if asked.verb == "export" else _erase, asked), asked.url)


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="waddlebot person",
        description="All that is kept about one person, on every platform that they linked.",
    )
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="export|erase")
    export = verbs.add_parser("export", help="all of it as JSON, to hand to the person")
    erase = verbs.add_parser("erase", help="have it forgotten within minutes")
    erase.add_argument("--yes", action="store_true", help="nobody can bring it back")
    for verb in (export, erase):
        verb.add_argument("account", metavar="PLATFORM:ID", help="twitch:123456")
        add_common(verb)
    return parser


def _named(asked: argparse.Namespace) -> dict[str, str]:
    platform, _, user = asked.account.partition(":")
    if not platform or not user:
        said = f"'{asked.account}' names nobody: write PLATFORM:ID, such as twitch:123456."
        raise NotDone(said)
    return {"platform": platform, "user_id": user}


def _export(asked: argparse.Namespace, api: Api) -> int:
    show_json({"accounts": api.post("people/export", _named(asked))["accounts"]})
    return 0


def _erase(asked: argparse.Namespace, api: Api) -> int:
    if not asked.yes:
        raise NotDone("Nobody can bring it back. If that is meant: the same with --yes")
    told = api.post("people/erase", _named(asked))
    if asked.json:
        show_json({"accounts": told["accounts"]})
    else:
        print(f"{counted(told['accounts'], 'account')}. {told['words']}")
    return 0
