"""A titled list in each platform's dress, call by call, and as text where it is refused."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from tests.helpers.deliveries import (
    ON_DISCORD,
    ON_SLACK,
    ON_TWITCH,
    to_discord,
    to_slack,
    to_twitch,
)
from tests.helpers.payloads import a_reply, failed, ok, play
from waddlebot.domain.outcomes import Reply
from waddlebot.platforms.delivering import SENT
from waddlebot.platforms.discord.listings import embed_of
from waddlebot.platforms.discord.render import inline as inline_on_discord
from waddlebot.platforms.slack.listings import blocks_of
from waddlebot.platforms.slack.render import inline as inline_on_slack
from waddlebot.platforms.slack.render import rendered
from waddlebot_sdk import Chat, ListEntry, Listing
from waddlebot_sdk.responses import from_wire
from waddlebot_sdk.wire_texts import NotAResponse

LISTING = Listing(
    title="What you can use here",
    entries=(
        ListEntry(name="memories", about="Keeps quotes: !quote"),
        ListEntry(name="a*b", about="@everyone <b> [x](https://x.example) & more"),
        ListEntry(name="bare"),
    ),
    more="More about one: !help quote",
)


def a_listed(entity: str, **fields: Any) -> Reply:
    reply = a_reply(LISTING.as_text(), entity=entity, **fields)
    return msgspec.structs.replace(reply, listing=LISTING)


def test_a_list_on_discord_is_an_embed_of_text() -> None:
    calls, delivered = play(to_discord(a_listed(ON_DISCORD)), ok(id="1"))
    assert delivered == SENT
    [call] = calls
    assert call.json is not None
    assert call.json["content"] == ""
    [embed] = call.json["embeds"]
    assert embed["title"] == LISTING.title
    assert embed["description"].splitlines() == [
        "**memories** · Keeps quotes: !quote",
        "**a\\*b** · @\u200beveryone <b\\> \\[x\\](https://x.example) & more",
        "**bare**",
    ]
    assert embed["footer"] == {"text": LISTING.more}


def test_a_list_is_text_where_discord_lets_the_bot_embed_nothing() -> None:
    answers = (failed(403, code=50013), ok(id="1"))
    calls, delivered = play(to_discord(a_listed(ON_DISCORD)), *answers)
    assert delivered == SENT
    dressed, plain = (dict(call.json or {}) for call in calls)
    assert "embeds" in dressed
    assert "embeds" not in plain
    assert plain["content"].startswith("What you can use here\nmemories: Keeps quotes: !quote")
    assert plain["nonce"] == dressed["nonce"]


def test_where_the_bot_may_not_write_at_all_the_text_is_refused_as_ever() -> None:
    answers = (failed(403, code=50013), failed(403, code=50013))
    _, delivered = play(to_discord(a_listed(ON_DISCORD)), *answers)
    assert "give it Send Messages" in delivered.reason


def test_a_list_on_slack_is_blocks_and_its_text_for_what_shows_none() -> None:
    calls, delivered = play(to_slack(a_listed(ON_SLACK)), ok(ok=True))
    assert delivered == SENT
    [call] = calls
    assert call.json is not None
    header, section, context = call.json["blocks"]
    assert header["text"]["text"] == LISTING.title
    assert section["text"]["text"].splitlines() == [
        "*memories*  Keeps quotes: !quote",
        "a*b  @\u200beveryone &lt;b&gt; [x](https://x.example) &amp; more",
        "*bare*",
    ]
    assert context["elements"][0]["text"] == LISTING.more
    assert call.json["text"].startswith("What you can use here\nmemories:")


def test_a_list_is_text_where_slack_takes_no_such_blocks() -> None:
    answers = (ok(ok=False, error="invalid_blocks"), ok(ok=True))
    calls, delivered = play(to_slack(a_listed(ON_SLACK)), *answers)
    assert delivered == SENT
    assert ["blocks" in (call.json or {}) for call in calls] == [True, False]


def test_a_list_on_twitch_is_its_text_on_one_line() -> None:
    answer = ok(data=[{"is_sent": True}])
    calls, _ = play(to_twitch(a_listed(ON_TWITCH)), answer)
    assert calls[0].json is not None
    assert calls[0].json["message"].startswith("What you can use here memories: Keeps quotes")


def test_the_first_answer_to_a_slash_command_is_dressed_too() -> None:
    event: Any = None
    replies = [a_reply("First.", entity=ON_DISCORD), a_listed(ON_DISCORD)]
    on_discord = json.loads(inline_on_discord(replies, event).body)["data"]
    assert on_discord["content"] == "First."
    assert on_discord["embeds"] == [embed_of(LISTING)]
    on_slack = json.loads(inline_on_slack(replies, event).body)
    assert on_slack["blocks"][0]["text"]["text"] == "First."
    assert on_slack["blocks"][1:] == blocks_of(LISTING, rendered)


def test_what_is_too_long_is_cut_as_the_platforms_cut() -> None:
    long = Listing(
        title="t" * 500,
        entries=tuple(ListEntry(name=f"n{number}", about="x" * 299) for number in range(50)),
        more="m" * 3000,
    )
    embed = embed_of(long)
    assert len(embed["title"]) <= 256
    assert len(embed["description"]) <= 4096
    assert len(embed["title"] + embed["description"] + embed["footer"]["text"]) <= 6000
    blocks = blocks_of(long, rendered)
    assert len(blocks) <= 50
    assert all(len(one["text"]["text"]) <= 3000 for one in blocks if "text" in one)


def test_a_module_elsewhere_says_a_list_on_the_wire() -> None:
    wire = Chat.listed(LISTING).to_wire()
    assert from_wire(wire) == (Chat.listed(LISTING),)
    nobody: dict[str, Any] = {"response_action": "chat", "chat_message": "x"}
    for wrong in ([], {"title": "t"}, {"title": "t", "entries": []}, {"entries": [{"name": "n"}]}):
        with pytest.raises(NotAResponse):
            from_wire({**nobody, "response_data": {"listing": wrong}})
