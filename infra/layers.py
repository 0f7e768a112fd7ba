"""The layer of third-party packages, built without Docker for the CPU that Lambda runs on."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

PYTHON = "3.13"
PLATFORM = "aarch64-manylinux_2_28"
"""Python 3.12 and newer run on Amazon Linux 2023, glibc 2.34; older tags hide current wheels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """Who will import the packages, in uv's words: `3.13` and `aarch64-manylinux_2_28`."""

    python: str
    platform: str


LAMBDA = Runtime(python=PYTHON, platform=PLATFORM)


class LayerFailed(Exception):
    """The sentence says what could not be built."""


def build_dependencies_layer(root: Path, runtime: Runtime = LAMBDA) -> Path:
    """The folder to zip (`python/…` inside); lock and recipe name it, so it is built once."""
    lock = root / "requirements" / "functions.txt"
    recipe = Path(__file__).read_bytes() + repr(runtime).encode()
    name = hashlib.sha256(lock.read_bytes() + recipe).hexdigest()[:16]
    target = root / "build" / "layers" / f"dependencies-{name}"
    if target.exists():
        return target
    unfinished = target.with_suffix(".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    _install(root, lock, unfinished / "python", runtime)
    # Commands for a shell; their first line names this machine's Python.
    shutil.rmtree(unfinished / "python" / "bin", ignore_errors=True)
    unfinished.rename(target)
    return target


def _install(root: Path, lock: Path, target: Path, runtime: Runtime) -> None:
    uv = root / ".tools" / "bin" / "uv"
    done = subprocess.run(
        [
            str(uv), "pip", "install", "--quiet", "--no-installer-metadata",
            "--no-compile-bytecode", "--no-deps", "--only-binary", ":all:", "--require-hashes",
            "--python-platform", runtime.platform, "--python-version", runtime.python,
            "--target", str(target), "--requirements", str(lock),
        ],
        env={**os.environ, "UV_LINK_MODE": "copy"},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    if done.returncode:
        raise LayerFailed(f"the dependencies layer could not be built:\n{done.stderr[-2000:]}")
