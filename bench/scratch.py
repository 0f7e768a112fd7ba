"""A folder for the homes of one run, which leaves nothing behind."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.plane import forget


@contextmanager
def scratch() -> Iterator[Path]:
    """Homes in it have ended by then; for root their data may lie outside of the folder."""
    with tempfile.TemporaryDirectory(prefix="waddlebot-bench-") as name:
        folder = Path(name)
        yield folder
        for home in folder.iterdir():
            forget(home)
