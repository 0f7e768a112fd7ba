"""Files of other bots, made the community's text: shown, and nothing is changed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import Any

from fastapi import APIRouter

from functions.communities.asking import CommunityRequest, Wire, needs, told
from functions.communities.community_routes import Body
from functions.communities.importers import FORMATS
from functions.communities.importers.found import Found, NotReadable
from functions.communities.importers.laid_over import LaidOver, lay_over
from functions.communities.text_form import TOML
from functions.communities.text_routes import AsOwner
from waddlebot.decisions.facts import load_facts
from waddlebot.decisions.text import bring_text
from waddlebot.domain.errors import Because, Refusal
from waddlebot.stores.command_rows import DeclaredCommands
from waddlebot.stores.own_words import words_of
from waddlebot.stores.versions import Edit
from waddlebot_sdk.roles import Role

MARK = "\ufeff"
"""With which Windows begins a file."""
MOST_TRIES = 5
"""Of a text that some deed refuses a part of."""

routes = APIRouter()


class Brought(Body):
    """`file` is what the other bot's file holds, as text."""

    file: str


@routes.post("/{community}/import/{form}", openapi_extra=needs(Role.OWNER))
def import_file(body: Brought, form: str, asked: AsOwner) -> Wire:
    """`{"text", "changes": [words], "report"}`: the community's text with what the file holds.

    Nothing is changed: the text is brought in by `PUT /{community}/text`.
    """
    found = _found(form, body.file)
    with asked.editing() as edit:
        words = words_of(edit.connection, asked.community)
        house = DeclaredCommands(edit.connection).first_words() | set(words.names)
        laid = lay_over(load_facts(edit.connection, asked.community), house, found)
        text, changes = _tried(edit, asked, laid)
    report = [asdict(replace(one, why=words.reword(one.why))) for one in laid.told]
    return told({"text": text, "changes": changes, "report": report})


def _found(form: str, file: str) -> list[Found]:
    if form not in FORMATS:
        words = f"Nothing is imported from '{form[:30]}'. There are {', '.join(FORMATS)}."
        raise Refusal(words, Because.UNKNOWN, code="UNKNOWN_FORMAT", field="form")
    try:
        return list(_read(FORMATS[form], file))
    except NotReadable as error:
        words = f"This is no file of {form}: {error}."
        raise Refusal(words, Because.WRONG, code="NOT_READABLE", field="file") from error


def _read(read: Any, file: str) -> Iterable[Found]:
    try:
        document = json.loads(file.removeprefix(MARK))
    except (ValueError, RecursionError) as error:
        raise NotReadable("it is no JSON") from error
    found: Iterable[Found] = read(document)
    return found


def _tried(edit: Edit, asked: CommunityRequest, laid: LaidOver) -> tuple[str, list[str]]:
    """What a deed refuses of what came is taken out again. Raises Refusal: it did not come."""
    for _ in range(MOST_TRIES):
        text = TOML.write(laid.facts)
        try:
            return text, list(bring_text(edit, asked.asker, text=text, form=TOML, is_trial=True))
        except Refusal as refusal:
            name = (refusal.field or "").split(".")[-1]
            if not laid.take_back(name, refusal.say):
                raise
    raise Refusal("Too much of this file is refused here.", Because.WRONG, code="NOT_READABLE")
