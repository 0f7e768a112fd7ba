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
from tests.helpers.patience import BUSY_SECONDS


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


_UV = """#!/bin/sh
# Stands in for uv: an environment takes a while, and whoever clears it meanwhile breaks it.
venv="$(dirname "$0")/../../.venv"
case "$*" in
venv*) rm -rf "$venv"; mkdir -p "$venv/bin"; touch "$venv/bin/python"
    echo "$$" | tee "$venv/pyvenv.cfg" >> "$venv.made";;
*sync*) was="$(cat "$venv/pyvenv.cfg")"; sleep 1
    [ "$was" = "$(cat "$venv/pyvenv.cfg")" ] || { echo "error: .venv was cleared"; exit 2; };;
*install*) touch "$venv/bin/waddlebot";;
esac
"""


def test_two_that_set_up_at_once_take_turns_and_the_second_says_that_it_waits(
    tmp_path: Path,
) -> None:
    for folder in ("local", ".tools/bin"):
        (tmp_path / folder).mkdir(parents=True)
    shutil.copy(ROOT / "local" / "bootstrap.py", tmp_path / "local")
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    uv = tmp_path / ".tools" / "bin" / "uv"
    uv.write_text(_UV)
    uv.chmod(0o755)

    command = [sys.executable, str(tmp_path / "local" / "bootstrap.py")]
    both = [
        subprocess.Popen([*command, level], stderr=subprocess.PIPE, text=True)
        for level in ("run", "test")
    ]
    told = [one.communicate(timeout=BUSY_SECONDS)[1] for one in both]

    assert [one.returncode for one in both] == [0, 0], told
    waits = "Another make sets up the packages in this folder; this one goes on after it."
    assert sum(waits in one for one in told) == 1, told
    assert len((tmp_path / ".venv.made").read_text().splitlines()) == 1
    stamps = {path.name for path in (tmp_path / ".venv").glob(".waddlebot-*")}
    assert "test" in " ".join(stamps)
    assert len(stamps) == 1


def test_an_unknown_level_is_answered_with_the_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["everything"]) == 2
    assert "usage: python3 local/bootstrap.py run|test|synth" in capsys.readouterr().err
