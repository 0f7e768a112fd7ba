"""`python -m bench figures` writes docs/figures.md, `python -m bench results` bench/RESULTS.md.

`python -m bench peers` installs what the results are measured beside, as far as it can be.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from bench import figures, peers, results, results_page
from bench.machine import load
from local.bootstrap import SetupFailed
from local.settings import ROOT

FIGURES = ROOT / "docs" / "figures.md"
RESULTS = ROOT / "bench"
PAGE, NUMBERS = "RESULTS.md", "results.json"


def main(argv: Sequence[str]) -> int:
    """Prints the page and writes it; a short form is printed alone, unless told where to."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("what", choices=["figures", "results", "peers"])
    parser.add_argument("--short", action="store_true", help="seconds: whether the bench works")
    parser.add_argument("--date", type=date.fromisoformat, default=datetime.now(UTC).date())
    parser.add_argument(
        "--to", type=Path, help="where to: a file for figures, a folder for results"
    )
    wanted = parser.parse_args(argv)
    if wanted.what == "peers":
        return _install_peers()
    write = _write_figures if wanted.what == "figures" else _write_results
    write(wanted)
    return 0


def _install_peers() -> int:
    """What is not there is said in its rows, so nothing ends for it."""
    try:
        peers.install()
    except SetupFailed as failed:
        _say(f"peers were not installed: {failed}")
    return 0


def _write_figures(wanted: argparse.Namespace) -> None:
    before = load()
    found = figures.measure_all(figures.SHORT if wanted.short else figures.FULL, _say)
    page = figures.render(found, on=wanted.date, load=before)
    print(page)
    target = wanted.to or (None if wanted.short else FIGURES)
    if target:
        target.write_text(page, "utf-8")


def _write_results(wanted: argparse.Namespace) -> None:
    before, began = load(), time.monotonic()
    found = results.measure_results(results.SHORT if wanted.short else results.FULL, _say)
    run = results_page.Run(
        on=wanted.date,
        took_seconds=time.monotonic() - began,
        load=(before, load()),
        is_short=wanted.short,
        ratios=found.ratios,
        sections=found.sections,
    )
    page = results_page.render(run)
    print(page)
    folder = wanted.to or (None if wanted.short else RESULTS)
    if folder:
        (folder / PAGE).write_text(page, "utf-8")
        (folder / NUMBERS).write_text(results_page.as_json(run), "utf-8")


def _say(part: str) -> None:
    print(f"bench  {part}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
