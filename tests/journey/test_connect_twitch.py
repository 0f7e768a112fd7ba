"""Streamers let the bot into their channels in the browser, and take it out again."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from local.stand_ins.people import StandInPeople
from tests.helpers.chatting import says
from tests.helpers.connecting import a_streamer, allows, channel_of, state_of, until
from tests.helpers.house import Chat, House
from tests.helpers.inviting import invited, settled
from tests.helpers.patience import patience
from tests.helpers.signing_in import Browser, somebody
from waddlebot.platforms.twitch.connecting import CHANNEL_SCOPES, MODERATION_SCOPES

DELETES = "moderator:manage:chat_messages"


def talk_with(house: House, streamer: str) -> Chat:
    viewer = f"sam{uuid.uuid4().hex[:8]}"
    return house.chat(on="twitch", channel=channel_of(streamer), viewer=viewer)


def at_twitch(house: House, streamer: str) -> dict[str, Any]:
    told: dict[str, Any] = house.get(f"/stand-ins/twitch/channels/{channel_of(streamer)}")
    return told


def is_heard(chat: Chat, line: str = "!help quote", words: str = "Show a quote") -> bool:
    """Twitch tells the bot of a channel once its gateway has subscribed to it."""
    return until(lambda: chat.says("ana", line)["accepted"]) and bool(
        chat.hears(words, within=15.0)
    )


def test_two_channels_are_connected_while_the_house_runs_and_each_is_answered(
    house: House,
) -> None:
    one, other = a_streamer(), a_streamer()
    for streamer in (one, other):
        page = allows(Browser(house), streamer)
        assert page.status == 200, page.text
        assert f"{streamer} is connected" in page.text
    for streamer in (one, other):
        assert is_heard(talk_with(house, streamer)), streamer
        assert at_twitch(house, streamer)["scopes"] == sorted(CHANNEL_SCOPES)


def test_moderation_is_asked_for_as_far_as_it_was_ticked(house: House) -> None:
    browser, streamer = Browser(house), a_streamer()
    offered = browser.get("/connect/twitch").text
    assert all(scope in offered for scope in (*CHANNEL_SCOPES, *MODERATION_SCOPES))
    assert allows(browser, streamer, DELETES).status == 200
    assert at_twitch(house, streamer)["scopes"] == sorted([*CHANNEL_SCOPES, DELETES])


def test_the_page_lets_the_browser_go_on_to_twitch(house: House) -> None:
    page = Browser(house).get("/connect/twitch")
    port = urlsplit(house.url).port
    ends_at = f"form-action 'self' http://localhost:{port};"
    assert ends_at in page.headers["content-security-policy"]


def test_what_was_begun_in_another_browser_connects_nothing(house: House) -> None:
    victim, attacker, streamer = Browser(house), Browser(house), a_streamer()
    asked = attacker.get("/connect/twitch?go=1")
    sent = attacker.get(f"{asked.path}&as={streamer}", follow=False)
    back = urlsplit(sent.headers["location"])
    page = victim.get(f"{back.path}?{back.query}")
    assert page.status == 400
    assert "begun in another browser" in page.text
    assert attacker.get(f"{back.path}?{back.query}").status == 400
    assert state_of(house, streamer) == ""


def test_a_state_that_somebody_changed_connects_nothing(house: House) -> None:
    browser, streamer = Browser(house), a_streamer()
    asked = browser.get("/connect/twitch?go=1")
    sent = browser.get(f"{asked.path}&as={streamer}", follow=False)
    back = urlsplit(sent.headers["location"])
    page = browser.get(f"{back.path}?{back.query}x")
    assert page.status == 400
    assert state_of(house, streamer) == ""


@pytest.mark.parametrize("code", ["guessed", ""])
def test_a_code_that_twitch_did_not_give_connects_nothing(house: House, code: str) -> None:
    browser = Browser(house)
    state = browser.get("/connect/twitch?go=1").path.partition("state=")[2].partition("&")[0]
    page = browser.get(f"/connect/twitch/callback?code={code}&state={state}")
    assert page.status == 400
    assert "is connected" not in page.text


def test_who_does_not_allow_it_reads_so(house: House) -> None:
    page = allows(Browser(house), "nobody")
    assert page.status == 400
    assert "did not allow it" in page.text


def test_without_the_scope_that_all_hangs_on_nothing_is_connected(house: House) -> None:
    streamer = a_streamer()
    page = allows(Browser(house), streamer, without="channel:bot")
    assert page.status == 400
    assert "without channel:bot" in page.text
    assert state_of(house, streamer) == ""
    assert at_twitch(house, streamer)["tokens"] == 0


def test_a_scope_that_was_not_given_is_named(house: House) -> None:
    page = allows(Browser(house), a_streamer(), without="bits:read")
    assert page.status == 200
    assert "did not give bits:read" in page.text


def test_a_channel_that_is_connected_twice_is_one_with_one_token(house: House) -> None:
    streamer = a_streamer()
    for _ in range(2):
        assert allows(Browser(house), streamer).status == 200
    assert at_twitch(house, streamer)["tokens"] == 1
    chat = talk_with(house, streamer)
    assert is_heard(chat)
    chat.from_now_on()
    chat.says("ana", "!help quote")
    assert len(chat.seen(2, within=3.0)) == 1


def test_somebody_elses_channel_is_not_taken(house: House) -> None:
    """It is the token that says whose channel it is, whatever stands in an address."""
    streamer, thief = a_streamer(), a_streamer()
    assert allows(Browser(house), streamer).status == 200
    more = {"login": streamer, "broadcaster_id": channel_of(streamer)}
    assert f"{thief} is connected" in allows(Browser(house), thief, **more).text

    browser = Browser(house)
    browser.signs_in("twitch", thief)
    page = browser.get("/connect").text
    assert thief in page
    assert streamer not in page
    form = {"account": channel_of(streamer), "kind": "channel", "csrf": browser.csrf()}
    refused = browser.post("/connect/twitch/end", **form)
    assert refused.status == 403
    assert "Only who connected that" in refused.text
    assert state_of(house, streamer) == "connected"


def test_who_connected_it_disconnects_it_and_the_bot_leaves(house: House) -> None:
    streamer = a_streamer()
    assert allows(Browser(house), streamer).status == 200
    assert is_heard(talk_with(house, streamer))

    browser = Browser(house)
    browser.signs_in("twitch", streamer)
    form = {"account": channel_of(streamer), "kind": "channel"}
    assert browser.post("/connect/twitch/end", **form, csrf="guessed").status == 403
    page = browser.post("/connect/twitch/end", **form, csrf=browser.csrf())
    assert page.status == 200, page.text
    assert f"{streamer} is disconnected" in page.text
    assert at_twitch(house, streamer)["tokens"] == 0

    chat = talk_with(house, streamer)
    assert until(lambda: not chat.says("ana", "!help quote")["accepted"])
    assert until(lambda: not at_twitch(house, streamer)["subscriptions"])
    chat.from_now_on()
    chat.says("ana", "!help quote")
    assert chat.silent()

    assert allows(Browser(house), streamer).status == 200
    assert is_heard(talk_with(house, streamer))


@pytest.mark.xdist_group("invitations")
@pytest.mark.parametrize("is_first", [True, False], ids=["connected first", "joined first"])
def test_owners_of_the_community_end_it_as_long_as_the_channel_belongs_there(
    house: House, *, is_first: bool
) -> None:
    """Who took a channel along when it left must not be at the mercy of whom it left."""
    home, streamer = settled(house, "discord"), a_streamer()
    chat, browser = talk_with(house, streamer), an_owner_of(house, home)
    says(chat, "olga", "hello everybody", "!help")
    if is_first:
        assert allows(Browser(house), streamer).status == 200
        assert is_heard(chat)
        assert streamer not in browser.get("/connect").text
    says(chat, "olga", f"!community join {invited(home)}", "Welcome to")
    if not is_first:
        assert allows(Browser(house), streamer).status == 200
        assert is_heard(chat)
    assert streamer in browser.get("/connect").text

    says(chat, "olga", "!community leave really", "on its own again")

    assert streamer not in browser.get("/connect").text
    form = {"account": channel_of(streamer), "kind": "channel", "csrf": browser.csrf()}
    assert browser.post("/connect/twitch/end", **form).status == 403
    assert state_of(house, streamer) == "connected"


def an_owner_of(house: House, home: Chat) -> Browser:
    """Signed in, and made an owner where that chat is."""
    browser, who = Browser(house), somebody()
    browser.signs_in("discord", who)
    with psycopg.connect(house.database_url) as connection:
        given = connection.execute(
            """
            INSERT INTO community_members (community_id, platform, user_id, name, role)
            SELECT id, 'discord', %s, %s, 'owner' FROM communities WHERE home = %s
            """,
            [StandInPeople().named(who).ids["discord"], who, f"discord:server:{home.server}"],
        )
        assert given.rowcount == 1
    return browser


def whispers_to(house: House, streamer: str, since: int) -> list[str]:
    said = house.get(f"/stand-ins/replies?after={since}&platform=twitch")["replies"]
    return [one["text"] for one in said if one["kind"] == "private" and one["to"] == streamer]


def test_a_channel_whose_streamer_took_the_leave_back_is_lost_and_they_are_told_once(
    house: House,
) -> None:
    streamer, other, since = a_streamer(), a_streamer(), house.last_number()
    for one in (streamer, other):
        assert allows(Browser(house), one).status == 200
        assert is_heard(talk_with(house, one))

    gone = {"type": "authorization_revoked", "as": streamer, "on": "twitch"}
    told = house.post("/stand-ins/happens", {**gone, "channel": channel_of(streamer)})
    assert told["accepted"]
    assert until(lambda: state_of(house, streamer) == "lost")
    assert state_of(house, other) == "connected"

    browser = Browser(house)
    browser.signs_in("twitch", streamer)
    assert "was taken back there" in browser.get("/connect").text
    assert until(lambda: bool(whispers_to(house, streamer, since)))
    assert len(whispers_to(house, streamer, since)) == 1
    assert allows(browser, streamer).status == 200
    assert is_heard(talk_with(house, streamer))


def forbids(chat: Chat, streamer: str) -> str:
    """A rule of the streamer's, who is an owner in their own channel."""
    words = f"pond{uuid.uuid4().hex[:6]}"
    assert chat.asks(streamer, f'!rules add contains "{words}" block', words, within=15.0)
    return words


