"""Nothing is looked for among what is collected, and afterwards all is as ever."""

from __future__ import annotations

from pathlib import Path

from tests.helpers.runs import a_run

TEST = """\
import gc
WHILE_COLLECTED = gc.isenabled()
def test_one():
    assert not WHILE_COLLECTED
    assert gc.isenabled()
    assert gc.get_freeze_count() > 1_000
"""


def test_what_was_collected_is_left_alone_and_what_tests_make_is_not(tmp_path: Path) -> None:
    (tmp_path / "test_one.py").write_text(TEST)
    for workers in ((), ("-n", "1")):
        status, said = a_run(tmp_path, *workers, ".", plugins=("xdist", "tests.frozen"))
        assert status == 0, said
