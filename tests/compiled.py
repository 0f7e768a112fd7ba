"""Compiles what is tested and its tests once, before the workers begin.

In a fresh clone each worker would do that on its own, all of them the same files at the same time:
pytest writes each test anew, which costs more than all that is imported. Files whose compiled form
is good are left as they are. `make test` runs with this as its plugin.

pytest offers no way to do this: `_pytest` is used as the release that we pin has it, and
tests/test_compiled.py is red where that has changed.
"""

from __future__ import annotations

import compileall
import multiprocessing
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.assertion import rewrite
from _pytest.assertion.rewrite import assertstate_key

ROOT = Path(__file__).resolve().parents[1]
HOUSE = ("bench", "functions", "gateway_bot", "layers", "local", "operations", "sdk", "tests")
PROCESSES = 2
FILES_A_TURN = 8


def test_files(folder: Path) -> Iterator[Path]:
    """Those that pytest writes anew; what it takes in as plugins is little."""
    yield from sorted(folder.rglob("test_*.py"))
    yield from sorted(folder.rglob("conftest.py"))


_configs: list[pytest.Config] = []
"""Of this process, which was forked with it."""


def compile_test(file: Path) -> None:
    """A file that is wrong is told by whoever collects it."""
    [config] = _configs
    folder = rewrite.get_cache_dir(file)
    compiled = folder / f"{file.stem}{rewrite.PYC_TAIL}"
    if rewrite.try_makedirs(folder) and rewrite._read_pyc(file, compiled) is None:
        try:
            source, code = rewrite._rewrite_test(file, config)
        except (OSError, SyntaxError, ValueError):
            return
        rewrite._write_pyc(config.stash[assertstate_key], code, source, compiled)


def compile_all(config: pytest.Config, root: Path, folders: tuple[str, ...] = HOUSE) -> None:
    fork = multiprocessing.get_context("fork")
    with fork.Pool(PROCESSES, _configs.append, (config,)) as pool:
        files = [file for name in folders for file in test_files(root / name)]
        tests = pool.imap_unordered(compile_test, files, FILES_A_TURN)
        list(pool.imap_unordered(compile_folder, [root / name for name in folders]))
        list(tests)


def compile_folder(folder: Path) -> None:
    if folder.name != "tests":
        compileall.compile_dir(folder, quiet=2)
        return
    for helpers in (folder, folder / "helpers"):
        compileall.compile_dir(helpers, maxlevels=0, quiet=2)


def pytest_configure(config: pytest.Config) -> None:
    has_workers = bool(getattr(config.option, "tx", None)) and not hasattr(config, "workerinput")
    writes = not sys.dont_write_bytecode and not os.environ.get("PYTHONDONTWRITEBYTECODE")
    if has_workers and writes:
        compile_all(config, ROOT)
