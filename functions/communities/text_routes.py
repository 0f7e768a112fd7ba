"""A community as text: written out, compared, read in, and taken back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends

from functions.communities.asking import CommunityRequest, Wire, allowed, needs, told
from functions.communities.community_routes import Body
from functions.communities.text_form import TOML
from waddlebot.decisions.facts import load_facts
from waddlebot.decisions.text import bring_text, take_back_text
from waddlebot_sdk.roles import Role

A_MINUTE = 10

routes = APIRouter()
AsAdmin = Annotated[CommunityRequest, Depends(allowed(Role.ADMIN, per_minute=A_MINUTE))]
AsOwner = Annotated[CommunityRequest, Depends(allowed(Role.OWNER, per_minute=A_MINUTE))]


class Undo(Body):
    """`dry_run`: only say what would be taken back."""

    dry_run: bool = False


class Text(Body):
    """`dry_run`: only say what would change."""

    text: str
    dry_run: bool = False


@routes.get("/{community}/text", openapi_extra=needs(Role.ADMIN))
def export(asked: AsAdmin) -> Wire:
    """`{"text"}`: settings, commands, rules, limits, labels and roles, and no secrets.

    Raises Unavailable.
    """
    with asked.postgres.writer() as connection:
        return told({"text": TOML.write(load_facts(connection, asked.community))})


@routes.put("/{community}/text", openapi_extra=needs(Role.OWNER))
def bring_in(body: Text, asked: AsOwner) -> Wire:
    """`{"changes": [words], "dry_run"}`: afterwards the community is as the text says.

    All of it or nothing. What is made is checked as if it were made by hand.
    """
    with asked.editing() as edit:
        done = bring_text(edit, asked.asker, text=body.text, form=TOML, is_trial=body.dry_run)
    return _told(done, is_trial=body.dry_run)


@routes.post("/{community}/text/undo", openapi_extra=needs(Role.OWNER))
def take_back(asked: AsOwner, body: Undo | None = None) -> Wire:
    """`{"changes": [words], "dry_run"}`: as it was before the last text was read in.

    What was done since goes as well: `also, done since by …`. It cannot be taken back itself.
    """
    is_trial = body is not None and body.dry_run
    with asked.editing() as edit:
        done = take_back_text(edit, asked.asker, form=TOML, is_trial=is_trial)
    return _told(done, is_trial=is_trial)


def _told(done: Sequence[str], *, is_trial: bool) -> Wire:
    return told({"changes": done, "dry_run": is_trial})
