"""Results as a page for people (RESULTS.md) and as numbers for programs (results.json)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bench.machine import machine
from bench.results import Section
from bench.samples import FEW, MedianResult

NOT_MEASURED = (
    "AWS: its network, API Gateway, Lambda's own cold starts, managed databases.",
    "The real platforms: stand-ins took the replies. How long a platform takes is in no number.",
    "The CPU of PostgreSQL and Valkey for a line; only end to end has it in it.",
    "More than one partition of the streams, and more than one machine.",
    "Load that goes on for hours, and memory under it; rounds here take seconds.",
    "Failures, and modules that hang: `make chaos` counts their outcomes, not their time.",
    "Lines that rules hit, and the first lines after a change of rules: compiling is left out.",
    "Slack's and Twitch's webhooks, modal forms, the overlay, community functions (`#roll`).",
    "Other bots: nothing here was compared with one.",
    "Chat of real people: the log is our own, bench/chat_log.txt.",
)
SIGNS = {"at most": "≤", "at least": "≥"}
BUSY = 0.5
"""The load average of a machine that has other work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """`load` is the load average of a minute, before and after."""

    on: date
    took_seconds: float
    load: tuple[float, float]
    is_short: bool
    sections: Sequence[Section]


def as_json(run: Run) -> str:
    words: dict[str, Any] = {
        "measured_on": run.on.isoformat(),
        "machine": machine(),
        "took_seconds": round(run.took_seconds),
        "load_before": run.load[0],
        "load_after": run.load[1],
        "is_short": run.is_short,
        "results": [
            _result_as_json(section, one) for section in run.sections for one in section.results
        ],
        "not_measured": NOT_MEASURED,
    }
    return json.dumps(words, indent=2, ensure_ascii=False) + "\n"


def _result_as_json(section: Section, one: MedianResult) -> dict[str, Any]:
    goal = {one.goal.words.replace(" ", "_"): one.goal.value} if one.goal else None
    return {
        "section": section.title,
        "name": one.name,
        "median": round(one.median, 3),
        "low": round(one.low, 3),
        "high": round(one.high, 3),
        "samples": one.samples,
        "unit": one.unit,
        "goal": goal,
        "is_met": one.is_met,
        "how": one.how,
    }


def render(run: Run) -> str:
    parts = [*_head(run), *_verdict(run)]
    for section in run.sections:
        parts += ["", f"## {section.title}", "", *_sentences(section.note), "", *_table(section)]
    parts += ["", "## Not measured", "", *(f"- {one}" for one in NOT_MEASURED), ""]
    return "\n".join(parts)


def _head(run: Run) -> Iterator[str]:
    before, after = run.load
    yield "# Results"
    yield ""
    if run.is_short:
        yield "**The short form: it shows that the bench works, and its numbers mean nothing.**"
        yield ""
    when, took = run.on.isoformat(), f"{run.took_seconds:.0f} s"
    yield f"Measured on {when} by `make bench`, in one run of {took}."
    yield "It writes this page, and the same numbers to [results.json](results.json)."
    yield f"Machine: {machine()}; house, servers and load share it, over loopback."
    yield f"Load average: {before:.2f} before the run, {after:.2f} after it."
    if before >= BUSY:
        yield "Other work ran on this machine too, and all times are longer for it."
    yield "Values are medians; spreads go from the 5th to the 95th percentile,"
    yield f"or from the least to the most where there were fewer than {FEW} samples."
    yield "A goal is met or missed by the median."


def _verdict(run: Run) -> Iterator[str]:
    judged = [(one, section) for section in run.sections for one in section.results if one.goal]
    missed = [(one, section) for one, section in judged if not one.is_met]
    yield ""
    yield f"**{len(judged) - len(missed)} of {len(judged)} goals are met.**"
    if missed:
        yield "Missed:"
        yield ""
        for one, section in missed:
            yield f"- {section.title}, {one.name}: {_number(one, one.median)} ({_goal(one)})"


def _table(section: Section) -> Iterator[str]:
    yield "| what | median | spread | goal | how |"
    yield "| --- | ---: | ---: | ---: | --- |"
    for one in section.results:
        yield f"| {' | '.join(_cells(one))} |"


def _cells(one: MedianResult) -> Iterator[str]:
    yield one.name
    yield _whole(_number(one, one.median))
    yield _whole(_spread(one)) if one.samples > 1 else "-"
    yield _whole(f"{_goal(one)} {'met' if one.is_met else '**missed**'}") if one.goal else "-"
    yield one.how


def _whole(cell: str) -> str:
    """Not broken into lines where a table is narrow."""
    return cell.replace(" ", "\N{NO-BREAK SPACE}")


def _spread(one: MedianResult) -> str:
    return f"{one.low:,.{one.digits}f} to {one.high:,.{one.digits}f}"


def _number(one: MedianResult, value: float) -> str:
    return f"{value:,.{one.digits}f} {one.unit}"


def _goal(one: MedianResult) -> str:
    return f"{SIGNS[one.goal.words]} {one.goal.value:g}" if one.goal else ""


def _sentences(note: str) -> list[str]:
    """A line each."""
    return note.replace(". ", ".\n").splitlines()
