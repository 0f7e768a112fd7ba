"""An admin of a workspace lets the bot delete in their name: then what a rule blocks goes there."""

from __future__ import annotations

import uuid
from urllib.parse import urlsplit

import psycopg
import pytest

from local.stand_ins.people import StandInPeople
from tests.helpers.house import Chat, House
from tests.helpers.patience import eventually
from tests.helpers.signing_in import Browser, Page, somebody

PATIENCE = 15.0


def a_workspace() -> str:
    return f"T{uuid.uuid4().int % 10**9:09d}"


def is_in(house: House, workspace: str, who: str, **facts: bool) -> None:
    """What Slack says of somebody in that workspace from now on."""
    about = {"type": "user_change", "as": who, "on": "slack", "server": workspace}
    assert house.post("/stand-ins/happens", {**about, "channel": "C0GENERAL", **facts})["accepted"]


def connects(browser: Browser, workspace: str, who: str, *, lends: bool) -> Page:
    """As the form of the page does it, with its box ticked or not."""
    ticked = "&chat:write=1" if lends else ""
    asked = browser.get(f"/connect/slack?go=1{ticked}")
    return browser.get(f"{asked.path}&workspace={workspace}&as={who}")


def forbids(house: House, workspace: str, boss: str) -> tuple[Chat, str]:
    """A channel there, and a word that a rule blocks."""
    number, word = uuid.uuid4().int % 10**9, f"herring{uuid.uuid4().hex[:8]}"
    chat = house.chat(on="slack", channel=f"C{number}", server=workspace, viewer=somebody())
    assert chat.asks(boss, f'!rules add contains "{word}" block', word, within=PATIENCE)
    return chat, word


def connections(house: House, workspace: str) -> dict[str, str]:
    """The state of each kind."""
    with psycopg.connect(house.database_url) as connection:
        rows = connection.execute(
            "SELECT kind, state FROM connections WHERE account = %s", [workspace]
        ).fetchall()
    return {str(kind): str(state) for kind, state in rows}


@pytest.fixture
def boss(house: House) -> tuple[str, str]:
    """A workspace and who owns it."""
    workspace, who = a_workspace(), somebody()
    is_in(house, workspace, who, is_owner=True, is_admin=True)
    return workspace, who


def test_the_page_asks_an_admin_and_what_a_rule_blocks_is_deleted(
    house: House, boss: tuple[str, str]
) -> None:
    workspace, who = boss
    offered = Browser(house).get("/connect/slack").text
    assert "delete" in offered
    assert 'name="chat:write"' in offered

    page = connects(Browser(house), workspace, who, lends=True)
    assert page.status == 200, page.text
    assert "deleted in your name" in page.text
    assert connections(house, workspace) == {"bot": "connected", "admin": "connected"}

    chat, word = forbids(house, workspace, who)
    chat.says("ana", f"a red {word} here")
    assert chat.was_deleted(word, within=PATIENCE)
    assert chat.hears("was removed", within=PATIENCE)


def test_without_it_the_person_and_the_moderators_read_that_it_is_not_deleted(
    house: House, boss: tuple[str, str]
) -> None:
    workspace, who = boss
    assert connects(Browser(house), workspace, who, lends=False).status == 200
    chat, word = forbids(house, workspace, who)
    assert chat.asks("ana", f"a red {word} here", "moderators are told", within=PATIENCE)
    told = chat.hears("blocks, in", within=PATIENCE, to=who)
    assert told
    assert "do it by hand" in told["text"]
    assert f"at http://localhost:{urlsplit(house.url).port}/connect/slack." in told["text"]
    assert not chat.was_deleted(word, within=1.0)


def test_who_is_no_admin_lends_nothing_and_reads_so(house: House) -> None:
    workspace, who = a_workspace(), somebody()
    is_in(house, workspace, who, is_admin=False)
    page = connects(Browser(house), workspace, who, lends=True)
    assert page.status == 200
    assert "not say that you are an admin" in page.text
    assert connections(house, workspace) == {"bot": "connected"}
    assert house.get(f"/stand-ins/slack/workspaces/{workspace}")["tokens"] == 1


@pytest.mark.parametrize("how", ["they took it back", "they are no admin any more"])
def test_a_right_that_is_gone_deletes_nothing_and_the_moderators_are_told(
    house: House, boss: tuple[str, str], how: str
) -> None:
    workspace, who = boss
    assert connects(Browser(house), workspace, who, lends=True).status == 200
    chat, word = forbids(house, workspace, who)
    moderators = house.chat(on="slack", channel=f"{chat.channel}9", server=workspace, viewer=who)
    assert moderators.asks(who, "!settings set moderators here", "told here now", within=PATIENCE)
    if how == "they took it back":
        id_at_slack = StandInPeople().named(who).ids["slack"]
        gone = {"type": "tokens_revoked", "as": who, "on": "slack", "server": workspace}
        happened = {**gone, "channel": chat.channel, "users": [id_at_slack]}
        assert house.post("/stand-ins/happens", happened)["accepted"]
        ended = {"bot": "connected", "admin": "disconnected"}
        assert eventually(lambda: connections(house, workspace) == ended, within=PATIENCE)
    else:
        is_in(house, workspace, who, is_owner=False, is_admin=False)
    chat.says("ana", f"a red {word} here")
    assert moderators.hears("by hand", within=PATIENCE)
    assert not chat.was_deleted(word, within=1.0)


def test_a_lent_token_that_ended_is_renewed_and_deletes(
    house: House, boss: tuple[str, str]
) -> None:
    workspace, who = boss
    assert house.post("/stand-ins/slack/app/rotation", {})["rotates"]
    assert connects(Browser(house), workspace, who, lends=True).status == 200
    chat, word = forbids(house, workspace, who)
    with psycopg.connect(house.database_url) as connection:  # half a day passes here, too
        connection.execute(
            "UPDATE connections SET renewed_at = now() - interval '12 hours' WHERE account = %s",
            [workspace],
        )
    assert house.post(f"/stand-ins/slack/workspaces/{workspace}/expire", {})["expired"] == 2
    chat.says("ana", f"a red {word} here")
    assert chat.was_deleted(word, within=20.0)


def test_who_lent_it_takes_it_back_and_the_bot_stays(house: House, boss: tuple[str, str]) -> None:
    workspace, who = boss
    browser = Browser(house)
    assert connects(browser, workspace, who, lends=True).status == 200
    browser.signs_in("slack", who)
    assert "deletes in your name" in browser.get("/connect").text
    form = {"account": workspace, "kind": "admin", "csrf": browser.csrf()}
    assert browser.post("/connect/slack/end", **form).status == 200
    assert connections(house, workspace) == {"bot": "connected", "admin": "disconnected"}
    assert house.get(f"/stand-ins/slack/workspaces/{workspace}")["tokens"] == 1
    chat, word = forbids(house, workspace, who)
    assert chat.asks("ana", f"a red {word} here", "moderators are told", within=PATIENCE)


def test_where_the_bot_is_disconnected_nobodys_right_is_kept(
    house: House, boss: tuple[str, str]
) -> None:
    workspace, who = boss
    browser = Browser(house)
    assert connects(browser, workspace, who, lends=True).status == 200
    browser.signs_in("slack", who)
    form = {"account": workspace, "kind": "bot", "csrf": browser.csrf()}
    assert browser.post("/connect/slack/end", **form).status == 200
    assert connections(house, workspace) == {"bot": "disconnected", "admin": "disconnected"}
    assert house.get(f"/stand-ins/slack/workspaces/{workspace}")["tokens"] == 0
