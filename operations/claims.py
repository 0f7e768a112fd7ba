"""`waddlebot claims`: which gateway carries what."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from operations.api import Api
from operations.speaking import add_common, ago, counted, plain, run, show_json, table

Wire = dict[str, Any]

MOST_NAMED = 10
_HEAD = ("PLATFORM", "CHANNEL", "GATEWAY", "SINCE", "LIVES", "NOTE")


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="waddlebot claims", description="Which gateway carries what."
    )
    add_common(parser)
    asked = parser.parse_args(argv)
    return run(partial(_claims, as_json=asked.json), asked.url)


def _claims(api: Api, *, as_json: bool) -> int:
    told = api.get("claims")
    if as_json:
        show_json(told)
    elif not told["claims"]:
        print("No gateway has ever run. Start one: gateway_bot.")
    else:
        print(table(_HEAD, [_row(one) for one in told["claims"]]), "", sep="\n")
        print(*map(plain, _sentences(told["claims"])), sep="\n")
    return 0


def _row(claim: Wire) -> tuple[Any, ...]:
    what = claim["platform"], claim["channel"]
    if not claim["holder"]:
        return *what, "-", "-", "-", _note(claim)
    lives = "yes" if claim["lives"] else "no"
    return *what, claim["holder"], ago(claim["since"]), lives, _note(claim)


def _note(claim: Wire) -> str:
    """What else there is to say of it: the sentence itself stands below the table."""
    notes = []
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
            yield f"{claim['platform']} {claim['channel']}: {claim['trouble']}"


def _named(claims: Sequence[Wire]) -> str:
    names = [f"{one['platform']} {one['channel']}" for one in claims[:MOST_NAMED]]
    left = len(claims) - MOST_NAMED
    return ", ".join(names) + (f" and {left} more" if left > 0 else "")
