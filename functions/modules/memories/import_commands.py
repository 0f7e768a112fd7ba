"""Quotes that a community brings along, pasted into a form."""

from __future__ import annotations

from functions.modules.memories import import_texts
from functions.modules.memories.importing import read_quotes
from functions.modules.memories.people import asking_person
from functions.modules.memories.store import Memories
from waddlebot_sdk import Answer, Call, Chat, Field, Form, NotUnderstood, Role, command


@command(
    "importquotes",
    "Bring quotes along: lines, CSV, or what Firebot and PhantomBot give out, pasted into a form.",
    example="importquotes",
    also=("memories import", "mem import"),
    role=Role.MODERATOR,
)
def importquotes(_call: Call, _memories: Memories) -> Answer:
    return Form(
        "Bring quotes along",
        "importquotes",
        (Field("quotes", "One quote a line, CSV or JSON", long=True),),
        text=import_texts.HOW,
        submit="Keep them",
    )


def brought(call: Call, memories: Memories) -> Answer:
    """The form, as it was sent. What is here already is not kept twice."""
    read = read_quotes(call.data["fields"].get("quotes", ""))
    if not read.quotes and not read.refused:
        raise NotUnderstood(import_texts.NOTHING)
    by, at = asking_person(call), call.occurred_at
    kept = memories.keep_new(call.community.id, read.quotes, by=by, at=at)
    known = len(read.quotes) - len(kept)
    return Chat(import_texts.brought(kept, known, read.refused))


COMMANDS = (importquotes,)
