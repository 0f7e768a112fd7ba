"""The walk-through is done step by step in a copy of the tree: it works as it stands."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from local.new_module import next_steps

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "adding-a-module.md"
SHIPPED = ("functions", "sdk", "layers/shared", "local", "tests", "Makefile", "pyproject.toml")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
WHATEVER = "…"
BLOCKS = BLOCK.findall(PAGE.read_text())


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The tree without what belongs to this machine; the installed packages are shared."""
    unwanted = shutil.ignore_patterns("*.pyc.*", ".*_cache")  # what is compiled stays good
    for name in SHIPPED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tmp_path / name, ignore=unwanted)
        else:
            shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / ".venv").symlink_to(Path(sys.prefix))
    return tmp_path


def test_every_step_of_the_page_works(copy: Path) -> None:
    for kind, text in BLOCKS:
        if kind == "console":
            run_and_compare(text, copy)
        else:
            write(text, copy)


def test_a_new_module_passes_its_own_tests_as_it_is(copy: Path) -> None:
    run("make new-module name=coin", copy)

    told = run("make test-module name=coin", copy)

    assert "Error" not in told, told


def write(text: str, tree: Path) -> None:
    """The first line of a block names its file."""
    first, _, content = text.partition("\n")
    file = tree / first.removeprefix("# ")
    assert file.exists(), f"{first} is no file of the new module"
    file.write_text(content)


def run_and_compare(text: str, tree: Path) -> None:
    command, _, expected = text.removeprefix("$ ").partition("\n")
    output = run(command, tree)

    assert pattern_of(expected).fullmatch(output), (
        f"$ {command}\n{output}\n--- expected:\n{expected}"
    )


def run(command: str, tree: Path) -> str:
    # The packages of this machine are there already: `-o` leaves the target that sets them up.
    command = re.sub(r"^make ", "make --no-print-directory -o set-up-run -o set-up-test ", command)
    folders = (tree, tree / "sdk" / "python", tree / "layers" / "shared" / "python")
    # In CI, and called by make, both tell more than whoever follows the page sees.
    ours = {"CI", "MAKELEVEL", "MAKEFLAGS", "MFLAGS"}
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    done = subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=tree,
        env={**environment, "PYTHONPATH": os.pathsep.join(map(str, folders))},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.stdout


def pattern_of(expected: str) -> re.Pattern[str]:
    """A line `…` stands for any lines, `…` inside a line for any words."""
    lines = (
        r"(?:.*\n)*?" if line == WHATEVER else f"{re.escape(line).replace(WHATEVER, '.*')}\n"
        for line in expected.splitlines()
    )
    return re.compile("".join(lines))


def test_every_command_works_after_make_run_alone() -> None:
    """Targets of make set up what they need; of the rest only what `make run` installs is used."""
    makefile = (ROOT / "Makefile").read_text()
    page = [text.removeprefix("$ ").splitlines()[0] for kind, text in BLOCKS if kind == "console"]
    named = [*page, *re.findall(r"^  \d\. .{12}(.*)$", next_steps("coin"), re.MULTILINE)]

    for command in named:
        target = re.match(r"make ([a-z-]+)", command)
        if target:
            assert re.search(rf"^{target[1]}:.* ?set-up-", makefile, re.MULTILINE), command
        else:
            assert command.startswith((".venv/bin/waddlebot ", "functions/modules/")), command
    assert len(named) >= 8
