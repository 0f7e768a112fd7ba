"""Every sentence about memos; nothing here decides anything."""

from __future__ import annotations

from collections.abc import Sequence

from functions.modules.memories.private_notes import PrivateNote
from functions.modules.memories.texts import BETWEEN, cut
from waddlebot_sdk import say_command
from waddlebot_sdk.pages import Pages


def kept(note: PrivateNote) -> str:
    return f"Kept for you alone as memo #{note.number}. Yours: {say_command('memos')}"


def listed(found: Sequence[PrivateNote], page: int, *, again: str, room: int) -> str:
    lines = [f"#{note.number} {note.words}" for note in found]
    pages = Pages(again=again, room=room, heading="Your memos: ", between=BETWEEN, end="")
    return pages.say(lines, page)


def none(words: str) -> str:
    if words:
        return f"You have no memo with '{cut(words)}' in it."
    return f"You have no memos. Keep one: {say_command('memo <words>')}"


def dropped(number: int) -> str:
    return f"Memo #{number} is gone."


def no_such(number: int) -> str:
    return f"You have no memo #{number}. See yours: {say_command('memos')}"


def too_many(most: int) -> str:
    return f"You have {most} memos already. Drop one first: {say_command('memos drop <number>')}"
