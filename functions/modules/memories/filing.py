"""Categories: what moderators sort a community's memories by."""

from __future__ import annotations

from functions.modules.memories import texts, typed
from functions.modules.memories.kept import find_kind
from functions.modules.memories.people import asking_person
from functions.modules.memories.store import Memories
from waddlebot_sdk import Answer, Call, Chat, NotUnderstood, Role, command

MOST_CATEGORIES = 25
"""As many as a menu shows."""


@command(
    "memories categories",
    "List the categories, and how much is kept in each.",
    example="memories categories",
    also=("mem categories",),
)
def categories(call: Call, memories: Memories) -> Answer:
    return Chat(texts.categories(memories.categories.list_all(call.community.id)))


@command(
    "memories category add <name> [description]",
    "Make a category that memories may be in.",
    example='memories category add wisdom "What to live by"',
    also=("mem category add",),
    role=Role.MODERATOR,
)
def add_category(call: Call, memories: Memories) -> Answer:
    name = typed.read_category(call.arguments["name"])
    if find_kind(name):
        raise NotUnderstood(texts.is_a_kind(name))
    description = typed.read_title(call.in_words(call.arguments.get("description", "")))
    known = memories.categories.names(call.community.id)
    if name not in known and len(known) >= MOST_CATEGORIES:
        raise NotUnderstood(texts.too_many_categories(MOST_CATEGORIES))
    by = asking_person(call)
    is_new = memories.categories.add(call.community.id, name, description, by=by)
    return Chat(texts.category_made(name) if is_new else texts.category_changed(name))


@command(
    "memories category drop <name>",
    "Drop a category; what was in it stays kept.",
    example="memories category drop wisdom",
    also=("mem category drop",),
    role=Role.MODERATOR,
)
def drop_category(call: Call, memories: Memories) -> Answer:
    name = typed.read_category(call.arguments["name"])
    were_in_it = memories.categories.drop(call.community.id, name)
    if were_in_it is None:
        raise NotUnderstood(no_category(call, memories, name))
    return Chat(texts.category_dropped(name, were_in_it))


def read_category(call: Call, memories: Memories, text: str) -> str:
    """One that is there; nothing for `none`. Raises NotUnderstood."""
    if text.lower() in typed.NO_VALUE:
        return ""
    name = typed.read_category(text)
    if name not in memories.categories.names(call.community.id):
        raise NotUnderstood(no_category(call, memories, name))
    return name


def no_category(call: Call, memories: Memories, name: str) -> str:
    return texts.no_category(name, memories.categories.names(call.community.id))


COMMANDS = (categories, add_category, drop_category)
