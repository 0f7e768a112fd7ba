"""A community itself: its name, places, settings, commands and changes."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field, model_validator

from functions.communities.asking import (
    Asked,
    Wire,
    allowed,
    needs,
    paged,
    room_of,
    sees_all,
    told,
)
from waddlebot.domain import sayings
from waddlebot.domain.entities import CommunityId
from waddlebot.domain.errors import Rejected
from waddlebot.domain.own_settings import OWN_SETTINGS
from waddlebot.domain.own_words import COMMUNITY_NAME, NAME, USUAL_PREFIX
from waddlebot.domain.rights import may_need
from waddlebot.platforms.fields import is_storable
from waddlebot.runtime.serve_app import caller_of
from waddlebot.stores.audit_log import list_changes_of
from waddlebot.stores.command_rights import CommandRights
from waddlebot.stores.command_rows import Declared, find_declared
from waddlebot.stores.communities import Communities
from waddlebot.stores.community_list import CommunityList
from waddlebot_sdk.roles import Role

MOST = 100

routes = APIRouter()
Most = Annotated[int, Query(alias="limit", ge=1, le=MOST)]
MOST_ID = 2**63 - 1
After = Annotated[int, Query(ge=-1, le=MOST_ID)]
AsUser = Annotated[Asked, Depends(allowed(Role.USER))]
AsAdmin = Annotated[Asked, Depends(allowed(Role.ADMIN))]
AsOwner = Annotated[Asked, Depends(allowed(Role.OWNER))]


class Body(BaseModel):
    """What holds a NUL or half a sign is refused: no database keeps it and no answer can say it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    @model_validator(mode="before")
    @classmethod
    def _is_storable(cls, data: Any) -> Any:
        if not is_storable(data):
            raise ValueError("there is a sign in it that is no text")
        return data


class Renamed(Body):
    name: str


class Settings(Body):
    """What is left out stays; None is as usual."""

    prefix: str | None = None
    keep_days: int | None = None
    time_zone: str | None = None
    language: str | None = None


class OwnCommand(Body):
    """`role` and `name` None are as the module declares them; what is left out stays."""

    command: str = Field(description="its id: !quote; or a module: memories")
    enabled: bool | None = None
    role: str | None = None
    name: str | None = None


@routes.get("")
def list_communities(request: Request, after: After = -1, most: Most = MOST) -> Wire:
    """Those that this key may ask about."""
    caller = caller_of(request)
    if caller.community is None and not sees_all(caller):
        return told([], pagination={"next": None})
    found = CommunityList(room_of(request).resources.postgres).page(
        only=caller.community, after=after, most=most + 1
    )
    data = list(map(asdict, found[:most]))
    return paged(found, most, last=lambda one: one.id, data=data)


@routes.patch("/{community}", openapi_extra=needs(Role.OWNER))
def rename(body: Renamed, asked: AsOwner) -> Wire:
    name = " ".join(body.name.split())
    if not COMMUNITY_NAME.fullmatch(name):
        raise Rejected(
            400,
            "INVALID_NAME",
            "A name is 3 to 60 letters, digits, spaces and signs such as - or &.",
            details={"field": "name"},
        )
    with asked.editing() as edit:
        if not Communities(edit).rename(asked.community, name):
            raise Rejected(409, "NAME_TAKEN", f"There is a community called {name} already.")
    return told({"name": name})


@routes.get("/{community}/places", openapi_extra=needs(Role.USER))
def list_places(asked: AsUser, after: str = "", most: Most = MOST) -> Wire:
    found = CommunityList(asked.postgres).places(asked.community, after=after, most=most + 1)
    data = list(map(asdict, found[:most]))
    return paged(found, most, last=lambda one: one.entity, data=data)


@routes.get("/{community}/settings", openapi_extra=needs(Role.USER))
def show_settings(asked: AsUser) -> Wire:
    return told(CommunityList(asked.postgres).settings(asked.community))


