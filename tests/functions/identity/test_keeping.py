"""What people allowed and could not be kept, and what another token took the place of, is given
back to its service, and told until it has heard."""

from __future__ import annotations

import os
import uuid

import pytest

from functions.identity import handler as identity
from functions.identity.connecting import token_calls
from gateway_bot.revoking import PAUSES_SECONDS, GivingBack
from tests.helpers.connected import a_connection, canary, connections_of, new_master
from tests.helpers.connecting import a_streamer, a_workspace, channel_of
from tests.helpers.identity_room import IdentityRoom, back_from_slack, back_from_twitch, room
from waddlebot.domain.accounts import Account
from waddlebot.outside.slack_workspaces import slack_renewer
from waddlebot.platforms.renewing import Renewer
from waddlebot.platforms.slack.installing import SlackApp
from waddlebot.platforms.slack.scopes import LENT_SCOPES
from waddlebot.platforms.twitch.renewing import TwitchRenewer
from waddlebot.stores.logins import Logins
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.revocations import Revocations

__all__ = ["room"]

NOBODY = "postgresql://nobody@127.0.0.1:9/waddlebot"


@pytest.fixture
def streamer() -> str:
    return a_streamer()


def tokens_at_twitch(room: IdentityRoom, streamer: str) -> int:
    return int(room.front.call("GET", f"/twitch/channels/{channel_of(streamer)}")[1]["tokens"])


def tokens_at_slack(room: IdentityRoom, workspace: str) -> int:
    return int(room.front.call("GET", f"/slack/workspaces/{workspace}")[1]["tokens"])


def deaf(room: IdentityRoom, where: str, *, is_so: bool = True) -> None:
    """Whether the platform answers who gives back a token of this channel or workspace."""
    assert room.front.call("POST", f"/{where}/deaf", {"is": is_so})[1] == {"deaf": is_so}


def without_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", NOBODY)
    monkeypatch.setenv("DATABASE_REPLICA_URL", NOBODY)
    identity.build_room.cache_clear()


def rows(database: Postgres) -> list[tuple[str, str, bool]]:
    found = database.write("SELECT kind, state, sealed IS NOT NULL AS kept FROM connections")
    return sorted((row["kind"], row["state"], row["kept"]) for row in found)


def a_gateway_looks(database: Postgres) -> None:
    """As gateways do, once the time of the next try has come."""
    database.write("UPDATE connections SET revoke_at = now() WHERE revoke_at IS NOT NULL")
    app, twitch = SlackApp.find(os.environ), TwitchRenewer.find(os.environ)
    assert app
    assert twitch
    seal = identity.build_room().resources.seal
    renewers: dict[str, Renewer] = {"slack": slack_renewer(app), "twitch": twitch}
    GivingBack(
        revocations=Revocations(database, seal), renewers=renewers, ask=token_calls().ask
    ).look()


def an_admin(room: IdentityRoom, workspace: str) -> str:
    who = f"boss{uuid.uuid4().hex[:8]}"
    made = {"type": "user_change", "as": who, "on": "slack", "server": workspace}
    room.front.call("POST", "/happens", {**made, "channel": "C0GENERAL", "is_admin": True})
    return who


def test_what_cannot_be_sealed_is_given_back(
    room: IdentityRoom, database: Postgres, streamer: str
) -> None:
    connections_of(database, master=new_master()).keep(a_connection(), canary())
    answer = room.get(back_from_twitch(room, streamer))
    assert answer["statusCode"] == 503
    assert f"{streamer} is not connected" in answer["body"]
    assert "What you allowed at Twitch was given back" in answer["body"]
    assert tokens_at_twitch(room, streamer) == 0


def test_without_a_database_it_is_given_back_and_told_what_to_do(
    room: IdentityRoom, monkeypatch: pytest.MonkeyPatch, streamer: str
) -> None:
    back = back_from_twitch(room, streamer)
    without_a_database(monkeypatch)
    answer = room.get(back)
    assert answer["statusCode"] == 503
    assert "the database does not answer. Begin here again in a moment." in answer["body"]
    assert "What you allowed at Twitch was given back" in answer["body"]
    assert tokens_at_twitch(room, streamer) == 0


