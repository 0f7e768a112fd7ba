"""What is left out of a quick run, and what is not."""

from __future__ import annotations

from pathlib import Path

from tests.helpers.runs import a_run

TESTS = """\
import pytest
@pytest.fixture
def servers():
    raise AssertionError("started")
@pytest.fixture
def database(servers):
    return servers
@pytest.mark.for_the_gate
def test_marked(): raise AssertionError
def test_with_what_stands_on_servers(database): raise AssertionError
def test_plain(tmp_path): pass
"""
MARKED = """\
import pytest
pytestmark = pytest.mark.for_the_gate
def test_in_a_file(): raise AssertionError
"""
SETTINGS = "[pytest]\nmarkers = for_the_gate\n"


def test_what_starts_something_and_what_is_marked_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text(SETTINGS)
    (tmp_path / "test_one.py").write_text(TESTS)
    (tmp_path / "test_marked.py").write_text(MARKED)

    status, said = a_run(tmp_path, "-q", ".", plugins=("tests.quick",))

    assert status == 0, said
    assert "1 passed, 3 deselected" in said
