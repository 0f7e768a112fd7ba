"""Workspaces of Slack are connected in the browser, and each is answered with its own token."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.helpers.connecting import a_workspace, in_one_community, installs, talk_in
from tests.helpers.homes import own_place
from tests.helpers.house import House
from tests.helpers.patience import patience
from tests.helpers.signing_in import Browser


def rotates(house: House) -> None:
    """The app's owner switches token rotation on."""
    assert house.post("/stand-ins/slack/app/rotation", {})["rotates"]


def strays(house: House, workspace: str) -> int:
    return int(house.get(f"/stand-ins/slack/workspaces/{workspace}")["strays"])


def test_each_of_two_workspaces_is_answered_with_its_own_token(house: House) -> None:
    one, other = a_workspace(), a_workspace()
    for workspace in (one, other):
        page = installs(Browser(house), workspace)
        assert page.status == 200, page.text
        assert "is connected" in page.text
        assert "/invite @WaddleBot" in page.text

    # The stand-in answers channel_not_found to the token of any other workspace.
    for workspace in (one, other, one):
        chat = talk_in(house, workspace)
        assert chat.asks("ana", "!help quote", "Show a quote", within=15.0), workspace
        assert strays(house, workspace) == 0


def test_a_workspace_that_nobody_connected_is_answered_with_the_operators_token(
    house: House,
) -> None:
    chat = talk_in(house, a_workspace())
    assert chat.asks("ana", "!help quote", "Show a quote", within=15.0)


@pytest.mark.parametrize(
    ("told", "words"),
    [("workspace=nobody", "did not allow it"), ("", "which workspace?")],
)
def test_whoever_does_not_allow_it_reads_so(house: House, told: str, words: str) -> None:
    browser = Browser(house)
    asked = browser.get("/connect/slack?go=1")
    page = browser.get(f"{asked.path}&{told}")
    assert words in page.text


def test_what_was_begun_in_another_browser_connects_nothing(house: House) -> None:
    victim, attacker = Browser(house), Browser(house)
    asked = attacker.get("/connect/slack?go=1")
    sent = attacker.get(f"{asked.path}&workspace={a_workspace()}", follow=False)
    back = urlsplit(sent.headers["location"])
    page = victim.get(f"{back.path}?{back.query}")
    assert page.status == 400
    assert "begun in another browser" in page.text
    # Nor does it sign anybody in, and it is over for who began it.
    assert attacker.get(f"/signin/slack/callback?{back.query}").status == 400
    assert attacker.get(f"{back.path}?{back.query}").status == 400


@pytest.mark.parametrize("code", ["guessed", ""])
def test_a_code_that_slack_did_not_give_connects_nothing(house: House, code: str) -> None:
    browser = Browser(house)
    asked = browser.get("/connect/slack?go=1")
    state = asked.path.partition("state=")[2].partition("&")[0]
    page = browser.get(f"/connect/slack/callback?code={code}&state={state}")
    assert page.status == 400
    assert "is connected" not in page.text


def test_scopes_that_were_not_given_are_named(house: House) -> None:
    page = installs(Browser(house), a_workspace(), without="reactions:write")
    assert page.status == 200
    assert "did not give reactions:write" in page.text


def test_a_service_that_is_not_set_up_says_so(house: House) -> None:
    page = Browser(house).get("/connect/irc")
    assert page.status == 404
    assert "not set up" in page.text


@pytest.mark.parametrize("how", ["app_uninstalled", "tokens_revoked"])
def test_a_workspace_that_took_the_bot_out_is_disconnected_and_connects_again(
    house: House, how: str
) -> None:
    workspace, other = a_workspace(), a_workspace()
    for one in (workspace, other):
        assert installs(Browser(house), one).status == 200
    chat = talk_in(house, workspace)
    assert chat.asks("ana", "!help quote", "Show a quote", within=15.0)

    gone = {"type": how, "as": chat.viewer, "on": "slack", "channel": chat.channel}
    assert house.post("/stand-ins/happens", {**gone, "server": workspace})["accepted"]
    states = _states(house, workspace, "disconnected")
    assert states == ["disconnected"]
    assert _states(house, other, "connected") == ["connected"]

    assert installs(Browser(house), workspace).status == 200
    again = talk_in(house, workspace)
    assert again.asks("ana", "!help quote", "Show a quote", within=15.0)