def test_where_the_service_is_away_as_well_they_read_what_is_left_to_do(
    room: IdentityRoom, monkeypatch: pytest.MonkeyPatch, streamer: str
) -> None:
    back = back_from_twitch(room, streamer)
    without_a_database(monkeypatch)
    deaf(room, f"twitch/channels/{channel_of(streamer)}")
    answer = room.get(back)
    assert answer["statusCode"] == 503
    assert "Twitch may go on showing that you let me in" in answer["body"]
    assert "was given back" not in answer["body"]


def test_slacks_token_is_given_back_unless_it_may_be_one_that_is_in_use(
    room: IdentityRoom, database: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack gives an app the same token again: who ended it would end what is connected."""
    workspace, other = a_workspace(), a_workspace()
    assert room.get(back_from_slack(room, workspace))["statusCode"] == 200
    database.write("UPDATE seal_keys SET wrapped = '\\x00'")
    identity.build_room.cache_clear()

    assert room.get(back_from_slack(room, workspace))["statusCode"] == 503
    assert tokens_at_slack(room, workspace) == 2
    assert "was given back" in room.get(back_from_slack(room, other))["body"]
    assert tokens_at_slack(room, other) == 0

    back = back_from_slack(room, other)
    without_a_database(monkeypatch)  # nobody knows whether it is connected
    assert "Slack may go on showing" in room.get(back)["body"]
    assert tokens_at_slack(room, other) == 1


def test_a_channels_old_token_is_given_back_later_where_twitch_is_away(
    room: IdentityRoom, database: Postgres, streamer: str
) -> None:
    where = f"twitch/channels/{channel_of(streamer)}"
    deaf(room, where)
    for _ in range(3):
        assert room.get(back_from_twitch(room, streamer))["statusCode"] == 200
    waiting = [(f"replaced:channel:{n}", "disconnected", True) for n in (1, 2)]
    assert rows(database) == [("channel", "connected", True), *waiting]
    assert tokens_at_twitch(room, streamer) == 3

    a_gateway_looks(database)
    assert len(rows(database)) == 3
    deaf(room, where, is_so=False)
    a_gateway_looks(database)

    assert rows(database) == [("channel", "connected", True)]
    assert tokens_at_twitch(room, streamer) == 1


def test_who_connects_again_after_an_ending_that_twitch_did_not_hear_of_leaves_one_token(
    room: IdentityRoom, database: Postgres, streamer: str
) -> None:
    assert room.get(back_from_twitch(room, streamer))["statusCode"] == 200
    database.write("UPDATE connections SET state = 'disconnected', revoke_at = now()")
    assert room.get(back_from_twitch(room, streamer))["statusCode"] == 200
    assert tokens_at_twitch(room, streamer) == 1


def test_what_another_admin_lends_ends_what_was_lent_before_also_where_slack_is_away(
    room: IdentityRoom, database: Postgres
) -> None:
    workspace, lent = a_workspace(), tuple(LENT_SCOPES)
    first, other = an_admin(room, workspace), an_admin(room, workspace)
    for who in (first, first):  # the same person's token may be the same
        assert room.get(back_from_slack(room, workspace, who, *lent))["statusCode"] == 200
    assert rows(database) == [("admin", "connected", True), ("bot", "connected", True)]
    deaf(room, f"slack/workspaces/{workspace}")
    before = tokens_at_slack(room, workspace)
    assert room.get(back_from_slack(room, workspace, other, *lent))["statusCode"] == 200
    assert ("replaced:admin:2", "disconnected", True) in rows(database)

    deaf(room, f"slack/workspaces/{workspace}", is_so=False)
    a_gateway_looks(database)

    assert rows(database) == [("admin", "connected", True), ("bot", "connected", True)]
    assert tokens_at_slack(room, workspace) == before + 2 - 1


def test_what_was_replaced_is_in_nobodys_list_and_given_up_after_a_day(
    room: IdentityRoom, database: Postgres, streamer: str
) -> None:
    deaf(room, f"twitch/channels/{channel_of(streamer)}")
    for _ in range(2):
        assert room.get(back_from_twitch(room, streamer))["statusCode"] == 200
    login = Logins(identity.build_room().resources.cache)
    me = Account("twitch", channel_of(streamer))
    room.cookies["__Host-login"] = login.enter(me, streamer)
    assert room.get("/connect")["body"].count(f"<b>{streamer}</b>") == 1

    for _ in PAUSES_SECONDS:
        a_gateway_looks(database)

    assert rows(database) == [("channel", "connected", True)]
