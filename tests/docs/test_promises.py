"""What is promised in more than one place is promised in the same words."""

from __future__ import annotations

import pytest

from local.bootstrap import FIRST_START, LATER_START
from local.progress import StartProgress
from tests.helpers.servers import ROOT


def test_there_is_one_promise_of_how_long_a_start_takes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    readme = (ROOT / "README.md").read_text()
    assert f"takes {FIRST_START}, later ones {LATER_START}" in readme
    StartProgress().begin(is_first=True)
    assert f"takes {FIRST_START}, later ones {LATER_START}" in capsys.readouterr().out
    StartProgress().begin(is_first=False)
    assert LATER_START in capsys.readouterr().out
