"""A community itself: its name, places, settings, commands and changes."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field, model_validator

from functions.communities.asking import (
    CommunityRequest,
    Wire,
    allowed,
    needs,
    paged,
    room_of,
    seen_by,
    sees_all,
    told,
)
from waddlebot.decisions.parts.name.deeds import name_community
from waddlebot.decisions.parts.rights.deeds import say_who_may_use
from waddlebot.decisions.parts.settings.deeds import (
    change_setting,
    set_events_channel,
    set_moderators_channel,
)
from waddlebot.decisions.parts.switches.deeds import switch_command
from waddlebot.decisions.parts.words.deeds import rename_command
from waddlebot.domain.community_facts import EVENTS_CHANNEL, MODERATORS_CHANNEL
from waddlebot.domain.entities import EntityId, is_like_a_home
from waddlebot.domain.errors import Rejected
from waddlebot.platforms.fields import is_storable
from waddlebot.platforms.shown_names import ShownNames
from waddlebot.runtime.serve_app import caller_of
from waddlebot.stores.audit_log import list_changes_of
from waddlebot.stores.community_list import CommunityList, KnownCommunity
from waddlebot.stores.shown_names import names_of_places
from waddlebot_sdk.roles import Role

MOST = 100

routes = APIRouter()
Most = Annotated[int, Query(alias="limit", ge=1, le=MOST)]
MOST_ID = 2**63 - 1
After = Annotated[int, Query(ge=-1, le=MOST_ID)]
AsUser = Annotated[CommunityRequest, Depends(allowed(Role.USER))]
AsAdmin = Annotated[CommunityRequest, Depends(allowed(Role.ADMIN))]
AsOwner = Annotated[CommunityRequest, Depends(allowed(Role.OWNER))]


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


class SettingsWanted(Body):
    """What is left out stays; None is as usual.

    `giving` is how many points one person gives in a day, `decay` the percent of points that fade
    each week.
    """

    prefix: str | None = None
    keep_days: int | None = None
    time_zone: str | None = None
    language: str | None = None
    offers: str | None = None
    moderator_group: str | None = None
    giving: int | None = Field(default=None, description="points that one person gives a day")
    decay: int | None = Field(default=None, description="percent of points that fade each week")
    fetch: str | None = Field(default=None, description="servers that texts may ask")
    moderators_channel: str | None = Field(default=None, description="a place's id")
    events_channel: str | None = Field(default=None, description="a place's id")


class OwnCommand(Body):
    """`role` and `name` None are as the module declares them; what is left out stays."""

    command: str = Field(description="a command (its id, or its name there), or a module")
    enabled: bool | None = None
    role: str | None = None
    name: str | None = None


@routes.get("")
def list_communities(request: Request, after: After = -1, most: Most = MOST) -> Wire:
    """Those that this key may ask about; `words` are name and home as people read them."""
    postgres = room_of(request).resources.postgres
    only = None if sees_all(caller := caller_of(request)) else seen_by(postgres, caller)
    found = CommunityList(postgres).page(only=only, after=after, most=most + 1)
    shown = found[:most]
    homes = [EntityId(one.home) for one in shown if one.home]
    names = ShownNames(places=names_of_places(postgres, homes))
    data = [{**asdict(one), "words": _words(one, names)} for one in shown]
    return paged(found, most, last=lambda one: one.id, data=data)


def _words(known: KnownCommunity, names: ShownNames) -> Wire:
    """As people read it: one that nobody named is called by where it is at home."""
    home = names.place(EntityId(known.home)) if known.home else ""
    return {"name": home if home and is_like_a_home(known.name) else known.name, "home": home}


@routes.patch("/{community}", openapi_extra=needs(Role.OWNER))
def rename(body: Renamed, asked: AsOwner) -> Wire:
    with asked.editing() as edit:
        name = name_community(edit, asked.asker, name=body.name)
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
def change_settings(body: SettingsWanted, asked: AsAdmin) -> Wire:
    changed = body.model_dump(include=body.model_fields_set)
    with asked.editing() as edit:
        for key, value in changed.items():
            typed = None if value is None else str(value)
            place = EntityId(typed) if typed else None
            if key == EVENTS_CHANNEL:
                set_events_channel(edit, asked.asker, place)
            elif key == MODERATORS_CHANNEL:
                set_moderators_channel(edit, asked.asker, place)
            else:
                change_setting(edit, asked.asker, key=key, value=typed)
    return told(CommunityList(asked.postgres).settings(asked.community))


@routes.get("/{community}/commands", openapi_extra=needs(Role.USER))
def show_commands(asked: AsUser) -> Wire:
    """What this community changed; all else is as modules declare it."""
    return told(asdict(CommunityList(asked.postgres).commands(asked.community)))


@routes.patch("/{community}/commands", openapi_extra=needs(Role.ADMIN))
def change_command(body: OwnCommand, asked: AsAdmin) -> Wire:
    role = None if body.role is None else read_role(body.role)
    with asked.editing() as edit:
        if body.enabled is not None:
            switch_command(edit, asked.asker, name=body.command, enabled=body.enabled)
        if "role" in body.model_fields_set:
            say_who_may_use(edit, asked.asker, command=body.command, role=role)
        if "name" in body.model_fields_set:
            rename_command(edit, asked.asker, command=body.command, name=body.name)
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


def read_role(typed: str) -> Role:
    """Raises Rejected: 400."""
    try:
        return Role(typed)
    except ValueError:
        words = f"'role' is one of {', '.join(Role)}."
        raise Rejected(400, "INVALID_FIELD", words, details={"field": "role"}) from None
