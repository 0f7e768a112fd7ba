from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.helpers.stand_ins import Front, served


@pytest.fixture
def front() -> Iterator[Front]:
    with served() as running:
        yield running
