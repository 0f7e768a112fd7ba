"""Accounts are linked by what nobody else has: names that people are shown by prove nothing."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass

import psycopg
import pytest

from local.stand_ins.people import StandInPeople
from tests.helpers import signed
from tests.helpers.chatting import says, says_privately
from tests.helpers.homes import own_place
from tests.helpers.house import Chat, House


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscordAccount:
    """Somebody who types slash commands: `account` is theirs alone, `shown` is their choice."""

    house: House
    account: str
    shown: str
    nick: str = ""
    id: str = ""

    @classmethod
    def called(cls, house: House, account: str, *, shown: str, nick: str = "") -> DiscordAccount:
        number = str(3 * 10**17 + uuid.uuid4().int % 10**17)
        return cls(house=house, account=account, shown=shown, nick=nick, id=number)

    def types(self, line: str) -> str:
        user = {
            "id": self.id,
            "username": self.account,
            "global_name": self.shown,
            "discriminator": "0",
        }
        delivery = signed.discord_slash(
            self.house,
            line,
            guild=str(uuid.uuid4().int % 10**15),
            channel=str(10**14 + uuid.uuid4().int % 10**14),
            member={"user": user, "nick": self.nick or None},
        )
        status, answer = delivery.send(self.house)
        assert (status, answer["data"]["flags"]) == (200, 64), answer
        text: str = answer["data"]["content"]
        return text


@pytest.fixture
def twitch(house: House) -> Chat:
    """Max, who has a name that nobody has, on Twitch."""
    place = {**own_place("twitch"), "viewer": f"maximilian{uuid.uuid4().int % 10**8}"}
    chat = house.chat(on="twitch", **place)
    says(chat, "olga", "hello everybody", "!help")
    return chat


def code_for(chat: Chat, platform: str, name: str) -> str:
    told = says_privately(chat, f"!identity link {platform} {name}", "type !verify")
    found = re.search(r"!verify (\w{6}) ", told)
    assert found is not None, told
    return found[1]


def linked(house: House, account: DiscordAccount) -> list[str]:
    with psycopg.connect(house.database_url) as connection:
        rows = connection.execute(
            """
            SELECT other.platform FROM identities AS mine JOIN identities AS other USING (person_id)
            WHERE mine.platform = 'discord' AND mine.user_id = %s ORDER BY 1
            """,
            (account.id,),
        )
        return [row[0] for row in rows]


def test_whoever_merely_calls_himself_so_is_asked_about_and_the_account_itself_is_not(
    house: House, twitch: Chat
) -> None:
    name = twitch.viewer
    code = code_for(twitch, "discord", name)
    nicked = DiscordAccount.called(house, "mallory", shown="Mallory", nick=name.upper())
    shown = DiscordAccount.called(house, "trudy", shown=name)
    stranger = DiscordAccount.called(house, "eve", shown="Eve")
    real = DiscordAccount.called(house, name, shown="Max ☀")

    assert "not for you" in stranger.types(f"verify {code} yes")
    assert f"Twitch account {name} (id" in nicked.types(f"verify {code}")
    assert "there the last word is said" in nicked.types(f"verify {code} yes")
    question = twitch.hears("typed your code", within=15, to=name)
    assert question is not None
    assert question["kind"] == "private"
    assert (
        f"Discord account mallory (id {nicked.id}, shown as “{name.upper()}”)" in question["text"]
    )
    assert "not for you" in shown.types(f"verify {code} yes")  # somebody holds it

    assert "wants to be one person" in real.types(f"verify {code} yes")
    assert "You are one person now" in real.types(f"verify {code} yes")
    assert (linked(house, real), linked(house, nicked)) == (["discord", "twitch"], [])
    says_privately(twitch, f"!identity yes {nicked.id[-4:]}", "Nobody has typed a code of yours")


def test_the_asking_side_says_yes_to_an_id_that_it_has_seen(house: House, twitch: Chat) -> None:
    code = code_for(twitch, "discord", twitch.viewer)
    mine = DiscordAccount.called(house, f"m{uuid.uuid4().hex[:8]}", shown=twitch.viewer)
    says_privately(twitch, f"!identity yes {mine.id[-4:]}", "Nobody has typed a code of yours")
    mine.types(f"verify {code}")
    # What was typed once is not agreed to, here as little as there.
    says_privately(twitch, f"!identity yes {mine.id[-4:]}", "Nobody has typed a code of yours")
    mine.types(f"verify {code} yes")

    assert twitch.hears(f"type !identity yes {mine.id[-4:]}", within=15, to=twitch.viewer)
    says_privately(twitch, "!whoami", f"id {mine.id}")
    says_privately(twitch, "!identity yes", f"id {mine.id}")
    assert linked(house, mine) == []
    says_privately(twitch, f"!identity yes {mine.id[-4:]}", "You are one person now")
    assert linked(house, mine) == ["discord", "twitch"]
    says_privately(twitch, f"!identity yes {mine.id[-4:]}", "Nobody has typed a code of yours")


def test_the_asking_side_says_no_and_the_code_is_good_for_nobody(
    house: House, twitch: Chat
) -> None:
    code = code_for(twitch, "discord", twitch.viewer)
    thief = DiscordAccount.called(house, "mallory", shown=twitch.viewer)
    for _ in range(2):
        thief.types(f"verify {code} yes")

    says_privately(twitch, "!identity no", "Nothing was linked")

    assert "not for you" in thief.types(f"verify {code} yes")
    assert linked(house, thief) == []


def test_a_code_for_an_id_is_for_that_account_alone(house: House, twitch: Chat) -> None:
    real = DiscordAccount.called(house, "anything", shown="Whatever")
    namesake = DiscordAccount.called(house, twitch.viewer, shown=real.id)
    code = code_for(twitch, "discord", real.id)

    assert "not for you" in namesake.types(f"verify {code} yes")
    real.types(f"verify {code}")
    assert "You are one person now" in real.types(f"verify {code} yes")


def test_on_slack_nobody_has_a_name_of_their_own_so_everybody_is_asked_about(
    house: House, twitch: Chat
) -> None:
    code = code_for(twitch, "slack", "maximilian")
    user, other = (f"U{uuid.uuid4().int % 10**9:09d}" for _ in range(2))

    def types(line: str, user: str) -> str:
        team, channel = "T0WADDLEBOT", f"C{uuid.uuid4().int % 10**10:010d}"
        delivery = signed.slack_slash(house, line, team=team, channel=channel, user=user)
        status, answer = delivery.send(house)
        assert (status, answer["response_type"]) == (200, "ephemeral"), answer
        text: str = answer["text"]
        return text

    assert "wants to be one person" in types(f"verify {code}", user)
    assert "there the last word is said" in types(f"verify {code} yes", user)
    assert "not for you" in types(f"verify {code} yes", other)
    assert twitch.hears(f"(id {user}, shown as", within=15, to=twitch.viewer)
    told = says_privately(twitch, f"!identity yes {user[-4:]}", "You are one person now")
    assert "on Slack" in told


def test_whoever_guesses_waits_and_the_code_is_as_good_as_before(
    house: House, twitch: Chat
) -> None:
    code = code_for(twitch, "discord", twitch.viewer)
    real = DiscordAccount.called(house, twitch.viewer, shown="Max")
    guesser = DiscordAccount.called(house, "mallory", shown=twitch.viewer)
    with psycopg.connect(house.database_url) as connection:
        connection.execute(
            "INSERT INTO identity_guesses (platform, user_id, missed) VALUES ('discord', %s, 3)",
            (guesser.id,),
        )
    assert "not for you" in guesser.types("verify AAAAAA yes")
    assert "not for you" in guesser.types("verify BBBBBB yes")
    assert "Try again in 10 minutes" in guesser.types(f"verify {code} yes")

    real.types(f"verify {code}")
    assert "You are one person now" in real.types(f"verify {code} yes")


def test_a_code_is_not_said_in_the_channel_where_an_inbox_is_closed(house: House) -> None:
    discord = house.chat(on="discord", **own_place("discord"))
    says(discord, "olga", "hello everybody", "!help")
    user = StandInPeople().named(discord.viewer).ids["discord"]
    fault = {"on": "discord", "what": "closed", "channel": user, "times": 5}
    assert house.post("/stand-ins/break", fault) == {"broken": "closed"}
    discord.from_now_on()

    discord.says("ana", "!identity link twitch maximilian")

    told = discord.hears("cannot write to you privately", within=15)
    assert told is not None
    assert told["kind"] == "chat"
    assert not any("!verify" in one["text"] for one in discord._seen)


def test_a_code_is_not_said_in_chat_where_whispers_are_refused(house: House, twitch: Chat) -> None:
    user = StandInPeople().named(twitch.viewer).ids["twitch"]
    fault = {"on": "twitch", "what": "closed", "channel": user, "times": 5}
    assert house.post("/stand-ins/break", fault) == {"broken": "closed"}
    twitch.from_now_on()

    twitch.says("ana", "!identity link discord maximilian")

    told = twitch.hears("for you alone", within=15)
    assert told is not None
    assert told["kind"] == "chat"
    assert "ask me on Discord or Slack" in told["text"]
    assert not any("!verify" in one["text"] for one in twitch._seen)
