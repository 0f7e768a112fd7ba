"""What is about one person, and nothing besides: ids as whole ids, names as calls."""

from __future__ import annotations

import tomllib

import pytest

from waddlebot.stores.person_words import NamedAccount, callable_names

SAM = NamedAccount("twitch", "88", ("Samantha", "sam.o'hara"))
THE = NamedAccount("twitch", "1", callable_names(["the", "Bo", "Ana "], []))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("hi @Samantha!", "hi @somebody!"),
        ("@SAMANTHA and @sam.o'hara", "@somebody and @somebody"),
        (
            "@samantha, @samanthas, @samantha-2, @samantha.x",
            "@somebody, @samanthas, @samantha-2, @samantha.x",
        ),
        ("write to me@samantha.example or samantha", "write to me@samantha.example or samantha"),
        ("<@88> <@!88> <@88|sam> <@888> <@1>", "@somebody @somebody @somebody <@888> <@1>"),
        (
            "88 quotes, twitch:88, twitch:888, discord:88",
            "88 quotes, somebody, twitch:888, discord:88",
        ),
        ("twitch:channel:88 and twitch:88/1", "twitch:channel:88 and twitch:88/1"),
        ("The Twitch account sam (id 88, shown as “(id 1)”) wants", "somebody wants"),
        ("Slack account (id 88, shown as “S”)", "Slack account (id 88, shown as “S”)"),
    ],
)
def test_what_others_say_stays_but_for_the_person(text: str, left: str) -> None:
    assert SAM.without(text, "twitch") == left


def test_a_mention_is_of_its_own_platform() -> None:
    assert SAM.without("<@88>", "discord") == "<@88>"


def test_words_and_short_names_are_nobodys() -> None:
    assert THE.names == ("Ana ",)
    text = "the @the 1 @1 @Bo <@11> twitch:11 is 1st of the 1,000"
    assert THE.without(text, "twitch") == text
    assert callable_names(["Samantha", "Percy"], ["samantha"]) == ("Percy",)


def test_rows_of_others_stay_and_lines_for_this_person_alone_go() -> None:
    rows = [
        {"platform": "twitch", "user_id": "88", "text": "mine"},
        {"platform": "discord", "user_id": "88", "text": "hi @Samantha"},
        {
            "platform": "twitch",
            "user_id": "888",
            "recipient_id": "88",
            "recipient_name": "Samantha",
        },
        {"entity": "twitch:channel:88", "user": "88"},
        {"entity": "twitch:channel:88", "user": {"id": "1"}, "tier": "88", "n": 88},
        {"platform": "twitch", "user_id": "8", "channel_id": "88", "reward_id": "88"},
    ]
    assert SAM.without_in(rows, "twitch") == [
        {"platform": "discord", "user_id": "88", "text": "hi @somebody"},
        {"platform": "twitch", "user_id": "888", "recipient_id": "", "recipient_name": "somebody"},
        {"entity": "twitch:channel:88", "user": {"id": "1"}, "tier": "88", "n": 88},
        {"platform": "twitch", "user_id": "8", "channel_id": "88", "reward_id": "88"},
    ]


def test_a_community_as_text_loses_one_role_and_one_label() -> None:
    text = """
waddlebot = 1
name = "Penguins"
[settings]
prefix = "88"
[labels.memories]
color = "#112233"
on = [{ kind = "user", thing = "twitch:88" }, { kind = "user", thing = "twitch:888" }]
[[rules]]
pattern = "the 88"
[[roles]]
platform = "twitch"
user = "88"
role = "admin"
name = "Samantha"
[[roles]]
platform = "discord"
user = "88"
role = "owner"
name = "Bo"
"""
    left = tomllib.loads(SAM.without_in_text_form(text))
    was = tomllib.loads(text)

    assert left.pop("roles") == was.pop("roles")[1:]
    assert left["labels"]["memories"].pop("on") == was["labels"]["memories"].pop("on")[1:]
    assert left == was
