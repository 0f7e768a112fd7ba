"""The tour leads past every room, and to nothing that is not there."""

from __future__ import annotations

import re
from pathlib import Path

from tests.helpers.servers import ROOT

PAGE = (ROOT / "docs" / "house.md").read_text()
PARTS = ("sdk", "layers", "functions", "gateway_bot", "local", "infra", "operations", "bench")
SHARED = ROOT / "layers" / "shared" / "python" / "waddlebot"


def _folders() -> set[str]:
    """Those of Python files, by their path; what stands inside another room is told with it."""
    return {
        str(file.parent.relative_to(ROOT))
        for part in PARTS
        for file in (ROOT / part).rglob("*.py")
        if "/build/" not in str(file) and "/functions/modules/" not in str(file)
    }


def test_every_folder_has_its_sentence() -> None:
    rows = re.findall(r"^\| `([^`]+)` \| (.*)", PAGE, re.MULTILINE)
    told = {room for room, _ in rows}
    within = {f"{room}/{name}" for room, row in rows for name in re.findall(r"`(\w+)`", row)}

    known = told | within
    above = {str(parent) for room in told for parent in Path(room).parents}
    missing = _folders() - known - above
    assert not {folder for folder in missing if str(Path(folder).parent) not in known}
    assert not {room for room in told if not (ROOT / room).is_dir()}


def test_every_file_that_it_names_is_there() -> None:
    named = {
        name
        for name in re.findall(r"`([\w./]+/[\w./]*)`", PAGE)
        if not name.startswith("waddlebot/")
    }
    homes = (ROOT, SHARED, ROOT / "functions" / "router", ROOT / "functions")

    lost = {name for name in named if not any((home / name).exists() for home in homes)}

    assert named
    assert not lost
    for name in re.findall(r"`(waddlebot/[\w./]+)`", PAGE):
        assert (SHARED.parent / name).exists(), name
