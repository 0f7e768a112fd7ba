"""What texts of a community may have the bot say: no command of a platform's, and no call of all.

Whoever writes one, and whoever types behind it, has the bot's voice; here they misuse it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
import redis

from tests.helpers.added_modules import route
from tests.helpers.aliases import Channel
from tests.helpers.deliveries import to_discord, to_slack, to_twitch
from tests.helpers.stream_doors import left_by, told
from waddlebot.decisions.asking import Asker
from waddlebot.decisions.parts.aliases.deeds import set_alias
from waddlebot.decisions.parts.custom.deeds import set_custom
from waddlebot.domain.custom_commands import CustomCommand
from waddlebot.domain.events import Speaker
from waddlebot.domain.outcomes import Reply
from waddlebot.stores.versions import editing
from waddlebot_sdk.roles import Role

PLATFORMS = ("twitch", "discord", "slack")
MARKS = (
    *("/ban ana", "  / ban ana", ". /ban ana", "//ban ana", "./me dances", "\u2060/ban ana"),
    *(".timeout ana 600", "\u200b/ban ana", "\u00ad.ban ana", "\ufeff /me dances", "\u3000/me x"),
    *("@everyone look", "hey @here", "@channel", "@EveryOne", "x@everyone", "@\u200beveryone"),
    *("<!channel>", "<!here|hi>", "<!everyone>", "<!subteam^S1|@mods>", "<@U300>", "<@U300|max>"),
    *(
        "<@300>",
        "<@!300>",
        "<@&300>",
        "</ban:300>",
        "<https://evil.example|@here>",
        "&lt;!here&gt;",
    ),
    *("<!date^1^{time}|@channel>", "<!date^1^{time}^https://evil.example|now>"),
)
PIECES = (
    ("{}ban ana", "/"),
    ("{}ban ana", "."),
    ("@{}", "everyone"),
    ("@every{}", "one"),
    ("<!{}>", "channel"),
    ("<@{}>", "U300"),
    ("<{}", "!here>"),
    ("{}", "/ban ana"),
    ("{}", "@here <!channel> <@300>"),
    (f"{'x' * 480} {{}}", f"{'y' * 12} /ban ana"),
    ("{} /ban ana", "y" * 499),
)
"""A text, and what somebody types for its place."""
CUSTOM = (
    "$(random.pick / /)ban ana",
    "$(if 1 == 1 then / else .)ban ana",
    "$(repeat 2 /)ban ana",
    "@$(repeat 1 every)one",
    "<$(if 1 == 1 then !channel)>",
    "$(1|/ban) ana",
    "$(user) /ban",
)
ALIASES = (
    "random: /ban ana | /ban bo",
    "counter: /ban {count}",
    "time: /%H ban",
    "{user}ban",
    "<@{user}>",
)


@pytest.mark.parametrize("channel", PLATFORMS, indirect=True)
def test_no_text_commands_a_platform_or_calls_everybody(
    channel: Channel, streams: redis.Redis
) -> None:
    asker = Asker.with_key("tests", channel.community, Role.OWNER)
    aliases = [*((f"text: {one}", "") for one in MARKS), *((one, "") for one in ALIASES)]
    aliases += [(f"text: {text.format('$*')}", typed) for text, typed in PIECES]
    customs = [*((one, "") for one in (*MARKS, *CUSTOM))]
    customs += [(text.format("$(query)"), typed) for text, typed in PIECES]
    with editing(channel.database, channel.versions) as edit:
        for number, (text, _) in enumerate(aliases):
            set_alias(edit, asker, name=f"alias{number}", text=text)
        for number, (text, _) in enumerate(customs):
            set_custom(edit, asker, CustomCommand(name=f"custom{number}", text=text))
    lines = [f"!alias{number} {typed}" for number, (_, typed) in enumerate(aliases)]
    lines += [f"!custom{number} {typed}" for number, (_, typed) in enumerate(customs)]
    for number, line in enumerate(lines):  # each somebody else, who is called like a command
        who = Speaker(id=str(900 + number), name="/" if number % 2 else "@everyone")
        assert route(told(line, entity=channel.place, user=who))["standing"] == "ours", line

    replies = [one for one in left_by(streams) if isinstance(one, Reply)]
    assert len(replies) >= len(lines)
    for reply in replies:
        check(reply)


def check(reply: Reply) -> None:
    """What leaves does nothing there."""
    if reply.entity.startswith("twitch:"):
        check_twitch(body_of(to_twitch(reply))["message"])
    elif reply.entity.startswith("discord:"):
        body = body_of(to_discord(reply))
        assert body["allowed_mentions"] == {"parse": [], "replied_user": False}
        assert not re.search(r"@(everyone|here)\b", body["content"], re.IGNORECASE), body
    else:
        check_slack(body_of(to_slack(reply))["text"])


def check_twitch(message: str) -> None:
    """Nothing that its chat takes for a command, whatever nobody sees before it."""
    assert re.match(r"[\w@<&$,xy]", message), message
    assert "\n" not in message
    assert not re.search(r"@(everyone|here)\b", message, re.IGNORECASE), message


def check_slack(text: str) -> None:
    """No mark is left but a time, whose words call nobody."""
    bare = re.sub(r"<!date\^1\^\{time\}\|[^<>]*>", "", text)
    assert not re.search(r"[<>]", bare), text
    assert not re.search(r"@(everyone|here|channel)\b", text, re.IGNORECASE), text


def body_of(delivery: Any) -> Mapping[str, Any]:
    call = next(delivery)
    assert call.json is not None
    body: Mapping[str, Any] = call.json
    return body
