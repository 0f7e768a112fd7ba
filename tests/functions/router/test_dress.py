"""What people are called and wrote, as each platform is sent it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from functions.router.conclude import conclude
from functions.router.execute import Wave
from tests.helpers.events_and_commands import (
    DISCORD,
    SLACK,
    TWITCH,
    a_command,
    a_community,
    a_match,
    a_session,
    a_speaker,
    a_verdict,
    an_event,
)
from tests.helpers.executions import ran
from waddlebot.domain.outcomes import Reply
from waddlebot.domain.triggers import Destination
from waddlebot.domain.verdicts import Reason
from waddlebot.platforms.discord.api import DiscordCredentials
from waddlebot.platforms.discord.send import deliver as to_discord
from waddlebot.platforms.slack.send import SlackCredentials
from waddlebot.platforms.slack.send import deliver as to_slack
from waddlebot.platforms.twitch.api import TwitchCredentials
from waddlebot.platforms.twitch.send import deliver as to_twitch
from waddlebot_sdk.responses import Chat
from waddlebot_sdk.shown import Shown, show_time

AT = datetime(2026, 11, 28, 18, 20, tzinfo=UTC)
SAID_AT = datetime(2026, 11, 28, 15, 20, tzinfo=UTC)
UNIX = int(AT.timestamp())
NAMES = (
    "[free](https://evil.example)",
    "[free] (https://evil.example)",
    "||nobody||",
    "```js",
    "`quiet`",
    "_ana_",
    "**ana**",
    "~~max~~",
    "# Boss",
    "> Boss",
    "-# small",
    "@everyone",
    "@here",
    "<!channel>",
    "<!subteam^S1|all>",
    "<!date^1^{time}|free>",
    "<t:0:R>",
    "<https://evil.example|free>",
    "<mailto:a@evil.example|free>",
    "¯\\_(ツ)_/¯",
    "snake_case_name",
    "3 * 4 * 5",
    "a < b & c > d",
    "x\u200by",
)


def said(text: str, place: str, *, name: str = "Ana", is_strangers: bool = False) -> list[Reply]:
    event = an_event("!x", entity=place, user=a_speaker(name=name), occurred_at=SAID_AT)
    session = a_session(event=event, community=replace(a_community(), time_zone="Europe/Berlin"))
    destination = Destination(engine="lambda", location="x", is_strangers=is_strangers)
    trigger = replace(a_command("x"), destination=destination)
    verdict = a_verdict(a_match(trigger, session=session))
    [outcome] = conclude(
        Wave(sessions=[session], verdicts=[verdict], executions=[ran(verdict, Chat(text))])
    )
    return list(outcome.replies)


def sent(reply: Reply) -> Mapping[str, Any]:
    """The body that leaves."""
    if reply.entity == DISCORD:
        credentials: Any = DiscordCredentials(
            token="t", application_id="1", api_url="https://discord.example"
        )
        call = next(to_discord(reply, credentials, now=AT))
    elif reply.entity == SLACK:
        call = next(to_slack(reply, SlackCredentials(token="t", api_url="https://s.example")))
    else:
        call = next(
            to_twitch(
                reply,
                TwitchCredentials(
                    token="t", client_id="c", bot_user_id="9", api_url="https://twitch.example"
                ),
            )
        )
    assert call.json is not None
    return call.json


def as_discord_shows(body: Mapping[str, Any]) -> str:
    """Its Markdown read: none is left that acts, then escapes are undone."""
    text = str(body["content"])
    assert body["allowed_mentions"]["parse"] == []
    bare = re.sub(r"https?://\S+", "", re.sub(r"\\[!-/:-@\[-`{-~]", "x", text))
    for acting in (r"\[.*\]\(", r"\|\|", r"`", r"(?<!\w)_\S", r"\*\S", "~~", r"(?m)^(#|>|-#) "):
        assert not re.search(acting, bare), (acting, text)
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text).replace("@\u200b", "@")


def as_slack_shows(body: Mapping[str, Any]) -> str:
    text = str(body["text"])
    assert not re.search(r"[<>]", text), text
    assert not re.search(r"(?<!\w)[*_~`](?![\s\u200b]|$)", text), text
    for escape, sign in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(escape, sign)
    return text


@pytest.mark.parametrize("name", NAMES)
def test_a_name_reads_as_it_is_on_discord(name: str) -> None:
    [reply] = said(f"1. {name} 5 · 2. {name}\n{name}", DISCORD, name=name)
    body = sent(reply)
    assert "@everyone" not in body["content"]
    assert as_discord_shows(body) == f"1. {name} 5 · 2. {name}\n{name}"


@pytest.mark.parametrize("name", NAMES)
def test_a_name_reads_as_it_is_on_slack(name: str) -> None:
    [reply] = said(f"1. {name} 5 · 2. {name}\n{name}", SLACK, name=name)
    shown = as_slack_shows(sent(reply))
    assert shown.replace("\u200b", "") == f"1. {name} 5 · 2. {name}\n{name}".replace("\u200b", "")


@pytest.mark.parametrize("name", NAMES)
def test_a_name_reads_as_it_is_on_twitch(name: str) -> None:
    [reply] = said(f"1. {name} 5", TWITCH, name=name)
    assert sent(reply)["message"].replace("@\u200b", "@") == f"1. {name} 5"


def test_a_person_is_addressed_by_an_escaped_name_too() -> None:
    [reply] = said("psst", DISCORD, name="[free](https://evil.example)")
    assert reply.user_name == "[free\\](https://evil.example)"


def test_what_a_community_function_says_keeps_its_markup_but_hides_no_address() -> None:
    text = "**Bold** ||veil|| `row[0](x)` [free](https://evil.example)"
    [reply] = said(text, DISCORD, is_strangers=True)
    assert sent(reply)["content"] == text.replace("](h", "\\](h")


def test_mentions_stay_and_notify_nobody() -> None:
    [reply] = said("<@80351110224678912> has the label 'my_label'.", DISCORD)
    body = sent(reply)
    assert body["content"] == "<@80351110224678912> has the label 'my_label'."
    assert body["allowed_mentions"]["parse"] == []


@pytest.mark.parametrize(
    ("place", "shown", "worded"),
    [
        (DISCORD, Shown.MOMENT, f"<t:{UNIX}:f>"),
        (DISCORD, Shown.DISTANCE, f"<t:{UNIX}:R>"),
        (
            SLACK,
            Shown.MOMENT,
            f"<!date^{UNIX}^{{date_short_pretty}} {{time}}|Sat 28 Nov 2026, 19:20 (Europe/Berlin)>",
        ),
        (SLACK, Shown.DISTANCE, f"<!date^{UNIX}^{{ago}}|in 3 hours>"),
        (TWITCH, Shown.MOMENT, "Sat 28 Nov 2026, 19:20 (Europe/Berlin)"),
        (TWITCH, Shown.DAY, "28 Nov 2026"),
        (TWITCH, Shown.DISTANCE, "in 3 hours"),
    ],
)
def test_each_reader_sees_their_own_time(place: str, shown: Shown, worded: str) -> None:
    for is_strangers in (False, True):
        [reply] = said(f"Until {show_time(AT, shown)}.", place, is_strangers=is_strangers)
        body = sent(reply)
        assert (body.get("content") or body.get("text") or body["message"]) == f"Until {worded}."


def test_a_long_block_of_code_is_closed_in_each_message() -> None:
    code = "\n".join(f"print({number})" for number in range(250))
    replies = said(f"```py\n{code}\n```", DISCORD, is_strangers=True)
    assert len(replies) > 1
    for reply in replies:
        content = sent(reply)["content"]
        assert content.startswith("```py\n")
        assert content.endswith("```")
        assert len(content) <= 2000


def test_a_refusal_names_people_as_they_are_called() -> None:
    session = a_session(event=an_event("!x", entity=DISCORD))
    trigger = a_command("x_[y](https://evil.example)")
    verdict = a_verdict(a_match(trigger, session=session), Reason.COOLDOWN, said=True)
    [outcome] = conclude(Wave(sessions=[session], verdicts=[verdict], executions=[]))
    assert "](" not in re.sub(r"\\\]", "", outcome.replies[0].text)
