"""`make new-module name=dice`: copies the smallest shipped module and its tests, renamed."""

from __future__ import annotations

import keyword
import re
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

from functions.catalogue import all_functions, builtin_modules, lambda_modules, taken_names

ROOT = Path(__file__).resolve().parent.parent
PATTERN = "roll"
MODULES = Path("functions") / "modules"
TESTS = Path("tests") / "functions" / "modules"
_NAME = re.compile(r"[a-z][a-z0-9_]{1,30}", re.ASCII)


class NameRefused(Exception):
    """The sentence says which name would do."""


def main(argv: list[str]) -> int:
    if len(argv) != 1:
        print("usage: make new-module name=dice", file=sys.stderr)
        return 2
    (name,) = argv
    try:
        check_name(name)
    except NameRefused as refused:
        print(f"make new-module: {refused}", file=sys.stderr)
        return 1
    for folder in (MODULES, TESTS):
        copy_renamed(ROOT / folder / PATTERN, ROOT / folder / name, name)
    print(next_steps(name))
    return 0


def check_name(name: str) -> None:
    """Raises NameRefused where the name cannot be a folder, a function and a command at once."""
    if not _NAME.fullmatch(name):
        raise NameRefused(
            f"'{name}' cannot be a name: 2 to 31 small letters, digits and _, a letter first."
        )
    for folder in (MODULES / name, TESTS / name):
        if (ROOT / folder).exists():
            raise NameRefused(f"{folder}/ is there already. Take another name, or remove it first.")
    if name in {function.name for function in all_functions()}:
        raise NameRefused(f"a function of the house is called '{name}'. Take another name.")
    if owner := _owner_of(name):
        raise NameRefused(f"'{name}' is a command of {owner} already. Take another name.")
    if name in taken_names():
        raise NameRefused(f"something of the house is called '{name}'. Take another name.")
    if keyword.iskeyword(name) or name in _words_of(ROOT / MODULES / PATTERN):
        raise NameRefused(f"'{name}' means something in Python. Try: my_{name}")


def copy_renamed(source: Path, target: Path, name: str) -> None:
    """The files of a module, with its name replaced wherever it stands as a word, or SHOUTED."""
    for file in _files_of(source):
        copy = target / file.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        text = re.sub(rf"\b{PATTERN}\b", name, file.read_text())
        copy.write_text(re.sub(rf"\b{PATTERN.upper()}\b", name.upper(), text))


def next_steps(name: str) -> str:
    return f"""\
Made {MODULES / name}/ and {TESTS / name}/, a copy of {PATTERN}. Nothing else needs an edit.

  1. Try it      .venv/bin/waddlebot run "#{name}"
  2. Change it   {MODULES / name}/commands.py and waddlebot.toml, then README.md
  3. Test it     make test-module name={name}
  4. Talk to it  make run, then type #{name}; one that runs already has it, and sees every change

docs/adding-a-module.md walks through it."""


def _owner_of(name: str) -> str | None:
    """The module that has a command of this name."""
    for module in (*lambda_modules(), *builtin_modules()):
        if any(name == path.split()[0] for found in module.commands for path in found.paths):
            return module.name
    return None


def _words_of(folder: Path) -> set[str]:
    """The names that the copied files use: a function called so would hide them."""
    words: set[str] = set()
    for file in folder.glob("*.py"):
        with tokenize.open(file) as source:
            tokens = tokenize.generate_tokens(source.readline)
            words |= {token.string for token in tokens if token.type == tokenize.NAME}
    return words


def _files_of(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
