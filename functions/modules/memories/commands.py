"""Links and notes, and what is done with whatever is kept."""

from __future__ import annotations

from functions.modules.memories import texts, typed
from functions.modules.memories.completing import kinds, numbers
from functions.modules.memories.filing import read_category
from functions.modules.memories.kept import (
    Draft,
    MemoryKind,
    WantedMemories,
    find_kind,
    wanted,
)
from functions.modules.memories.listing import list_all, list_or_page, long_form, show_one
from functions.modules.memories.people import asking_person
from functions.modules.memories.reacting_texts import behind
from functions.modules.memories.store import PARTS as PART_NAMES
from functions.modules.memories.store import Memories
from functions.modules.memories.tags import fold_tag
from waddlebot_sdk import Answer, Call, Chat, NotUnderstood, Role, command, say_command
from waddlebot_sdk.pages import is_page, read_page, take_page

_OF_ALL = ("tags", "category")
_MAY_BE_EMPTY = frozenset({"author", "game"})
PARTS = {
    MemoryKind.QUOTE: ("content", "author", "game", *_OF_ALL),
    MemoryKind.URL: ("title", "url", "content", *_OF_ALL),
    MemoryKind.NOTE: ("title", "content", *_OF_ALL),
}


@command(
    "addurl <title> <address> [description]",
    "Keep a link under a title.",
    example='addurl "Our site" waddle.example.org',
    also=long_form("add url"),
    role=Role.MODERATOR,
)
def addurl(call: Call, memories: Memories) -> Answer:
    draft = Draft(
        kind=MemoryKind.URL,
        title=typed.read_title(typed.read_words(call.in_words(call.arguments["title"]))),
        url=typed.read_address(call.arguments["address"]),
        content=typed.read_text(call.in_words(call.arguments.get("description", ""))),
    )
    return Chat(_keep(call, memories, draft))


@command(
    "urls [words]",
    "List the newest links, or those with these words.",
    example="urls site",
    also=long_form("urls"),
)
def urls(call: Call, memories: Memories) -> Answer:
    return list_or_page(call, memories, MemoryKind.URL)


@command(
    "addnote <title> <content>",
    "Keep a note under a title; tags may follow what is in quotation marks.",
    example='addnote "Game night" every Friday at eight',
    also=long_form("add note"),
    role=Role.MODERATOR,
)
def addnote(call: Call, memories: Memories) -> Answer:
    content, tags = typed.read_tagged(call.arguments["content"])
    draft = Draft(
        kind=MemoryKind.NOTE,
        title=typed.read_title(typed.read_words(call.in_words(call.arguments["title"]))),
        content=typed.read_words(call.in_words(content)),
        tags=tags,
    )
    return Chat(_keep(call, memories, draft))


@command(
    "note [number-or-words]",
    "Show a note: that number, one with these words, or any.",
    example="note game night",
    also=long_form("note"),
    completes={"number-or-words": numbers(MemoryKind.NOTE)},
)
def note(call: Call, memories: Memories) -> Answer:
    return show_one(call, memories, MemoryKind.NOTE)


@command(
    "memories list [kind] [page]",
    "List what is kept; kind is quotes, urls, notes or a category.",
    example="memories list notes",
    also=("mem list",),
    completes={"kind": kinds},
)
def list_kept(call: Call, memories: Memories) -> Answer:
    kind, page = call.arguments.get("kind", ""), call.arguments.get("page", "")
    if is_page(kind) and not page:
        kind, page = "", kind
    again = say_command(f"memories list{f' {kind}' if kind else ''}")
    asked = _read_kind(call, memories, kind) if kind else WantedMemories()
    return list_all(call, memories, asked, page=read_page(page, again=again), again=again)


@command(
    "memories search <words>",
    "Find quotes, links and notes with these words, in any form of them, or with a #tag.",
    example="memories search waddle",
    also=("mem search",),
)
def search(call: Call, memories: Memories) -> Answer:
    words, page = take_page(call.in_words(call.arguments["words"]))
    again = say_command(f"memories search {words} page")
    asked = wanted(words, None, language=call.community.language)
    return list_all(call, memories, asked, page=page, again=again)


@command(
    "memories get <number>",
    "Show one thing that is kept, and where it comes from.",
    example="memories get 3",
    also=("mem get",),
    completes={"number": numbers()},
)
def get(call: Call, memories: Memories) -> Answer:
    number = typed.read_number(call.arguments["number"])
    found = memories.show(call.community.id, number)
    if found is None:
        return Chat(texts.no_such(None, number))
    counts = memories.reactions.of(call.community.id, number)
    return Chat(texts.shown_with_story(found, behind(counts)))


@command(
    "memories edit <number> <part> <value>",
    "Change a part: title, content, author, url, game, tags or category.",
    example="memories edit 3 author Ana",
    also=("mem edit",),
    role=Role.MODERATOR,
    completes={"number": numbers(), "part": PART_NAMES},
)
def edit(call: Call, memories: Memories) -> Answer:
    number = typed.read_number(call.arguments["number"])
    part, value = call.arguments["part"].lower(), call.arguments["value"]
    kept = memories.find(call.community.id, number)
    if kept is None:
        return Chat(texts.no_such(None, number))
    if part not in PARTS[kept.kind]:
        raise NotUnderstood(texts.no_part(kept.kind, part, PARTS[kept.kind]))
    read = read_part(call, memories, part, value)
    changed = memories.change(call.community.id, number, part, read)
    return Chat(texts.changed(changed) if changed else texts.no_such(None, number))


@command(
    "memories delete <number>",
    "Delete one thing that is kept.",
    example="memories delete 3",
    also=("mem delete",),
    role=Role.MODERATOR,
)
def delete(call: Call, memories: Memories) -> Answer:
    number = typed.read_number(call.arguments["number"])
    gone = memories.put_away(call.community.id, number)
    return Chat(texts.deleted(gone) if gone else texts.no_such(None, number))


@command(
    "memories [verb]",
    "Say what can be done with memories.",
    example="memories",
    also=("mem",),
)
def overview(call: Call, _memories: Memories) -> Answer:
    return Chat(texts.known_verbs(call.text), private=True)


def _keep(call: Call, memories: Memories, draft: Draft) -> str:
    kept = memories.keep(call.community.id, draft, by=asking_person(call), at=call.occurred_at)
    return texts.kept(kept) if kept else texts.KEPT_MEANWHILE


def _read_kind(call: Call, memories: Memories, text: str) -> WantedMemories:
    kind = find_kind(text)
    if kind is not None:
        return WantedMemories(kind=kind)
    known, name = memories.categories.names(call.community.id), fold_tag(text)
    if name not in known:
        raise NotUnderstood(texts.no_kind(text, known))
    return WantedMemories(category=name)


def read_part(call: Call, memories: Memories, part: str, text: str) -> str | list[str]:
    """Raises NotUnderstood."""
    if part == "category":
        return read_category(call, memories, text)
    value = call.in_words(text)
    if part == "tags":
        return list(typed.read_tags(value))
    if part == "url":
        return typed.read_address(value)
    if part in _MAY_BE_EMPTY and value.lower() in typed.NO_VALUE:
        return ""
    words = typed.read_words(value)
    return words if part == "content" else typed.read_title(words)


COMMANDS = (
    addurl,
    urls,
    addnote,
    note,
    list_kept,
    search,
    get,
    edit,
    delete,
    overview,
)
