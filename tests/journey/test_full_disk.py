"""A log that cannot be written is dropped: nobody in chat notices, and the operator reads why."""

from __future__ import annotations

from pathlib import Path

import pytest

from functions.catalogue import all_functions
from tests.helpers.house import running

pytestmark = pytest.mark.xdist_group("houses of their own")

FULL = Path("/dev/full")


@pytest.mark.skipif(not FULL.exists(), reason="/dev/full is Linux's")
def test_a_full_disk_stops_no_function(home: Path) -> None:
    logs = home / "logs"
    logs.mkdir()
    for name in (*(function.name for function in all_functions()), "gateway"):
        (logs / f"{name}.log").symlink_to(FULL)
    with running(home) as (house, _):
        for on in ("twitch", "slack", "discord"):
            chat = house.chat(on=on)
            assert chat.asks("ana", "!help", "!quote", within=15), on
        chat = house.chat(on="twitch")
        assert chat.asks("ana", "!quote", "#1", within=15)
        told = (home / "terminal").read_text()
        assert told.count("Logs cannot be written") == 1, told
        assert "No space left on device" in told
        assert "gateway_bot" not in told  # it goes on, too
