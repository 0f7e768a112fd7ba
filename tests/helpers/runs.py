"""Runs of pytest inside of a test, of files that it wrote, with the plugins that it names."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def a_run(folder: Path, *arguments: str, plugins: tuple[str, ...]) -> tuple[int, str]:
    """Status, and what it said. `plugins` are ours by module, others' by the names they go by.

    What else is installed is not loaded, in each of a run's processes: that costs five times what
    pytest and the tests do.
    """
    clean = {name: value for name, value in os.environ.items() if "PYTEST" not in name}
    named = [part for plugin in plugins for part in ("-p", plugin)]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *named, *arguments],
        cwd=folder,
        env={**clean, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    return run.returncode, run.stdout + run.stderr
