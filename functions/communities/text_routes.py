"""A community as text: written out, compared, read in, and taken back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends

from functions.communities.asking import Asked, Wire, allowed, needs, told
from functions.communities.community_routes import Body
from functions.communities.text_form import read_text, write_text
from waddlebot.domain import sayings
from waddlebot.domain.community_facts import Difference, Kind, compare
from waddlebot.domain.entities import EntityId
from waddlebot.domain.errors import Rejected
from waddlebot.domain.own_words import USUAL_PREFIX
from waddlebot.domain.rights import may_need
from waddlebot.stores.audit_log import last_change
from waddlebot.stores.command_rows import Declared, find_declared, is_community_function
from waddlebot.stores.communities import places_of
from waddlebot.stores.community_facts import MODERATORS_CHANNEL, change_facts, load_facts
from waddlebot_sdk.roles import Role

IMPORT = "import text"
UNDO = "take back text"
A_MINUTE = 10

routes = APIRouter()
AsAdmin = Annotated[Asked, Depends(allowed(Role.ADMIN, per_minute=A_MINUTE))]
AsOwner = Annotated[Asked, Depends(allowed(Role.OWNER, per_minute=A_MINUTE))]


class Text(Body):
    """`dry_run`: only say what would change."""

    text: str
    dry_run: bool = False


@routes.get("/{community}/text", openapi_extra=needs(Role.ADMIN))
def export(asked: AsAdmin) -> Wire:
    """`{"text"}`: settings, commands, rules, limits, labels and roles, and no secrets."""
    with asked.postgres.writer() as connection:
        return told({"text": write_text(load_facts(connection, asked.community))})


@routes.put("/{community}/text", openapi_extra=needs(Role.OWNER))
def bring_in(body: Text, asked: AsOwner) -> Wire:
    """`{"changes": [words], "dry_run"}`: afterwards the community is as the text says.

    All of it or nothing. What is made is checked as if it were made by hand.
    """
    return _become(body.text, asked, action=IMPORT, dry_run=body.dry_run)


@routes.post("/{community}/text/undo", openapi_extra=needs(Role.OWNER))
def take_back(asked: AsOwner) -> Wire:
    """`{"changes": [words], "dry_run"}`: as it was before the last text was read in."""
    last = last_change(asked.postgres, asked.community, [IMPORT, UNDO])
    if last is None or last.action != IMPORT or not last.before:
        raise Rejected(409, "NOTHING_TO_UNDO", "No text was read in that could be taken back.")
    return _become(str(last.before["text"]), asked, action=UNDO, dry_run=False)


def _become(text: str, asked: Asked, *, action: str, dry_run: bool) -> Wire:
    wanted = read_text(text)
    with asked.editing() as edit:
        edit.connection.execute(
            "SELECT FROM communities WHERE id = %(id)s FOR UPDATE", {"id": asked.community}
        )
        facts = load_facts(edit.connection, asked.community)
        differences = compare(facts, wanted)
        _check(differences, asked)
        if differences and not dry_run:
            change_facts(edit, asked.community, differences)
            before, after = {"text": write_text(facts)}, {"changes": len(differences)}
            edit.note(action, "community", asked.community, before=before, after=after)
    return told({"changes": [one.words for one in differences], "dry_run": dry_run})


def _check(differences: Sequence[Difference], asked: Asked) -> None:
    """What comes new must be possible; what was there before is nobody's mistake now."""
    new = [one for one in differences if one.after is not None]
    _check_places(new, asked)
    for one in new:
        check = _CHECKS.get(one.key[0])
        if check is not None:
            check(one, asked)


def _check_places(new: Sequence[Difference], asked: Asked) -> None:
    named = {entity for one in new for entity in _places(one)}
    known = places_of(asked.postgres, asked.community, sorted(named))
    for entity in sorted(named - known):
        raise _impossible(f"{entity} is no place of this community.")


def _places(one: Difference) -> list[EntityId]:
    kind, *about = one.key
    match kind:
        case Kind.OFF_AT:
            return [about[1]]
        case Kind.QUIET:
            return [about[0]]
        case Kind.LIMIT:
            return [about[1]] if about[1] else []
        case Kind.ROLE:
            return [about[2]] if about[2] else []
        case Kind.RULE:
            return sorted(about[0].entities)
        case Kind.SETTING if about[0] == MODERATORS_CHANNEL:
            return [one.after]
        case _:
            return []


def _check_name(one: Difference, asked: Asked) -> None:
    _declared(one.key[1], asked)


def _check_called(one: Difference, asked: Asked) -> None:
    declared = _declared(one.key[1], asked)
    if not declared.may_be_renamed or declared.module == "commands":
        raise _impossible(f"{declared.id} keeps its name.")
    if find_declared(asked.postgres, f"{USUAL_PREFIX}{one.after}") is not None:
        raise _impossible(f"There is a command '{one.after}' already.")


def _check_right(one: Difference, asked: Asked) -> None:
    declared = _declared(one.key[1], asked)
    if declared.role is None:
        raise _impossible(f"{declared.id} is a module: only commands have a role.")
    if not may_need(declared.role, one.after):
        raise _impossible(f"{declared.id} stays with {sayings.who_may(declared.role)}.")


def _check_limit(one: Difference, asked: Asked) -> None:
    if one.key[1]:
        _declared(one.key[1], asked)


def _check_rule(one: Difference, asked: Asked) -> None:
    command = one.key[1].command
    if command:
        path = command.split(maxsplit=1)[0]
        _declared(path if path[:1] in "!#" else f"{USUAL_PREFIX}{path}", asked)


def _check_installed(one: Difference, asked: Asked) -> None:
    if not is_community_function(asked.postgres, one.key[1]):
        raise _impossible(f"There is no community function '{one.key[1][:40]}'.")


_CHECKS: Mapping[Kind, Callable[[Difference, Asked], None]] = {
    Kind.OFF: _check_name,
    Kind.OFF_AT: _check_name,
    Kind.CALLED: _check_called,
    Kind.RIGHT: _check_right,
    Kind.LIMIT: _check_limit,
    Kind.RULE: _check_rule,
    Kind.INSTALLED: _check_installed,
}


def _declared(name: str, asked: Asked) -> Declared:
    declared = find_declared(asked.postgres, name)
    if declared is None:
        raise _impossible(f"There is no command or module '{name[:40]}'.")
    return declared


def _impossible(words: str) -> Rejected:
    return Rejected(400, "IMPOSSIBLE_TEXT", words)
