"""`!help` says what each module does, in the dress of the platform where it was asked."""

from __future__ import annotations

from typing import Any

import pytest

from tests.helpers.homes import own_place
from tests.helpers.house import Chat, House

TITLE = "What you can use here"
ABOUT_MEMORIES = "Keeps a community's quotes, links and notes, and reminds people"
PATIENCE_SECONDS = 20.0


def asked(chat: Chat, who: str, line: str) -> dict[str, Any]:
    told = chat.asks(who, line, "More about one", within=PATIENCE_SECONDS)
    assert told is not None
    return told


@pytest.mark.parametrize("chat", ["discord"], indirect=True)
def test_discord_shows_an_embed(chat: Chat) -> None:
    [embed] = asked(chat, "ana", "!help")["dress"]["embeds"]
    assert embed["title"] == TITLE
    assert f"**memories** · {ABOUT_MEMORIES}: !" in embed["description"]
    assert "**stats** · Counts messages, people and commands: !stats" in embed["description"]
    assert embed["footer"]["text"] == "More about one: !help !quote"
    names = [line.split("**")[1] for line in embed["description"].splitlines()]
    assert names.index("memories") < names.index("stats") < names.index("forms")


@pytest.mark.parametrize("chat", ["discord"], indirect=True)
def test_discord_shows_an_embed_behind_a_slash_too(chat: Chat) -> None:
    [embed] = asked(chat, "ana", "/waddlebot help")["dress"]["embeds"]
    assert ABOUT_MEMORIES in embed["description"]


@pytest.mark.parametrize("chat", ["discord"], indirect=True)
def test_discord_reads_it_plainly_where_the_bot_may_not_embed(house: House, chat: Chat) -> None:
    planned = {"on": "discord", "what": "no_embeds", "channel": chat.channel}
    house.post("/stand-ins/break", planned)
    told = asked(chat, "ana", "!help")
    assert told["dress"] is None
    assert f"memories: {ABOUT_MEMORIES}: !" in told["text"]
    assert "*" not in told["text"]


@pytest.mark.parametrize("chat", ["slack"], indirect=True)
@pytest.mark.parametrize("line", ["!help", "/waddlebot help"])
def test_slack_shows_blocks(chat: Chat, line: str) -> None:
    told = asked(chat, "ana", line)
    header, section, context, below = told["dress"]["blocks"]
    assert header["text"] == {"type": "plain_text", "text": TITLE}
    assert f"*memories*  {ABOUT_MEMORIES}: !" in section["text"]["text"]
    assert context["elements"] == [{"type": "mrkdwn", "text": "More about one: !help !quote"}]
    assert [one["type"] for one in below["elements"]] == ["external_select"]


@pytest.mark.parametrize("chat", ["twitch"], indirect=True)
def test_twitch_stays_one_line(chat: Chat) -> None:
    told = asked(chat, "ana", "!help")
    assert told["dress"] is None
    assert len(told["text"]) <= 500
    assert "\n" not in told["text"]
    assert not told["text"].startswith("You can use !pick")
    chat.says("ana", "!help memories")
    of_one = chat.hears(ABOUT_MEMORIES, within=PATIENCE_SECONDS)
    assert of_one is not None
    assert "!quote" in of_one["text"]


@pytest.mark.parametrize("on", ["discord", "slack"])
def test_one_module_is_a_list_of_its_commands(house: House, on: str) -> None:
    chat = house.chat(on=on, **own_place(on))
    chat.says("olga", "hello everybody")
    told = chat.asks("ana", "!help memories", "Show a quote", within=PATIENCE_SECONDS)
    assert told is not None
    assert told["dress"] is not None
    assert ABOUT_MEMORIES in told["text"]
