"""What Slack tells of an organisation's installation changes with whose token the bot speaks."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from functions.router.acquaintances import Acquaintances
from tests.helpers.connected import a_connection, canary, connections_of
from waddlebot.domain.entities import EntityId
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.slack_organisations import organisation_of


@pytest.fixture
def acquaintances(database: Postgres) -> Acquaintances:
    nobody: Any = None
    return Acquaintances(nobody, nobody, database)


def test_an_organisation_that_took_the_app_out_is_disconnected_and_its_workspaces_alone_are_not(
    acquaintances: Acquaintances, database: Postgres
) -> None:
    connections = connections_of(database)
    for account in ("enterprise:E1", "T1", "enterprise:E2"):
        connections.keep(a_connection(account), canary())
    acquaintances.end(EntityId("slack:server:E1"), datetime.now(UTC))
    left = [one.account for one in connections.every("slack")]
    assert sorted(left) == ["T1", "enterprise:E2"]


def test_workspaces_come_to_an_organisations_installation_and_go(
    acquaintances: Acquaintances, database: Postgres
) -> None:
    acquaintances.share("E1", granted=["T1", "T2"], revoked=[])
    acquaintances.share("E2", granted=[], revoked=["T2"])
    assert organisation_of(database, "T2") == "enterprise:E1"
    acquaintances.share("E1", granted=[], revoked=["T2"])
    assert organisation_of(database, "T1") == "enterprise:E1"
    assert organisation_of(database, "T2") == ""
