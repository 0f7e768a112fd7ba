"""Twitch's Helix API, as far as a chat bot uses it; errors in Twitch's words."""

from __future__ import annotations

import re
import time
import uuid
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable
from functools import partial

from local.stand_ins.asgi import AsgiAnswer, AsgiRequest, Json, PathRouter, json_answer
from local.stand_ins.event_ids import twitch_event_id
from local.stand_ins.faults import too_many_on_twitch
from local.stand_ins.pace import StandInPace
from local.stand_ins.people import TWITCH_BOT_USER, StandInPerson, find_by_login
from local.stand_ins.places import StandInPlace
from local.stand_ins.platform import Surroundings
from local.stand_ins.twitch.granted import StandInGrants
from local.stand_ins.twitch.helix_answers import dropped, error, with_points
from local.stand_ins.twitch.helix_audience import StandInAudience
from local.stand_ins.twitch.helix_channels import StandInChannels
from local.stand_ins.twitch.helix_rights import refusal
from local.stand_ins.twitch.helix_shoutouts import StandInShoutouts
from local.stand_ins.twitch.payloads import BOT_LOGIN, AnsweredLine, user_body
from local.stand_ins.twitch.subscriptions import StandInSubscriptions
from waddlebot_sdk.roles import Role

_KEPT = 5_000
_MOST_CHARACTERS = 500
_MOST_WHISPERED = 10_000
_MOST_ASKED = 100
_STARTED = "2026-01-01T00:00:00Z"
"""As if everything had been on air for long."""

USER_TOKEN = "user-"  # noqa: S105 - no secret
"""Before the one token, it is the bot's own: signed in, and not the application's."""
_APP_ALONE = "The for_source_only parameter can only be set when using an App Access Token."

_Work = Callable[[AsgiRequest], Awaitable[AsgiAnswer]]


