"""Shoutouts by hand, what was given, and who never gets one."""

from __future__ import annotations

from functions.modules.shoutouts import texts
from functions.modules.shoutouts.giving import check_open, clip_of, given
from functions.modules.shoutouts.store import Shoutouts
from functions.modules.shoutouts.streamers import read_known, read_streamer, read_streamers
from waddlebot.platforms import find_abilities
from waddlebot_sdk import Answer, Call, Chat, NotUnderstood, Role, command, say_command
from waddlebot_sdk.pages import read_page
from waddlebot_sdk.responses import Response


@command(
    "shoutout <streamers>",
    "Recommend other streamers, three at a time.",
    example="shoutout @penguin_lagoon",
    also=("so",),
    role=Role.MODERATOR,
    per_minute=10,
)
def shoutout(call: Call, shoutouts: Shoutouts) -> Answer:
    check_open(call)
    streamers, nobody = read_streamers(call)
    community = call.community.id
    blocked = [one for one in streamers if shoutouts.blocks.is_blocked(community, one)]
    praised = [one for one in streamers if one not in blocked]
    wrong = [
        *([texts.nobody(nobody)] if nobody else []),
        *([texts.is_blocked([one.name for one in blocked])] if blocked else []),
    ]
    if not praised:
        raise NotUnderstood(" ".join(wrong))
    answer: list[Response] = given(call, shoutouts, praised, now=call.occurred_at)
    if wrong:
        answer.append(Chat(" ".join(wrong), private=True))
    return answer


@command(
    "vso <streamer>",
    "Recommend a streamer, and show one of their clips of the last week in OBS.",
    example="vso @penguin_lagoon",
    also=("shoutout clip", "so clip"),
    role=Role.MODERATOR,
    per_minute=5,
)
def video(call: Call, shoutouts: Shoutouts) -> Answer:
    check_open(call)
    streamer = read_streamer(call)
    if shoutouts.blocks.is_blocked(call.community.id, streamer):
        raise NotUnderstood(texts.is_blocked([streamer.name]))
    clip = clip_of(call, streamer)
    answer = given(call, shoutouts, [streamer], now=call.occurred_at, clip=clip)
    if clip is None:
        answer.append(Chat(texts.no_clip(streamer.name), private=True))
    return answer


@command(
    "shoutout history [page]",
    "List whom shoutouts were given, when and by whom.",
    example="shoutout history",
    also=("so history",),
    role=Role.MODERATOR,
)
def history(call: Call, shoutouts: Shoutouts) -> Answer:
    found = shoutouts.list_given(call.community.id)
    if not found:
        return Chat(texts.nothing_given())
    again = say_command("shoutout history")
    page = read_page(call.arguments.get("page", ""), again=again)
    room = find_abilities(call.entity.platform).most_characters
    return Chat(texts.history(found, page, again=again, room=room))


@command(
    "shoutout block <streamer>",
    "Never recommend somebody, not for a raid either.",
    example="shoutout block @penguin_lagoon",
    also=("so block",),
    role=Role.MODERATOR,
    per_minute=20,
)
def block(call: Call, shoutouts: Shoutouts) -> Answer:
    streamer = read_streamer(call)
    shoutouts.blocks.block(call.community.id, streamer)
    return Chat(texts.blocked(streamer.name, streamer.login))


@command(
    "shoutout unblock <streamer>",
    "Let somebody have shoutouts again.",
    example="shoutout unblock @penguin_lagoon",
    also=("so unblock",),
    role=Role.MODERATOR,
    per_minute=20,
)
def unblock(call: Call, shoutouts: Shoutouts) -> Answer:
    streamer = read_known(call)
    if not shoutouts.blocks.unblock(call.community.id, streamer):
        raise NotUnderstood(texts.not_blocked(streamer.name))
    return Chat(texts.unblocked(streamer.name, streamer.login))


COMMANDS = (shoutout, video, history, block, unblock)
