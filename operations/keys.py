"""`waddlebot keys`: who may call the API, and with which rights; and what seals tokens."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from operations.api import Api
from operations.speaking import add_common, ago, counted, number, plain, run, show_json, table
from waddlebot_sdk.roles import Role

Wire = dict[str, Any]

KINDS = {
    "collector": "speaks for other people: their ids and roles are believed",
    "module": "speaks as itself",
    "webhook": "speaks as itself",
    "admin": "as collector, and decides about keys and dead letters",
}
ROLES = [role.value for role in Role]
_HEAD = (
    "ID",
    "BEGINS",
    "ACCOUNT",
    "KIND",
    "COMMUNITY",
    "A MINUTE",
    "MADE",
    "ENDS",
    "LAST USED",
    "USES",
)


def main(argv: list[str]) -> int:
    """0 done; 1 not, with a sentence; 2 not understood."""
    asked = _arguments().parse_args(argv)
    return run(partial(_DOES[asked.verb], asked), asked.url)


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="waddlebot keys",
        description="Keys of the API. Only their hashes are kept: a key is shown once.",
    )
    verbs = parser.add_subparsers(
        dest="verb", required=True, metavar="list|make|rotate|revoke|rotate-seal"
    )
    every = verbs.add_parser("list", help="all of them, by account")
    make = verbs.add_parser(
        "make",
        help="a key for a new account",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="\n".join(f"{kind:10} {what}" for kind, what in KINDS.items()),
    )
    make.add_argument("account", help="small letters, digits and hyphens: overlay-editor")
    make.add_argument("--kind", choices=list(KINDS), default="module")
    make.add_argument("--days", type=number, default=0, help="it ends after so many; else never")
    make.add_argument("--per-minute", type=number, default=60, help="requests, 60 unless said")
    make.add_argument("--community", default="", help="for this one alone, by its name")
    make.add_argument("--role", choices=ROLES, default="user", help="what it may there")
    rotate = verbs.add_parser("rotate", help="a second key; the first ends a while later")
    rotate.add_argument("account")
    rotate.add_argument(
        "--overlap-hours", type=number, default=24, help="for so long both work, 24 unless said"
    )
    seal = verbs.add_parser(
        "rotate-seal",
        help="seal all tokens of connections anew",
        description="Makes a new data key and seals the tokens of all connections under it, while "
        "the platform runs. Broken off, it goes on when it is begun again. To change the master "
        "key: set the new one as WADDLEBOT_SEAL_KEY and the old one as WADDLEBOT_SEAL_KEY_BEFORE, "
        "start again, do this, and take the old one away.",
    )
    seal.add_argument(
        "--give-up",
        action="store_true",
        help="those that open under no key are lost: their owners connect again",
    )
    revoke = verbs.add_parser("revoke", help="end one within a minute")
    revoke.add_argument("id", metavar="ID", help="as in the list")
    for verb in (every, make, rotate, revoke, seal):
        add_common(verb)
    return parser


def _list(asked: argparse.Namespace, api: Api) -> int:
    told = api.get("keys")["keys"]
    if asked.json:
        show_json({"keys": told})
        return 0
    print(table(_HEAD, list(map(_row, told))), "", sep="\n")
    print(f"{counted(len(told), 'key')}. One more: waddlebot keys make ACCOUNT --kind collector")
    return 0


def _row(key: Wire) -> tuple[Any, ...]:
    ends = "never" if key["expires_at"] is None else key["expires_at"][:10]
    return (
        key["id"],
        f"{key['hint']}…" if key["hint"] else "-",
        key["account"],
        key["kind"],
        f"{key['community']} ({key['role']})" if key["community"] else "-",
        key["per_minute"],
        ago(key["created_at"]),
        ends if key["is_live"] else "ended",
        ago(key["last_used_at"]) if key["last_used_at"] else "never",
        # It is counted about once a minute: who was seen just now has used it once at least.
        max(key["uses"], 1 if key["last_used_at"] else 0),
    )


def _make(asked: argparse.Namespace, api: Api) -> int:
    wanted = {"account": asked.account, "kind": asked.kind, "per_minute": asked.per_minute}
    if asked.community:
        wanted |= {"community": asked.community, "role": asked.role}
    told = api.post("keys", {**wanted, "days": asked.days})
    return _show_once(asked, told, f"The key of {told['account']}, shown this once:")


def _rotate(asked: argparse.Namespace, api: Api) -> int:
    wanted = {"account": asked.account, "overlap_hours": asked.overlap_hours}
    told = api.post("keys/rotate", wanted)
    old = f"the old one ends in {told['old_ends_in_hours']} h"
    return _show_once(asked, told, f"The next key of {told['account']}, shown this once; {old}:")


def _show_once(asked: argparse.Namespace, told: Wire, words: str) -> int:
    if asked.json:
        show_json({name: value for name, value in told.items() if name != "success"})
    else:
        print(plain(words), told["key"], sep="\n")
    return 0


def _revoke(asked: argparse.Namespace, api: Api) -> int:
    told = api.post("keys/revoke", {"id": asked.id})
    if asked.json:
        show_json({name: value for name, value in told.items() if name != "success"})
    else:
        print(f"{told['account']}: {told['words']}")
    return 0


def _rotate_seal(asked: argparse.Namespace, api: Api) -> int:
    """1 where some do not open, and were not given up."""
    wanted: Wire = {"give_up": asked.give_up}
    done = shut = 0
    while True:
        told = api.post("keys/rotate-seal", wanted)
        done, shut = done + told["done"], shut + told["shut"]
        if not asked.json:
            left = f"{told['left']} left" if told["left"] else "none left"
            print(
                f"{counted(done, 'connection')} sealed under data key {told['version']}, {left}",
                flush=True,
            )
        if not told["left"]:
            break
        wanted["version"] = told["version"]
    if asked.json:
        show_json({"version": told["version"], "done": done, "shut": shut})
    elif shut:
        print(_shut_words(shut, given_up=asked.give_up))
    return 1 if shut and not asked.give_up else 0


def _shut_words(shut: int, *, given_up: bool) -> str:
    shut_ones = counted(shut, "connection")
    if given_up:
        return f"{shut_ones} lost. Their owners connect again."
    return (
        f"{shut_ones} opened under no key that is known: set the one "
        "that sealed them as WADDLEBOT_SEAL_KEY_BEFORE and start again. Where it is gone for "
        "good: waddlebot keys rotate-seal --give-up, and their owners connect again."
    )


_DOES: Mapping[str, Callable[[argparse.Namespace, Api], int]] = {
    "list": _list,
    "make": _make,
    "rotate": _rotate,
    "revoke": _revoke,
    "rotate-seal": _rotate_seal,
}
