"""EventSub's subscriptions: made, listed, ended, and taken back by whoever had allowed them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from local.stand_ins.asgi import AsgiAnswer, AsgiRequest, Json, json_answer
from local.stand_ins.twitch.granted import StandInGrants
from local.stand_ins.twitch.helix_answers import error
from waddlebot.platforms.twitch.connecting import SUBSCRIPTIONS
from waddlebot.platforms.twitch.endings import AUTHORIZATION_REVOKED

_A_PAGE = 100
_GIVEN = {one.kind: one.given_by_channel for one in SUBSCRIPTIONS}
_OF_MODERATORS = frozenset(one.kind for one in SUBSCRIPTIONS if one.of == "moderator_user_id")

Subscribe = Callable[[Json], Awaitable[Json]]


class StandInSubscriptions:
    """`subscribe` takes the body of a new subscription, and returns it as it stands then."""

    def __init__(self, granted: StandInGrants, subscribe: Subscribe) -> None:
        self._granted = granted
        self._subscribe = subscribe
        self._subscriptions: list[Json] = []

    async def add(self, request: AsgiRequest) -> AsgiAnswer:
        body = request.fields()
        condition = body.get("condition") or {}
        if not body.get("type") or not (body.get("transport") or {}).get("callback"):
            return error(400, "Bad Request", "type and transport.callback are required")
        if not 10 <= len(str(body["transport"].get("secret", ""))) <= 100:
            return error(400, "Bad Request", "secret must be between 10 and 100 characters")
        if not self._is_allowed(str(body["type"]), condition):
            return error(403, "Forbidden", "subscription missing proper authorization")
        alike = [one for one in self._subscriptions if _is_alike(one, body["type"], condition)]
        if any(one["status"] in ("enabled", _PENDING) for one in alike):
            return error(409, "Conflict", "subscription already exists")
        subscription = await self._subscribe(body)
        self._subscriptions = [one for one in self._subscriptions if one not in alike]
        self._subscriptions.append(subscription)
        return json_answer({"data": [subscription], **self._totals()}, 202)

    async def show(self, request: AsgiRequest) -> AsgiAnswer:
        kind = request.ask("type")
        found = [s for s in self._subscriptions if kind in ("", s["type"])]
        start = int(request.ask("after") or 0)
        end = start + _A_PAGE
        cursor = {"cursor": str(end)} if end < len(found) else {}
        return json_answer({"data": found[start:end], **self._totals(), "pagination": cursor})

    async def drop(self, request: AsgiRequest) -> AsgiAnswer:
        kept = [s for s in self._subscriptions if s["id"] != request.ask("id")]
        if len(kept) == len(self._subscriptions):
            return error(404, "Not Found", "subscription not found")
        self._subscriptions = kept
        return AsgiAnswer(status=204)

    def revoke(self, channel: str) -> None:
        """As if somebody had taken the application's rights to this channel back."""
        for subscription in self._subscriptions:
            if channel in subscription["condition"].values():
                subscription["status"] = "authorization_revoked"

    def tells_of(self, kind: str, channel: str) -> bool:
        """Whether this is told. Who never went through Twitch's page here is told of anyway."""
        if not self._granted.is_met(channel):
            return True
        return any(
            one["type"] == kind and one["status"] == "enabled" for one in self.of_channel(channel)
        )

    def tells_of_endings(self) -> bool:
        """Whether the application wants to hear that somebody took back what they allowed."""
        good = (one for one in self._subscriptions if one["status"] == "enabled")
        return any(one["type"] == AUTHORIZATION_REVOKED for one in good)

    def of_channel(self, channel: str) -> list[Json]:
        return [one for one in self._subscriptions if channel in one["condition"].values()]

    def _is_allowed(self, kind: str, condition: Json) -> bool:
        channel = str(condition.get("broadcaster_user_id", ""))
        if kind in _OF_MODERATORS and self._granted.is_met(channel):
            return False  # nobody typed /mod there
        return self._granted.may(channel, _GIVEN.get(kind, ()))

    def _totals(self) -> Json:
        return {"total": len(self._subscriptions), "total_cost": 0, "max_total_cost": 10_000}


_PENDING = "webhook_callback_verification_pending"


def _is_alike(subscription: Json, kind: str, condition: Json) -> bool:
    return bool((subscription["type"], subscription["condition"]) == (kind, condition))
