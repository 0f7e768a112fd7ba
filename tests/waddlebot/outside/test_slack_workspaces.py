"""With the operator's own token the bot speaks in the operator's own workspace, or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.helpers.connected import MASTER, a_connection, canary, connections_of
from tests.helpers.service_stand_in import Handler, serving
from tests.helpers.token_stand_in import access_tokens
from waddlebot.domain.errors import Unavailable
from waddlebot.outside.renewing import NotConnected
from waddlebot.outside.slack_workspaces import SlackWorkspaces
from waddlebot.stores.postgres import Postgres

OURS, THEIRS = "T0OURS", "T0THEIRS"
TOLD = {"ok": True, "team_id": OURS, "is_enterprise_install": False}


class Slack:
    """What it says of whose token it is; 503 while it is away."""

    told: dict[str, object] | None = None
    origin: str = ""

    def says(self, handler: Handler, _number: int) -> None:
        body = json.dumps(self.told or {}).encode()
        handler.says(body, 200 if self.told else 503, content_type="application/json")


@pytest.fixture
def slack() -> Iterator[Slack]:
    it = Slack()
    with serving(it.says) as service:
        it.origin = service.origin
        yield it


def workspaces(database: Postgres, slack: Slack) -> SlackWorkspaces:
    access = access_tokens(database, slack.origin, master=MASTER)
    return SlackWorkspaces(
        variables={"SLACK_BOT_TOKEN": "xoxb-of-ours", "SLACK_API_URL": slack.origin},
        access=access,
        postgres=database,
        ask=access.ask,
    )


def test_while_slack_does_not_say_whose_it_is_nobody_is_spoken_to_with_it(
    database: Postgres, slack: Slack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("waddlebot.outside.slack_workspaces.ASK_AGAIN_SECONDS", 0.0)
    connections_of(database).keep(a_connection("T0OTHER"), canary())
    found = workspaces(database, slack)
    for team in (THEIRS, OURS):
        with pytest.raises(Unavailable, match="whose token") as raised:
            found.find(team)
        assert not isinstance(raised.value, NotConnected)

    slack.told = TOLD
    assert found.find(OURS).token == "xoxb-of-ours"
    with pytest.raises(NotConnected):
        found.find(THEIRS)


def test_a_workspace_that_was_disconnected_is_not_spoken_to_with_it(
    database: Postgres, slack: Slack
) -> None:
    """Also where it was the only one."""
    slack.told = TOLD
    connections = connections_of(database)
    connections.disconnect(connections.keep(a_connection(THEIRS), canary()))
    found = workspaces(database, slack)
    with pytest.raises(NotConnected):
        found.find(THEIRS)
    assert found.find(OURS).token == "xoxb-of-ours"


def test_where_nobody_ever_connected_anything_slack_is_not_asked(
    database: Postgres, slack: Slack
) -> None:
    assert workspaces(database, slack).find(OURS).token == "xoxb-of-ours"
