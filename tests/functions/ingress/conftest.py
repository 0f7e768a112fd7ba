from __future__ import annotations

import pytest

from tests.helpers.servers import Urls


@pytest.fixture
def streams_server(servers: Urls) -> str:
    """The address of the run's streams server; `streams` has emptied it for this test."""
    return servers["VALKEY_STREAMS_URL"]
