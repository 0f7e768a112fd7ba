from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.helpers.browser import a_browser
from tests.helpers.small_house import small_house


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with small_house() as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with a_browser() as started:
        yield started
