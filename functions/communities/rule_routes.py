"""Rules that watch what is written, and limits of commands: one by one, as in chat."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field

from functions.communities.asking import Wire, needs, told
from functions.communities.community_routes import MOST_ID, AsUser, Body, read_role
from functions.communities.people_routes import AsModerator
from waddlebot.decisions.parts.limits.deeds import clear_limits, set_limit
from waddlebot.decisions.parts.rules.deeds import add_rule, turn_off_rule
from waddlebot.domain.entities import EntityId
from waddlebot.domain.errors import Rejected
from waddlebot.domain.limits import Limit
from waddlebot.domain.string_rules import USUAL_PRIORITY, MatchType, RuleAction, StringRule
from waddlebot.stores.community_list import CommunityList
from waddlebot_sdk.roles import Role

routes = APIRouter()


class RuleWanted(Body):
    """As the text form has it; `places` left out are all of the community's."""

    match: str = Field(
        description=f"one of {', '.join(MatchType)}",
        json_schema_extra={"enum": [one.value for one in MatchType]},
    )
    pattern: str
    action: str = Field(
        default=RuleAction.WARN.value,
        description="one of " + ", ".join(RuleAction),
        json_schema_extra={"enum": [one.value for one in RuleAction]},
    )
    say: str = ""
    command: str = ""
    webhook: str = ""
    timeout_seconds: int = 0
    priority: int = USUAL_PRIORITY
    case_sensitive: bool = False
    places: list[str] = Field(default_factory=list, max_length=1_000)


class LimitWanted(Body):
    """So many `calls` in so many `seconds`; 0 calls are as often as one likes. `command` empty is
    all commands, counted as one where they are limited `together`."""

    command: str
    calls: int
    seconds: int
    together: bool = False
    role: str = Role.USER.value
    place: str | None = None


@routes.get("/{community}/rules", openapi_extra=needs(Role.MODERATOR))
def list_rules(asked: AsModerator) -> Wire:
    """Those at work, in the order in which they are looked at."""
    return told(list(map(_rule, CommunityList(asked.postgres).rules(asked.community))))


@routes.post("/{community}/rules", openapi_extra=needs(Role.MODERATOR))
def post_rule(body: RuleWanted, asked: AsModerator) -> Wire:
    """The rule as it was added. Raises Rejected: 400; Refusal where it may not be."""
    wanted = StringRule(
        id=0,
        match_type=_one_of(MatchType, "match", body.match),
        pattern=body.pattern,
        action=_one_of(RuleAction, "action", body.action),
        case_sensitive=body.case_sensitive,
        priority=body.priority,
        entities=frozenset(map(EntityId, body.places)),
        say=body.say,
        command=body.command,
        webhook=body.webhook,
        timeout_seconds=body.timeout_seconds,
    )
    with asked.editing() as edit:
        added = add_rule(edit, asked.asker, wanted)
    return told(_rule(added))


@routes.delete("/{community}/rules", openapi_extra=needs(Role.MODERATOR))
def delete_rule(number: Annotated[int, Query(ge=0, le=MOST_ID)], asked: AsModerator) -> Wire:
    """It is off; `!rules undo` brings it back."""
    with asked.editing() as edit:
        turn_off_rule(edit, asked.asker, number=number)
    return told({"number": number})


@routes.get("/{community}/limits", openapi_extra=needs(Role.USER))
def list_limits(asked: AsUser) -> Wire:
    return told(list(map(_limit, CommunityList(asked.postgres).limits(asked.community))))


@routes.put("/{community}/limits", openapi_extra=needs(Role.MODERATOR))
def put_limit(body: LimitWanted, asked: AsModerator) -> Wire:
    """In place of the one for the same command, people, role and place."""
    limit = Limit(
        command=body.command.lower(),
        calls=body.calls,
        seconds=body.seconds,
        together=body.together,
        role=read_role(body.role),
        entity=EntityId(body.place) if body.place else None,
    )
    with asked.editing() as edit:
        set_limit(edit, asked.asker, limit)
    return told(_limit(limit))


@routes.delete("/{community}/limits", openapi_extra=needs(Role.MODERATOR))
def delete_limits(command: str, asked: AsModerator) -> Wire:
    """All of this command's, or of all commands counted as one."""
    with asked.editing() as edit:
        cleared = clear_limits(edit, asked.asker, command=command)
    return told(list(map(_limit, cleared)))


def _rule(rule: StringRule) -> dict[str, Any]:
    return {
        "number": rule.id,
        "match": rule.match_type.value,
        "pattern": rule.pattern,
        "action": rule.action.value,
        "say": rule.say,
        "command": rule.command,
        "webhook": rule.webhook,
        "timeout_seconds": rule.timeout_seconds,
        "priority": rule.priority,
        "case_sensitive": rule.case_sensitive,
        "places": sorted(rule.entities),
    }


def _limit(limit: Limit) -> dict[str, Any]:
    return {
        "command": limit.command,
        "calls": limit.calls,
        "seconds": limit.seconds,
        "together": limit.together,
        "role": limit.role.value,
        "place": limit.entity,
    }


def _one_of(kinds: Any, field: str, typed: str) -> Any:
    """Raises Rejected: 400."""
    try:
        return kinds(typed)
    except ValueError:
        words = f"'{field}' is one of {', '.join(kinds)}."
        raise Rejected(400, "INVALID_FIELD", words, details={"field": field}) from None