@routes.patch("/{community}/settings", openapi_extra=needs(Role.ADMIN))
def change_settings(body: Settings, asked: AsAdmin) -> Wire:
    changed = body.model_dump(include=body.model_fields_set)
    read = {
        key: OWN_SETTINGS[key].usual if value is None else OWN_SETTINGS[key].read(str(value))
        for key, value in changed.items()
    }
    with asked.editing() as edit:
        for key, value in read.items():
            Communities(edit).set_own(asked.community, key, value)
    return told(CommunityList(asked.postgres).settings(asked.community))


@routes.get("/{community}/commands", openapi_extra=needs(Role.USER))
def show_commands(asked: AsUser) -> Wire:
    """What this community changed; all else is as modules declare it."""
    return told(asdict(CommunityList(asked.postgres).commands(asked.community)))


@routes.patch("/{community}/commands", openapi_extra=needs(Role.ADMIN))
def change_command(body: OwnCommand, asked: AsAdmin) -> Wire:
    declared = find_declared(asked.postgres, body.command)
    if declared is None:
        raise Rejected(404, "UNKNOWN_COMMAND", f"There is no command '{body.command[:40]}'.")
    if declared.module == "commands":
        raise Rejected(409, "ALWAYS_WORKS", "!commands always works, so that others can be mended.")
    with asked.editing() as edit:
        if body.enabled is not None:
            Communities(edit).set_enabled(asked.community, declared.id, enabled=body.enabled)
        if "role" in body.model_fields_set:
            _set_role(CommandRights(edit), declared, body.role, asked)
        if "name" in body.model_fields_set:
            _set_name(Communities(edit), declared, body.name, asked)
    return told(asdict(CommunityList(asked.postgres).commands(asked.community)))


@routes.get("/{community}/changes", openapi_extra=needs(Role.ADMIN))
def list_changes(
    asked: AsAdmin, before: Annotated[int | None, Query(ge=1, le=MOST_ID)] = None, most: Most = MOST
) -> Wire:
    """Who changed what, the newest first; `next` is the next `before`."""
    found = list_changes_of(asked.postgres, asked.community, before=before, most=most + 1)
    data: list[dict[str, Any]] = [
        {
            "id": one.id,
            "at": one.at.isoformat(),
            "who": one.change.who,
            "action": one.change.action,
            "about": one.change.about,
            "before": one.change.before,
            "after": one.change.after,
        }
        for one in found[:most]
    ]
    return paged(found, most, last=lambda one: one.id, data=data)


def _set_role(rights: CommandRights, declared: Declared, typed: str | None, asked: Asked) -> None:
    if declared.role is None:
        raise Rejected(
            400, "INVALID_FIELD", "Only commands have a role.", details={"field": "role"}
        )
    if typed is None:
        rights.clear(asked.community, declared.id)
        return
    try:
        role = Role(typed)
    except ValueError:
        words = f"'role' is one of {', '.join(Role)}."
        raise Rejected(400, "INVALID_FIELD", words, details={"field": "role"}) from None
    if not may_need(declared.role, role):
        words = f"{declared.id} stays with {sayings.who_may(declared.role)}."
        raise Rejected(403, "STAYS_WITH_ADMINS", words)
    if not asked.role.covers(role):
        raise Rejected(403, "MISSING_ROLE", f"That takes {sayings.a_role(role)}.")
    rights.put(asked.community, declared.id, role)


def _set_name(
    communities: Communities, declared: Declared, typed: str | None, asked: Asked
) -> None:
    if not declared.may_be_renamed:
        raise Rejected(
            409, "KEEPS_ITS_NAME", f"{declared.id} keeps its name: only single words have others."
        )
    name = typed.lower() if typed else None
    if name is not None and not NAME.fullmatch(name):
        words = "A name is one word of 2 to 25 letters and digits."
        raise Rejected(400, "INVALID_NAME", words, details={"field": "name"})
    own = CommunityList(asked.postgres).commands(asked.community).names
    if name and (own.get(name, declared.id) != declared.id or _is_taken(name, asked)):
        raise Rejected(409, "NAME_TAKEN", f"There is a command '{name}' already.")
    communities.rename_command(CommunityId(asked.community), declared.id, name)


def _is_taken(name: str, asked: Asked) -> bool:
    return find_declared(asked.postgres, f"{USUAL_PREFIX}{name}") is not None
