"""`make test-313`: functions, what mirrors them and journeys once on the Python that Lambda runs.

The house is tested on the oldest Python that it takes; functions run on a newer one on AWS. Where
this machine has none of that version it says so, and nothing has failed.

What is chosen fits four minutes of two cores. Of functions' own tests it is what needs no server,
journeys go through the rest of them; of the layer it is everything, with servers: drivers and
compiled packages are what differs between two Pythons.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from infra.layers import PYTHON

if TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).resolve().parents[1]
VENV = f".venv-{PYTHON}"
QUICK = "tests/functions"
MIRRORS = (QUICK, "tests/sdk", "tests/waddlebot")
JOURNEYS = {
    "tests/journey/test_first_answer.py": "a command of each platform, and its answer",
    "tests/journey/test_webhook_doors.py": "signatures, bodies of every kind, batches",
    "tests/journey/test_sign_in.py": "OAuth in a browser, cookies, forms",
    "tests/journey/test_connect_slack.py": "sealed tokens, slack_sdk",
    "tests/journey/test_api_door.py": "keys, JSON in and out",
    "tests/journey/test_one_deed.py": "rules over chat, API and text: RE2, decisions, audit",
    "tests/journey/test_private_talk.py": "asking platforms, what is kept for a while",
    "tests/journey/test_reminders_reach.py": "schedules, modules with tables",
    "tests/journey/songs": "a module that asks a service of somebody else's",
}
"""Through every door of a house whose functions all run on this Python; why each."""
MOST_MINUTES = 4
CORES = 2
NONE_HERE = (
    f"skipped: functions run on Python {PYTHON} on AWS, and this machine has none "
    f"(python{PYTHON} on the PATH, pyenv's or uv's; or say make test-313 PYTHON_313=/path/to/it)"
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """As a plugin of that run: leaves out what of `QUICK` starts servers."""
    from tests.quick import STARTED

    own = [item for item in items if item.nodeid.startswith(f"{QUICK}/")]
    slow = {item for item in own if STARTED.intersection(getattr(item, "fixturenames", ()))}
    config.hook.pytest_deselected(items=list(slow))
    items[:] = [item for item in items if item not in slow]


def main(workers: str) -> int:
    python = find_python()
    if python is None:
        print(NONE_HERE)
        return 0
    environment = {**os.environ, "WADDLEBOT_VENV": VENV}
    environment.pop("PYTHON", None)
    began = time.monotonic()
    prepared = subprocess.run(
        [python, "local/bootstrap.py", "test"], cwd=ROOT, env=environment, check=False
    )
    if prepared.returncode:
        return prepared.returncode
    plugins = [f"-ptests.{name}" for name in ("compiled", "grouped", "on_lambdas_python")]
    how = ("-n", workers, "--dist", "loadgroup", *plugins, "-p", "tests.again", "--reruns", "1")
    command = [str(ROOT / VENV / "bin" / "python"), "-m", "pytest", *how, *MIRRORS, *JOURNEYS]
    code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    return code or judge(time.monotonic() - began)


def judge(seconds: float) -> int:
    """By the processor: what else a machine does makes nothing here longer."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = used.ru_utime + used.ru_stime
    most = MOST_MINUTES * 60 * CORES
    print(
        f"Python {PYTHON}: {processor:.0f} s of the processor (at most {most}) in {seconds:.0f} s"
    )
    if processor <= most:
        return 0
    print(f"That is more than {MOST_MINUTES} minutes of {CORES} cores: choose fewer JOURNEYS.")
    return 1


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
