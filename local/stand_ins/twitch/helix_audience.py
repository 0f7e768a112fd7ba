"""Who follows a channel and subscribes to it, its emotes and clips, as Helix tells who may know.

Docs: "Get Channel Followers", "Get Broadcaster Subscriptions", "Get Channel Emotes", "Get Clips".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from local.stand_ins.asgi import AsgiAnswer, AsgiRequest, json_answer
from local.stand_ins.places import StandInPlace
from local.stand_ins.twitch.granted import StandInGrants
from local.stand_ins.twitch.helix_answers import error

FOLLOWERS, SUBSCRIBERS, POINTS = 1_200, 50, 60
FOLLOWED = "2020-01-01T00:00:00Z"
"""Since when everybody follows whose id is an even number; nobody else does."""
_NO_CHANNEL = "The broadcaster_id is not valid."


@dataclass(frozen=True, slots=True)
class StandInAudience:
    granted: StandInGrants
    place: Callable[[str], StandInPlace | None]

    async def followers(self, request: AsgiRequest) -> AsgiAnswer:
        """Who they are only those are told who may moderate; how many, everybody."""
        may = self._may(request, "moderator:read:followers")
        if not may and self.place(request.ask("broadcaster_id")) is None:
            return error(400, "Bad Request", _NO_CHANNEL)
        user = request.ask("user_id")
        follows = may and user.isdigit() and int(user) % 2 == 0
        data = [{"user_id": user, "followed_at": FOLLOWED}] if follows else []
        return json_answer({"total": FOLLOWERS, "data": data, "pagination": {}})

    async def subscriptions(self, request: AsgiRequest) -> AsgiAnswer:
        if not self._may(request, "channel:read:subscriptions"):
            words = "Missing scope: channel:read:subscriptions"
            return error(401, "Unauthorized", words)
        return json_answer({"data": [], "pagination": {}, "total": SUBSCRIBERS, "points": POINTS})

    async def emotes(self, request: AsgiRequest) -> AsgiAnswer:
        if self.place(request.ask("broadcaster_id")) is None:
            return error(400, "Bad Request", _NO_CHANNEL)
        return json_answer(
            {"data": [{"id": "1", "name": "pondWave"}, {"id": "2", "name": "pondHug"}]}
        )

    async def clips(self, request: AsgiRequest) -> AsgiAnswer:
        """Two of every channel, whoever's it is."""
        channel = request.ask("broadcaster_id")
        if not channel:
            return error(400, "Bad Request", "One of id, game_id, broadcaster_id is required.")
        data = [
            {
                "id": f"WaddlingPenguin{number}-{channel}",
                "url": f"https://clips.twitch.tv/WaddlingPenguin{number}-{channel}",
                "broadcaster_id": channel,
                "title": f"Waddling {number}",
                "view_count": 30 - number,
                "duration": 12.5,
            }
            for number in (1, 2)
        ]
        return json_answer({"data": data, "pagination": {}})

    def _may(self, request: AsgiRequest, scope: str) -> bool:
        """With the token of whose channel it is."""
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        given = self.granted.find(token)
        return (
            given is not None
            and scope in given.scopes
            and given.user == request.ask("broadcaster_id")
        )
