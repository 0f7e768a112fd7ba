"""What OBS shows: its addresses, a sample on it, and nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from fastapi import APIRouter

from functions.communities.asking import CommunityRequest, Wire, needs, told
from functions.communities.community_routes import Body
from functions.communities.people_routes import AsModerator
from waddlebot.decisions.overlays import (
    clear_overlays,
    control_overlays,
    rotate_overlays,
    show_overlays,
    try_overlay,
)
from waddlebot.runtime.push_on import push_on
from waddlebot.stores.overlay_tokens import OverlayAddress
from waddlebot.stores.sealing import Seal
from waddlebot.stores.versions import Edit
from waddlebot_sdk.roles import Role

routes = APIRouter()


class SourceWanted(Body):
    """Without a source all of them are meant."""

    source: str = ""


class ControlWanted(SourceWanted):
    """`pause`, `resume`, `skip`, `replay`, `blackout` or `light`."""

    control: str


class SampleWanted(Body):
    kind: str = ""


@routes.get("/{community}/overlays", openapi_extra=needs(Role.MODERATOR))
def show_addresses(asked: AsModerator, source: str = "") -> Wire:
    """Secrets: whoever has an address sees what the community shows. What has none gets its first.

    Raises Refusal.
    """
    with asked.editing() as edit:
        found = show_overlays(edit, asked.asker, lambda: _seal(asked), source=source)
    return told(_described(found, asked))


@routes.post("/{community}/overlays/rotate", openapi_extra=needs(Role.MODERATOR))
def rotate_addresses(body: SourceWanted, asked: AsModerator) -> Wire:
    """Others instead; those before work for five minutes, and nobody brings them back."""
    with asked.editing() as edit:
        made = rotate_overlays(
            edit,
            asked.asker,
            lambda: _seal(asked),
            now=datetime.now(UTC),
            source=body.source,
        )
    return told(_described(made.addresses, asked), before_works_until=made.until.isoformat())


@routes.post("/{community}/overlays/test", openapi_extra=needs(Role.MODERATOR))
def show_sample(body: SampleWanted, asked: AsModerator) -> Wire:
    with asked.editing() as edit:
        kind, source = try_overlay(edit, asked.asker, now=datetime.now(UTC), kind=body.kind)
    _show(edit, asked)
    return told({"kind": kind, "source": source})


@routes.post("/{community}/overlays/clear", openapi_extra=needs(Role.MODERATOR))
def show_nothing(body: SourceWanted, asked: AsModerator) -> Wire:
    """Neither what is shown now nor what waits to be."""
    with asked.editing() as edit:
        cleared = clear_overlays(edit, asked.asker, now=datetime.now(UTC), source=body.source)
    _show(edit, asked)
    return told({"sources": list(cleared)})


@routes.post("/{community}/overlays/control", openapi_extra=needs(Role.MODERATOR))
def control_queue(body: ControlWanted, asked: AsModerator) -> Wire:
    """What waits is held, goes on, gives way to the next, or the last one comes once more; all
    of it is dark and silent, or no more.
    """
    with asked.editing() as edit:
        done = control_overlays(
            edit, asked.asker, now=datetime.now(UTC), control=body.control, source=body.source
        )
    _show(edit, asked)
    return told({"sources": list(done)})


def _show(edit: Edit, asked: CommunityRequest) -> None:
    """To pages that look now."""
    push_on(edit.pushed, lambda: asked.room.resources.invoke)


def _seal(asked: CommunityRequest) -> Seal:
    return asked.room.resources.seal_or_lost


def _described(found: Sequence[OverlayAddress], asked: CommunityRequest) -> list[Wire]:
    """The address is a path where nobody said under which name this house is found."""
    public = asked.room.resources.public_address
    return [
        {"source": one.source, "address": public.at(one.path), "generation": one.generation}
        for one in found
    ]
