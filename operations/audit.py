"""`waddlebot audit`: who changed what, when, and how it was before."""

from __future__ import annotations

import argparse
from functools import partial
from typing import Any

from operations.api import Api
from operations.speaking import add_common, ago, cut, number, run, show_json, table

Wire = dict[str, Any]

MOST_A_PAGE = 100
MOST_BRIEF = 60
_HEAD = ("WHEN", "WHO", "WHAT", "ABOUT", "COMMUNITY", "BEFORE", "AFTER")
_CUT = (1, 3, 4, 5, 6)
"""All but when and what: the JSON has the whole of it."""


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="waddlebot audit", description="Who changed what, the newest first."
    )
    parser.add_argument("--most", type=number, default=50, help="so many, 50 unless said")
    parser.add_argument("--community", default="", metavar="NAME", help="of this one alone")
    add_common(parser)
    asked = parser.parse_args(argv)
    if asked.most < 1:
        parser.error("--most is at least 1")
    return run(partial(_changes, asked), asked.url)


def _changes(asked: argparse.Namespace, api: Api) -> int:
    changes = _read(api, asked.most, asked.community)
    if asked.json:
        show_json({"changes": changes})
    elif changes:
        print(table(_HEAD, list(map(_row, changes)), gives_way=_CUT))
    else:
        print("Nothing was changed yet.")
    return 0


def _read(api: Api, most: int, community: str) -> list[Wire]:
    found: list[Wire] = []
    query: dict[str, str | int] = {"community": community} if community else {}
    while len(found) < most:
        page = api.get("changes", limit=min(most - len(found), MOST_A_PAGE), **query)
        found += page["changes"]
        if page["next"] is None:
            break
        query["before"] = page["next"]
    return found


def _row(change: Wire) -> tuple[str, ...]:
    """By names; the ids are in the JSON."""
    words = change["words"]
    return (
        ago(change["at"]),
        words["who"],
        change["action"],
        words["about"],
        words["community"] or "-",
        cut(words["before"] or "-", MOST_BRIEF),
        cut(words["after"] or "-", MOST_BRIEF),
    )
