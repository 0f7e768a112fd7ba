"""One house for the whole run, shared by its workers; each test talks on a channel of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.homes import greeted_on_slack, home, own_place
from tests.helpers.house import KEPT_AT, Chat, House
from tests.helpers.keepers import kept

__all__ = ["home"]  # a fixture


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with kept(shared / "house", "tests.helpers.house", KEPT_AT) as written:
        url, home = written.splitlines()
        yield House(home=Path(home), url=url)


@pytest.fixture
def chat(request: pytest.FixtureRequest, house: House) -> Chat:
    """A channel of its own where the greeting is over; parametrize with the platform."""
    talk = house.chat(on=request.param, **own_place(request.param))
    if request.param == "slack":  # its workspace is everybody's, and is greeted once
        greeted_on_slack(house)
        return talk
    talk.says("olga", "hello everybody")
    greeting = talk.heard()
    assert "!help" in greeting[0], greeting
    return talk
