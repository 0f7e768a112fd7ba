"""`waddlebot claims [prefer]`: which gateway carries what, and which channels come first."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from operations.api import Api
from operations.speaking import add_common, ago, counted, plain, run, show_json, table

Wire = dict[str, Any]

MOST_NAMED = 10
USUAL = 100
_HEAD = ("PLATFORM", "CHANNEL", "GATEWAY", "SINCE", "LIVES", "NOTE")


def main(argv: list[str]) -> int:
    """0 done; 1 not, with a sentence; 2 not understood."""
    if argv[:1] == ["prefer"]:
        asked = _preferring().parse_args(argv[1:])
        return run(partial(_prefer, asked), asked.url)
    parser = argparse.ArgumentParser(
        prog="waddlebot claims",
        description="Which gateway carries what.",
        epilog="waddlebot claims prefer PLATFORM CHANNEL PRIORITY says what comes first.",
    )
    add_common(parser)
    asked = parser.parse_args(argv)
    return run(partial(_claims, asked), asked.url)


def _preferring() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="waddlebot claims prefer",
        description="Say which channel is carried before others, on air or not.",
    )
    parser.add_argument("platform", metavar="PLATFORM")
    parser.add_argument("channel", metavar="CHANNEL", help="as claims names it, or its login")
    parser.add_argument(
        "priority",
        metavar="PRIORITY",
        type=_priority,
        help=f"1 comes first; {USUAL} or 'usual' is everybody's",
    )
    add_common(parser)
    return parser


def _priority(text: str) -> int:
    """Which numbers there are says whoever keeps them."""
    if text == "usual":
        return USUAL
    if not text.lstrip("-").isdecimal():
        raise argparse.ArgumentTypeError(f"'{text[:30]}' is no whole number, and not 'usual'")
    return int(text)


def _prefer(asked: argparse.Namespace, api: Api) -> int:
    wanted = {"platform": asked.platform, "channel": asked.channel, "priority": asked.priority}
    told = api.post("claims/prefer", wanted)
    if asked.json:
        show_json(told)
        return 0
    where = plain(f"{asked.platform} {asked.channel}")
    if told["before"] == asked.priority:
        print(f"{where} has priority {asked.priority} already.")
        return 0
    print(f"{where} has priority {asked.priority} now, {told['before']} before.")
    print("What is carried stays where it is; it counts when a gateway has room or comes to it.")
    return 0


def _claims(asked: argparse.Namespace, api: Api) -> int:
    told = api.get("claims")
    if asked.json:
        show_json(told)
    elif not told["claims"]:
        print("No gateway has ever run. Start one: gateway_bot.")
    else:
        print(table(_HEAD, [_row(one) for one in told["claims"]]), "", sep="\n")
        print(*map(plain, _sentences(told["claims"])), sep="\n")
    return 0


def _row(claim: Wire) -> tuple[Any, ...]:
    what = claim["platform"], _called(claim)
    if not claim["holder"]:
        return *what, "-", "-", "-", _note(claim)
    lives = "yes" if claim["lives"] else "no"
    return *what, claim["holder"], ago(claim["since"]), lives, _note(claim)


def _called(claim: Wire) -> str:
    """What is carried, and how people know it where that is a number."""
    name = claim.get("name")
    return f"{claim['channel']} ({name})" if name else str(claim["channel"])


def _note(claim: Wire) -> str:
    """What else there is to say of it: the sentence itself stands below the table."""
    notes = []
    if claim["priority"] != USUAL:
        notes.append(f"priority {claim['priority']}")
    if claim["servers"]:
        notes.append(counted(len(claim["servers"]), "server"))
    if claim["is_live"]:
        notes.append(f"on air, {counted(claim['viewers'], 'viewer')}")
    if claim["trouble"]:
        notes.append("see below")
    return ", ".join(notes)


def _sentences(claims: Sequence[Wire]) -> Iterator[str]:
    living = {claim["holder"] for claim in claims if claim["lives"]}
    yield f"{counted(len(living), 'gateway lives', 'gateways live')}."
    orphans = [one for one in claims if not one["lives"]]
    if orphans and living and all(one["platform"] == "twitch" for one in orphans):
        yield (
            f"Nobody carries {_named(orphans)}. Is every gateway full? "
            "Start another one, or raise MAX_CLAIMS."
        )
    elif orphans:
        yield f"Nobody carries {_named(orphans)}. Does a gateway run?"
    for claim in claims:
        if claim["trouble"]:
            yield f"{claim['platform']} {_called(claim)}: {claim['trouble']}"


def _named(claims: Sequence[Wire]) -> str:
    names = [f"{one['platform']} {_called(one)}" for one in claims[:MOST_NAMED]]
    left = len(claims) - MOST_NAMED
    return ", ".join(names) + (f" and {left} more" if left > 0 else "")
