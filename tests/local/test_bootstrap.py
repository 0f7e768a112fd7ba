from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.bootstrap import ROOT, SetupFailed, call, check_python, main


@pytest.mark.parametrize("version", [(3, 10, 14), (3, 8, 0), (2, 7, 18)])
def test_an_older_python_is_named_with_the_way_to_another(version: tuple[int, int, int]) -> None:
    numbers = r"\.".join(map(str, version))
    words = rf"needs Python 3\.11 or newer, this is {numbers}\.\n.*make run PYTHON=python3\.13"
    with pytest.raises(SetupFailed, match=words):
        check_python(version)


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 13, 1), (4, 0, 0)])
def test_a_newer_python_will_do(version: tuple[int, int, int]) -> None:
    check_python(version)


@pytest.mark.parametrize(
    ("said", "cause"),
    [
        ("error: could not resolve host", "is the network there?"),
        ("OSError: [Errno 28] No space left on device", "The disk is full ("),
        ("Read-only file system (os error 30)", "cannot be written: copy it."),
        ("Permission denied (os error 13)", "belongs to somebody else"),
        ("something new", "See above for the cause."),
    ],
)
def test_a_step_that_fails_is_quoted_with_its_cause_and_that_make_goes_on(
    said: str, cause: str
) -> None:
    with pytest.raises(SetupFailed) as failed:
        call("sh", "-c", f"echo '{said}'; exit 2")
    told = str(failed.value)
    assert told.startswith(f"{said}\n\nSetting up failed at: sh -c echo")
    assert cause in told
    assert told.endswith(" Then run make again; it goes on from here.")


@contextlib.contextmanager
def a_checkout_on_a_disk(options: str) -> Iterator[Path]:
    place = Path(tempfile.mkdtemp(prefix="waddlebot-disk-"))
    mount = ["/bin/mount", "-t", "tmpfs", "-o", "size=12m,mode=755", "none", str(place)]
    if os.geteuid() or subprocess.run(mount, check=False, stderr=subprocess.DEVNULL).returncode:
        place.rmdir()
        pytest.skip("only root can make a small disk, and not everywhere")
    try:
        (place / "local").mkdir()
        shutil.copy(ROOT / "local" / "bootstrap.py", place / "local")
        shutil.copytree(ROOT / "requirements", place / "requirements")
        shutil.copy(ROOT / "pyproject.toml", place)
        again = ["/bin/mount", "-o", f"remount,{options}", str(place)]
        subprocess.run(again, check=True)
        yield place
    finally:
        subprocess.run(["/bin/umount", str(place)], check=True)
        place.rmdir()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("ro", "cannot be written, and the packages are installed there"),
        ("rw", "The disk is nearly full: "),
    ],
)
@pytest.mark.parametrize("level", ["run", "lock"])
def test_a_place_where_nothing_can_be_installed_is_named_before_anything_is_tried(
    options: str, words: str, level: str
) -> None:
    with a_checkout_on_a_disk(options) as place:
        done = subprocess.run(
            [sys.executable, str(place / "local" / "bootstrap.py"), level],
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
        assert done.returncode == 1
        assert words in done.stderr
        assert str(place) in done.stderr
        assert "network" not in done.stderr


def test_an_unknown_level_is_answered_with_the_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["everything"]) == 2
    assert "usage: python3 local/bootstrap.py run|test|synth" in capsys.readouterr().err
