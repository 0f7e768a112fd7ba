"""What the doctor sees that no start would stumble over."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from local.doctor import examine
from local.plane import forget
from local.plane.ground import prepare_ground
from local.settings import LocalSettings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root's data lies elsewhere")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """Nobody but us may pass, so the servers' data lies elsewhere."""
    home = tmp_path / "closed" / "home"
    (home / "plane").mkdir(parents=True)
    (tmp_path / "closed").chmod(0o700)
    yield home
    if (home / "plane").exists():
        forget(home)


def told() -> str:
    return "\n".join(one.words for one in examine(LocalSettings.read()))


def test_data_whose_home_was_removed_by_hand_is_named_with_what_to_do(home: Path) -> None:
    data = prepare_ground(home).data
    assert not data.is_relative_to(home)
    assert str(data) not in told()

    shutil.rmtree(home)

    assert f"{home} is gone, its data lies in {data}. If nobody misses it: rm -r {data}" in told()
    shutil.rmtree(data)
    assert str(data) not in told()
