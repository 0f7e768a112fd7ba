"""What was imported and collected stays: the garbage collector does not look at it again.

A process that has collected the suite holds a million things that live to its end. To look through
them again and again, while they came and after each some tests, was a good part of what a worker
asked of the processor. `make test` and `make test-quick` run with this as their plugin.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Before our tests are imported."""
    gc.disable()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """From here on it looks at what comes of tests, as often as ever."""
    yield
    gc.freeze()
    gc.enable()
