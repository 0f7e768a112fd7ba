"""Leaves out what needs a server, a house or a browser: for whoever changes a line.

So it does with what is marked `for_the_gate`: what starts processes of its own, measures, or does
the same for each of many in a process each. `make test-quick` runs what is left, with this as its
plugin.
"""

from __future__ import annotations

import pytest

STARTED = frozenset(
    {"servers", "house", "home", "own", "open_home", "browser", "running", "start", "rds"}
)
"""Fixtures that start something; those that stand on them come with them."""
MARK = "for_the_gate"


def is_left_out(item: pytest.Item) -> bool:
    is_marked = item.get_closest_marker(MARK) is not None
    return is_marked or bool(STARTED.intersection(getattr(item, "fixturenames", ())))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    slow = [item for item in items if is_left_out(item)]
    config.hook.pytest_deselected(items=slow)
    left = set(slow)
    items[:] = [item for item in items if item not in left]
