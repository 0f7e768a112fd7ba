"""What the router knows of one community, under the names of the specification: `/api/router`.

Which community is said as `community`; a key that has one alone need not say it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request

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
from functions.communities.community_routes import MOST, MOST_ID, Most
from waddlebot.domain.entities import EntityId
from waddlebot.domain.errors import Rejected
from waddlebot.platforms import platform_names
from waddlebot.runtime.serve_app import caller_of
from waddlebot.stores.identities import Identities
from waddlebot.stores.looked_up import Looked
from waddlebot.stores.specified import SpecifiedRow
from waddlebot.stores.versions import Edit
from waddlebot_sdk.roles import Role

A_MINUTE = 30
USUAL_RECENT = 50
USUAL_HOURS, MOST_HOURS = 24, 720
MOST_CHARACTERS = 255

routes = APIRouter()
Hours = Annotated[int, Query(ge=1, le=MOST_HOURS)]
Words = Annotated[str, Query(max_length=MOST_CHARACTERS)]
MaybeWords = Annotated[str | None, Query(max_length=MOST_CHARACTERS)]


def looking(
    needed: Role, *, per_minute: int | None = None
) -> Callable[[Request, int | None], CommunityRequest]:
    """As `allowed`, for the community that is asked about, or the only one of this key.

    Raises:
        Rejected: as `allowed`; 400, no community is named and there is not just one.
    """
    ask_of = allowed(needed, per_minute=per_minute)

    def ask(request: Request, community: int | None = None) -> CommunityRequest:
        return ask_of(request, _the_one(request) if community is None else community)

    return ask


AsUser = Annotated[CommunityRequest, Depends(looking(Role.USER))]
AsModerator = Annotated[CommunityRequest, Depends(looking(Role.MODERATOR))]
AsUserNowAndThen = Annotated[CommunityRequest, Depends(looking(Role.USER, per_minute=A_MINUTE))]


@routes.get("/entities", openapi_extra=needs(Role.MODERATOR))
def list_entities(asked: AsModerator, after: Words = "", most: Most = MOST) -> Wire:
    """The places of the community, who owns each, and how it is heard."""
    found = _looked(asked).entities(after=after, most=most + 1)
    data = list(map(_entity, found[:most]))
    return paged(found, most, last=lambda row: row.columns["entity_id"], data=data)


@routes.get("/commands", openapi_extra=needs(Role.USER))
def list_commands(
    asked: AsUser,
    *,
    prefix: MaybeWords = None,
    entity: MaybeWords = None,
    after: Annotated[int, Query(ge=0, le=MOST_ID)] = 0,
    most: Most = MOST,
) -> Wire:
    """Every command, whether it is on here (with `entity`: in that place), and who may use it."""
    place = EntityId(entity) if entity else None
    found = _looked(asked).commands(prefix=prefix, entity=place, after=after, most=most + 1)
    data = list(map(_command, found[:most]))
    return paged(found, most, last=lambda row: row.id, data=data)


@routes.get("/responses/recent", openapi_extra=needs(Role.USER))
def list_responses(
    asked: AsUserNowAndThen,
    hours: Hours = USUAL_HOURS,
    before: MaybeWords = None,
    most: Annotated[int, Query(alias="limit", ge=1, le=MOST)] = USUAL_RECENT,
) -> Wire:
    """What commands answered, the newest first: to moderators all of it, to others their own.

    `next` is the next `before`. Of what was private or secret no text is kept.

    Raises Unavailable.
    """
    found = _looked(asked).calls(
        _since(hours), of=_whose(asked), before=before or None, most=most + 1
    )
    data = [_response(row, asked) for row in found[:most]]
    return paged(found, most, last=lambda row: row.id, data=data)


@routes.get("/responses/{execution_id}", openapi_extra=needs(Role.USER))
def show_response(
    execution_id: Annotated[str, Path(max_length=MOST_CHARACTERS)], asked: AsUser
) -> Wire:
    """One call: what was asked of which command, and what came of it.

    Raises:
        Rejected: 404, there is none that this key may see.
        Unavailable: no database answers.
    """
    found = _looked(asked).call(execution_id, of=_whose(asked))
    if found is None:
        raise Rejected(404, "UNKNOWN_EXECUTION", "There is no such execution for this key.")
    return told(_response(found, asked))


@routes.get("/metrics", openapi_extra=needs(Role.USER))
def show_metrics(asked: AsUserNowAndThen, hours: Hours = USUAL_HOURS) -> Wire:
    """How much there was in the last `hours`, as `!stats` says it of a day."""
    since = _since(hours)
    return told({"since": since.isoformat(), **asdict(_looked(asked).numbers(since))})


def _the_one(request: Request) -> int:
    """Raises Rejected: 400, there are several, or none."""
    caller = caller_of(request)
    seen: Sequence[int] = ()
    if not sees_all(caller):
        seen = seen_by(room_of(request).resources.postgres, caller)
    if len(seen) != 1:
        words = "Say which community, as ?community=7: GET /api/communities lists yours."
        raise Rejected(400, "MISSING_FIELD", words, details={"field": "community"})
    return seen[0]


def _looked(asked: CommunityRequest) -> Looked:
    return Looked(postgres=asked.postgres, community=asked.community)


def _since(hours: int) -> datetime:
    return datetime.now(UTC) - timedelta(hours=hours)


def _whose(asked: CommunityRequest) -> list[str] | None:
    """Whose calls may be seen, as `platform:id`; None is everybody's."""
    if asked.role.covers(Role.MODERATOR):
        return None
    if asked.caller.person is None:
        return [f"{one}:api:{asked.caller.account}" for one in platform_names()]
    with asked.postgres.writer() as connection:
        return [one.key for one in Identities(Edit(connection)).of(asked.caller.person)]


def _entity(row: SpecifiedRow) -> dict[str, Any]:
    return {
        **_taken(row, "id", "entity_id", "platform", "server_id", "channel_id", "owner"),
        "is_active": row.columns["is_heard"],
        "config": row.columns["config"],
        "connection": row.columns["connection"],
        "why": row.columns["why"],
        "webhook_url": row.columns["webhook_url"],
        **{
            name: _moment(row.columns[name])
            for name in ("last_activity", "created_at", "updated_at")
        },
    }


def _command(row: SpecifiedRow) -> dict[str, Any]:
    return {
        **_taken(row, "id", "prefix", "command", "own_name", "description", "module", "role"),
        **_taken(row, "location", "type", "method", "timeout", "auth_required", "rate_limit"),
        **_taken(row, "is_active", "is_enabled", "module_type", "trigger_type", "event_types"),
        **_taken(row, "priority", "execution_mode"),
    }


def _response(row: SpecifiedRow, asked: CommunityRequest) -> dict[str, Any]:
    """What went wrong inside is for those who look after the community."""
    is_watching = asked.role.covers(Role.MODERATOR)
    return {
        **_taken(row, "id", "execution_id", "command_id", "module", "command", "session_id"),
        **_taken(row, "entity_id", "platform", "user_id", "user_name"),
        **_taken(row, "message_content", "parameters", "request_payload"),
        **_taken(row, "response_status", "response_data", "status", "retry_count"),
        "execution_time_ms": row.columns["execution_time_ms"],
        "error_message": row.columns["error_message"] if is_watching else "",
        "occurred_at": row.columns["occurred_at"].isoformat(),
    }


def _taken(row: SpecifiedRow, *names: str) -> dict[str, Any]:
    return {name: row.columns[name] for name in names}


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
