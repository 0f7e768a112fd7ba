"""None of the house's figures may grow; `python -m tests.contract.house` prints them."""

from __future__ import annotations

import ast
import re
import shutil
from pathlib import Path

import pytest

from tests.contract.house import (
    MOST_LINES,
    PARTS,
    STORES,
    figures,
    is_bare_answer,
    main,
    odd_ways,
    opened,
)
from tests.contract.imports import ROOT

BREAKING = {
    "functions/builtins/talking/echo.py": "from functions.router import route\n",
    "functions/router/echo.py": "from functions.builtins import paging\n",
    "functions/overlay/odd.py": "class Reply: ...\nclass Room: ...\n",
    "gateway_bot/odd.py": "from waddlebot.stores import keys\n",
    "operations/odd.py": "def find(platform: str, user_id: str) -> None: ...\n",
    f"{STORES}/odd.py": "def find(name: str, postgres: Postgres) -> tuple[str, int]: ...\n",
    f"{STORES}/set_values.py": "\n",
    f"{STORES}/records.py": "def find() -> list[dict[str, Any]]: ...\n" * 20,
    "infra/long.py": "\n" * (MOST_LINES + 1),
    "local/stand_ins/discord/rest.py": "\n",
}
"""Throw-away files, so that each figure has more than it may."""


def test_the_house_has_no_more_of_anything_than_agreed() -> None:
    """In one test: told apart, they would be counted by every worker that collects them."""
    above = [figure for figure in figures() if figure.is_above]
    assert not above, "\n".join(line for one in above for line in (str(one), *one.found))


def test_each_figure_that_grows_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for part in PARTS:
        shutil.copytree(
            ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__", "build")
        )
    for file, text in BREAKING.items():
        (tmp_path / file).write_text(text)
    monkeypatch.setattr("tests.contract.house.ROOT", tmp_path)

    is_above, said = main(), capsys.readouterr().out

    told = re.findall(r"^(\S.*): (\d+), at most (\d+)$", said, re.MULTILINE)
    not_seen = [name for name, found, most in told if int(found) <= int(most)]
    assert told, said
    assert not not_seen, said
    assert is_above == 1


@pytest.mark.parametrize(
    "text",
    [
        "class Things:\n    def __init__(self, house: Resources) -> None: ...\n",
        "class Things:\n    name: str\n    cache: redis.Redis\n",
        "def find(name: str, *, connection: Connection) -> None: ...\n",
        "def find(url: str) -> str:\n    return psycopg.connect(url).info.host\n",
        "POOL = ConnectionPool()\n",
    ],
    ids=["knows a server", "comes second", "comes last", "opens one", "has a pool"],
)
def test_a_store_that_one_gets_at_another_way_is_seen(text: str) -> None:
    [node] = ast.parse(text).body
    assert [*odd_ways(node), *opened(node)]


@pytest.mark.parametrize(
    ("answer", "is_bare"),
    [
        ("tuple[str, int]", True),
        ("list[tuple[str, int]]", True),
        ("tuple[KeptSession, bytes] | None", True),
        ("dict[str, Any]", True),
        ("tuple[Reply, ...]", False),
        ("Mapping[Account, str]", False),
    ],
)
def test_an_answer_without_names_is_seen(answer: str, is_bare: bool) -> None:  # noqa: FBT001
    assert is_bare_answer(answer) is is_bare
