"""Reactions to what is kept, and pins: so many of them keep a line."""

from __future__ import annotations

from functions.modules.memories import reacting_texts, texts, typed
from functions.modules.memories.completing import numbers
from functions.modules.memories.lines import answered_line, line_reacted_to
from functions.modules.memories.listing import MOST_LISTED, long_form
from functions.modules.memories.people import asking_person
from functions.modules.memories.quoting import keep_line, with_buttons
from functions.modules.memories.reacting_texts import REACTIONS, reaction_of
from functions.modules.memories.store import Memories
from waddlebot.domain.unseen import is_blank
from waddlebot.platforms import find_abilities
from waddlebot_sdk import Answer, Call, Chat, NotUnderstood, command, say_command
from waddlebot_sdk.pages import read_page


@command(
    "memories react <number> [reaction]",
    "Like something that is kept, or love, laugh or helpful; once more takes it back.",
    example="memories react 3 laugh",
    also=("mem react",),
    completes={"number": numbers(), "reaction": tuple(REACTIONS)},
)
def react(call: Call, memories: Memories) -> Answer:
    number = typed.read_number(call.arguments["number"])
    reaction = _read_reaction(call.arguments.get("reaction", "like"))
    given = memories.reactions.turn(call.community.id, number, reaction, by=asking_person(call))
    if given is None:
        return Chat(texts.no_such(None, number))
    counts = memories.reactions.of(call.community.id, number)
    return Chat(reacting_texts.turned(number, reaction, counts, is_given=given))


def liked(call: Call, memories: Memories) -> Answer:
    """The button below a quote: it stands there with what is thought of it by now."""
    number, community = int(call.data["context"]), call.community.id
    memories.reactions.turn(community, number, "like", by=asking_person(call))
    found = memories.find(community, number)
    if found is None:
        return Chat(texts.no_such(None, number), private=True)
    text = f"{texts.shown(found)}{reacting_texts.behind(memories.reactions.of(community, number))}"
    return with_buttons(text, number, in_place=True)


@command(
    "memories top [page]",
    "List what most people reacted to.",
    example="memories top",
    also=("mem top",),
)
def top(call: Call, memories: Memories) -> Answer:
    again = say_command("memories top")
    page = read_page(call.arguments.get("page", ""), again=again)
    found = memories.reactions.top(call.community.id, limit=MOST_LISTED)
    if not found:
        return Chat(reacting_texts.nothing_liked())
    room = find_abilities(call.entity.platform).most_characters
    return Chat(reacting_texts.top(found, page, again=again, room=room))


@command(
    "pin",
    "Want the line kept that you answer with it; so many people keep it as a quote.",
    example="pin",
    also=long_form("pin"),
)
def pin(call: Call, memories: Memories) -> Answer:
    needed, line, by = int(call.config["pins"]), answered_line(call), asking_person(call)
    if needed <= 0:
        raise NotUnderstood(reacting_texts.pins_are_off())
    if line is None:
        raise NotUnderstood(reacting_texts.no_line_to_pin(call.entity.platform))
    if line.user == by.id:
        raise NotUnderstood(reacting_texts.OWN_LINE)
    message, community = line.message, call.community.id
    if known := memories.find_line(community, by.platform, message):
        return Chat(texts.kept_before(known))
    if memories.was_kept(community, by.platform, message):
        raise NotUnderstood(reacting_texts.put_away())
    pins = memories.reactions.pin(community, message, by=by, at=call.occurred_at)
    if pins < needed:
        return Chat(reacting_texts.pinned(pins, needed))
    memories.reactions.unpin(community, by.platform, message)
    return keep_line(call, memories, line)


def pinned_by_emoji(call: Call, memories: Memories) -> Answer:
    """📌 at a line: so many people keep it, once. Nobody typed anything, so that it is kept is all
    that is said.
    """
    needed, line, by = int(call.config["pins"]), line_reacted_to(call), asking_person(call)
    if needed <= 0 or line is None or line.user == by.id or is_blank(line.text):
        return None
    community = call.community.id
    if memories.was_kept(community, by.platform, line.message):
        return None
    pins = memories.reactions.pin(community, line.message, by=by, at=call.occurred_at)
    # Whoever waited for the last pin finds the line kept.
    if pins < needed or memories.was_kept(community, by.platform, line.message):
        return None
    memories.reactions.unpin(community, by.platform, line.message)
    return keep_line(call, memories, line)


def _read_reaction(text: str) -> str:
    name = reaction_of(text)
    if name is None:
        raise NotUnderstood(reacting_texts.no_reaction(text))
    return name


COMMANDS = (react, top, pin)
