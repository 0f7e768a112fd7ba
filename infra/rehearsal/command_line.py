"""The real CDK command line, as an operator runs it, with an assembly that was written before."""

from __future__ import annotations

from pathlib import Path

from infra.rehearsal.emulator import ACCOUNT, REGION, Emulator
from infra.rehearsal.own_packages import CDK, NODE
from infra.rehearsal.processes import run_to_end

STEP_SECONDS = 240.0


class CommandLine:
    """`assembly` is the folder that the synth wrote."""

    def __init__(self, emulator: Emulator, folder: Path, logs: Path) -> None:
        self._emulator = emulator
        self._folder = folder
        self._logs = logs
        self._calls = 0

    def bootstrap(self) -> None:
        self._run("bootstrap", f"aws://{ACCOUNT}/{REGION}")

    def deploy(self, assembly: Path, *more: str) -> str:
        """All that it said. Raises RehearsalFailed."""
        common = ("--all", "--require-approval", "never", "--progress", "events")
        return self._run("deploy", *common, *more, assembly=assembly)

    def destroy(self, assembly: Path) -> str:
        return self._run("destroy", "--all", "--force", assembly=assembly)

    def _run(self, verb: str, *words: str, assembly: Path | None = None) -> str:
        self._calls += 1
        app = ("--app", str(assembly)) if assembly else ()
        return run_to_end(
            f"{self._calls}-cdk-{verb}",
            [str(NODE), str(CDK), verb, *words, *app, "--no-notices", "--no-color"],
            logs=self._logs,
            # It keeps what it learnt of an account there.
            environment={**self._emulator.environment, "CDK_HOME": str(self._folder / "cdk-home")},
            folder=self._folder,
            seconds=STEP_SECONDS,
        )
