"""What is said of the stream, and what to do where Twitch does not say it."""

from __future__ import annotations

from datetime import datetime, timedelta

from waddlebot.domain.custom_facts import Fact, StreamFacts
from waddlebot.domain.custom_moments import in_words
from waddlebot.domain.public_addresses import PublicAddress
from waddlebot.domain.twitch_silences import LATER, NO_FOLLOWERS, NO_SUCH, NOT_CONNECTED
from waddlebot_sdk import say_command

CONNECT_PAGE = "/connect/twitch"
NO_CHANNEL = (
    f"No Twitch channel belongs to this community yet. An admin types "
    f"{say_command('community invite')} here, and in the channel's chat what I answer."
)
NOT_A_LOGIN = (
    "Name somebody by the name that they have on Twitch, in its address: "
    f"{say_command('followage penguin_lagoon')}"
)
NOT_LINKED = (
    "I do not know who you are on Twitch. Say your name there, "
    f"{say_command('followage penguin_lagoon')}, or link your account: "
    f"{say_command('identity link twitch penguin_lagoon')}"
)
FOR_MODERATORS = (
    f"Title and game are changed by moderators only. {say_command('title')} alone says the title."
)
ON_TWITCH_ALONE = (
    "Title and game are changed in the channel's own chat on Twitch: type it there. "
    f"{say_command('title')} alone says the title."
)
_WHY = {
    LATER: "Twitch does not answer just now. Try again in a minute.",
    NOT_CONNECTED: (
        "I am not connected to Twitch, so I cannot know. Whoever runs me types "
        "'waddlebot connect twitch' and does what that says."
    ),
    NO_SUCH: "Nobody on Twitch is called so. Is the name as it stands in its address there?",
}


def say_why(why: str, public: PublicAddress) -> str:
    """What is to be done where `why` is what a function said of it."""
    if why == NO_FOLLOWERS:
        page = public.at(CONNECT_PAGE)
        return (
            "Twitch tells me who follows once the streamer allows it: they open "
            f"{page} and tick that followers are read."
        )
    return _WHY.get(why, _WHY[LATER])


def say_uptime(stream: StreamFacts, now: datetime) -> str:
    if stream.started_at is None:
        return f"{stream.name} is not live."
    return f"{stream.name} has been live for {in_words(now - stream.started_at)}."


def say_title(stream: StreamFacts) -> str:
    return f"Title of {stream.name}: {stream.title}" if stream.title else _has_none(stream, "title")


def say_game(stream: StreamFacts) -> str:
    return f"Game of {stream.name}: {stream.game}" if stream.game else _has_none(stream, "game")


def say_following(who: str, stream: StreamFacts, now: datetime, public: PublicAddress) -> str:
    if who.lower() in {stream.name.lower(), stream.login.lower()}:
        return f"{stream.name} is the channel itself: nobody follows themselves."
    if stream.following is None:
        return say_why(stream.why.get(Fact.FOLLOWAGE, LATER), public)
    since = stream.following.since
    if since is None:
        return f"{who} does not follow {stream.name}."
    return f"{who} has followed {stream.name} for {_long(since, now)}, since {since:%Y-%m-%d}."


def say_new_title(title: str) -> str:
    return f"The title of the stream is now: {title}"


def say_new_game(game: str) -> str:
    return f"The game of the stream is now: {game}"


def too_long(many: int, most: int) -> str:
    return f"Twitch takes {most} characters at most, and that has {many}. Write it shorter."


def _long(since: datetime, now: datetime) -> str:
    """`6 years 10 months 29 days`, of less than a day as its hours."""
    if now - since < timedelta(days=1):
        return in_words(now - since)
    months = (now.year - since.year) * 12 + now.month - since.month
    began = _months_before(now, months)
    if began < since:  # this month's day has not come yet
        months -= 1
    days = (_months_before(now, months) - since).days
    parts = ((months // 12, "year"), (months % 12, "month"), (days, "day"))
    return " ".join(f"{many} {name}{'' if many == 1 else 's'}" for many, name in parts if many)


def _months_before(now: datetime, months: int) -> datetime:
    """The same day and time so many months before, or the last day of that month."""
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    for day in range(now.day, 27, -1):
        try:
            return now.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    return now.replace(year=year, month=month + 1)


def _has_none(stream: StreamFacts, what: str) -> str:
    return f"{stream.name} has no {what} on Twitch."
