"""What a run's folders cost, in yardsticks, against what they may cost; `make test` prints it.

A yardstick is a piece of work that is measured now and then in the same run: a slower machine has
slower ones. What is counted is the processor's time, of the workers and of everything that they
started: servers, houses, browsers. The seconds that passed stand beside it and judge nothing.
A folder over its budget makes the run fail.

A server that a run shares is counted where the worker that started it is at the time.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

BUDGETS = Path(__file__).with_name("budgets.toml")
LOOK_SECONDS = 1.0
TICKS = os.sysconf("SC_CLK_TCK")
ELSEWHERE = "tests"
"""Collecting them, and what lies in no folder."""
YARDSTICK = ("-I", "-S", "-c", "import asyncio, decimal, http.client, logging, uuid")
YARDSTICK_SECONDS = 15.0
"""Between two in one worker, at the least."""
COUNTERS = ("processor", "passed", "tests")


@dataclass(slots=True, kw_only=True)
class Spent:
    """By folder. Seconds of the processor, and those that passed."""

    processor: Counter[str] = field(default_factory=Counter)
    passed: Counter[str] = field(default_factory=Counter)
    tests: Counter[str] = field(default_factory=Counter)
    yardsticks: list[float] = field(default_factory=list)

    def add(self, other: Spent) -> None:
        self.processor.update(other.processor)
        self.passed.update(other.passed)
        self.tests.update(other.tests)
        self.yardsticks += other.yardsticks

    @property
    def yardstick(self) -> float:
        return statistics.median(self.yardsticks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    folder: str
    tests: int
    cost: float
    budget: float
    passed: float

    @property
    def is_over(self) -> bool:
        return self.cost > self.budget


def rows_of(spent: Spent, budgets: Mapping[str, float]) -> list[Row]:
    """The dearest first. A folder without a budget may cost nothing."""
    return [
        Row(
            folder=folder,
            tests=spent.tests[folder],
            cost=seconds / spent.yardstick,
            budget=budgets.get(folder, 0),
            passed=spent.passed[folder],
        )
        for folder, seconds in spent.processor.most_common()
    ]


def lines_of(rows: list[Row], spent: Spent) -> Iterator[str]:
    yield f"{'':<24}{'tests':>7}{'cost':>8}{'budget':>8}{'processor':>12}{'passed':>10}"
    for row in rows:
        seconds = f"{row.cost * spent.yardstick:.0f} s"
        said = f"{row.folder:<24}{row.tests:>7}{row.cost:>8.0f}{row.budget:>8.0f}{seconds:>12}"
        yield f"{said}{f'{row.passed:.0f} s':>10}{'   over its budget' if row.is_over else ''}"
    cost, seconds = sum(row.cost for row in rows), sum(spent.processor.values())
    total = f"{'all':<24}{sum(row.tests for row in rows):>7}{cost:>8.0f}"
    yield f"{total}{sum(row.budget for row in rows):>8.0f}{f'{seconds:.0f} s':>12}"
    took = f"{spent.yardstick * 1000:.1f} ms"
    yield f"cost: the processor's seconds over those of the yardstick, {took} in this run"


@dataclass(slots=True)
class Family:
    """This process and all that come from it, also those whose parents have ended."""

    known: dict[int, int] = field(default_factory=dict)

    def seconds(self) -> float:
        """Of the processor, used by those that live and by those that they have waited for."""
        found = dict(_processes())
        children = defaultdict(list)
        for pid, (parent, _, _) in found.items():
            children[parent].append(pid)
        waiting = [os.getpid()]
        waiting += [pid for pid, began in self.known.items() if found.get(pid, (0, 0))[1] == began]
        ours: dict[int, int] = {}
        while waiting:
            pid = waiting.pop()
            if pid in found and pid not in ours:
                ours[pid] = found[pid][1]
                waiting += children[pid]
        self.known = ours
        return sum(found[pid][2] for pid in ours) / TICKS


def _processes() -> Iterator[tuple[int, tuple[int, int, int]]]:
    """Parent, when it began, and ticks of the processor."""
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            try:
                said = _read(f"{entry.path}/stat")
            except OSError:
                continue
            parts = said.rpartition(b")")[2].split()
            yield int(entry.name), (int(parts[1]), int(parts[19]), sum(map(int, parts[11:15])))


def _read(path: str) -> bytes:
    """Without a file's or a path's object: there are hundreds, and they are read each second."""
    opened = os.open(path, os.O_RDONLY)
    try:
        return os.read(opened, 4096)
    finally:
        os.close(opened)


def measure_yardstick() -> float:
    """Of the processor: an interpreter that starts and reads some modules.

    The suite does little else: it starts processes, turns pages and reads. A loop of sums told
    less: between two machines it was 3.2 times as fast, and the suite 1.7 times.
    """
    child = os.posix_spawn(sys.executable, [sys.executable, *YARDSTICK], {})
    _, status, used = os.wait4(child, 0)
    assert status == 0
    return used.ru_utime + used.ru_stime


class Watch:
    """Looks when the folder changes, and now and then."""

    def __init__(self) -> None:
        self.spent = Spent(yardsticks=[measure_yardstick()])
        self._measured = time.monotonic()
        self._family = Family()
        self._folder = ELSEWHERE
        self._seconds = 0.0
        self._looked = time.monotonic() - time.process_time()

    def turn_to(self, folder: str) -> None:
        if folder != self._folder or time.monotonic() > self._looked + LOOK_SECONDS:
            self.look()
            self._folder = folder

    def look(self) -> None:
        seconds, now = self._family.seconds(), time.monotonic()
        self.spent.processor[self._folder] += max(0.0, seconds - self._seconds)
        self.spent.passed[self._folder] += now - self._looked
        self._seconds, self._looked = seconds, now

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logstart(self, location: tuple[str, int | None, str]) -> None:
        folder = folder_of(location[0])
        self.turn_to(folder)
        if time.monotonic() > self._measured + YARDSTICK_SECONDS:
            self.spent.yardsticks.append(measure_yardstick())
            self._measured = time.monotonic()
        self.spent.tests[folder] += 1

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        self.look()
        told = getattr(session.config, "workeroutput", None)
        if told is not None:
            told["spent"] = told_by(self.spent)


def folder_of(file: str) -> str:
    parts = Path(file).parts
    return "/".join(parts[:2]) if len(parts) > 2 else ELSEWHERE


def read_budgets(path: Path) -> dict[str, float]:
    return {str(folder): float(cost) for folder, cost in tomllib.loads(path.read_text()).items()}


class Judge:
    """Of what the workers have told, or of the only process."""

    def __init__(self, watch: Watch | None, budgets: Mapping[str, float]) -> None:
        self._watch = watch
        self._budgets = budgets
        self._told = Spent()

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        told = getattr(node, "workeroutput", {}).get("spent")
        if told:
            self._told.add(spent_of(told))

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self._watch:
            self._told.add(self._watch.spent)
        if session.exitstatus == pytest.ExitCode.OK and any(row.is_over for row in self._rows()):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if rows := self._rows():
            terminalreporter.section("what the folders cost")
            for line in lines_of(rows, self._told):
                terminalreporter.write_line(line)

    def pytest_unconfigure(self, config: pytest.Config) -> None:
        """Below everything else: who sees the end of a run only sees why it is red."""
        terminal = config.pluginmanager.get_plugin("terminalreporter")
        for row in self._rows() if terminal else ():
            if row.is_over:
                said = f"{row.folder} cost {row.cost:.0f} of {row.budget:.0f}: over its budget"
                terminal.write_line(said, red=True)

    def _rows(self) -> list[Row]:
        return rows_of(self._told, self._budgets) if self._told.yardsticks else []


def told_by(spent: Spent) -> dict[str, Any]:
    """In what may be sent from a worker."""
    counters = {name: dict(getattr(spent, name)) for name in COUNTERS}
    return {**counters, "yardsticks": spent.yardsticks}


def spent_of(told: Mapping[str, Any]) -> Spent:
    counters = {name: Counter(told[name]) for name in COUNTERS}
    return Spent(**counters, yardsticks=list(told["yardsticks"]))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--budgets", type=Path, default=BUDGETS, help="what folders may cost")


def pytest_configure(config: pytest.Config) -> None:
    is_worker = hasattr(config, "workerinput")
    has_workers = not is_worker and bool(getattr(config.option, "tx", None))
    watch = None if has_workers else Watch()
    if watch:
        config.pluginmanager.register(watch)
    if not is_worker:
        budgets = read_budgets(config.getoption("budgets"))
        config.pluginmanager.register(Judge(watch, budgets))
