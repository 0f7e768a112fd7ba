"""schemathesis for several walks: what takes it longest to load is loaded once.

`python -m tests.journey.stories.walkers` reads a list of them as JSON, each a list of what would be
typed behind `st run`, and answers with what was said of each, empty where nothing was wrong.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from dataclasses import dataclass
from typing import TextIO

from schemathesis.cli import schemathesis
from schemathesis.openapi import from_url

AT_ONCE = 2
"""One makes up what to send while another waits for its answer."""


@dataclass(frozen=True, slots=True)
class WalkBegun:
    """A walk in a process of its own, as it would be from a terminal."""

    number: int
    said: TextIO

    def told(self, status: int) -> str:
        self.said.seek(0)
        return self.said.read() or f"ended with {status}" if status else ""


def main() -> None:
    walks: list[list[str]] = json.load(sys.stdin)
    from_url(walks[0][0])  # loads what only a description needs
    told = dict.fromkeys(range(len(walks)), "")
    running: dict[int, WalkBegun] = {}
    for number, walk in enumerate(walks):
        if len(running) == AT_ONCE:
            told |= _ended(running)
        running |= _begin(number, walk)
    while running:
        told |= _ended(running)
    json.dump(list(told.values()), sys.stdout)


def _begin(number: int, walk: list[str]) -> dict[int, WalkBegun]:
    said = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - open until it has ended
    child = os.fork()
    if child == 0:
        _walk(walk, said)
    return {child: WalkBegun(number, said)}


def _ended(running: dict[int, WalkBegun]) -> dict[int, str]:
    """The next that ends, and what it has said."""
    child, status = os.wait()
    begun = running.pop(child)
    with begun.said:
        return {begun.number: begun.told(status)}


def _walk(walk: list[str], said: TextIO) -> None:
    """Never returns."""
    os.dup2(said.fileno(), 1)
    os.dup2(said.fileno(), 2)
    code = 1
    try:
        schemathesis.main(["run", *walk], prog_name="st", standalone_mode=True)
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
