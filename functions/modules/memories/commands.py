"""Quotes, links and notes."""

from __future__ import annotations

from functions.modules.memories import texts, typed
from functions.modules.memories.completing import KINDS, numbers
from functions.modules.memories.people import asking_person
from functions.modules.memories.store import Draft, Memories, Memory, MemoryKind
from waddlebot.platforms import find_abilities
from waddlebot_sdk import (
    Answer,
    Button,
    Buttons,
    Call,
    Chat,
    Field,
    Form,
    NotUnderstood,
    Role,
    Terms,
    Ticker,
    command,
    say_command,
)
from waddlebot_sdk.pages import is_page, read_page, take_page

MOST_LISTED = 1000
"""Of the newest; who has more narrows it down."""
PARTS = {
    MemoryKind.QUOTE: ("content", "author"),
    MemoryKind.URL: ("title", "url", "content"),
    MemoryKind.NOTE: ("title", "content"),
}
_KINDS = {
    "quote": MemoryKind.QUOTE,
    "url": MemoryKind.URL,
    "link": MemoryKind.URL,
    "note": MemoryKind.NOTE,
}


def long_form(words: str) -> tuple[str, str]:
    return (f"memories {words}", f"mem {words}")


@command(
    "quote [number-or-words]",
    "Show a quote: that number, one with these words, or any.",
    example="quote 3",
    also=long_form("quote"),
    completes={"number-or-words": numbers(MemoryKind.QUOTE)},
)
def quote(call: Call, memories: Memories) -> Answer:
    shown = _show_one(call, memories, MemoryKind.QUOTE)
    return shown if call.text or shown.private or not shown.text else with_another(shown.text)


@command(
    "addquote [words]",
    "Keep a quote; its author may follow a dash. Without words you get a form.",
    example="addquote Waddle on! — Ana",
    also=long_form("add quote"),
    role=Role.MODERATOR,
)
def addquote(call: Call, memories: Memories) -> Answer:
    if not call.text:
        return quote_form()
    # Read before names stand in it: a name may have blanks.
    words, author = map(call.in_words, typed.read_quote(call.text))
    return keep_quote(call, memories, words, author)


def keep_quote(call: Call, memories: Memories, words: str, author: str) -> Answer:
    words, author = typed.read_text(words), typed.read_title(author)
    kept = _keep(call, memories, Draft(kind=MemoryKind.QUOTE, content=words, author=author))
    if not call.config["ticker"]:
        return Chat(texts.kept(kept))
    return [Chat(texts.kept(kept)), Ticker(texts.on_ticker(kept))]


def quote_form() -> Form:
    return Form(
        "Keep a quote",
        "addquote",
        (
            Field("words", "What was said", long=True, most_characters=typed.MOST_CHARACTERS),
            Field(
                "author", "Who said it", required=False, most_characters=typed.MOST_TITLE_CHARACTERS
            ),
        ),
        text=texts.NO_WORDS,
        submit="Keep it",
    )


def filled_in(call: Call, memories: Memories) -> Answer:
    """The form of `addquote`, as it was sent."""
    fields = call.data["fields"]
    words = fields.get("words", "").strip()
    if not words:
        raise NotUnderstood(texts.NO_WORDS)
    return keep_quote(call, memories, words, fields.get("author", ""))


def another(call: Call, memories: Memories) -> Answer:
    """The button below a quote that was asked for by no number."""
    found = memories.show_any(call.community.id, MemoryKind.QUOTE, "")
    if found is None:
        return Chat(_nothing(MemoryKind.QUOTE, ""))
    return with_another(texts.shown(found), in_place=True)


def with_another(text: str, *, in_place: bool = False) -> Buttons:
    terms = Terms(in_place=in_place)
    return Buttons(text, (Button("Another", "another"),), terms, needed=False)


@command(
    "quotes [words]",
    "List the newest quotes, or those with these words.",
    example="quotes waddle",
    also=long_form("quotes"),
)
def quotes(call: Call, memories: Memories) -> Answer:
    return _list_or_page(call, memories, MemoryKind.QUOTE)


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
        title=typed.read_title(call.in_words(call.arguments["title"])),
        url=typed.read_address(call.arguments["address"]),
        content=typed.read_text(call.in_words(call.arguments.get("description", ""))),
    )
    return Chat(texts.kept(_keep(call, memories, draft)))


@command(
    "urls [words]",
    "List the newest links, or those with these words.",
    example="urls site",
    also=long_form("urls"),
)
def urls(call: Call, memories: Memories) -> Answer:
    return _list_or_page(call, memories, MemoryKind.URL)


