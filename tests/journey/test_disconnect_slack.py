"""A workspace of Slack is disconnected by whoever connected it, or an owner of its community.

Where Slack does not answer then, it is told later; where it never does, somebody is."""

from __future__ import annotations

import uuid
from typing import LiteralString

import psycopg
import pytest

from tests.helpers.connecting import give, in_one_community
from tests.helpers.homes import own_place
from tests.helpers.house import Chat, House
from tests.helpers.patience import eventually
from tests.helpers.signing_in import Browser, somebody


def connected(house: House) -> tuple[str, str]:
    """A workspace, and who connected it."""
    workspace, who = f"T{uuid.uuid4().int % 10**9:09d}", somebody()
    browser = Browser(house)
    asked = browser.get("/connect/slack?go=1")
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
    assert chat.asks("ana", "!help quote", "Show a quote", within=15.0)

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
    status, text = ends(browser, workspace, browser.csrf())
    assert (status, "Yours" in text, ">Sign in<" in text) == (403, True, False)


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


@pytest.mark.parametrize("what", ["is_owner", "is_admin"])
def test_whom_slack_calls_its_owner_ends_it_without_being_made_one_here(
    house: House, what: str
) -> None:
    workspace, _ = connected(house)
    who = somebody()
    about = {"type": "user_change", "as": who, "on": "slack", "server": workspace}
    happened = {**about, "channel": "C0GENERAL", what: True}
    assert house.post("/stand-ins/happens", happened)["accepted"]
    browser = Browser(house)
    browser.signs_in("slack", who, team=workspace)
    is_owner = what == "is_owner"
    assert (f"The {workspace[2:]}" in browser.get("/connect").text) is is_owner
    status, text = ends(browser, workspace, browser.csrf())
    assert (status, "is disconnected" in text) == (200 if is_owner else 403, is_owner)


def deaf(house: House, workspace: str, *, is_so: bool = True) -> None:
    """Whether Slack hears what is revoked of this workspace."""
    told = house.post(f"/stand-ins/slack/workspaces/{workspace}/deaf", {"is": is_so})
    assert told["deaf"] is is_so


def kept(house: House, workspace: str) -> bool:
    """Whether its tokens are still there."""
    return _ask(house, workspace, "SELECT sealed IS NOT NULL FROM connections WHERE account = %s")


def passes_a_day(house: House, workspace: str, *, tries: int) -> None:
    statement = "UPDATE connections SET revoke_at = now(), revoke_tries = %s WHERE account = %s"
    with psycopg.connect(house.database_url) as connection:
        assert connection.execute(statement, [tries, workspace]).rowcount == 1


def test_a_slack_that_is_away_hears_of_it_later(house: House) -> None:
    workspace, who = connected(house)
    deaf(house, workspace)
    browser = Browser(house)
    browser.signs_in("slack", who)
    status, text = ends(browser, workspace, browser.csrf())
    assert (status, "I go on telling it" in text) == (200, True)
    assert (tokens_of(house, workspace), kept(house, workspace)) == (1, True)
    chat = talk_in(house, workspace)
    chat.says("ana", "!help quote")
    assert chat.silent()

    deaf(house, workspace, is_so=False)
    passes_a_day(house, workspace, tries=1)
    assert eventually(lambda: tokens_of(house, workspace) == 0, within=40.0)
    assert eventually(lambda: not kept(house, workspace))


def test_who_connects_again_meanwhile_keeps_the_new_token(house: House) -> None:
    workspace, who = connected(house)
    deaf(house, workspace)
    browser = Browser(house)
    browser.signs_in("slack", who)
    assert ends(browser, workspace, browser.csrf())[0] == 200
    asked = browser.get("/connect/slack?go=1")
    assert browser.get(f"{asked.path}&workspace={workspace}&as={who}").status == 200
    statement = "SELECT revoke_at IS NULL FROM connections WHERE account = %s"
    assert _ask(house, workspace, statement)


def test_a_slack_that_never_answers_is_told_of_once(house: House) -> None:
    workspace, who = connected(house)
    twitch = house.chat(on="twitch", **own_place("twitch"))
    slack = talk_in(house, workspace)
    for chat in (twitch, slack):
        assert chat.asks("ana", "!help quote", "Show a quote", within=15.0)
    in_one_community(house, workspace, twitch.channel)
    deaf(house, workspace)
    browser = Browser(house)
    browser.signs_in("slack", who)
    assert ends(browser, workspace, browser.csrf())[0] == 200

    passes_a_day(house, workspace, tries=5)
    name = f"The {workspace[2:].lower()}"
    assert eventually(lambda: _whispers(house, name), within=40.0)
    [told] = _whispers(house, name)
    assert "did not answer for a day" in told
    assert not kept(house, workspace)


def _whispers(house: House, name: str) -> list[str]:
    shown = house.get("/stand-ins/replies?after=0&platform=twitch")["replies"]
    return [one["text"] for one in shown if name in one["text"]]


def _ask(house: House, workspace: str, statement: LiteralString) -> bool:
    with psycopg.connect(house.database_url) as connection:
        row = connection.execute(statement, [workspace]).fetchone()
    return bool(row and row[0])
