"""Memos: notes that their person alone reads, and nobody records."""

from __future__ import annotations

from functions.modules.memories import memo_texts, typed
from functions.modules.memories.people import asking_person
from functions.modules.memories.store import Memories
from waddlebot.platforms import find_abilities
from waddlebot_sdk import Answer, Call, Chat, NotUnderstood, command, say_command
from waddlebot_sdk.pages import is_page, take_page

MOST_MEMOS = 100


@command(
    "memo <words>",
    "Keep a note that you alone can read again.",
    example="memo my key is under the mat",
    also=("memories memo", "mem memo"),
    private=True,
    secret=True,
)
def memo(call: Call, memories: Memories) -> Answer:
    words = typed.read_words(call.in_words(call.text))
    by, community = asking_person(call), call.community.id
    if len(memories.private_notes.list_with(community, by)) >= MOST_MEMOS:
        raise NotUnderstood(memo_texts.too_many(MOST_MEMOS))
    kept = memories.private_notes.keep(community, words, by=by, at=call.occurred_at)
    return Chat(memo_texts.kept(kept), private=True)


@command(
    "memos [words]",
    "List your memos, or those with these words, to you alone.",
    example="memos key",
    also=("memories memos", "mem memos"),
    private=True,
)
def memos(call: Call, memories: Memories) -> Answer:
    text, again = call.in_words(call.text.strip()), say_command("memos")
    words, page = ("", int(text)) if is_page(text) else take_page(text)
    found = memories.private_notes.list_with(call.community.id, asking_person(call), words)
    if not found:
        return Chat(memo_texts.none(words), private=True)
    again = f"{again} {words} page" if words else again
    room = find_abilities(call.entity.platform).most_characters
    # Where nobody can be told alone it is not told at all.
    return Chat(memo_texts.listed(found, page, again=again, room=room), secret=True)


@command(
    "memos drop <number>",
    "Drop one of your memos.",
    example="memos drop 2",
    also=("memories memos drop", "mem memos drop"),
    private=True,
)
def drop_memo(call: Call, memories: Memories) -> Answer:
    number = typed.read_number(call.arguments["number"])
    is_gone = memories.private_notes.drop(call.community.id, number, asking_person(call))
    told = memo_texts.dropped(number) if is_gone else memo_texts.no_such(number)
    return Chat(told, private=True)


COMMANDS = (memo, memos, drop_memo)
