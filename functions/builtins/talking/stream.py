"""What runs on the community's Twitch channel, as every bot says it.

It is asked where texts of custom commands ask for the same, and kept there for a moment; a command
of the community's own of the same name is answered instead (docs/decisions/0194).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

from functions.builtins import stream_texts as texts
from functions.builtins.facts_for_texts import Others
from functions.builtins.tools import Builtin, WithAddress, WithClock, WithStores
from waddlebot.decisions.asking import channel_of
from waddlebot.domain.accounts import Account
from waddlebot.domain.custom_commands import ASKING_SECONDS
from waddlebot.domain.custom_facts import Fact, StreamFacts
from waddlebot.domain.custom_stream import channel_named
from waddlebot.domain.entities import parse_entity
from waddlebot.domain.errors import Refusal
from waddlebot.domain.giving_way import STREAM
from waddlebot.domain.platform_actions import ActionKind, PlatformAction
from waddlebot.platforms import find_abilities
from waddlebot.stores.identities import account_on
from waddlebot.stores.on_air import channels_of
from waddlebot_sdk import Answer, Call, Chat, NotUnderstood, Role, command

TWITCH = "twitch"
MOST_CHANNELS = 3
"""Of a community with more the first are told; each is asked for by itself."""
A_MINUTE = 10
MOST_TITLE = 140
"""As Twitch has it; no game is called longer."""


@dataclass(frozen=True, kw_only=True)
class StreamTools(WithStores, WithClock, WithAddress):
    others: Others


@dataclass(frozen=True, slots=True, kw_only=True)
class Follower:
    """Of whom it is asked: by an id or a login of Twitch."""

    shown: str
    id: str = ""
    login: str = ""


@command(
    "uptime",
    "Say for how long the stream has been running.",
    example="uptime",
    per_minute=A_MINUTE,
)
def uptime(_: Call, tools: StreamTools) -> Answer:
    return _say(tools, [Fact.STREAM], lambda stream: texts.say_uptime(stream, tools.now))


@command(
    "title [new]",
    "Say the title of the stream; a moderator gives it a new one on Twitch.",
    example="title Waddling until dawn",
    per_minute=A_MINUTE,
)
def title(call: Call, tools: StreamTools) -> Answer:
    if new := call.arguments.get("new", ""):
        return _set(ActionKind.SET_TITLE, new, call, tools)
    return _say(tools, [Fact.STREAM], texts.say_title)


@command(
    "game [new]",
    "Say what is played on the stream; a moderator says on Twitch what is played now.",
    example="game Celeste",
    per_minute=A_MINUTE,
)
def game(call: Call, tools: StreamTools) -> Answer:
    if new := call.arguments.get("new", ""):
        return _set(ActionKind.SET_GAME, new, call, tools)
    return _say(tools, [Fact.STREAM], texts.say_game)


@command(
    "followage [person]",
    "Say for how long you, or somebody else, have followed the channel.",
    example="followage penguin_lagoon",
    per_minute=A_MINUTE,
)
def followage(call: Call, tools: StreamTools) -> Answer:
    asked = _follower(call, tools)

    def say(stream: StreamFacts) -> str:
        return texts.say_following(asked.shown, stream, tools.now, tools.public)

    return _say(tools, [Fact.STREAM, Fact.FOLLOWAGE], say, asked)


def _say(
    tools: StreamTools,
    wanted: Sequence[Fact],
    say: Callable[[StreamFacts], str],
    whom: Follower | None = None,
) -> Chat:
    """Of each channel, and why it is not known but once."""
    channels = _channels(tools)
    if not channels:
        return Chat(texts.NO_CHANNEL)
    user, login = (whom.id, whom.login) if whom else ("", "")
    told = (tools.others.stream_at(channel, wanted, user=user, login=login) for channel in channels)
    said = (texts.say_why(one, tools.public) if isinstance(one, str) else say(one) for one in told)
    return Chat(" ".join(dict.fromkeys(said)))


def _channels(tools: StreamTools) -> Sequence[str]:
    """By their ids: in its chat a Twitch channel alone, elsewhere those of the community."""
    place = parse_entity(tools.session.spot.entity)
    if place.platform == TWITCH and place.channel:
        return [place.channel]
    return channels_of(tools.postgres, tools.session.community.id, most=MOST_CHANNELS)


def _set(kind: ActionKind, new: str, call: Call, tools: StreamTools) -> Answer:
    """Everybody reads it when it is done, and whoever asked where it is not. Raises Refusal."""
    user = call.user
    if user is None or not user.role.covers(Role.MODERATOR):
        raise Refusal(texts.FOR_MODERATORS)
    if not find_abilities(call.entity.platform).sets_stream:
        raise Refusal(texts.ON_TWITCH_ALONE)
    new = call.in_words(new)
    if len(new) > MOST_TITLE:
        raise NotUnderstood(texts.too_long(len(new), MOST_TITLE))
    then = texts.say_new_title(new) if kind is ActionKind.SET_TITLE else texts.say_new_game(new)
    action = PlatformAction(
        id=f"{call.execution_id}a",
        kind=kind,
        entity=channel_of(tools.session),
        text=new,
        session_id=call.session_id,
        execution_id=call.execution_id,
        asked_by=user.id,
        asked_by_name=user.name,
        then=then,
    )
    # Actions are the router's own; the public contract knows responses alone.
    return cast(Answer, [action])


def _follower(call: Call, tools: StreamTools) -> Follower:
    """Raises NotUnderstood."""
    typed = call.arguments.get("person", "")
    if typed:
        login = channel_named(typed)
        if not login:
            raise NotUnderstood(texts.NOT_A_LOGIN)
        return Follower(shown=login, login=login)
    user = call.user
    if user is None:
        raise NotUnderstood(texts.NOT_A_LOGIN)
    if call.entity.platform == TWITCH:
        return Follower(shown=user.name, id=user.id)
    account = account_on(tools.postgres, TWITCH, Account(call.entity.platform, user.id))
    if not account:
        raise NotUnderstood(texts.NOT_LINKED)
    return Follower(shown=user.name, id=account)


MODULE = Builtin(
    tools=StreamTools,
    name=STREAM,
    summary="What runs on the community's Twitch channel.",
    commands=(uptime, title, game, followage),
    timeout_seconds=ASKING_SECONDS,
)
