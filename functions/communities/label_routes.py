"""Labels, and what they hang on."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query

from functions.communities.asking import Asked, Wire, needs, paged, told
from functions.communities.community_routes import MOST, AsUser, Body, Most
from functions.communities.people_routes import AsModerator
from waddlebot.domain.errors import Rejected
from waddlebot.domain.labels import USUAL_COLOR, Labelled, read_color, read_label_name
from waddlebot.domain.moments import read_moment
from waddlebot.stores.labels import Labels, LabelSearch, Thing
from waddlebot_sdk.roles import Role

MOST_AT_ONCE = 1_000
MOST_ID_CHARACTERS = 255

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
def make_label(body: Made, asked: AsModerator) -> Wire:
    name, color = read_label_name(body.name), read_color(body.color)
    with asked.editing() as edit:
        Labels(edit, asked.community).make(name, color)
    return told({"name": name, "color": color})


@routes.patch("/{community}/labels", openapi_extra=needs(Role.MODERATOR))
def recolor_label(body: Made, asked: AsModerator) -> Wire:
    name, color = read_label_name(body.name), read_color(body.color)
    with asked.editing() as edit:
        Labels(edit, asked.community).recolor(name, color)
    return told({"name": name, "color": color})


@routes.delete("/{community}/labels", openapi_extra=needs(Role.MODERATOR))
def drop_label(name: str, asked: AsModerator) -> Wire:
    """It is taken from everything it hangs on."""
    with asked.editing() as edit:
        taken = Labels(edit, asked.community).drop(read_label_name(name))
    return told({"taken_from": taken})


@routes.get("/{community}/labels/on", openapi_extra=needs(Role.USER))
def list_labels_on(kind: str, thing: str, asked: AsUser) -> Wire:
    """A flat list of names, and until when each holds."""
    found = _search(asked).on(_thing(kind, thing))
    return told(
        [{"name": one.name, "until": one.until.isoformat() if one.until else None} for one in found]
    )


@routes.post("/{community}/labels/on", openapi_extra=needs(Role.MODERATOR))
def hang_label(body: Hung, asked: AsModerator) -> Wire:
    """On all of the things, or none: the first that cannot have it says why."""
    things, name, until = _things(body), read_label_name(body.label), _moment(body.until)
    with asked.editing() as edit:
        for thing in things:
            Labels(edit, asked.community).apply(thing, name, until=until)
    return told({"label": name, "things": len(things)})


@routes.delete("/{community}/labels/on", openapi_extra=needs(Role.MODERATOR))
def take_label(kind: str, thing: str, label: str, asked: AsModerator) -> Wire:
    with asked.editing() as edit:
        Labels(edit, asked.community).take(_thing(kind, thing), read_label_name(label))
    return told({"label": read_label_name(label)})


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


def _search(asked: Asked) -> LabelSearch:
    return LabelSearch(asked.postgres, asked.community, version=asked.version)


def _things(body: Hung) -> list[Thing]:
    if not 1 <= len(body.things) <= MOST_AT_ONCE:
        raise _invalid("things", f"'things' holds 1 to {MOST_AT_ONCE:,} ids.")
    return [_thing(body.kind, one) for one in dict.fromkeys(body.things)]


def _thing(kind: str, thing: str) -> Thing:
    read = _kind(kind)
    if len(thing) > MOST_ID_CHARACTERS or not thing.isprintable():
        raise _invalid("thing", f"An id has {MOST_ID_CHARACTERS} characters at most.")
    if bool(thing) is (read is Labelled.COMMUNITY):
        raise _invalid("thing", "An id is needed, and for the community itself none.")
    return Thing(kind=read, id=thing)


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
