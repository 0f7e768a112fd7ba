from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.helpers.browser import browser
from tests.helpers.small_house import small_house

__all__ = ["browser"]  # a fixture


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with small_house() as address:
        yield address
