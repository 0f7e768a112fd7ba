"""The house one migration later: a copy of the tree that is deployed over the first."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from infra.rehearsal.own_packages import ROOT

COPIED = ("functions", "gateway_bot", "infra", "layers", "requirements", "sdk")
SHARED = ("build/layers", ".tools")
"""What is built once, and only read."""
MIGRATION = "9999_rehearsed"
TABLE = "rehearsed"
ROWS = "SELECT count(*) FROM rehearsed"
SQL = f"CREATE TABLE {TABLE} (at timestamptz NOT NULL);\nINSERT INTO {TABLE} VALUES (now());\n"
MIGRATIONS = Path("layers/shared/python/waddlebot/stores/migrations")


def make_copy(folder: Path) -> None:
    """Everything that synth reads, and one migration more, which adds a row each time it runs."""
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in SHARED:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).symlink_to(ROOT / name)
    (folder / MIGRATIONS / f"{MIGRATION}.sql").write_text(SQL)


def path_of(folder: Path) -> str:
    """PYTHONPATH, before the checkout's own."""
    inside = (folder, folder / "layers" / "shared" / "python", folder / "sdk" / "python")
    return os.pathsep.join(map(str, inside))
