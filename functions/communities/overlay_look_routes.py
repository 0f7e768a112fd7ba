"""The chat in OBS, and how all of it looks there."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import APIRouter
from pydantic import Field

from functions.communities.asking import CommunityRequest, Wire, needs, told
from functions.communities.community_routes import Body
from functions.communities.people_routes import AsModerator
from waddlebot.decisions.parts.chat_box.deeds import hide_chat, show_chat
from waddlebot.decisions.parts.event_list.deeds import hide_events, list_events
from waddlebot.decisions.parts.overlay_looks.deeds import set_css, set_theme
from waddlebot.domain.chat_box import ChatBox
from waddlebot.domain.entities import EntityId
from waddlebot.domain.event_list import USUAL_LINES
from waddlebot.domain.overlay_themes import THEMES, USUAL_THEME
from waddlebot.runtime.push_on import push_on
from waddlebot.stores.chat_boxes import find_box
from waddlebot.stores.event_lists import find_lines
from waddlebot.stores.overlay_looks import find_look
from waddlebot.stores.versions import Edit
from waddlebot_sdk.roles import Role

routes = APIRouter()


class ChatWanted(Body):
    """Of Twitch all channels are shown, unless one of them is among `places`."""

    places: list[str] = Field(default_factory=list)
    commands: bool | None = None


class EventsWanted(Body):
    """How many of the last are listed, 1 to 10."""

    lines: int = USUAL_LINES


class ThemeWanted(Body):
    theme: str


class CssWanted(Body):
    """Empty for none."""

    css: str


@routes.get("/{community}/overlays/look", openapi_extra=needs(Role.MODERATOR))
def show_look(asked: AsModerator) -> Wire:
    """The theme, those that there are, the style sheet, of which places the chat is shown, and how
    many of the last events are listed.
    """
    look, box = (
        find_look(asked.postgres, asked.community),
        find_box(asked.postgres, asked.community),
    )
    return told(
        {
            "theme": look.theme or USUAL_THEME,
            "themes": list(THEMES),
            "css": look.css,
            "chat": _box(box) if box else None,
            "events": find_lines(asked.postgres, asked.community),
        }
    )


@routes.put("/{community}/overlays/chat", openapi_extra=needs(Role.MODERATOR))
def put_chat(body: ChatWanted, asked: AsModerator) -> Wire:
    """In place of those that were shown before."""
    with asked.editing() as edit:
        places = [EntityId(one) for one in body.places]
        now = datetime.now(UTC)
        box = show_chat(edit, asked.asker, places=places, commands=body.commands, now=now)
    _show(edit, asked)
    return told(_box(box))


@routes.delete("/{community}/overlays/chat", openapi_extra=needs(Role.MODERATOR))
def delete_chat(asked: AsModerator) -> Wire:
    """Nothing of it is shown any more."""
    with asked.editing() as edit:
        hide_chat(edit, asked.asker, now=datetime.now(UTC))
    _show(edit, asked)
    return told(None)


@routes.put("/{community}/overlays/events", openapi_extra=needs(Role.MODERATOR))
def put_events(body: EventsWanted, asked: AsModerator) -> Wire:
    """The last follows, subs, gifts, cheers, raids, joins and boosts, on the source general."""
    with asked.editing() as edit:
        lines = list_events(edit, asked.asker, lines=body.lines, now=datetime.now(UTC))
    _show(edit, asked)
    return told({"lines": lines})


@routes.delete("/{community}/overlays/events", openapi_extra=needs(Role.MODERATOR))
def delete_events(asked: AsModerator) -> Wire:
    """None is listed any more."""
    with asked.editing() as edit:
        hide_events(edit, asked.asker, now=datetime.now(UTC))
    _show(edit, asked)
    return told(None)


@routes.put("/{community}/overlays/theme", openapi_extra=needs(Role.MODERATOR))
def put_theme(body: ThemeWanted, asked: AsModerator) -> Wire:
    with asked.editing() as edit:
        theme = set_theme(edit, asked.asker, theme=body.theme, now=datetime.now(UTC))
    _show(edit, asked)
    return told({"theme": theme})


@routes.put("/{community}/overlays/css", openapi_extra=needs(Role.MODERATOR))
def put_css(body: CssWanted, asked: AsModerator) -> Wire:
    """A style sheet of at most 16 kB that asks nobody for anything; as it is kept."""
    with asked.editing() as edit:
        css = set_css(edit, asked.asker, css=body.css, now=datetime.now(UTC))
    _show(edit, asked)
    return told({"css": css})


def _show(edit: Edit, asked: CommunityRequest) -> None:
    """To pages that look now."""
    push_on(edit.pushed, lambda: asked.room.resources.invoke)


def _box(box: ChatBox) -> Wire:
    return {"places": sorted(box.places), "commands": box.commands}
