"""The figures of docs/figures.md: measured, then told in a table."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bench import asked, pouring, recorded, replay
from bench.house import House, HouseDown, first_answer, memory_by_part, running
from bench.imports import import_ingress
from bench.machine import machine
from bench.router_cost import BATCH, COMMAND, COMMANDS, RULES, Cost, measure
from bench.samples import Figure, figure, percentile, told
from bench.scratch import scratch
from bench.servers import plane

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresPlan:
    """How often and how long; the short one says whether the bench works, not how quick we are."""

    starts: int
    rounds: int
    told_lines: int
    stream_lines: int
    api_lines: int
    questions: int
    batches: int
    imports: int
    idle_seconds: float


FULL = FiguresPlan(
    starts=5,
    rounds=5,
    told_lines=2_000,
    stream_lines=10_000,
    api_lines=5_000,
    questions=300,
    batches=200,
    imports=9,
    idle_seconds=10.0,
)
SHORT = FiguresPlan(
    starts=1,
    rounds=1,
    told_lines=100,
    stream_lines=200,
    api_lines=200,
    questions=10,
    batches=2,
    imports=1,
    idle_seconds=0.5,
)


def measure_all(plan: FiguresPlan, say: Say) -> list[Figure]:
    """Starts houses in a folder of its own and stops them again; minutes, for the full plan."""
    with scratch() as folder:
        say("starts")
        found = starts(folder, plan)
        say("house")
        with running(folder / "house") as house:
            found += of_house(house, plan, say)
        say("router")
        with plane(folder / "plane") as urls:
            found += of_router(measure(urls, batches=plan.batches))
        say("imports")
        return [*found, *of_imports(plan)]


def starts(folder: Path, plan: FiguresPlan) -> list[Figure]:
    """Every first start in a home of its own; the later ones in the last of these homes."""
    first = [_start(folder / f"home{number}") for number in range(plan.starts)]
    home = folder / f"home{plan.starts - 1}"
    later = [_start(home) for _ in range(plan.starts)]
    how = "from `python -m local run` to the answer to `!quote` on Twitch, through the stand-ins"
    return [
        figure(
            "First start to first answer",
            first,
            "s",
            f"{how}; a fresh home: databases are made; packages are installed",
            digits=2,
        ),
        figure("Later start to first answer", later, "s", how, digits=2),
    ]


def _start(home: Path) -> float:
    with running(home) as house:
        first_answer(house)
        return time.monotonic() - house.began


def of_house(house: House, plan: FiguresPlan, say: Say) -> list[Figure]:
    """What is measured from outside of a running one; memory first, while it is idle."""
    first_answer(house)
    time.sleep(plan.idle_seconds)
    found = of_memory(house)
    say("asked")
    found += [
        _waited(
            "API, `!help`", asked.ask_api(house, plan.questions), "HTTP front, key, router, record"
        ),
        _waited(
            "Discord, `/waddlebot quote`",
            asked.ask_discord(house, plan.questions),
            "HTTP front, signature, ingress, router, module memories, database",
        ),
    ]
    say("recorded payloads")
    found += of_recorded(house)
    for name, road, lines, how in _roads(plan):
        say(name)
        road(house, min(lines, BATCH))  # the places are greeted, the functions warm
        paces = [road(house, lines) for _ in range(plan.rounds)]
        what = f"{how}; {lines:,} lines of the log, 2 % commands, until the last is recorded"
        found.append(figure(name, paces, "lines/s", what, digits=0))
    return found


def _roads(plan: FiguresPlan) -> Sequence[tuple[str, Callable[[House, int], float], int, str]]:
    return (
        (
            "Lines a second, Twitch webhook",
            replay.through_webhook,
            plan.told_lines,
            f"{replay.SENDERS} connections, one call of ingress a line; then stream to record",
        ),
        (
            "Lines a second, socket",
            pouring.through_stream,
            plan.stream_lines,
            "appended to the stream as a gateway connection does: reader, router, record",
        ),
        (
            "Lines a second, API",
            replay.through_api,
            plan.api_lines,
            f"`/api/router/batch`, {replay.BATCH} a call, one call after another",
        ),
    )


def of_memory(house: House) -> list[Figure]:
    parts = memory_by_part(house.processes())
    how = "PSS of all its processes, idle after its first answer: "
    shares = "; ".join(f"{part} {size:.0f}" for part, size in parts.items())
    return [Figure(name="Idle memory", value=f"{sum(parts.values()):.0f} MB", how=how + shares)]


def of_recorded(house: House) -> list[Figure]:
    """Raises HouseDown where one of them is answered with a 5xx."""
    statuses = recorded.replay_recorded(house)
    if any(status >= 500 for status in statuses):
        raise HouseDown(f"recorded payloads were answered with {dict(statuses)}")
    if not statuses:
        return []
    return [
        Figure(
            name="Recorded payloads answered",
            value=f"{statuses.total()}",
            spread=", ".join(f"{count} of {status}" for status, count in sorted(statuses.items())),
            how="bodies that Discord, Slack and Twitch really send, signed anew; no 5xx",
        )
    ]


def _waited(name: str, waits: asked.AskedWaits, how: str) -> Figure:
    took = waits.took
    value, spread = told(took, "ms")
    return Figure(
        name=f"Asked, warm: {name}",
        value=f"p50 {value}, p99 {percentile(took, 99):.1f} ms",
        spread=spread,
        how=f"{how}; one after another on one connection",
    )


def of_router(costs: Mapping[str, Cost]) -> list[Figure]:
    found = []
    for name, cost in costs.items():
        quiet = f"Quiet line, {name}"
        what = f"Command `{COMMAND}`, {RULES:,} rules" if name == "command" else quiet
        found += [
            figure(f"{what}: match", cost.match, "µs", "CPU of the match stage"),
            figure(f"{what}: whole route", cost.whole, "µs", "CPU of all stages and clients"),
        ]
    return found


def of_imports(plan: FiguresPlan) -> list[Figure]:
    how = "a fresh interpreter, byte-code there, less an empty one"
    return [
        figure(f"Import of ingress, {name}", took, "ms", how, digits=0)
        for name, took in import_ingress(plan.imports).items()
    ]


def render(figures: Sequence[Figure], *, on: date, load: float) -> str:
    rows = [
        f"| {one.name} | {one.value} | {one.spread or '-'} | {one.how or '-'} |" for one in figures
    ]
    return "\n".join((*_head(on, load), *rows, *_TAIL, ""))


def _head(on: date, load: float) -> tuple[str, ...]:
    return (
        "# Figures",
        "",
        f"Measured on {on.isoformat()} by `python -m bench figures`, which writes this page.",
        f"Machine: {machine()}; load average before the start {load:.2f}.",
        "House, servers and load share its cores.",
        "Values are medians; the spread goes from the 5th to the 95th percentile,",
        "or from the least to the most where there were fewer than twenty samples.",
        "",
        "| what | median | spread | what it includes |",
        "| --- | --- | --- | --- |",
    )


_TAIL = (
    "",
    f"The router's CPU is measured in one process with {COMMANDS:,} commands and, where it says",
    f"so, {RULES:,} rules (15 % exact, 35 % contains, 35 % word, 15 % pattern), in batches of",
    f"{BATCH}, with places and people known and every line new.",
    "Match is the thread's CPU time, the whole route the process's: psycopg, redis and hiredis are",
    "in it; PostgreSQL, Valkey, the Lambda runtime and calls of modules are not.",
    "The command is answered by the router itself and pays for receipt, window and hand over.",
    "The chat log is `bench/chat_log.txt`: our own lines in many languages, with emoji and links.",
)
