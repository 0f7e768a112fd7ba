"""Quotes: kept as they were typed, or as the line stands that somebody answers."""

from __future__ import annotations

from functions.modules.memories import texts, typed
from functions.modules.memories.completing import numbers
from functions.modules.memories.kept import Draft, MemoryKind, WantedMemories
from functions.modules.memories.lines import LineAnswered, answered_line
from functions.modules.memories.listing import (
    MOST_LISTED,
    list_or_page,
    long_form,
    nothing,
    say_list,
    show_one,
)
from functions.modules.memories.people import asking_person
from functions.modules.memories.store import Memories
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
from waddlebot_sdk.pages import read_page

TELLS_LINES = frozenset({"discord", "twitch"})
"""Platforms that say with a line which one it answers."""


@command(
    "quote [number-or-words]",
    "Show a quote: that number, one with these words or #tag, or any.",
    example="quote 3",
    also=long_form("quote"),
    completes={"number-or-words": numbers(MemoryKind.QUOTE)},
)
def quote(call: Call, memories: Memories) -> Answer:
    return show_one(call, memories, MemoryKind.QUOTE) if call.text else show_any(call, memories)


def show_any(call: Call, memories: Memories, *, in_place: bool = False) -> Answer:
    asked = WantedMemories(kind=MemoryKind.QUOTE)
    found = memories.show_any(call.community.id, asked)
    if found is None:
        return nothing(call, memories, asked)
    return with_buttons(texts.shown(found), found.number, in_place=in_place)


@command(
    "addquote [words]",
    "Keep a quote; its author may follow a dash. Without words: the line you answer, or a form.",
    example="addquote Waddle on! — Ana",
    also=long_form("add quote"),
    role=Role.MODERATOR,
)
def addquote(call: Call, memories: Memories) -> Answer:
    if call.text:
        # Read before names stand in it: a name may have blanks.
        words, author = map(call.in_words, typed.read_quote(call.text))
        return keep_quote(call, memories, quote_of(words, author))
    line = answered_line(call)
    return keep_line(call, memories, line) if line else quote_form(call.entity.platform)


def quote_of(words: str, author: str) -> Draft:
    words, author = typed.read_words(words), typed.read_title(author)
    return Draft(kind=MemoryKind.QUOTE, content=words, author=author)


def keep_quote(call: Call, memories: Memories, draft: Draft) -> Answer:
    kept = memories.keep(call.community.id, draft, by=asking_person(call), at=call.occurred_at)
    if kept is None:
        return Chat(texts.KEPT_MEANWHILE)
    if not call.config["ticker"]:
        return Chat(texts.kept(kept))
    return [Chat(texts.kept(kept)), Ticker(texts.on_ticker(kept))]


def keep_line(call: Call, memories: Memories, line: LineAnswered) -> Answer:
    """The line that was replied to, once however often that is done."""
    known = memories.find_line(call.community.id, call.entity.platform, line.message)
    return Chat(texts.kept_before(known)) if known else keep_quote(call, memories, line.as_quote())


def quote_form(platform: str) -> Form:
    return Form(
        "Keep a quote",
        "addquote",
        (
            Field("words", "What was said", long=True, most_characters=typed.MOST_CHARACTERS),
            Field(
                "author", "Who said it", required=False, most_characters=typed.MOST_TITLE_CHARACTERS
            ),
        ),
        text=texts.OR_A_LINE if platform in TELLS_LINES else texts.NO_WORDS,
        submit="Keep it",
    )


def filled_in(call: Call, memories: Memories) -> Answer:
    """The form of `addquote`, as it was sent."""
    fields = call.data["fields"]
    words = fields.get("words", "").strip()
    if not words:
        raise NotUnderstood(texts.NO_WORDS)
    return keep_quote(call, memories, quote_of(words, fields.get("author", "")))


def another(call: Call, memories: Memories) -> Answer:
    """The button below a quote that was asked for by no number."""
    return show_any(call, memories, in_place=True)


def with_buttons(text: str, number: int, *, in_place: bool = False) -> Buttons:
    offered = (Button("Another", "another"), Button("👍", "like", str(number)))
    return Buttons(text, offered, Terms(in_place=in_place), needed=False)


@command(
    "quotes [words]",
    "List the newest quotes, or those with these words or #tag.",
    example="quotes waddle",
    also=long_form("quotes"),
)
def quotes(call: Call, memories: Memories) -> Answer:
    return list_or_page(call, memories, MemoryKind.QUOTE)


@command(
    "onthisday [page]",
    "List what was said on this day in earlier years.",
    example="onthisday",
    also=long_form("onthisday"),
)
def onthisday(call: Call, memories: Memories) -> Answer:
    again = say_command("onthisday")
    page = read_page(call.arguments.get("page", ""), again=again)
    zone, now = call.community.time_zone, call.occurred_at
    found = memories.said_on_this_day(call.community.id, now, zone, limit=MOST_LISTED)
    if not found.memories:
        return Chat(texts.nothing_on_this_day(now))
    return say_list(call, found, texts.ON_THIS_DAY, page=page, again=again)


COMMANDS = (quote, addquote, quotes, onthisday)
