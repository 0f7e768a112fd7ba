"""Results as a page for people (RESULTS.md) and as numbers for programs (results.json)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bench.intervals import MARGIN, RatioVerdict, interval_of, middle
from bench.machine import machine
from bench.ratios import RatioGoal, RatioRow
from bench.results import Section
from bench.samples import FEW, Goal, MedianResult

NOT_MEASURED = (
    "AWS: its network, API Gateway, Lambda's own cold starts, managed databases.",
    "The real platforms: stand-ins took the replies. How long a platform takes is in no number.",
    "The CPU of PostgreSQL and Valkey for a line; only end to end has it in it.",
    "More than one partition of the streams, and more than one machine.",
    "Load that goes on for hours, and memory under it; rounds here take seconds.",
    "Failures, and modules that hang: `make chaos` counts their outcomes, not their time.",
    "Lines that rules hit, and the first lines after a change of rules: compiling is left out.",
    "Slack's and Twitch's webhooks, modal forms, the overlay, community functions (`#roll`).",
    "Other bots as a whole: Red's filter, TwitchIO's dispatch and Slack Bolt's import are parts.",
    "What a line costs by the clock alone: docs/figures.md has it, of one machine.",
    "Chat of real people: the log is our own, bench/chat_log.txt.",
)
TIMES = "\N{MULTIPLICATION SIGN}"
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
    ratios: Sequence[RatioRow]
    sections: Sequence[Section]


def as_json(run: Run) -> str:
    words: dict[str, Any] = {
        "measured_on": run.on.isoformat(),
        "machine": machine(),
        "took_seconds": round(run.took_seconds),
        "load_before": run.load[0],
        "load_after": run.load[1],
        "is_short": run.is_short,
        "ratios": [_ratio_as_json(row) for row in run.ratios],
        "results": [
            _result_as_json(section, one) for section in run.sections for one in section.results
        ],
        "not_measured": NOT_MEASURED,
    }
    return json.dumps(words, indent=2, ensure_ascii=False) + "\n"


def _ratio_as_json(row: RatioRow) -> dict[str, Any]:
    of, interval = row.of, interval_of(row.ratios)
    words: dict[str, Any] = {
        "name": of.name,
        "beside": of.beside,
        "goal": {of.goal.words.replace(" ", "_"): of.goal.value},
        "verdict": row.verdict.value,
        "pairs": len(row.pairs),
        "how": of.how,
    }
    if not row.pairs:
        return words | {"absent": row.absent}
    return words | {
        "ratio": round(middle(row.ratios), 4),
        "interval": [round(interval.low, 4), round(interval.high, 4)] if interval else None,
        "ours": round(row.ours, 3),
        "theirs": round(row.theirs, 3),
        "unit": of.unit,
    }


def _result_as_json(section: Section, one: MedianResult) -> dict[str, Any]:
    return {
        "section": section.title,
        "name": one.name,
        "median": round(one.median, 3),
        "low": round(one.low, 3),
        "high": round(one.high, 3),
        "samples": one.samples,
        "unit": one.unit,
        "how": one.how,
    }


def render(run: Run) -> str:
    parts = [*_head(run), *_verdicts(run), "", "## Ratios", "", *RATIOS_NOTE, ""]
    parts += _ratio_table(run.ratios)
    for section in run.sections:
        parts += ["", f"## {section.title}", "", *_sentences(section.note), "", *_table(section)]
    parts += [
        "",
        *SPREADS_NOTE,
        "",
        "## Not measured",
        "",
        *(f"- {one}" for one in NOT_MEASURED),
        "",
    ]
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


SPREADS_NOTE = (
    "Where there is no goal, values are medians; spreads go from the 5th to the 95th percentile,",
    f"or from the least to the most where there were fewer than {FEW} samples.",
)
RATIOS_NOTE = (
    "Each goal is a multiple of a floor or a peer that is measured beside it, in turn, in short",
    "rounds of this run: a machine that slows down slows both of a pair.",
    "The interval holds the median of the paired ratios nine times of ten. A goal is met where all",
    f"of it is, missed where all of it is {MARGIN:.0%} and more behind, else undecided.",
)


def _verdicts(run: Run) -> Iterator[str]:
    by_verdict = {
        verdict: [row for row in run.ratios if row.verdict is verdict] for verdict in RatioVerdict
    }
    counts = ", ".join(f"{len(rows)} {verdict}" for verdict, rows in by_verdict.items())
    yield ""
    yield f"**Of {len(run.ratios)} goals: {counts}.**"
    for verdict in (RatioVerdict.MISSED, RatioVerdict.UNDECIDED):
        if rows := by_verdict[verdict]:
            yield f"{verdict.value.capitalize()}:"
            yield ""
            yield from (f"- {_told(row)}" for row in rows)
            yield ""


def _told(row: RatioRow) -> str:
    of = row.of
    found = _times(middle(row.ratios), of) if row.pairs else row.absent
    tried = f". {of.tried}" if of.tried and row.pairs else ""
    return f"{of.name}, beside {of.beside}: {found} ({_sign(of)}){tried}"


def _ratio_table(rows: Sequence[RatioRow]) -> Iterator[str]:
    yield "| what | beside | ratio | interval | goal | ours | theirs | how |"
    yield "| --- | --- | ---: | ---: | ---: | ---: | ---: | --- |"
    for row in rows:
        yield f"| {' | '.join(_ratio_cells(row))} |"


def _ratio_cells(row: RatioRow) -> Iterator[str]:
    of, interval = row.of, interval_of(row.ratios)
    yield of.name
    yield of.beside
    yield _whole(_times(middle(row.ratios), of)) if row.pairs else "-"
    between = interval and f"{_plain(interval.low, of)} to {_times(interval.high, of)}"
    yield _whole(between) if between else "-"
    verdict = row.verdict
    told = f"**{verdict}**" if verdict is RatioVerdict.MISSED else verdict
    yield _whole(f"{_sign(of)} {told}")
    for value in (row.ours, row.theirs) if row.pairs else ():
        yield _whole(f"{value:,.{of.digits}f} {of.unit}")
    if not row.pairs:
        yield from ("-", "-")
    yield f"{of.how}; {len(row.pairs)} pairs" if row.pairs else row.absent


def _times(ratio: float, of: RatioGoal) -> str:
    return _plain(ratio, of) + (" %" if _is_share(of.goal) else f" {TIMES}")


def _plain(ratio: float, of: RatioGoal) -> str:
    return f"{100 * ratio:.1f}" if _is_share(of.goal) else f"{ratio:.2f}"


def _sign(of: RatioGoal) -> str:
    value = f"{100 * of.goal.value:g} %" if _is_share(of.goal) else f"{of.goal.value:g} {TIMES}"
    return f"{SIGNS[of.goal.words]} {value}"


def _is_share(goal: Goal) -> bool:
    """Of a ceiling, which nobody is above."""
    return goal.words == "at least"


def _table(section: Section) -> Iterator[str]:
    yield "| what | median | spread | how |"
    yield "| --- | ---: | ---: | --- |"
    for one in section.results:
        yield f"| {' | '.join(_cells(one))} |"


def _cells(one: MedianResult) -> Iterator[str]:
    yield one.name
    yield _whole(_number(one, one.median))
    yield _whole(_spread(one)) if one.samples > 1 else "-"
    yield one.how


def _whole(cell: str) -> str:
    """Not broken into lines where a table is narrow."""
    return cell.replace(" ", "\N{NO-BREAK SPACE}")


def _spread(one: MedianResult) -> str:
    return f"{one.low:,.{one.digits}f} to {one.high:,.{one.digits}f}"


def _number(one: MedianResult, value: float) -> str:
    return f"{value:,.{one.digits}f} {one.unit}"


def _sentences(note: str) -> list[str]:
    """A line each."""
    return note.replace(". ", ".\n").splitlines()
