"""One house for tests that no other may talk beside: one worker runs them, one after the other.

A house costs several seconds of the processor to start. Each of these tests changes what all who
are in it would notice (a module hangs, a service is broken, folders come and go, keys are sealed
anew), and leaves the house as the next one needs it.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.helpers.homes import a_home
from tests.helpers.house import House, running
from tests.helpers.house_modules import copy_tree, python_path
from tests.helpers.service_stand_in import HOST, Service, always, serving
from tests.journey.stories.added import add_modules


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryHouse:
    """`hooks` is the server of a moderator: it answers as the test of the moment says."""

    house: House
    process: subprocess.Popen[str]
    tree: Path
    hooks: Service

    @property
    def terminal(self) -> str:
        return (self.house.home / "terminal").read_text()


@pytest.fixture(scope="package")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoryHouse]:
    """With the modules of `added.py`, from a copy of the tree that a test may change."""
    tree = copy_tree(tmp_path_factory.mktemp("tree"), "tests/functions/modules")
    with a_home() as home, serving(always(b"{}")) as hooks:
        add_modules(tree, home)
        named = f"{HOST}={hooks.origin}"
        given = {"PYTHONPATH": python_path(tree), "WADDLEBOT_OUTSIDE_STAND_INS": named}
        with running(home, tree=tree, **given) as (house, process):
            yield StoryHouse(house=house, process=process, tree=tree, hooks=hooks)


@pytest.fixture
def house(story: StoryHouse) -> House:
    """The same, for whoever only talks in it."""
    return story.house
