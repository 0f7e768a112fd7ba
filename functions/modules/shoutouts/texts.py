"""Every sentence that people read; nothing here decides anything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from waddlebot_sdk import say_command
from waddlebot_sdk.pages import Pages
from waddlebot_sdk.shown import show_time

if TYPE_CHECKING:
    from functions.modules.shoutouts.kept import ShoutoutFriend, ShoutoutGiven
    from functions.modules.shoutouts.streamers import StreamerNamed

PLACES = ("user", "game", "title", "link")
BETWEEN = " · "
SOME_GAME, SOME_TITLE = "something good", "something good"
MOST_CUT = 40
GIVE = say_command("shoutout @penguin_lagoon")
CLIP = say_command("vso @penguin_lagoon")
LIST = say_command("shoutout list")
ADD = say_command("shoutout add @penguin_lagoon")
TEXT = say_command("shoutout text @penguin_lagoon Go and see {user} play {game}: {link}")
BLOCK = say_command("shoutout block @penguin_lagoon")
UNBLOCK = say_command("shoutout unblock @penguin_lagoon")
RAID = say_command("shoutout raid 5")


def usual(streamer: StreamerNamed) -> str:
    """What is said of whom nobody wrote a text for."""
    if streamer.is_live:
        playing = f" with {streamer.game}" if streamer.game else ""
        return f"Check out {streamer.name}, live now{playing}: {streamer.link}"
    if streamer.game:
        return f"Check out {streamer.name}, last seen playing {streamer.game}: {streamer.link}"
    return f"Check out {streamer.name}, a channel worth your time: {streamer.link}"


def nobody(logins: Sequence[str]) -> str:
    who = " or ".join(logins)
    return f"There is nobody called {who} on Twitch. Type the name in the address: {GIVE}"


def no_login(typed: str) -> str:
    return (
        f"'{_cut(typed)}' is no name on Twitch. Type the one in the address of their channel: "
        f"{GIVE}"
    )


def too_many_at_once(most: int) -> str:
    return f"Those are too many for one shoutout: {most} at most. Example: {GIVE}"


def not_in_private() -> str:
    return f"Shoutouts are for everybody. Type it in a channel: {GIVE}"


def no_clip(name: str) -> str:
    return f"I know no clip of {name} of the last week, so none is shown. Try again later: {CLIP}"


def is_blocked(names: Sequence[str]) -> str:
    who = " and ".join(names)
    return f"No shoutout for {who}: blocked or banned here. Take that back: {UNBLOCK}"


def added(name: str, login: str) -> str:
    text = say_command(f"shoutout text @{login} <words>")
    return f"{name} is on the list of friends. Say something of your own of them: {text}"


def added_already(name: str) -> str:
    return f"{name} is on the list of friends already. See it: {LIST}"


def removed(name: str) -> str:
    return f"{name} is no longer on the list of friends. See it: {LIST}"


def no_friend(name: str) -> str:
    return f"{name} is not on the list of friends. See it: {LIST}"


def too_many_friends(most: int) -> str:
    remove = say_command("shoutout remove <streamer>")
    return f"There are {most} friends on the list already. Take one off first: {remove}"


def no_friends_yet() -> str:
    return f"Nobody is on the list of friends yet. Add somebody: {ADD}"


def listed(friends: Sequence[ShoutoutFriend], page: int, *, again: str, room: int) -> str:
    pages = Pages(again=again, room=room, heading="Friends: ", between=", ")
    return pages.say([_friend(one) for one in friends], page)


def _friend(friend: ShoutoutFriend) -> str:
    notes = [
        *(["once"] if friend.times == 1 else []),
        *([f"{friend.times} times"] if friend.times > 1 else []),
        *(["own text"] if friend.said else []),
    ]
    return f"{friend.name} ({', '.join(notes)})" if notes else friend.name


def text_set(name: str) -> str:
    return f"That is said of {name} from now on. Hear it: {say_command(f'shoutout @{name}')}"


def text_reset(name: str) -> str:
    return f"Of {name} the usual is said again. Hear it: {say_command(f'shoutout @{name}')}"


def text_is(name: str, said: str) -> str:
    if not said:
        return f"Of {name} the usual is said. Say something of your own: {TEXT}"
    reset = say_command(f"shoutout text @{name} reset")
    return f"Of {name} is said: {said} {BETWEEN.strip()} Back to the usual: {reset}"


def no_words() -> str:
    return f"And what is to be said of them? Example: {TEXT}"


def words_too_long(characters: int, most: int) -> str:
    return f"That is {characters} characters long, and {most} is the most. Example: {TEXT}"


def wrong_words(why: str) -> str:
    return f"{why} Then say it again: {TEXT}"


def no_variables(name: str) -> str:
    return f"$({_cut(name)}) says nothing here. There are {_places()}. Example: {TEXT}"


def no_such_place(name: str) -> str:
    return f"{{{name}}} is nothing that I know of a streamer. There are {_places()}. {TEXT}"


def blocked(name: str, login: str) -> str:
    undo = say_command(f"shoutout unblock @{login}")
    return f"{name} gets no shoutout here, not for a raid either. Take it back: {undo}"


def unblocked(name: str, login: str) -> str:
    give = say_command(f"shoutout @{login}")
    return f"{name} may have shoutouts again. Give one: {give}"


def not_blocked(name: str) -> str:
    return f"{name} is not blocked. Block somebody: {BLOCK}"


def raids_off() -> str:
    return f"Raids get no shoutout by themselves. Those of 5 viewers or more: {RAID}"


def raids_from(least: int) -> str:
    off = say_command("shoutout raid off")
    viewers = "viewer" if least == 1 else "viewers"
    return (
        f"Raids of {least} {viewers} or more get a shoutout, and friends with fewer, once an hour "
        f"each. Stop it: {off}"
    )


def no_viewers(typed: str, most: int) -> str:
    return f"'{_cut(typed)}' is not on, off or a number from 1 to {most}. Example: {RAID}"


def nothing_given() -> str:
    return f"Nobody got a shoutout yet. Give one: {GIVE}"


def history(given: Sequence[ShoutoutGiven], page: int, *, again: str, room: int) -> str:
    pages = Pages(again=again, room=room, heading="Shoutouts: ")
    return pages.say([_given(one) for one in given], page)


def _given(given: ShoutoutGiven) -> str:
    game = f" ({given.game})" if given.game else ""
    why = "for a raid" if given.is_raid else f"by {given.by_name}" if given.by_name else ""
    return f"{given.name}{game} {show_time(given.at)}{f' {why}' if why else ''}"


def _places() -> str:
    return ", ".join(f"{{{place}}}" for place in PLACES)


def _cut(text: str) -> str:
    return text if len(text) <= MOST_CUT else f"{text[: MOST_CUT - 1]}…"
