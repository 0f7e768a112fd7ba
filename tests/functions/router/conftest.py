from __future__ import annotations

import pytest

from tests.helpers.aliases import Channel, open_channel
from tests.helpers.router_doors import Doors
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions


@pytest.fixture
def channel(
    request: pytest.FixtureRequest, doors: Doors, database: Postgres, versions: Versions
) -> Channel:
    """On Twitch, or where a test that is parametrized says."""
    return open_channel(doors, database, versions, on=getattr(request, "param", "twitch"))