def test_a_streamer_who_ticked_it_has_lines_deleted_without_a_moderator(house: House) -> None:
    streamer = a_streamer()
    assert allows(Browser(house), streamer, DELETES).status == 200
    chat = talk_with(house, streamer)
    assert is_heard(chat)
    words = forbids(chat, streamer)
    chat.says("ana", words)
    assert chat.was_deleted(words, within=patience(15.0))


def test_what_was_not_ticked_is_not_done_and_the_page_says_what_helps(house: House) -> None:
    streamer = a_streamer()
    assert "So that it can delete lines" in allows(Browser(house), streamer).text
    chat = talk_with(house, streamer)
    assert is_heard(chat)
    words = forbids(chat, streamer)
    chat.says("ana", words)
    assert not chat.was_deleted(words)


def test_a_streamers_token_that_ended_is_renewed_and_one_that_nobody_renews_is_lost(
    house: House,
) -> None:
    streamer = a_streamer()
    assert allows(Browser(house), streamer, DELETES).status == 200
    chat = talk_with(house, streamer)
    assert is_heard(chat)
    words = forbids(chat, streamer)
    expire = f"/stand-ins/twitch/channels/{channel_of(streamer)}/expire"

    for what, is_lost in (({}, False), ({"for_good": True}, True)):
        _long_ago(house, streamer)
        assert house.post(expire, what)["expired"] == 1
        chat.says("ana", f"{words} {is_lost}")
        if is_lost:
            assert until(lambda: state_of(house, streamer) == "lost")
        else:
            assert chat.was_deleted(f"{words} {is_lost}", within=patience(15.0))
    assert until(lambda: not chat.says("ana", "!help quote")["accepted"])


def _long_ago(house: House, streamer: str) -> None:
    """What was just given and is refused would be lost at once."""
    with psycopg.connect(house.database_url) as connection:
        connection.execute(
            "UPDATE connections SET renewed_at = now() - interval '1 hour' WHERE account = %s",
            [channel_of(streamer)],
        )
