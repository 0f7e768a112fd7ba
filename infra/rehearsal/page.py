"""docs/aws.md as an operator follows it: its blocks, each in a shell of its own."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Mapping
from pathlib import Path

from infra.aws_page import read_blocks
from infra.rehearsal.own_packages import ROOT
from infra.rehearsal.processes import run_to_end
from infra.rehearsal.progress import RehearsalFailed

PAGE = ROOT / "docs" / "aws.md"
BLOCK_SECONDS = 300.0
OURS = "WADDLEBOT_"


class FollowedPage:
    """`environment` is that of the operator's terminal; what a block exports stays in it."""

    def __init__(self, environment: Mapping[str, str], logs: Path) -> None:
        self._blocks = read_blocks(PAGE.read_text())
        self._logs = logs
        self._calls = 0
        self.terminal = dict(environment)
        self.followed: set[str] = set()

    def follow(self, block: str, **more: str) -> str:
        """All that its commands said, which are run as they stand. Raises RehearsalFailed."""
        self.followed.add(block)
        return self._run(block, "\n".join(self._blocks[block].commands), more)

    def pipe(self, value: str, *words: str) -> str:
        """As `follow`, of one command that reads `value` from its standard input."""
        return self._run(words[-1], f'printf %s "$VALUE" | {shlex.join(words)}', {"VALUE": value})

    def left_out(self) -> list[str]:
        """Blocks that could be run and were not."""
        rehearsed = {name for name, one in self._blocks.items() if one.rehearsed}
        return sorted(rehearsed - self.followed)

    def _run(self, name: str, commands: str, more: Mapping[str, str]) -> str:
        self._calls += 1
        told = self._logs / "exported"
        told.touch(mode=0o600)
        try:
            said = run_to_end(
                f"{self._calls}-{name}",
                [
                    "bash",
                    "-euo",
                    "pipefail",
                    "-c",
                    f"{commands}\nenv -0 > {shlex.quote(str(told))}",
                ],
                logs=self._logs,
                environment={**self.terminal, **more},
                folder=ROOT,
                seconds=BLOCK_SECONDS,
            )
            lines = (one.partition("=") for one in told.read_text().split("\0"))
            self.terminal.update({var: value for var, _, value in lines if var.startswith(OURS)})
        finally:
            told.unlink()
        return said


def needs_of_the_page() -> None:
    """Raises RehearsalFailed where a program is not here that the page has people type."""
    missing = [one for one in ("bash", "make", "curl", "openssl") if not shutil.which(one)]
    if missing:
        raise RehearsalFailed(f"docs/aws.md calls for {', '.join(missing)}: install that first")
