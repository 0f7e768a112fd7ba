"""Tests of one group are run by one worker; tests of a file that share a fixture are a group.

Each worker would make its own of what a module shares: a browser, a data plane, a house. Whoever
names a group has reasons of their own. `make test` runs with this as its plugin.

xdist reads a group out of a test's name, and what writes it there has no effect with the pytest
that we pin (docs/decisions/0072): nothing was grouped, and nothing said so. tests/test_grouped.py
is red where names take another way.
"""

from __future__ import annotations

import pytest
from _pytest.nodeid import NodeId

SHARED = ("module", "class")


def shares(item: pytest.Item) -> bool:
    """Whether others of its file have the same fixture."""
    if not isinstance(item, pytest.Function):
        return False
    known = item._fixtureinfo.name2fixturedefs  # pytest tells it in no other way
    return any(made[-1].scope in SHARED for made in known.values())


def groups_of(item: pytest.Item) -> list[str]:
    return sorted({str(mark.args[0]) for mark in item.iter_markers("xdist_group")})


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if not groups_of(item) and shares(item):
            file, _, _ = item.nodeid.partition("::")
            item.add_marker(pytest.mark.xdist_group(file.replace("/", ".")))
        # Of a worker alone, and where they are given work by groups.
        if getattr(config.option, "loadgroup", False) and (groups := groups_of(item)):
            item._id = NodeId.parse(f"{item.nodeid}@{'_'.join(groups)}")
