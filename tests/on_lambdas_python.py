"""`make test-313`: functions, what mirrors them and journeys once on the Python that Lambda runs.

The house is tested on the oldest Python that it takes; functions run on a newer one on AWS. Where
this machine has none of that version it says so, and nothing has failed.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from infra.layers import PYTHON

ROOT = Path(__file__).resolve().parents[1]
VENV = f".venv-{PYTHON}"
MIRRORS = ("-p", "tests.quick", "tests/functions", "tests/sdk", "tests/waddlebot")
"""What rooms, the layer and the SDK are made of: of it what needs no server."""
JOURNEYS = (
    "tests/journey/test_first_answer.py",
    "tests/journey/test_webhook_doors.py",
    "tests/journey/test_sign_in.py",
)
"""People at every door of a house whose functions all run on this Python."""
NONE_HERE = (
    f"skipped: functions run on Python {PYTHON} on AWS, and this machine has none "
    f"(python{PYTHON} on the PATH, pyenv's or uv's; or say make test-313 PYTHON_313=/path/to/it)"
)


def main(workers: str) -> int:
    python = find_python()
    if python is None:
        print(NONE_HERE)
        return 0
    environment = {**os.environ, "WADDLEBOT_VENV": VENV}
    environment.pop("PYTHON", None)
    prepared = subprocess.run(
        [python, "local/bootstrap.py", "test"], cwd=ROOT, env=environment, check=False
    )
    if prepared.returncode:
        return prepared.returncode
    plugins = ("-p", "tests.compiled", "-p", "tests.grouped", "--dist", "loadgroup")
    command = [str(ROOT / VENV / "bin" / "python"), "-m", "pytest", "-n", workers, *plugins]
    return max(
        subprocess.run([*command, *what], cwd=ROOT, env=environment, check=False).returncode
        for what in (MIRRORS, JOURNEYS)
    )


def find_python() -> str | None:
    """The first that starts and is of this version: a name on the PATH may be a stub of pyenv."""
    return next((python for python in candidates() if version_of(python) == PYTHON), None)


def candidates() -> Iterator[str]:
    if told := os.environ.get("PYTHON_313"):
        yield told
        return
    name = f"python{PYTHON}"
    yield name
    home = Path.home()
    for folder in (home / ".pyenv/versions", home / ".local/share/uv/python"):
        yield from map(str, sorted(folder.glob(f"*{PYTHON}*/bin/{name}"), reverse=True))


def version_of(python: str) -> str:
    """Empty where it does not start."""
    asked = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        told = subprocess.run(
            [python, "-c", asked], capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return told.stdout.strip()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
