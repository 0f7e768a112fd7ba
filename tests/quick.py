"""Leaves out what needs a server, a house or a browser: for whoever changes a line.

`make test-quick` runs what is left, with this as its plugin.
"""

from __future__ import annotations

import pytest

STARTED = frozenset({"servers", "house", "home", "own", "open_home", "browser", "running", "start"})
"""Fixtures that start something; those that stand on them come with them."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    slow = [item for item in items if STARTED.intersection(getattr(item, "fixturenames", ()))]
    config.hook.pytest_deselected(items=slow)
    left = set(slow)
    items[:] = [item for item in items if item not in left]
