"""The folders that are not ours: taken by what waddlebot.toml says, and never imported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from functions.modules import HOUSE
from waddlebot_sdk.checked import DeclarationWrong
from waddlebot_sdk.declared import FILE
from waddlebot_sdk.folder import take_folder
from waddlebot_sdk.module import Module

FOLDER = Path(__file__).parent / "modules"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedFolder:
    """A folder that is not taken; `why` is a sentence for whoever put it there."""

    name: str
    why: str

    def __str__(self) -> str:
        return f"functions/modules/{self.name}/ is not taken: {self.why}"


def find_community_functions(
    taken: Iterable[str], *, folder: Path = FOLDER, in_force: Iterable[Module[Any]] = ()
) -> Iterator[Module[None] | RefusedFolder]:
    """One for each folder that is none of the house's; `taken` names belong to somebody else.

    Of two with the same word the one that is `in_force` keeps it, as it was declared when it was
    taken; else the first by name.
    """
    names = set(taken)
    typed = {path: one.name for one in in_force for path in _paths(one)}
    for place in folders(folder):
        try:
            yield _take(place, names, typed)
        except DeclarationWrong as wrong:
            yield RefusedFolder(name=place.name, why=str(wrong))


def folders(folder: Path = FOLDER) -> list[Path]:
    """All that are not the house's, by name."""
    places = sorted(folder.iterdir())
    return [place for place in places if place.name not in HOUSE and _may_be_one(place)]


def _may_be_one(place: Path) -> bool:
    """What a change of branch leaves behind, byte-code alone, is no folder."""
    if place.name.startswith(("_", ".")):
        return False
    return place.is_symlink() or (
        place.is_dir() and any(inside.name != "__pycache__" for inside in place.iterdir())
    )


def _take(place: Path, names: set[str], typed: dict[str, str]) -> Module[None]:
    if place.is_symlink():
        raise DeclarationWrong("it is a symbolic link: put the folder itself there.")
    if not (place / FILE).exists():
        raise DeclarationWrong(
            f"it has no {FILE}, in which a community function declares itself "
            "(docs/adding-a-module.md). A module of the house is named in HOUSE in "
            "functions/modules/__init__.py, which is read as the house starts: start it again."
        )
    if place.name in names:
        raise DeclarationWrong("something of the house is called so. Take another name.")
    module = take_folder(place)
    paths = _paths(module)
    mine, theirs = module.prefix, {path: typed[path] for path in paths if path in typed}
    for path, owner in theirs.items():
        if owner != module.name:
            raise DeclarationWrong(
                f"{mine}{path} is functions/modules/{owner}/'s already, which goes on: of the two "
                f"{owner} is in force. Take another word here, or take it from {owner}."
            )
    typed.update(dict.fromkeys(paths, module.name))
    return module


def _paths(module: Module[Any]) -> list[str]:
    return [path for command in module.commands for path in command.paths]
