"""`waddlebot connect`, as typed, against platforms that know the bot, do not, or are away."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import discord
import pytest
from dotenv import dotenv_values

from local.stand_ins.signing_in import CLIENT
from local.stand_ins.twitch.helix import USER_TOKEN
from operations import connect
from tests.helpers.servers import ROOT
from tests.helpers.stand_ins import served
from waddlebot.platforms.discord.connecting import INTENTS, PERMISSIONS
from waddlebot.platforms.slack.connecting import EVENTS, SCOPES
from waddlebot.platforms.slack.installation_events import ACCESS, ENDINGS
from waddlebot.platforms.slack.workspace_events import READERS
from waddlebot.platforms.twitch.connecting import BOT_SCOPES, CHANNEL_SCOPES, SUBSCRIPTIONS

PUBLIC = "https://bot.example.org"
NOBODY_CONNECTS = "Nobody can connect a workspace: there is no public address"


def _is_platforms(name: str) -> bool:
    return name.startswith(("DISCORD_", "SLACK_", "TWITCH_"))


@dataclass(slots=True)
class Terminal:
    """Of somebody whose `.env` says what the stand-ins want; `keys` are how these behave."""

    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch
    stack: ExitStack
    environment: dict[str, str] = field(default_factory=dict)
    code: int = 0

    def at_stand_ins(self, **keys: str) -> None:
        self.environment = dict(self.stack.enter_context(served(**keys)).environment)

    def type(self, line: str, **changed: str) -> str:
        known: Mapping[str, str] = {**self.environment, **changed}
        # What a developer has in `.env` or set is not there for the verb.
        for name in {*known, *dotenv_values(ROOT / ".env"), *filter(_is_platforms, os.environ)}:
            self.monkeypatch.setenv(name, known.get(name, ""))
        self.capsys.readouterr()
        self.code = connect.main(line.split())
        return self.capsys.readouterr().out

    def checks(self, line: str, **changed: str) -> dict[str, str]:
        """What helps, by what is not well."""
        told: dict[str, Any] = json.loads(self.type(f"{line} --json", **changed))
        return {one["what"]: one["do"] for one in told["checks"] if not one["is_well"]}


@pytest.fixture
def terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Terminal]:
    with ExitStack() as stack:
        yield Terminal(capsys, monkeypatch, stack)


@pytest.mark.parametrize("platform", connect.PLATFORMS)
def test_without_anything_it_says_what_to_do_first_and_what_is_missing(
    terminal: Terminal, platform: str
) -> None:
    said = terminal.type(platform)
    assert terminal.code == 1
    assert said.startswith("1. ")
    assert "MISSING" in said
    assert f"{platform.upper()}_" in said
    assert "things are missing. Run this again when done." in said


def test_discord_is_well_and_its_token_is_not_printed(terminal: Terminal) -> None:
    terminal.at_stand_ins()
    said = terminal.type("discord")
    assert terminal.code == 0, said
    assert "ok       Message Content Intent is on" in said
    assert "Interactions come over the gateway" in said
    assert "client_id=123456789012345678&scope=bot+applications.commands" in said
    assert "All is well" in said
    assert terminal.environment["DISCORD_TOKEN"] not in said


def test_discord_names_each_intent_that_is_off(terminal: Terminal) -> None:
    terminal.at_stand_ins(DISCORD_FLAGS=str(1 << 15))
    assert terminal.checks("discord") == {
        "Message Content Intent is off": "Switch it on: Bot, Privileged Gateway Intents."
    }
    assert terminal.code == 1


def test_discord_knows_no_such_token_or_another_application(terminal: Terminal) -> None:
    terminal.at_stand_ins()
    wrong = terminal.checks("discord", DISCORD_TOKEN="wrong")
    assert wrong == {
        "Discord does not take DISCORD_TOKEN": "Set the bot's current token: Bot, Reset Token."
    }
    assert terminal.checks("discord", DISCORD_PUBLIC_KEY="ab" * 32) == {
        "DISCORD_PUBLIC_KEY is not this application's": (
            "It is under General Information, Public Key."
        )
    }


def test_the_address_for_interactions_is_told_where_there_is_one(terminal: Terminal) -> None:
    terminal.at_stand_ins()
    assert f"{PUBLIC}/webhooks/discord" in terminal.type(f"discord --url {PUBLIC}")
    assert "leave it empty" in terminal.type("discord")


@pytest.mark.parametrize("platform", connect.PLATFORMS)
def test_a_platform_that_is_away_is_nobodys_wrong_token(terminal: Terminal, platform: str) -> None:
    terminal.at_stand_ins()
    nowhere = {
        f"{platform.upper()}_API_URL": "http://127.0.0.1:1",
        "TWITCH_AUTH_URL": "http://127.0.0.1:1",
    }
    wrong = terminal.checks(f"{platform} --url {PUBLIC}", **nowhere)
    name = platform.capitalize()
    assert wrong[f"{name} did not answer"] == "Try again in a while."
    assert not any("does not take" in one for one in wrong)


def test_slacks_manifest_is_for_webhooks_or_for_a_socket(terminal: Terminal) -> None:
    terminal.at_stand_ins()
    over_webhooks, over_socket = (
        json.loads(terminal.type(f"slack {where} --json"))["steps"][1]["copy"]
        for where in (f"--url {PUBLIC}", "")
    )
    settings = json.loads(over_webhooks)["settings"]
    assert settings["event_subscriptions"]["request_url"] == f"{PUBLIC}/webhooks/slack"
    assert settings["interactivity"]["message_menu_options_url"] == f"{PUBLIC}/webhooks/slack"
    assert settings["socket_mode_enabled"] is False
    socket = json.loads(over_socket)
    assert socket["settings"]["socket_mode_enabled"] is True
    assert socket["settings"]["interactivity"] == {"is_enabled": True}
    assert "url" not in socket["features"]["slash_commands"][0]


def test_slack_names_the_scopes_that_are_missing(terminal: Terminal) -> None:
    terminal.at_stand_ins(SLACK_SCOPES="chat:write,commands")
    wrong = terminal.checks(f"slack --url {PUBLIC}")
    [(what, do)] = wrong.items()
    assert "channels:history" in what
    assert "chat:write" not in what
    assert "install the app again" in do
    assert "does not take SLACK_BOT_TOKEN: invalid_auth" in str(
        terminal.checks(f"slack --url {PUBLIC}", SLACK_BOT_TOKEN="wrong")
    )


def test_slack_without_a_public_address_wants_the_sockets_token(terminal: Terminal) -> None:
    terminal.at_stand_ins()
    assert "connections:write" in str(terminal.checks("slack"))
    assert terminal.type(f"slack --url {PUBLIC}")
    assert terminal.code == 0


def test_slack_is_well_with_an_app_that_people_connect_and_no_token(terminal: Terminal) -> None:
    terminal.at_stand_ins()
    app = {
        "SLACK_BOT_TOKEN": "",
        "SLACK_CLIENT_ID": CLIENT,
        "SLACK_CLIENT_SECRET": terminal.environment["SLACK_BOT_TOKEN"],
    }
    said = terminal.type(f"slack --url {PUBLIC}", **app)
    assert terminal.code == 0, said
    assert f"{PUBLIC}/connect/slack/callback" in said
    assert f"Workspaces are connected at {PUBLIC}/connect/slack" in said
    assert app["SLACK_CLIENT_SECRET"] not in said


def test_slack_says_what_an_app_lacks_that_people_connect(terminal: Terminal) -> None:
    terminal.at_stand_ins()
    app = {"SLACK_BOT_TOKEN": "", "SLACK_CLIENT_ID": CLIENT, "SLACK_CLIENT_SECRET": "wrong"}
    wrong = str(terminal.checks(f"slack --url {PUBLIC}", **app))
    assert "SLACK_CLIENT_ID with its secret: bad_client_secret" in wrong
    half = terminal.checks(f"slack --url {PUBLIC}", **{**app, "SLACK_CLIENT_SECRET": ""})
    assert "SLACK_CLIENT_SECRET is not set" in half
    secret = terminal.environment["SLACK_BOT_TOKEN"]
    socket = {**app, "SLACK_CLIENT_SECRET": secret, "SLACK_APP_TOKEN": secret}
    told = terminal.checks("slack", **socket)
    assert "/connect/slack/callback" in told[NOBODY_CONNECTS], told


def test_twitch_is_well_over_webhooks_and_over_sockets(terminal: Terminal) -> None:
    terminal.at_stand_ins()
    callback = {"TWITCH_CALLBACK_URL": f"{PUBLIC}/webhooks/twitch"}
    for named in (callback, {"TWITCH_CALLBACK_URL": ""}):
        said = terminal.type(f"twitch --url {PUBLIC}/", **named, TWITCH_CHANNELS="ana")
        assert terminal.code == 0, said
        assert "There is a channel ana" in said
        assert f"Webhooks come to {PUBLIC}/webhooks/twitch" in said
    elsewhere = {"TWITCH_CALLBACK_URL": "https://elsewhere.example/webhooks/twitch"}
    assert "another address" in str(terminal.checks(f"twitch --url {PUBLIC}", **elsewhere))
    token = terminal.environment["TWITCH_APP_TOKEN"]
    said = terminal.type("twitch", TWITCH_USER_TOKEN=f"{USER_TOKEN}{token}")
    assert terminal.code == 0, said
    assert "TWITCH_USER_TOKEN lasts 57 days more" in said
    assert token not in said


def test_twitch_names_scopes_channels_and_addresses_that_are_wrong(terminal: Terminal) -> None:
    terminal.at_stand_ins(TWITCH_SCOPES="user:read:chat")
    token = terminal.environment["TWITCH_APP_TOKEN"]
    wrong = terminal.checks(
        f"twitch --url {PUBLIC}",
        TWITCH_USER_TOKEN=f"{USER_TOKEN}{token}",
        TWITCH_CLIENT_ID="another",
        TWITCH_CHANNELS="ana nobodyatall",
    )
    told = "\n".join(f"{what}: {do}" for what, do in wrong.items())
    assert "lacks scopes" in told
    assert "moderator:manage:banned_users" in told
    assert "user:read:chat," not in told
    assert "another application than TWITCH_CLIENT_ID" in told
    assert f"set it to {PUBLIC}/webhooks/twitch" in told
    assert "There is no channel nobodyatall" in told
    assert "channel ana" not in told


@pytest.mark.parametrize("url", ["bot.example.org", "http://bot.example.org", f"{PUBLIC}/bot"])
def test_an_address_that_nobody_can_use_is_refused_with_how_it_is_written(
    terminal: Terminal, url: str
) -> None:
    terminal.at_stand_ins()
    with pytest.raises(SystemExit):
        terminal.type(f"twitch --url {url}")
    said = terminal.capsys.readouterr().err
    assert "--url" in said
    assert "write it as https://bot.example.org" in said


def test_what_is_asked_for_is_what_the_code_uses() -> None:
    discord.Intents(**dict.fromkeys(INTENTS, True))
    known = discord.Permissions.VALID_FLAGS
    named = {"View Channels": "view_channel", "Moderate Members": "moderate_members"}
    for name, bit in PERMISSIONS.items():
        assert known[named.get(name, name.lower().replace(" ", "_"))] == bit
    assert {one.partition(".")[0] for one in EVENTS} == {*READERS, *ENDINGS, *ACCESS}
    assert len(set(BOT_SCOPES)) == len(BOT_SCOPES)


def test_the_page_for_operators_names_all_of_it() -> None:
    page = (ROOT / "docs" / "connecting.md").read_text("utf-8")
    for name in (*INTENTS, *SCOPES, *EVENTS, *BOT_SCOPES, *CHANNEL_SCOPES):
        assert f"`{name}`" in page, name
    for one in SUBSCRIPTIONS:
        assert f"| `{one.kind}` | {one.version} | " in page
    for permission in PERMISSIONS:
        assert permission in page
