"""`waddlebot logs`, as typed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


def logs(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "local", "logs", "--once", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "WADDLEBOT_HOME": str(home)},
    )


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (
            ("--function", "routr"),
            "Nothing was written by a function 'routr'. Did you mean router?",
        ),
        (("--function", "nope"), "Nothing was written by a function 'nope'. There are router."),
        (("--session", "sess_no"), "Nothing was written of a session 'sess_no'"),
    ],
)
def test_what_has_written_nothing_is_said_to_be_unknown(
    tmp_path: Path, asked: tuple[str, ...], sentence: str
) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "router.log").write_text("hello from a log\n")

    done = logs(tmp_path, *asked)

    assert (done.returncode, done.stdout) == (1, "")
    assert sentence in done.stderr
    assert "hello" in logs(tmp_path, "--function", "router").stdout
