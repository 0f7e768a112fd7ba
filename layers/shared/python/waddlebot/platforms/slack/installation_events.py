"""What Slack tells of the leave that workspaces and organisations gave the app, and took back.

Docs: "app_uninstalled", "tokens_revoked", "team_access_granted", "team_access_revoked".
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from waddlebot.domain.events import MessageType
from waddlebot.platforms.fields import dig, first_id, id_at, is_true, list_at, objects_at, text_at
from waddlebot.platforms.reading import PlatformPlace, Reading, hashed, received
from waddlebot.platforms.received import Action, Received

ENDINGS = frozenset({"app_uninstalled", "tokens_revoked"})
ACCESS = {"team_access_granted": "granted", "team_access_revoked": "revoked"}
"""Of an organisation that let the app in as a whole: which of its workspaces it may enter."""
_MOST_TEAMS = 1_000
_MOST_PEOPLE = 100


def read_installation(
    envelope: dict[str, Any], event: dict[str, Any], *, occurred_at: datetime
) -> Received:
    """`event` is one of ENDINGS or ACCESS. Its place is whoever gave that leave."""
    kind = text_at(event, "type")
    place = PlatformPlace(platform="slack", server=_home(envelope, event))
    if kind in ENDINGS:
        is_bots = kind == "app_uninstalled" or bool(dig(event, "tokens", "bot"))
        people = _people(event)
        data: dict[str, Any] = {"ended": kind, "is_bots": is_bots}
        data |= {"people": people} if people else {}
    else:
        data = {ACCESS[kind]: _teams(event)}
    told = received(
        Reading(
            type=MessageType.PROFILE_CHANGE,
            place=place,
            data=data,
            own_id=id_at(envelope, "event_id") or hashed(kind, place, text_at(event, "event_ts")),
            occurred_at=occurred_at,
            watched_only=True,
        )
    )
    return msgspec.structs.replace(told, event=None, watched=told.event, action=Action.LIFECYCLE)


def _home(envelope: dict[str, Any], event: dict[str, Any]) -> str:
    """The organisation where it is that which let the app in, else the workspace."""
    authorizations = objects_at(envelope, "authorizations")
    whole = next((one for one in authorizations if is_true(one, "is_enterprise_install")), {})
    organisation = first_id(id_at(whole, "enterprise_id"), id_at(envelope, "enterprise_id"))
    is_whole = bool(whole) or text_at(event, "type") in ACCESS
    if organisation and is_whole:
        return organisation
    return first_id(id_at(envelope, "team_id"), organisation)


def _people(event: dict[str, Any]) -> list[str]:
    """Whose own tokens ended."""
    return [one for one in list_at(event, "tokens", "oauth") if _is_id(one)][:_MOST_PEOPLE]


def _teams(event: dict[str, Any]) -> list[str]:
    found = event.get("team_ids")
    teams = found if isinstance(found, list) else []
    return [one for one in teams if _is_id(one)][:_MOST_TEAMS]


def _is_id(one: object) -> bool:
    return isinstance(one, str) and one.isascii() and one.isalnum()
