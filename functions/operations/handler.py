"""What operators ask and decide: health, an event's story, streams, claims, letters, keys."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from functions.operations.accounts import Accounts
from functions.operations.changes import read_changes
from functions.operations.claims import ClaimsDoor
from functions.operations.doubts import Doubts
from functions.operations.health import ANSWERS, Health
from functions.operations.letters import Letters
from functions.operations.people import PeopleDoor
from functions.operations.rules import Rules
from functions.operations.sealing import Sealing
from functions.operations.stream_figures import read_streams
from functions.operations.tables import read_specified
from functions.operations.wishes import read_refused
from waddlebot.domain import sayings
from waddlebot.domain.entities import EntityId
from waddlebot.domain.errors import Rejected
from waddlebot.platforms.shown_names import ShownNames
from waddlebot.runtime.callers import Callers
from waddlebot.runtime.environment import Environment
from waddlebot.runtime.logs import Logger
from waddlebot.runtime.methods import as_asked
from waddlebot.runtime.resources import Resources
from waddlebot.runtime.room_logs import room_log
from waddlebot.runtime.serve_http import Route, serve_http
from waddlebot.stores.api_keys import ADMIN, COLLECTOR, ApiKeys
from waddlebot.stores.dead_letters import DeadLetters
from waddlebot.stores.own_words import read_words
from waddlebot.stores.records import Records
from waddlebot.stores.shown_names import names_of_places

SERVICE = "operations"
HEALTH = "GET /health"

Wire = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationsRoom:
    """Kept as long as the process lives."""

    resources: Resources
    callers: Callers

    def explain(self, event_id: str) -> Wire:
        """`{"event_id", "message", "happening", "verdicts": [{…, "words"}], "place"}`; one of the
        two in the middle stands for a while. Raises Rejected: 404."""
        found = Records(self.resources.postgres).explain(event_id)
        if found is None:
            raise Rejected(
                404,
                "UNKNOWN_EVENT",
                "Nothing was recorded of this event. It may still wait, or be a dead letter.",
            )
        verdicts = list(map(self._in_words, found["verdicts"]))
        return {
            "success": True,
            "event_id": event_id,
            "message": found["message"],
            "happening": found["happening"],
            "verdicts": verdicts,
            "place": self._place(found),
        }

    def _place(self, found: Wire) -> str:
        """Where it was, as people call it."""
        told = [one for one in (found["message"], found["happening"], *found["verdicts"]) if one]
        place = EntityId(told[0]["entity_id"])
        return ShownNames(places=names_of_places(self.resources.postgres, [place])).place(place)

    def _in_words(self, row: Mapping[str, Any]) -> Wire:
        """Commands are named as they are called in their community now."""
        words = read_words(self.resources.postgres, row["community_id"])
        said = sayings.explain_row(row, person=row["user_name"] or "Nobody")
        refused = [{**one, "why": words.reword(one["why"])} for one in row["refused"] or ()]
        return {**row, "words": words.reword(said), "refused": refused or None}

    def streams(self) -> Wire:
        return {"success": True, **read_streams(self.resources.streams, self.resources.partitions)}

    def claims(self, log: Logger) -> ClaimsDoor:
        return ClaimsDoor(self.resources, log)

    def accounts(self, log: Logger) -> Accounts:
        return Accounts(ApiKeys(self.resources.postgres, self.resources.cache), log)

    def changes(self, query: Mapping[str, str]) -> Wire:
        return read_changes(self.resources.postgres, query)

    def table(self, name: str, query: Mapping[str, str]) -> Wire:
        return read_specified(self.resources.postgres, name, query)

    def wishes(self, query: Mapping[str, str]) -> Wire:
        return read_refused(self.resources.postgres, query)

    def letters(self, log: Logger) -> Letters:
        return Letters(DeadLetters(self.resources.streams, self.resources.partitions), log)

    def doubts(self, log: Logger) -> Doubts:
        return Doubts(self.resources.postgres, log)


def handler(aws_event: Mapping[str, Any], context: Any) -> Wire:
    """API Gateway's event, payload format 2.0.

    `/health` needs no key and tells nothing but who answers. Asking needs the scope `collector`,
    deciding the scope `admin`.
    """
    aws_event = as_asked(aws_event)
    if aws_event.get("routeKey") == HEALTH:
        return health(Environment.of_process())
    log = room_log(SERVICE, context)
    room = build_room()
    # A GET has no body; the door reads JSON.
    event = {"body": "null", **aws_event}
    return serve_http(
        event, context, routes=_routes(room, event, log), callers=room.callers, log=log
    )


def health(environment: Environment) -> Wire:
    """200 where every server does its work, else 503: `{"success", "servers": {name: words}}`."""
    servers = found_health().check(environment)
    is_well = all(words == ANSWERS for words in servers.values())
    return {
        "statusCode": 200 if is_well else 503,
        "headers": {"content-type": "application/json", "cache-control": "no-store"},
        "body": json.dumps({"success": is_well, "servers": servers}),
    }


def forget() -> None:
    """Gives back what this process keeps between invocations."""
    if build_room.cache_info().currsize:
        build_room().resources.close()
    build_room.cache_clear()
    found_health.cache_clear()


@cache
def found_health() -> Health:
    return Health()


@cache
def build_room() -> OperationsRoom:
    resources = Resources(Environment.of_process())
    return OperationsRoom(
        resources=resources,
        callers=Callers(ApiKeys(resources.postgres, resources.cache), resources.limits),
    )


def _routes(room: OperationsRoom, event: Mapping[str, Any], log: Logger) -> tuple[Route, ...]:
    """What stands in path and query is the routes' own; the rest comes with the request."""
    path: Mapping[str, str] = event.get("pathParameters") or {}
    query: Mapping[str, str] = event.get("queryStringParameters") or {}
    letters, accounts = room.letters(log), room.accounts(log)
    people, doubts = PeopleDoor(room.resources, log), room.doubts(log)
    claims = room.claims(log)
    at = "/api/operations"
    return (
        # Answered before, without a key; here for whoever asks it by another method.
        Route(key=HEALTH, answer=lambda _: health(Environment.of_process())),
        Route(
            key=f"GET {at}/events/{{event_id}}",
            answer=lambda _: room.explain(path["event_id"]),
            scope=COLLECTOR,
        ),
        Route(key=f"GET {at}/streams", answer=lambda _: room.streams(), scope=COLLECTOR),
        Route(key=f"GET {at}/claims", answer=lambda _: claims.show(), scope=COLLECTOR),
        Route(key=f"POST {at}/claims/prefer", answer=claims.prefer, scope=ADMIN),
        Route(key=f"GET {at}/dead-letters", answer=lambda _: letters.page(query), scope=COLLECTOR),
        Route(
            key=f"GET {at}/dead-letters/{{id}}",
            answer=lambda _: letters.show(path["id"]),
            scope=COLLECTOR,
        ),
        Route(key=f"POST {at}/dead-letters/replay", answer=letters.replay, scope=ADMIN),
        Route(key=f"POST {at}/dead-letters/drop", answer=letters.drop, scope=ADMIN),
        Route(key=f"GET {at}/calls-in-doubt", answer=lambda _: doubts.page(), scope=COLLECTOR),
        Route(key=f"POST {at}/calls-in-doubt/settle", answer=doubts.settle, scope=ADMIN),
        Route(key=f"GET {at}/refused-wishes", answer=lambda _: room.wishes(query), scope=COLLECTOR),
        Route(key=f"POST {at}/rules/undo", answer=Rules(room.resources, log).undo, scope=ADMIN),
        Route(key=f"GET {at}/keys", answer=lambda _: accounts.keys(), scope=ADMIN),
        Route(key=f"POST {at}/keys", answer=accounts.make, scope=ADMIN),
        Route(key=f"POST {at}/keys/rotate", answer=accounts.rotate, scope=ADMIN),
        Route(key=f"POST {at}/keys/revoke", answer=accounts.revoke, scope=ADMIN),
        Route(
            key=f"POST {at}/keys/rotate-seal",
            answer=Sealing(room.resources, log).rotate,
            scope=ADMIN,
        ),
        Route(
            key=f"GET {at}/tables/{{table}}",
            answer=lambda _: room.table(path["table"], query),
            scope=ADMIN,
        ),
        Route(key=f"GET {at}/changes", answer=lambda _: room.changes(query), scope=ADMIN),
        Route(key=f"POST {at}/people/export", answer=people.export, scope=ADMIN),
        Route(key=f"POST {at}/people/erase", answer=people.erase, scope=ADMIN),
    )