@command(
    "addnote <title> <content>",
    "Keep a note under a title.",
    example='addnote "Game night" every Friday at eight',
    also=long_form("add note"),
    role=Role.MODERATOR,
)
def addnote(call: Call, memories: Memories) -> Answer:
    draft = Draft(
        kind=MemoryKind.NOTE,
        title=typed.read_title(call.in_words(call.arguments["title"])),
        content=typed.read_text(call.in_words(call.arguments["content"])),
    )
    return Chat(texts.kept(_keep(call, memories, draft)))


@command(
    "note [number-or-words]",
    "Show a note: that number, one with these words, or any.",
    example="note game night",
    also=long_form("note"),
    completes={"number-or-words": numbers(MemoryKind.NOTE)},
)
def note(call: Call, memories: Memories) -> Answer:
    return _show_one(call, memories, MemoryKind.NOTE)


@command(
    "memories list [kind] [page]",
    "List what is kept; kind is quotes, urls or notes.",
    example="memories list notes",
    also=("mem list",),
    completes={"kind": KINDS},
)
def list_kept(call: Call, memories: Memories) -> Answer:
    typed, page = call.arguments.get("kind", ""), call.arguments.get("page", "")
    if is_page(typed) and not page:
        typed, page = "", typed
    again = say_command(f"memories list{f' {typed}' if typed else ''}")
    kind = _read_kind(typed) if typed else None
    return _list(call, memories, kind, "", page=read_page(page, again=again), again=again)


@command(
    "memories search <words>",
    "Find quotes, links and notes with these words.",
    example="memories search waddle",
    also=("mem search",),
)
def search(call: Call, memories: Memories) -> Answer:
    words, page = take_page(call.in_words(call.arguments["words"]))
    again = say_command(f"memories search {words} page")
    return _list(call, memories, None, words, page=page, again=again)


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
    return Chat(texts.shown_with_story(found))


@command(
    "memories edit <number> <part> <value>",
    "Change a part: title, content, author or url.",
    example="memories edit 3 author Ana",
    also=("mem edit",),
    role=Role.MODERATOR,
    completes={"number": numbers(), "part": ("title", "content", "author", "url")},
)
def edit(call: Call, memories: Memories) -> Answer:
    number = typed.read_number(call.arguments["number"])
    part, value = call.arguments["part"].lower(), call.arguments["value"]
    kept = memories.find(call.community.id, number)
    if kept is None:
        return Chat(texts.no_such(None, number))
    if part not in PARTS[kept.kind]:
        raise NotUnderstood(texts.no_part(kept.kind, part, PARTS[kept.kind]))
    read = _read_part(part, call.in_words(value))
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


def _show_one(call: Call, memories: Memories, kind: MemoryKind) -> Chat:
    wanted = call.arguments.get("number-or-words", "")
    number = typed.number_in(wanted)
    if number is not None:
        found = memories.show(call.community.id, number, kind)
        return Chat(texts.shown(found) if found else texts.no_such(kind, number))
    wanted = call.in_words(wanted)
    found = memories.show_any(call.community.id, kind, wanted)
    return Chat(texts.shown(found) if found else _nothing(kind, wanted))


def _list_or_page(call: Call, memories: Memories, kind: MemoryKind) -> Chat:
    """`2` is a page, `waddle page 2` the second one of those with the word."""
    typed, again = call.in_words(call.arguments.get("words", "")), say_command(call.command)
    if is_page(typed):
        return _list(call, memories, kind, "", page=int(typed), again=again)
    words, page = take_page(typed)
    again = f"{again} {words} page" if words else again
    return _list(call, memories, kind, words, page=page, again=again)


def _list(
    call: Call, memories: Memories, kind: MemoryKind | None, words: str, *, page: int, again: str
) -> Chat:
    found = memories.search(call.community.id, words, kind=kind, limit=MOST_LISTED)
    if not found.memories:
        return Chat(_nothing(kind, words))
    room = find_abilities(call.entity.platform).most_characters
    return Chat(texts.listed(found, page, kind=kind, again=again, room=room))


def _nothing(kind: MemoryKind | None, words: str) -> str:
    return texts.none_with(kind, words) if words else texts.none_yet(kind)


def _keep(call: Call, memories: Memories, draft: Draft) -> Memory:
    return memories.keep(call.community.id, draft, by=asking_person(call))


def _read_kind(text: str) -> MemoryKind:
    kind = _KINDS.get(text.lower().removesuffix("s"))
    if kind is None:
        raise NotUnderstood(texts.no_kind(text))
    return kind


def _read_part(part: str, value: str) -> str:
    if part == "url":
        return typed.read_address(value)
    return typed.read_text(value) if part == "content" else typed.read_title(value)


COMMANDS = (
    quote,
    addquote,
    quotes,
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
