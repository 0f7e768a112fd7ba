"""A test that failed is tried once more, and what it said the first time is printed at the end.

On a machine that does other work a server of a test may be late, once in many runs; a product that
is wrong now and then looks the same. So nothing is hidden: whoever reads the run sees both, and a
run in which more than MOST tests needed it is red. Of a test that failed again the first time tells
more than the second, which found what that one left behind.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

MOST = 3
TITLE = "failed first, passed when tried again"
FAILED_AGAIN = "failed first, and again when tried again"


class Again:
    """Where the reports of all workers come together."""

    def __init__(self) -> None:
        self._failed: list[pytest.TestReport] = []
        self._red: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.outcome == "rerun":
            self._failed.append(report)
        elif report.failed:
            self._red.add(report.nodeid)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if session.exitstatus == pytest.ExitCode.OK and len(self._failed) > MOST:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        red = [one for one in self._failed if one.nodeid in self._red]
        late = [one for one in self._failed if one.nodeid not in self._red]
        tell(terminalreporter, FAILED_AGAIN, red)
        tell(terminalreporter, TITLE, late)

    def pytest_unconfigure(self, config: pytest.Config) -> None:
        """Below everything else: who sees the end of a run only sees why it is red."""
        terminal = config.pluginmanager.get_plugin("terminalreporter")
        if terminal and len(self._failed) > MOST:
            said = f"{len(self._failed)} tests were tried again; more than {MOST} are too many"
            terminal.write_line(said, red=True)


def tell(
    terminal: pytest.TerminalReporter, title: str, reports: Sequence[pytest.TestReport]
) -> None:
    """What each said, and what it had printed until then."""
    if reports:
        terminal.section(title)
    for report in reports:
        terminal.section(report.nodeid, sep="_")
        terminal.write_line(report.longreprtext)
        for name, text in report.sections:
            terminal.section(name, sep="-")
            terminal.write_line(text)


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Again())
