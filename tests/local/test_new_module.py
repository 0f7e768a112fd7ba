"""Names that `make new-module` refuses; docs/adding-a-module.md shows, tested, that it works."""

from __future__ import annotations

from pathlib import Path

import pytest

from local.new_module import copy_renamed, main

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("roll", "functions/modules/roll/ is there already."),
        ("Dice", "'Dice' cannot be a name: 2 to 31 small letters, digits and _, a letter first."),
        ("../dice", "'../dice' cannot be a name"),
        ("d", "'d' cannot be a name"),
        ("", "'' cannot be a name"),
        ("dice ", "'dice ' cannot be a name"),
        ("router", "a function of the house is called 'router'."),
        ("quote", "'quote' is a command of memories already."),
        ("help", "'help' is a command of help already."),
        ("webhook", "something of the house is called 'webhook'."),
        ("while", "'while' means something in Python. Try: my_while"),
        ("random", "'random' means something in Python. Try: my_random"),
    ],
)
def test_a_name_that_cannot_be_is_refused_with_the_reason(
    name: str, complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted((ROOT / "functions" / "modules").iterdir())

    assert main([name]) == 1

    assert complaint in capsys.readouterr().err
    assert sorted((ROOT / "functions" / "modules").iterdir()) == before


def test_without_a_name_the_usage_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert capsys.readouterr().err == "usage: make new-module name=dice\n"


def test_the_old_name_is_replaced_as_a_word_and_nowhere_else(tmp_path: Path) -> None:
    source = tmp_path / "roll"
    (source / "migrations").mkdir(parents=True)
    (source / "commands.py").write_text('def roll(): return "Ana rolled: unroll roll ROLL"\n')
    (source / "migrations" / "0001_x.sql").write_text("-- roll\n")
    (source / "__pycache__").mkdir()
    (source / "__pycache__" / "commands.pyc").write_bytes(b"\xff")

    copy_renamed(source, tmp_path / "dice", "dice")

    copied = tmp_path / "dice"
    assert (
        copied / "commands.py"
    ).read_text() == 'def dice(): return "Ana rolled: unroll dice DICE"\n'
    assert (copied / "migrations" / "0001_x.sql").read_text() == "-- dice\n"
    assert not (copied / "__pycache__").exists()
