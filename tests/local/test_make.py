"""The Makefile as somebody types it, with Ctrl-C in a terminal of their own."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import time
from pathlib import Path

from local.settings import ROOT

PATIENCE_SECONDS = 30.0
OF_MAKE = ("*** wait: No child processes.", "*** Waiting for unfinished jobs....")
"""GNU make trips, rarely: it is told to end while it takes note that its child has."""
# What is set up stands already, and is not this file's to change.
MAKE = ("make", "-o", "set-up-run", "-o", "set-up-test")


def interrupted(*command: str, once: str, **environment: str) -> str:
    """All that the terminal shows of a command where Ctrl-C is pressed once it says `once`."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(ROOT)
        os.environ.update(environment)
        os.execvp(command[0], command)  # noqa: S606 - make itself
    shown, is_pressed, end = "", False, time.monotonic() + PATIENCE_SECONDS
    try:
        while time.monotonic() < end:
            if select.select([terminal], [], [], 0.2)[0]:
                try:
                    part = os.read(terminal, 65_536)
                except OSError:  # Linux's end of a terminal
                    break
                if not part:
                    break
                shown += part.decode(errors="replace")
            if not is_pressed and once in shown:
                is_pressed = bool(os.write(terminal, b"\x03"))
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(terminal)
    assert is_pressed, shown
    return shown


def test_an_interrupted_target_ends_without_an_error_of_make_s(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "router.log").write_text("hello from a log\n")
    shown = interrupted(*MAKE, "logs", once="hello from a log", WADDLEBOT_HOME=str(tmp_path))
    for slip in OF_MAKE:
        shown = shown.replace(slip, "")
    assert "***" not in shown
    assert "Traceback" not in shown


def test_every_recipe_ends_calmly() -> None:
    """So that the next one does, too."""
    recipes = re.findall(r"^\t@(.*)", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert len(recipes) > 15
    assert [one for one in recipes if not one.startswith(("$(CALMLY) ", "awk "))] == []


def test_a_machine_without_python_reads_what_is_missing(tmp_path: Path) -> None:
    for tool in ("sh", "make"):
        (tmp_path / tool).symlink_to(shutil.which(tool) or "")
    done = subprocess.run(
        ["make", "run"],  # noqa: S607 - that of the folder above
        cwd=ROOT,
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "There is no python3 here, and WaddleBot needs Python 3.11 or newer." in done.stderr
    assert "make run PYTHON=python3.13" in done.stderr


def test_the_locks_are_pinned_with_a_tool_that_a_fresh_clone_gets_by_itself() -> None:
    plan = subprocess.run(
        ["make", "-n", "-C", str(ROOT), "lock"],  # noqa: S607 - as it is typed
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert plan.index("local/bootstrap.py lock") < plan.index(".tools/bin/uv pip compile")
