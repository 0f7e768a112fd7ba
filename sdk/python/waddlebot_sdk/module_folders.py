"""Finds the modules of the folder that somebody works in."""

from __future__ import annotations

import importlib
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from waddlebot_sdk.module import Module

TREE = Path("functions") / "modules"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A folder with a `module.py`: its module, or why it cannot be loaded."""

    name: str
    module: Module[Any] | None = None
    problem: str = ""


def find_modules(folder: Path | None = None) -> list[Found]:
    """The modules of the tree around `folder`, else the one whose `module.py` lies in it.

    The tree is the nearest folder upwards that has `functions/modules/`.
    """
    here = (folder or Path.cwd()).resolve()
    for root in (here, *here.parents):
        if (root / TREE).is_dir():
            files = sorted((root / TREE).glob("*/module.py"))
            dotted = "functions.modules.{}.module"
            return [_load(root, dotted.format(file.parent.name), file.parent) for file in files]
    return [_load(here, "module", here)] if (here / "module.py").is_file() else []


def _load(root: Path, dotted: str, folder: Path) -> Found:
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    try:
        return Found(name=folder.name, module=importlib.import_module(dotted).MODULE)
    except Exception as error:  # noqa: BLE001  whatever a stranger's file raises is named, not hidden
        return Found(name=folder.name, problem=f"{type(error).__name__}: {error}")
