"""`waddlebot claims`: which gateway carries what."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from operations.api import Api
from operations.speaking import add_common, ago, counted, plain, run, show_json, table

Wire = dict[str, Any]

_HEAD = ("PLATFORM", "CHANNEL", "GATEWAY", "SINCE", "LIVES")


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
    if not claim["holder"]:
        return claim["platform"], claim["channel"], "-", "-", "-"
    lives = "yes" if claim["lives"] else "no"
    return claim["platform"], claim["channel"], claim["holder"], ago(claim["since"]), lives


def _sentences(claims: Sequence[Wire]) -> Iterator[str]:
    living = {claim["holder"] for claim in claims if claim["lives"]}
    yield f"{counted(len(living), 'gateway lives', 'gateways live')}."
    orphans = [f"{one['platform']} {one['channel']}" for one in claims if not one["lives"]]
    if orphans:
        yield f"Nobody carries {', '.join(orphans)}. Does a gateway run?"
