"""What people connect in the browser stands in the table of servers, and how that is."""

from __future__ import annotations

import uuid
from typing import Any

from tests.helpers.house import House
from tests.helpers.patience import eventually
from tests.helpers.signing_in import Browser, somebody


def servers(house: House, workspace: str) -> list[dict[str, Any]]:
    """All of one workspace, from page to page."""
    key = {"authorization": f"Bearer {house.keys['WADDLEBOT_API_KEY']}"}
    found: list[dict[str, Any]] = []
    after = ""
    while True:
        told = house.get(f"/api/operations/tables/servers?limit=100{after}", **key)
        found += [one for one in told["rows"] if one["server_id"] == workspace]
        if told["next"] is None:
            return found
        after = f"&after={told['next']}"


def states(house: House, workspace: str) -> list[tuple[str | None, bool, str]]:
    return [
        (one["channel"], one["is_active"], one["config"]["connection"])
        for one in servers(house, workspace)
    ]


def test_a_workspace_is_a_server_as_soon_as_it_is_connected_and_each_channel_is_one(
    house: House,
) -> None:
    workspace = f"T{uuid.uuid4().int % 10**9:09d}"
    channel = f"C{uuid.uuid4().int % 10**9}"
    browser = Browser(house)
    asked = browser.get("/connect/slack?go=1")
    assert browser.get(f"{asked.path}&workspace={workspace}").status == 200
    assert eventually(lambda: states(house, workspace) == [(None, True, "connected")])

    chat = house.chat(on="slack", channel=channel, server=workspace, viewer="sam")
    assert chat.asks("ana", "!help quote", "Show a quote", within=15.0)
    assert eventually(lambda: states(house, workspace) == [(channel, True, "connected")])
    [server] = servers(house, workspace)
    assert (server["platform"], server["webhook_url"]) == ("slack", "/webhooks/slack")

    gone = {"type": "app_uninstalled", "as": "sam", "on": "slack", "channel": channel}
    assert house.post("/stand-ins/happens", {**gone, "server": workspace})["accepted"]
    wanted = [(channel, False, "disconnected")]
    assert eventually(lambda: states(house, workspace) == wanted), states(house, workspace)


def test_a_workspace_stands_as_its_organisation_stands(house: House) -> None:
    workspace, organisation = (f"{kind}{uuid.uuid4().int % 10**9:09d}" for kind in "TE")
    house.post(f"/stand-ins/slack/organisations/{organisation}", {"teams": [workspace]})
    who, browser = somebody(), Browser(house)
    asked = browser.get("/connect/slack?go=1")
    page = browser.get(f"{asked.path}&workspace={organisation}&as={who}")
    assert page.status == 200, page.text
    assert eventually(lambda: states(house, workspace) == [(None, True, "connected")])

    chat = house.chat(on="slack", channel="C000000001", server=workspace, viewer=somebody())
    assert chat.asks("ana", "!help quote", "Show a quote", within=15.0)
    assert eventually(lambda: states(house, workspace) == [("C000000001", True, "connected")])

    browser.signs_in("slack", who)
    form = {"account": f"enterprise:{organisation}", "kind": "bot", "csrf": browser.csrf()}
    assert browser.post("/connect/slack/end", **form).status == 200
    wanted = [("C000000001", False, "disconnected")]
    assert eventually(lambda: states(house, workspace) == wanted), states(house, workspace)
