"""Import contracts whose members are folders, found by a pattern: `functions.*` without its files.

import-linter's own patterns take files for folders; pyproject.toml names these two kinds. So a new
room, platform or stranger's function is held to its contract without being written there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path

from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.independence import IndependenceContract
from importlinter.domain import fields
from importlinter.domain.imports import ModuleExpression


def folders(patterns: Iterable[ModuleExpression], having: str) -> Iterator[str]:
    """The packages that `package.*` names and that have a file of this name."""
    for pattern in patterns:
        package = str(pattern).removesuffix(".*")
        spec = find_spec(package)
        for place in (spec and spec.submodule_search_locations) or ():
            yield from (
                f"{package}.{file.parent.name}"
                for file in sorted(Path(place).glob(f"*/{having}"))
                if (file.parent / "__init__.py").exists()
            )


class FoldersApart(IndependenceContract):
    """As `independence`, of folders; those in `but` hold others, which have their own contract."""

    but = fields.SetField(subfield=fields.StringField(), required=False, default=frozenset())

    def validate(self) -> None:
        found = folders(self.modules, "__init__.py")
        self.modules = {ModuleExpression(one) for one in found if one not in self.but}


class FoldersWithout(ForbiddenContract):
    """As `forbidden`, for the folders that have the file `having`."""

    having = fields.StringField()

    def validate(self) -> None:
        found = folders(self.source_modules, str(self.having))
        self.source_modules = {ModuleExpression(one) for one in found}