class StandInHelix:
    def __init__(
        self, around: Surroundings, granted: StandInGrants, subscriptions: StandInSubscriptions
    ) -> None:
        self._around = around
        self._granted = granted
        self.subscriptions = subscriptions
        self.on_air: dict[str, int] = {}
        """How many watch, by channel."""
        self._shoutouts = StandInShoutouts()
        self._lines: OrderedDict[str, tuple[StandInPlace, str, StandInPerson | None]] = (
            OrderedDict()
        )
        self._deleted: deque[str] = deque(maxlen=_KEPT)
        # 100 messages in 30 seconds where the bot is a moderator, as it is in every place here.
        self._chat_pace = StandInPace(100, 30.0)

    def routes(self, router: PathRouter) -> None:
        audience = StandInAudience(self._granted, self._place)
        channels = StandInChannels(self._place, partial(self._around.people.by_id, "twitch"))
        for method, path, work in (
            ("GET", "/users", self._users),
            ("POST", "/chat/messages", self._send),
            ("POST", "/chat/announcements", self._announce),
            ("POST", "/chat/shoutouts", self._shout_out),
            ("DELETE", "/moderation/chat", self._delete),
            ("POST", "/moderation/bans", self._ban),
            ("DELETE", "/moderation/bans", self._unban),
            ("POST", "/moderation/warnings", self._warn),
            ("POST", "/whispers", self._whisper),
            ("GET", "/channels", channels.show),
            ("PATCH", "/channels", channels.modify),
            ("GET", "/search/categories", channels.search),
            ("GET", "/channels/followers", audience.followers),
            ("GET", "/subscriptions", audience.subscriptions),
            ("GET", "/chat/emotes", audience.emotes),
            ("GET", "/clips", audience.clips),
            ("GET", "/streams", self._streams),
            ("POST", "/eventsub/subscriptions", self.subscriptions.add),
            ("GET", "/eventsub/subscriptions", self.subscriptions.show),
            ("DELETE", "/eventsub/subscriptions", self.subscriptions.drop),
        ):
            router.add(method, f"/twitch/helix{path}", self._authorized(work, (method, path)))

    def keep_line(
        self, place: StandInPlace, person: StandInPerson, message_id: str, text: str
    ) -> None:
        self._lines.setdefault(message_id, (place, text, person))
        if len(self._lines) > _KEPT:
            self._lines.popitem(last=False)

    def find_line(self, message_id: str) -> AnsweredLine | None:
        """Nothing of the bot's own: nobody in this house speaks for it."""
        _, text, person = self._lines.get(message_id, (None, "", None))
        return AnsweredLine(id=message_id, person=person, text=text) if person else None

    def _authorized(self, work: _Work, deed: tuple[str, str]) -> _Work:
        async def answer(request: AsgiRequest) -> AsgiAnswer:
            faulty = await self._around.faults.answer("twitch", request)
            if faulty:
                return faulty
            authorization = request.headers.get("authorization", "")
            given = self._granted.find(authorization.removeprefix("Bearer "))
            if given is None and authorization not in self._tokens():
                return error(401, "Unauthorized", "Invalid OAuth token")
            if not request.headers.get("client-id"):
                return error(401, "Unauthorized", "Client-Id header required")
            refused = refusal(self._granted, given, request, deed)
            return refused or with_points(await work(request))

        return answer

    def _tokens(self) -> tuple[str, str]:
        """The application's, and the bot's own."""
        token = self._around.keys["STAND_IN_TOKEN"]
        return f"Bearer {token}", f"Bearer {USER_TOKEN}{token}"

    async def _users(self, request: AsgiRequest) -> AsgiAnswer:
        everybody = self._around.people.everybody()
        known = [user_body(p.ids["twitch"], p.login, p.name) for p in everybody]
        places = (p for p in self._around.places.known() if p.platform == "twitch")
        known += [user_body(place.channel, place.name.lower(), place.name) for place in places]
        known.append(user_body(TWITCH_BOT_USER, BOT_LOGIN, "WaddleBot"))
        ids, logins = request.query.get("id", []), request.query.get("login", [])
        if not ids and not logins:
            ids = [TWITCH_BOT_USER]
        if len(ids) + len(logins) > 100:
            return error(
                400, "Bad Request", "The total number of IDs and logins must not exceed 100."
            )
        found = [user for user in known if user["id"] in ids or user["login"] in logins]
        return json_answer({"data": found})

    async def _send(self, request: AsgiRequest) -> AsgiAnswer:
        body = request.fields()
        text = str(body.get("message") or "")
        place = self._place(str(body.get("broadcaster_id")))
        is_app = request.headers.get("authorization") == self._tokens()[0]
        if "for_source_only" in body and not is_app:
            return error(400, "Bad Request", _APP_ALONE)
        wrong = self._wrong_message(place, body, text)
        if wrong or place is None:
            return wrong or error(400, "Bad Request", "The broadcaster_id is not valid.")
        charged = self._chat_pace.charge(place.channel)
        if charged.wait_seconds:
            return too_many_on_twitch(int(time.time() + charged.wait_seconds + 0.999))
        if self._around.faults.take("twitch", frozenset({"dropped"}), place.channel):
            return dropped(
                "msg_rejected", "Your message is being checked by mods and has not been sent."
            )
        refused = self._refused(place, body)
        return refused or self._post(place, text, body.get("reply_parent_message_id"))

    def _refused(self, place: StandInPlace, body: Json) -> AsgiAnswer | None:
        """As Twitch refuses a channel, or a line that is replied to: one that was deleted, say."""
        parent = body.get("reply_parent_message_id")
        kinds = {"banned", *(["parent_gone"] if parent else [])}
        fault = self._around.faults.take("twitch", frozenset(kinds), place.channel)
        if fault and fault.what == "banned":
            return error(403, "Forbidden", "The sender is banned from the broadcaster's chat.")
        if fault or parent in self._deleted:
            words = "The request's input was not valid. Message cannot be replied to."
            return error(400, "Bad Request", words)
        return None

    def _wrong_message(
        self, place: StandInPlace | None, body: Json, text: str
    ) -> AsgiAnswer | None:
        if place is None:
            return error(400, "Bad Request", "The broadcaster_id is not valid.")
        if str(body.get("sender_id")) != TWITCH_BOT_USER:
            return error(401, "Unauthorized", "The sender has not authorized this client.")
        if not self._granted.may(place.channel, ("channel:bot",)):
            return error(403, "Forbidden", "The sender is not permitted to send messages there.")
        if not text.strip():
            return error(400, "Bad Request", "The message is empty.")
        if len(text) > _MOST_CHARACTERS:
            return error(422, "Unprocessable Entity", "The message is too large.")
        return None

    def _post(self, place: StandInPlace, text: str, parent: str | None) -> AsgiAnswer:
        message_id = str(uuid.uuid4())
        self._lines[message_id] = (place, text, None)
        self._around.feed.show(
            "chat",
            place,
            text,
            message=message_id,
            in_reply_to=twitch_event_id(parent) if parent else None,
            pings=tuple(at for at in re.findall(r"@(\w+)", text) if find_by_login(at)),
        )
        return json_answer(
            {"data": [{"message_id": message_id, "is_sent": True, "drop_reason": None}]}
        )

    async def _announce(self, request: AsgiRequest) -> AsgiAnswer:
        place = self._place(request.ask("broadcaster_id"))
        if place is None:
            return error(400, "Bad Request", "The broadcaster_id is not valid.")
        self._around.feed.show("announcement", place, str(request.fields().get("message", "")))
        return AsgiAnswer(status=204)

    async def _shout_out(self, request: AsgiRequest) -> AsgiAnswer:
        place = self._place(request.ask("from_broadcaster_id"))
        to = request.ask("to_broadcaster_id")
        person = self._around.people.by_id("twitch", to)
        if place is None or person is None:
            return error(400, "Bad Request", "The to_broadcaster_id is not valid.")
        if refused := self._shoutouts.refuse(place.channel, to, self.on_air):
            return refused
        self._around.feed.show("shoutout", place, person.name, to=person.login)
        return AsgiAnswer(status=204)

    async def _delete(self, request: AsgiRequest) -> AsgiAnswer:
        message_id = request.ask("message_id")
        place, text, person = self._lines.get(message_id, (None, "", None))
        if place is None or place.channel != request.ask("broadcaster_id"):
            return error(404, "Not Found", "The message was not found.")
        if person and person.role.covers(Role.MODERATOR):
            return error(400, "Bad Request", "You cannot delete another moderator's message.")
        del self._lines[message_id]
        self._deleted.append(message_id)
        event_id = twitch_event_id(message_id)
        self._around.feed.show("deleted", place, text, message=message_id, event_id=event_id)
        return AsgiAnswer(status=204)

    async def _ban(self, request: AsgiRequest) -> AsgiAnswer:
        ban = request.fields().get("data") or {}
        place, person = self._moderated(request, str(ban.get("user_id")))
        if place is None or person is None:
            return error(400, "Bad Request", "The user_id is not valid.")
        if person.role is Role.OWNER:
            return error(
                400, "Bad Request", "The user specified in the user_id field may not be banned."
            )
        seconds = ban.get("duration")
        kind, words = ("timeout", f"{seconds} s") if seconds else ("ban", "")
        text = ": ".join(part for part in (words, str(ban.get("reason") or "")) if part)
        self._around.feed.show(kind, place, text, to=person.login)
        return json_answer({"data": [{"user_id": person.ids["twitch"], "end_time": None}]})

    async def _unban(self, request: AsgiRequest) -> AsgiAnswer:
        place, person = self._moderated(request, request.ask("user_id"))
        if place is None or person is None:
            return error(400, "Bad Request", "The user_id is not valid.")
        self._around.feed.show("unban", place, "", to=person.login)
        return AsgiAnswer(status=204)

    async def _warn(self, request: AsgiRequest) -> AsgiAnswer:
        warning = request.fields().get("data") or {}
        place, person = self._moderated(request, str(warning.get("user_id")))
        if place is None or person is None:
            return error(400, "Bad Request", "The user_id is not valid.")
        self._around.feed.show("warn", place, str(warning.get("reason", "")), to=person.login)
        return json_answer({"data": [warning]})

    async def _whisper(self, request: AsgiRequest) -> AsgiAnswer:
        person = self._whispered_to(request.ask("to_user_id"))
        text = str(request.fields().get("message") or "")
        if person is None:
            return error(404, "Not Found", "The recipient was not found.")
        if request.ask("from_user_id") != TWITCH_BOT_USER:
            return error(
                401, "Unauthorized", "The ID in from_user_id must match the user ID in the token."
            )
        if not text:
            return error(400, "Bad Request", "The message must not be empty.")
        if self._around.faults.take("twitch", frozenset({"closed"}), person.ids["twitch"]):
            words = "The recipient's settings do not allow whispers from the sender."
            return error(403, "Forbidden", words)
        place = self._around.places.direct("twitch", person.ids["twitch"])
        self._around.feed.show("private", place, text[:_MOST_WHISPERED], to=person.login)
        return AsgiAnswer(status=204)

    def _whispered_to(self, user_id: str) -> StandInPerson | None:
        """Whoever streams is somebody, also before they have said a word."""
        place = self._place(user_id)
        if place is None:
            return self._around.people.by_id("twitch", user_id)
        return self._around.people.meet("twitch", user_id, login=place.name.lower())

    async def _streams(self, request: AsgiRequest) -> AsgiAnswer:
        asked = request.query.get("user_id", [])
        if len(asked) > _MOST_ASKED:
            return error(400, "Bad Request", "The number of user_id values must not exceed 100.")
        data = [
            {
                "user_id": channel,
                "type": "live",
                "game_name": "Just Chatting",
                "viewer_count": viewers,
                "started_at": _STARTED,
            }
            for channel, viewers in self.on_air.items()
            if channel in asked
        ]
        return json_answer({"data": data, "pagination": {}})

    def _place(self, channel: str) -> StandInPlace | None:
        place = self._around.places.find("twitch", channel)
        return place if place and place.channel == channel else None

    def _moderated(
        self, request: AsgiRequest, user_id: str
    ) -> tuple[StandInPlace | None, StandInPerson | None]:
        return self._place(request.ask("broadcaster_id")), self._around.people.by_id(
            "twitch", user_id
        )