def test_tokens_that_do_not_open_are_replaced_by_who_connects_again(house: House) -> None:
    """As what is kept says of itself: it was put there from somewhere else."""
    one, other = a_workspace(), a_workspace()
    for workspace in (one, other):
        assert installs(Browser(house), workspace).status == 200
    with psycopg.connect(house.database_url) as connection:
        connection.execute(
            """
            UPDATE connections SET sealed = theirs.sealed FROM connections AS theirs
            WHERE connections.account = %s AND theirs.account = %s
            """,
            [one, other],
        )

    page = installs(Browser(house), one)

    assert (page.status, "is connected" in page.text) == (200, True), page.text
    chat = talk_in(house, one)
    assert chat.asks("ana", "!help quote", "Show a quote", within=15.0)


def _states(house: House, workspace: str, wanted: str) -> list[str]:
    end = time.monotonic() + patience(15.0)
    while True:
        with psycopg.connect(house.database_url) as connection:
            found = connection.execute(
                "SELECT state FROM connections WHERE service = 'slack' AND account = %s",
                [workspace],
            ).fetchall()
        states = [str(row[0]) for row in found]
        if states == [wanted] or time.monotonic() > end:
            return states
        time.sleep(0.1)


def test_tokens_that_end_are_renewed_while_people_talk(house: House) -> None:
    workspace = a_workspace()
    rotates(house)
    assert installs(Browser(house), workspace).status == 200
    chat = talk_in(house, workspace)
    assert chat.asks("ana", "!help quote", "Show a quote", within=15.0)

    with psycopg.connect(house.database_url) as connection:  # half a day passes here, too
        connection.execute(
            "UPDATE connections SET renewed_at = now() - interval '12 hours' WHERE account = %s",
            [workspace],
        )
    ended = house.post(f"/stand-ins/slack/workspaces/{workspace}/expire", {})
    assert ended["expired"] >= 1
    again = talk_in(house, workspace)
    assert again.asks("ana", "!help quote", "Show a quote", within=20.0)


def test_whoever_looks_after_the_community_hears_on_twitch_once_that_its_workspace_is_lost(
    house: House,
) -> None:
    workspace = a_workspace()
    rotates(house)
    assert installs(Browser(house), workspace).status == 200
    twitch = house.chat(on="twitch", **own_place("twitch"))
    slack = talk_in(house, workspace)
    for chat in (twitch, slack):
        assert chat.asks("ana", "!help quote", "Show a quote", within=15.0)
    in_one_community(house, workspace, twitch.channel)

    with psycopg.connect(house.database_url) as connection:  # half a day passes here, too
        connection.execute(
            "UPDATE connections SET renewed_at = now() - interval '12 hours' WHERE account = %s",
            [workspace],
        )
    assert house.post(f"/stand-ins/slack/workspaces/{workspace}/withdraw", {})["withdrawn"]
    for line in ("!help quote", "!help rules"):
        slack.says("ana", line)
    assert _states(house, workspace, "lost") == ["lost"]

    [told] = _whispers(house, workspace)
    assert told["kind"] == "private"
    assert f"The {workspace[2:].lower()} on Slack" in told["text"]
    assert f"at http://localhost:{urlsplit(house.url).port}/connect/slack." in told["text"]
    slack.says("ana", "!help limits")
    assert slack.silent(2.0)
    assert _whispers(house, workspace) == [told]


def _whispers(house: House, workspace: str) -> list[dict[str, Any]]:
    """All that Twitch showed of this workspace."""
    name, end = f"The {workspace[2:].lower()}", time.monotonic() + patience(40.0)
    while True:
        shown = house.get("/stand-ins/replies?after=0&platform=twitch")["replies"]
        found = [one for one in shown if name in one["text"]]
        if found or time.monotonic() > end:
            return found
        time.sleep(0.2)
