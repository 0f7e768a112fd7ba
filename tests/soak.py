"""`make soak` ends with all its figures in one table, and is red where one does not hold or was not
seen: a test that was skipped has seen nothing."""

from __future__ import annotations

import pytest

from tests.helpers.soak_figures import EXPECTED, FIGURES


def missed() -> list[str]:
    """What does not hold, or is not there, as `part: name`."""
    return [
        f"{part}: {name}"
        for part, names in EXPECTED.items()
        for name in names
        if not ((found := FIGURES.get((part, name))) and found.holds)
    ]


def rows() -> list[str]:
    """The table, a line each."""
    lines = [f"{'':14}  {'':32}  {'seen':>10}  goal"]
    for part, names in EXPECTED.items():
        for name in names:
            found = FIGURES.get((part, name))
            seen, goal = (f"{found.seen:.6g}", found.goal) if found else ("not seen", "")
            mark = "" if found and found.holds else "  <- does not hold"
            lines.append(f"{part:14}  {name:32}  {seen:>10}  {goal}{mark}".rstrip())
    return lines


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if session.exitstatus == pytest.ExitCode.OK and missed():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.section("what the soak has seen")
    for line in rows():
        terminalreporter.write_line(line)
    count = len(missed())
    said = f"{count} figures do not hold" if count else "all figures hold"
    terminalreporter.write_line(said, red=bool(count), green=not count)
