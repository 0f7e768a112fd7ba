"""`python -m bench figures [--short] [--date 2026-11-24] [--to docs/figures.md]`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from bench.figures import FULL, SHORT, measure_all, render
from local.settings import ROOT

PAGE = ROOT / "docs" / "figures.md"


def main(argv: Sequence[str]) -> int:
    """Prints the page and writes it; the short form is printed alone, unless told where to."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("what", choices=["figures"])
    parser.add_argument("--short", action="store_true", help="seconds: whether the bench works")
    parser.add_argument("--date", type=date.fromisoformat, default=datetime.now(UTC).date())
    parser.add_argument("--to", type=Path, help="where to write; docs/figures.md unless short")
    wanted = parser.parse_args(argv)
    load, _, _ = os.getloadavg()
    figures = measure_all(SHORT if wanted.short else FULL, _say)
    page = render(figures, on=wanted.date, load=load)
    print(page)
    target = wanted.to or (None if wanted.short else PAGE)
    if target:
        target.write_text(page, "utf-8")
    return 0


def _say(part: str) -> None:
    print(f"bench  {part}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
