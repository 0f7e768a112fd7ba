"""What is compiled before the workers begin is what they find."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.compiled import compile_all
from tests.helpers.runs import a_run

TEST = "def test_one(): assert [1] == [1], 'as pytest writes it anew'\n"
WRONG = "def test_one(:\n"


def test_a_worker_finds_each_test_compiled_and_tells_what_cannot_be(
    tmp_path: Path, pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    (tmp_path / "tests" / "helpers").mkdir(parents=True)
    for name, text in {"one": TEST, "wrong": WRONG}.items():
        (tmp_path / "tests" / f"test_{name}.py").write_text(text)

    compile_all(pytestconfig, tmp_path, ("tests",))

    _, told = a_run(tmp_path, "--debug=said", "tests", plugins=())
    said = (tmp_path / "said").read_text()
    assert "found cached rewritten pyc for" in said.replace("\\n", " ")
    assert f"rewriting {tmp_path / 'tests' / 'test_one.py'!r}" not in said
    assert f"rewriting {tmp_path / 'tests' / 'test_wrong.py'!r}" in said
    assert "SyntaxError" in told
