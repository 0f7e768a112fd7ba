"""Docstrings say what the code alone does not; `python -m tests.contract.docstrings` lists it."""

from __future__ import annotations

import pytest

from tests.contract.docstrings import PARTS, duties, duties_in, shares

LEAST = {"doors": 95.0, "stores": 98.0, "platforms": 98.0, "contract": 98.0}
"""In percent of what is owed; it only goes up."""

SILENT = """
def keep(rows: dict[str, Any], patience: float, at: datetime) -> dict[str, int]:
    \'\'\'Keeps them all, with care, as one would expect of it.\'\'\'
    _check(rows)
    return postgres.write("…")

def _check(rows):
    raise Rejected(400)
"""
SAID = SILENT.replace(
    "Keeps them all, with care, as one would expect of it.",
    "`{table: count}` of `rows` by table, within `patience` seconds. "
    "Raises Rejected: 400; Unavailable.",
)


@pytest.mark.parametrize("part", PARTS)
def test_docstrings_say_shapes_units_errors_and_sources(part: str) -> None:
    found = duties(part)
    silent = [f"{duty.where} does not say {duty.what}" for duty in found if not duty.is_done]

    assert shares(found)[part] >= LEAST[part], "\n".join(silent)


def test_it_takes_what_the_code_asks_for_and_no_other_words() -> None:
    owed = [
        "raises Rejected",
        "raises Unavailable",
        "what is in `rows`",
        "what `patience` counts",
        "what is in dict[str, int]",
    ]
    for source, is_done in ((SILENT, False), (SAID, True)):
        found = list(duties_in("stores", "stores/some.py", source))

        assert [duty.what for duty in found] == owed
        assert {duty.is_done for duty in found} == {is_done}
