"""A workspace of Slack is disconnected by whoever connected it, or an owner of its community."""

from __future__ import annotations

import uuid

from tests.helpers.connecting import give
from tests.helpers.house import Chat, House
from tests.helpers.signing_in import Browser, somebody


def connected(house: House) -> tuple[str, str]:
    """A workspace, and who connected it."""
    workspace, who = f"T{uuid.uuid4().int % 10**9:09d}", somebody()
    browser = Browser(house)
    asked = browser.get("/connect/slack")
    page = browser.get(f"{asked.path}&workspace={workspace}&as={who}")
    assert page.status == 200, page.text
    return workspace, who


def talk_in(house: House, workspace: str) -> Chat:
    number = uuid.uuid4().int % 10**9
    return house.chat(on="slack", channel=f"C{number}", server=workspace, viewer=somebody())


def ends(browser: Browser, workspace: str, csrf: str) -> tuple[int, str]:
    form = {"account": workspace, "kind": "bot", "csrf": csrf}
    page = browser.post("/connect/slack/end", **form)
    return page.status, page.text


def tokens_of(house: House, workspace: str) -> int:
    return int(house.get(f"/stand-ins/slack/workspaces/{workspace}")["tokens"])


def test_who_connected_it_ends_it_and_its_token_is_taken_back_at_slack(house: House) -> None:
    workspace, who = connected(house)
    other, _ = connected(house)
    chat = talk_in(house, workspace)
    chat.says("ana", "!help quote")
    assert chat.hears("quote", within=15.0)

    browser = Browser(house)
    browser.signs_in("slack", who)
    page = browser.get("/connect").text
    assert f"The {workspace[2:]}" in page
    assert f"The {other[2:]}" not in page
    status, text = ends(browser, workspace, browser.csrf())
    assert (status, "is disconnected" in text) == (200, True)
    assert tokens_of(house, workspace) == 0
    assert tokens_of(house, other) == 1
    assert "disconnected" in browser.get("/connect").text

    chat = talk_in(house, workspace)
    chat.says("ana", "!help quote")
    assert chat.silent()
    assert ends(browser, workspace, browser.csrf())[0] == 403


def test_an_owner_of_the_community_ends_it_and_nobody_else_does(house: House) -> None:
    workspace, _ = connected(house)
    owner, admin = somebody(), somebody()
    for who, role in ((admin, "admin"), (owner, "owner")):
        browser = Browser(house)
        browser.signs_in("slack", who)
        give(house, workspace, who, role)
        status, text = ends(browser, workspace, browser.csrf())
        assert status == (200 if role == "owner" else 403), text
        assert ("is disconnected" in text) is (role == "owner")
    assert tokens_of(house, workspace) == 0
