"""None of the house's figures may grow; `python -m tests.contract.house` prints them."""

from __future__ import annotations

from tests.contract.house import figures


def test_the_house_has_no_more_of_anything_than_agreed() -> None:
    """In one test: told apart, they would be counted by every worker that collects them."""
    above = [figure for figure in figures() if figure.is_above]
    assert not above, "\n".join(line for one in above for line in (str(one), *one.found))
