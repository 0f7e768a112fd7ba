"""Labels, and what they hang on."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query

from functions.communities.asking import CommunityRequest, Wire, needs, paged, told
from functions.communities.community_routes import MOST, AsUser, Body, Most
from functions.communities.people_routes import AsModerator
from waddlebot.decisions.parts.labels.deeds import (
    drop_label,
    hang_label,
    make_label,
    read_thing,
    recolor_label,
    take_label,
)
from waddlebot.domain.errors import Rejected
from waddlebot.domain.labels import USUAL_COLOR, Labelled, read_label_name
from waddlebot.domain.moments import read_moment
from waddlebot.stores.labels import LabelSearch, Thing
from waddlebot_sdk.roles import Role

MOST_AT_ONCE = 1_000

routes = APIRouter()


class Made(Body):
    name: str
    color: str = USUAL_COLOR


class Hung(Body):
    """`things` are ids of `kind`: of a user `platform:id`, of the community itself empty."""

    kind: str
    things: list[str]
    label: str
    until: str | None = None


@routes.get("/{community}/labels", openapi_extra=needs(Role.USER))
def list_labels(asked: AsUser) -> Wire:
    return told([asdict(one) for one in _search(asked).list_all()])


@routes.post("/{community}/labels", openapi_extra=needs(Role.MODERATOR))
def post_label(body: Made, asked: AsModerator) -> Wire:
    with asked.editing() as edit:
        made = make_label(edit, asked.asker, name=body.name, color=body.color)
    return told({"name": made.name, "color": made.color})


@routes.patch("/{community}/labels", openapi_extra=needs(Role.MODERATOR))
def patch_label(body: Made, asked: AsModerator) -> Wire:
    with asked.editing() as edit:
        now = recolor_label(edit, asked.asker, name=body.name, color=body.color)
    return told({"name": now.name, "color": now.color})


@routes.delete("/{community}/labels", openapi_extra=needs(Role.MODERATOR))
def delete_label(name: str, asked: AsModerator) -> Wire:
    """It is taken from everything it hangs on."""
    with asked.editing() as edit:
        taken = drop_label(edit, asked.asker, name=name)
    return told({"taken_from": taken})


@routes.get("/{community}/labels/on", openapi_extra=needs(Role.USER))
def list_labels_on(kind: str, thing: str, asked: AsUser) -> Wire:
    """A flat list of names, and until when each holds."""
    found = _search(asked).on(read_thing(_kind(kind), thing))
    return told(
        [{"name": one.name, "until": one.until.isoformat() if one.until else None} for one in found]
    )


@routes.post("/{community}/labels/on", openapi_extra=needs(Role.MODERATOR))
def post_labelled(body: Hung, asked: AsModerator) -> Wire:
    """On all of the things, or none: the first that cannot have it says why."""
    things, name, until = _things(body), "", _moment(body.until)
    with asked.editing() as edit:
        for thing in things:
            name = hang_label(edit, asked.asker, thing=thing, name=body.label, until=until)
    return told({"label": name, "things": len(things)})


@routes.delete("/{community}/labels/on", openapi_extra=needs(Role.MODERATOR))
def delete_labelled(kind: str, thing: str, label: str, asked: AsModerator) -> Wire:
    with asked.editing() as edit:
        one = Thing(kind=_kind(kind), id=thing)
        taken = take_label(edit, asked.asker, thing=one, name=label)
    return told({"label": taken})


@routes.get("/{community}/labels/search", openapi_extra=needs(Role.USER))
def search_labels(
    asked: AsUser,
    *,
    kind: str,
    label: Annotated[list[str], Query(min_length=1, max_length=20)],
    match_all: bool = False,
    after: str = "",
    most: Most = MOST,
) -> Wire:
    """The things with any of these labels, or all."""
    names = [read_label_name(one) for one in label]
    found = _search(asked).find(_kind(kind), names, match_all=match_all, after=after, most=most + 1)
    return paged(found, most, last=lambda one: one, data=found[:most])


def _search(asked: CommunityRequest) -> LabelSearch:
    return LabelSearch(asked.postgres, asked.community, version=asked.version)


def _things(body: Hung) -> list[Thing]:
    if not 1 <= len(body.things) <= MOST_AT_ONCE:
        raise _invalid("things", f"'things' holds 1 to {MOST_AT_ONCE:,} ids.")
    kind = _kind(body.kind)
    return [Thing(kind=kind, id=one) for one in dict.fromkeys(body.things)]


def _kind(text: str) -> Labelled:
    try:
        return Labelled(text)
    except ValueError:
        raise _invalid("kind", f"'kind' is one of {', '.join(Labelled)}.") from None


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    moment = read_moment(text)
    if moment is None:
        raise _invalid("until", "'until' is a time as in 2026-07-01T12:00:00Z.")
    return moment


def _invalid(field: str, words: str) -> Rejected:
    return Rejected(400, "INVALID_FIELD", words, details={"field": field})
