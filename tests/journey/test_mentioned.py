"""Whom a line mentions on one platform is read by name on all of them, at once and later."""

from __future__ import annotations

import uuid

import psycopg
import pytest

from tests.helpers import signed
from tests.helpers.house import Chat, House
from tests.helpers.reminding import comes_now

POND = {"twitch": "1001", "discord": "202000000000000001", "slack": "C0GENERAL"}
TYPED_ON_DISCORD = "ask @max in #general <:kappa:1234567890> <t:1795888800:f>"
ON_SLACK = (
    "ask <@U0MAX> in <#C0GENERAL|general> <!subteam^S1|@helpers> <https://a.example/x|the page>"
)


@pytest.fixture
def pond(house: House) -> dict[str, Chat]:
    return {on: house.chat(on=on, channel=channel) for on, channel in POND.items()}


def told(chat: Chat, who: str, line: str, words: str) -> str:
    heard = chat.asks(who, line, words, within=20)
    assert heard, (chat.on, line, [one["text"] for one in chat._seen])
    return str(heard["text"])


def says_on_slack(house: House, text: str) -> None:
    line = signed.slack_line(house, text, team="T0WADDLEBOT", channel=POND["slack"], user="U0OLGA")
    assert line.send(house)[0] == 200


def test_a_quote_of_discord_is_read_by_name_everywhere(pond: dict[str, Chat]) -> None:
    word = f"w{uuid.uuid4().hex[:8]}"
    told(pond["discord"], "olga", f"!addquote {word} {TYPED_ON_DISCORD} — @max", "Kept as quote #")
    for on, chat in pond.items():
        shown = told(chat, "olga", f"!quote {word}", word)
        assert f"{word} ask @Max in #general" in shown, on
        assert "— @Max" in shown
        assert ":kappa:" in shown
        assert "2026" in shown
        assert "<" not in shown, on


def test_a_quote_of_slack_is_read_by_name_everywhere(house: House, pond: dict[str, Chat]) -> None:
    word = f"w{uuid.uuid4().hex[:8]}"
    pond["slack"].says("max", "hello")
    says_on_slack(house, f"!addquote {word} {ON_SLACK}")
    assert pond["slack"].hears("Kept as quote #", within=20)
    for on, chat in pond.items():
        shown = told(chat, "olga", f"!quote {word}", word)
        assert f"{word} ask @Max in #general @helpers the page (https://a.example/x)" in shown, on
        assert "<" not in shown, on


def test_what_was_kept_before_is_shown_by_name_too(house: House, pond: dict[str, Chat]) -> None:
    """Also of whom nothing is known."""
    word = f"w{uuid.uuid4().hex[:8]}"
    told(pond["twitch"], "olga", f"!addquote {word} soon", "Kept as quote #")
    told(pond["discord"], "max", "!score", "You have")
    old = (
        f"{word} <@302000000000000009> <@301000000000000002> <@&5000000001> <@U0MAX> "
        "<#202000000000000001> <#7000000007> <:kappa:1234567890> <a:wave:99> "
        "<@!301000000000000002> <!subteam^S1|@helpers> <https://a.example/x|the page> "
        "<t:1795888800:R>"
    )
    with psycopg.connect(house.database_url) as connection:
        connection.execute(
            "UPDATE memories SET content = %s WHERE content = %s", (old, f"{word} soon")
        )
    shown = told(pond["twitch"], "olga", f"!quote {word}", word)
    by_name = (
        f"{word} @somebody @Max @a role @Max #general #a channel :kappa: :wave: @Max "
        "@helpers the page (https://a.example/x) "
    )
    assert by_name in shown, shown
    assert "2026" in shown
    on_discord = told(pond["discord"], "olga", f"!quote {word}", word)
    assert "@Max #general" in on_discord or "<@301000000000000002>" in on_discord
    assert "<@U0MAX>" not in on_discord


def test_notes_links_reminders_and_announcements_keep_names(pond: dict[str, Chat]) -> None:
    word, discord = f"w{uuid.uuid4().hex[:8]}", pond["discord"]
    told(discord, "olga", f"!addnote {word} see #general and @ana", "Kept as note #")
    assert "see #general and @Ana" in told(pond["twitch"], "olga", f"!note {word}", word)
    told(discord, "olga", f"!addurl {word}x a.example/x for @ana", "Kept as link #")
    shown = told(pond["slack"], "olga", f"!memories search {word}x", f"{word}x")
    assert "<@" not in shown
    told(discord, "olga", f"!remind 10m {word} wake @max", "I will remind you")
    comes_now(discord.house, word)
    assert discord.hears(f"{word} wake @Max", within=20)
    assert "for @Max" in told(discord, "olga", f"!announce {word} for @max", word)


def test_what_moderators_read_of_a_rule_names_people(house: House, pond: dict[str, Chat]) -> None:
    word = f"w{uuid.uuid4().hex[:8]}"
    moderators = house.chat(on="discord", channel="202000000000000002")
    moderators.from_now_on()
    told(pond["twitch"], "max", f'!rules add contains "{word}" block', "Added rule")
    line = signed.slack_line(
        house,
        f"{word} says <@U0MAX>",
        team="T0WADDLEBOT",
        channel=POND["slack"],
        user="U0ANA",
    )
    assert line.send(house)[0] == 200
    notice = moderators.hears(f"{word} says", within=20)
    assert notice
    assert f"{word} says @Max" in notice["text"]


def test_a_person_is_still_who_was_mentioned(pond: dict[str, Chat]) -> None:
    """Where an id is meant, it is the id."""
    told(pond["discord"], "max", "!score", "You have")
    assert "has" in told(pond["discord"], "olga", "!reputation @max", "points here")
