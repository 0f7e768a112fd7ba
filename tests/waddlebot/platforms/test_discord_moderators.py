"""Which channels of a Discord server are read by nobody but who moderates it."""

from __future__ import annotations

from typing import Any

import pytest

from waddlebot.platforms.discord.moderators import ModeratedServer

EVERYONE, BOT, MODS, MEMBERS, BOTS, OWNER = "9", "1", "20", "21", "22", "5"
VIEW, SEND, KICK, ADMINISTRATOR = 1 << 10, 1 << 11, 1 << 1, 1 << 3
OPEN = VIEW | SEND


def a_role(role: str, permissions: int, **more: object) -> dict[str, Any]:
    return {"id": role, "permissions": str(permissions), **more}


def deny(whose: str, bits: int = VIEW) -> dict[str, Any]:
    return {"id": whose, "type": 0, "allow": "0", "deny": str(bits)}


def allow(whose: str, bits: int = OPEN, *, kind: int = 0) -> dict[str, Any]:
    return {"id": whose, "type": kind, "allow": str(bits), "deny": "0"}


BOT_IN = allow(BOT, kind=1)
HIDDEN = [deny(EVERYONE), BOT_IN]


def a_channel(channel: str, *overwrites: dict[str, Any], **more: object) -> dict[str, Any]:
    return {
        "id": channel,
        "type": 0,
        "position": int(channel),
        "permission_overwrites": overwrites,
        **more,
    }


def a_server(*channels: dict[str, Any], everybody: int = OPEN, **about: object) -> ModeratedServer:
    roles = [
        a_role(EVERYONE, everybody),
        a_role(MODS, KICK),
        a_role(MEMBERS, OPEN),
        a_role(BOTS, 0, managed=True),
    ]
    told = [
        {**one, "permission_overwrites": list(one["permission_overwrites"])} for one in channels
    ]
    about = {"id": EVERYONE, "owner_id": OWNER, "roles": roles, **about}
    return ModeratedServer(about=about, channels=told, bot=BOT, roles=frozenset())


@pytest.mark.parametrize(
    "overwrites",
    [
        HIDDEN,
        [*HIDDEN, allow(MODS)],
        [*HIDDEN, allow(BOTS)],
        [*HIDDEN, allow(OWNER, kind=1)],
    ],
    ids=["nobody else", "a role that moderates", "a program's role", "the owner"],
)
def test_a_channel_is_theirs_where_nobody_else_is_let_in(overwrites: list[dict[str, Any]]) -> None:
    assert a_server(a_channel("1", *overwrites)).hidden() == ["1"]


@pytest.mark.parametrize(
    ("channel", "everybody"),
    [
        (a_channel("1"), OPEN),
        (a_channel("1", *HIDDEN, allow(MEMBERS)), OPEN),
        (a_channel("1", BOT_IN), 0),
        (a_channel("1", *HIDDEN, allow("77", kind=1)), OPEN),
        (a_channel("1", deny(EVERYONE)), OPEN),
        (a_channel("1", deny(EVERYONE), allow(BOT, VIEW, kind=1), deny(EVERYONE, SEND)), 0),
        (a_channel("1", *HIDDEN, type=2), OPEN),
        (a_channel("1", *HIDDEN), ADMINISTRATOR),
    ],
    ids=[
        *("everybody sees it", "members are let in", "members see all that is open"),
        *("somebody asks the team in it", "the bot is kept out", "the bot may only read"),
        *("it is for voices", "everybody may everything"),
    ],
)
def test_a_channel_that_others_see_is_never_one_of_theirs(
    channel: dict[str, Any], everybody: int
) -> None:
    assert a_server(channel, everybody=everybody).hidden() == []


def test_where_discord_tells_moderators_of_things_comes_first_if_it_is_hidden() -> None:
    channels = [a_channel(one, *HIDDEN) for one in ("3", "2", "4")] + [a_channel("5")]
    named = {"system_channel_id": "5", "public_updates_channel_id": "4"}
    assert a_server(*channels, **named).hidden() == ["4", "2", "3"]
