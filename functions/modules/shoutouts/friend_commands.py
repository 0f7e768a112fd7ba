"""A community's list of friends, and what is said of each."""

from __future__ import annotations

from collections.abc import Iterator

from functions.modules.shoutouts import texts
from functions.modules.shoutouts.kept import ShoutoutFriend
from functions.modules.shoutouts.store import Shoutouts
from functions.modules.shoutouts.streamers import StreamerNamed, read_known, read_streamer
from functions.modules.shoutouts.words_of_friends import check_words
from waddlebot.platforms import find_abilities
from waddlebot_sdk import Answer, Call, Chat, Choice, NotUnderstood, Role, command, say_command
from waddlebot_sdk.pages import read_page

MOST_FRIENDS = 200
RESET = "reset"


def friend_logins(call: Call, shoutouts: Shoutouts) -> Iterator[Choice]:
    """What is offered while somebody types one."""
    typed = call.text.strip().removeprefix("@").casefold()
    for friend in shoutouts.list_friends(call.community.id):
        if typed in friend.login:
            yield Choice(friend.login, friend.name)


@command(
    "shoutout add <streamer>",
    "Put somebody on the list of friends.",
    example="shoutout add @penguin_lagoon",
    also=("so add",),
    role=Role.MODERATOR,
    per_minute=20,
)
def add(call: Call, shoutouts: Shoutouts) -> Answer:
    friend, is_new = _kept(call, shoutouts, read_streamer(call))
    if not is_new:
        return Chat(texts.added_already(friend.name))
    return Chat(texts.added(friend.name, friend.login))


@command(
    "shoutout remove <streamer>",
    "Take somebody off the list of friends.",
    example="shoutout remove @penguin_lagoon",
    also=("so remove", "so delete", "shoutout delete"),
    role=Role.MODERATOR,
    per_minute=20,
    completes={"streamer": friend_logins},
)
def remove(call: Call, shoutouts: Shoutouts) -> Answer:
    streamer = read_known(call)
    shoutouts.lock(call.community.id)
    friend = shoutouts.find_friend(call.community.id, streamer)
    if friend is None:
        raise NotUnderstood(texts.no_friend(streamer.name))
    shoutouts.remove_friend(friend)
    return Chat(texts.removed(friend.name))


@command(
    "shoutout list [page]",
    "List the friends.",
    example="shoutout list",
    also=("so list", "so friends", "shoutout friends"),
    role=Role.MODERATOR,
)
def list_friends(call: Call, shoutouts: Shoutouts) -> Answer:
    found = shoutouts.list_friends(call.community.id)
    if not found:
        return Chat(texts.no_friends_yet())
    again = say_command("shoutout list")
    page = read_page(call.arguments.get("page", ""), again=again)
    room = find_abilities(call.entity.platform).most_characters
    return Chat(texts.listed(found, page, again=again, room=room))


@command(
    "shoutout text <streamer> [words]",
    "Say something of your own of a friend, with {user}, {game}, {title} and {link}.",
    example="shoutout text @penguin_lagoon Go and see {user} play {game}: {link}",
    also=("so text",),
    role=Role.MODERATOR,
    per_minute=20,
    completes={"streamer": friend_logins},
)
def text(call: Call, shoutouts: Shoutouts) -> Answer:
    words = call.in_words(call.arguments.get("words", "")).strip()
    if not words:
        return _shown(call, shoutouts, read_known(call))
    if words.lower() == RESET:
        return _reset(call, shoutouts, read_known(call))
    checked = check_words(words)
    friend, _ = _kept(call, shoutouts, read_streamer(call))
    shoutouts.set_said(friend, checked)
    return Chat(texts.text_set(friend.login))


def _shown(call: Call, shoutouts: Shoutouts, streamer: StreamerNamed) -> Answer:
    friend = shoutouts.find_friend(call.community.id, streamer)
    return Chat(texts.text_is(streamer.login, friend.said if friend else ""))


def _reset(call: Call, shoutouts: Shoutouts, streamer: StreamerNamed) -> Answer:
    shoutouts.lock(call.community.id)
    friend = shoutouts.find_friend(call.community.id, streamer)
    if friend is None:
        raise NotUnderstood(texts.no_friend(streamer.name))
    shoutouts.set_said(friend, "")
    return Chat(texts.text_reset(friend.login))


def _kept(call: Call, shoutouts: Shoutouts, streamer: StreamerNamed) -> tuple[ShoutoutFriend, bool]:
    """`(friend, whether that is new)`. Raises NotUnderstood: the list is full, or blocked."""
    community = call.community.id
    shoutouts.lock(community)
    if shoutouts.blocks.is_blocked(community, streamer):
        raise NotUnderstood(texts.is_blocked([streamer.name]))
    is_full = len(shoutouts.list_friends(community)) >= MOST_FRIENDS
    if is_full and shoutouts.find_friend(community, streamer) is None:
        raise NotUnderstood(texts.too_many_friends(MOST_FRIENDS))
    return shoutouts.keep_friend(community, streamer)


COMMANDS = (add, remove, list_friends, text)
