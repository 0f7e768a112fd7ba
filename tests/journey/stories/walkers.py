"""schemathesis for several walks: what takes it longest to load is loaded once.

`python -m tests.journey.stories.walkers` reads a list of them as JSON, each a list of what would be
typed behind `st run`, and answers with what was said of each, empty where nothing was wrong.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from typing import TextIO

from schemathesis.cli import schemathesis
from schemathesis.openapi import from_url


def main() -> None:
    walks: list[list[str]] = json.load(sys.stdin)
    from_url(walks[0][0])  # loads what only a description needs
    json.dump([walked(walk) for walk in walks], sys.stdout)


def walked(walk: list[str]) -> str:
    """In a process of its own, as it would be from a terminal."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        child = os.fork()
        if child == 0:
            _walk(walk, said)
        _, status = os.waitpid(child, 0)
        said.seek(0)
        return said.read() or f"ended with {status}" if status else ""


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
