"""People who say a line in a house and wait for what comes of it."""

from __future__ import annotations

import uuid

from tests.helpers.house import Chat

PATIENCE = 20.0


def named(chat: Chat) -> str:
    """As people type it; Discord and Slack make a mention of it."""
    return f"@{chat.viewer}" if chat.on == "twitch" else "@ana"


def says(chat: Chat, who: str, line: str, answer: str, *, to: str = "") -> None:
    heard = chat.asks(who, line, answer, within=10, to=to)
    assert heard, (who, line, [one["text"] for one in chat._seen])


def says_privately(chat: Chat, line: str, answer: str) -> str:
    told = chat.asks("ana", line, answer, within=10)
    assert told is not None, line
    assert told["kind"] in {"ephemeral", "private"}
    text: str = told["text"]
    return text


def whispers(chat: Chat, line: str, answer: str, *, who: str = "ana") -> str:
    to = chat.viewer if who == "ana" else who
    told = chat.asks(who, line, answer, within=PATIENCE, to=to, private=True)
    assert told, f"{line} was not answered with {answer!r}: {chat._seen}"
    assert told["kind"] == "private", told
    text: str = told["text"]
    return text


def a_thread() -> str:
    return str(300_000_000_000_000_000 + uuid.uuid4().int % 10**17)


def within(chat: Chat, thread: str) -> Chat:
    """The same people, in a thread of the channel."""
    return chat.house.chat(on="discord", channel=thread, server=chat.server, viewer=chat.viewer)


def there(chat: Chat, channel: str) -> Chat:
    """The same people in another channel, private ones told apart as here."""
    other = chat.house.chat(on=chat.on, channel=channel, server=chat.server, viewer=chat.viewer)
    other._speakers.add(chat.viewer)
    return other
