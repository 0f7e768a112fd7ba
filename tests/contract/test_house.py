"""None of the house's figures may grow; `python -m tests.contract.house` prints them."""

from __future__ import annotations

import pytest

from tests.contract.house import Figure, figures


@pytest.mark.parametrize("figure", figures(), ids=lambda figure: figure.name)
def test_the_house_has_no_more_of_it_than_agreed(figure: Figure) -> None:
    assert not figure.is_above, "\n".join([str(figure), *figure.found])
