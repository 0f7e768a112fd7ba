"""Discord's REST API v10, as far as a chat bot uses it; errors in Discord's words."""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from urllib.parse import unquote

from local.stand_ins.asgi import AsgiAnswer, AsgiRequest, Json, PathRouter, json_answer
from local.stand_ins.discord.components import wrong_rows
from local.stand_ins.discord.gateway import MAX_CONCURRENCY, Gateway
from local.stand_ins.discord.interactions import (
    ANSWERED_ALREADY,
    DEAD_TOKEN,
    UNKNOWN_MESSAGE,
    UNKNOWN_WEBHOOK,
    Interactions,
    OpenInteraction,
)
from local.stand_ins.discord.messages import Messages
from local.stand_ins.discord.payloads import (
    bot_user,
    channel_body,
    direct_channel_body,
    dress_of,
    full_member,
    guild_body,
    member_of,
    message_body,
    pings_in,
    user_of,
    visible_text,
)
from local.stand_ins.discord.refusals import MAY_NOT, UNKNOWN_CHANNEL, refusal_of
from local.stand_ins.discord.servers import OwnedServers
from local.stand_ins.event_ids import discord_event_id
from local.stand_ins.faults import too_many_on_discord
from local.stand_ins.pace import Charged, StandInPace
from local.stand_ins.people import StandInPerson
from local.stand_ins.places import StandInPlace
from local.stand_ins.platform import Surroundings
from waddlebot_sdk.roles import Role

_MOST_CHARACTERS = 2_000
_MOST_IN_EMBED = 4_096
_UNAUTHORIZED: Json = {"message": "401: Unauthorized", "code": 0}
_NOT_FOUND: Json = {"message": "404: Not Found", "code": 0}
_UNKNOWN_GUILD: Json = {"message": "Unknown Guild", "code": 10004}
_UNKNOWN_MEMBER: Json = {"message": "Unknown Member", "code": 10007}
_UNKNOWN_USER: Json = {"message": "Unknown User", "code": 10013}
_EMPTY: Json = {"message": "Cannot send an empty message", "code": 50006}
_NOT_YOURS: Json = {"message": "Cannot edit a message authored by another user", "code": 50005}
_CLOSED: Json = {"message": "Cannot send messages to this user", "code": 50007}

_Work = Callable[[AsgiRequest], Awaitable[AsgiAnswer]]


_NOBODY = StandInPerson(name="", login="", role=Role.USER, ids={})
_ALL_INTENTS = str(1 << 15 | 1 << 19)
"""The privileged ones, as granted to a bot on few servers."""


class Rest:
    def __init__(
        self,
        around: Surroundings,
        interactions: Interactions,
        messages: Messages,
        gateway: Gateway,
        servers: OwnedServers,
        *,
        person: _Work,
    ) -> None:
        """`person` answers who somebody is by their own token."""
        self._around = around
        self._known = servers
        self._person = person
        self._gateway_door = gateway
        self._bot_id = around.keys["DISCORD_APPLICATION_ID"]
        self._interactions = interactions
        self._messages = messages
        self._commands: dict[str, list[Json]] = {}
        # Five messages in five seconds a channel; what Discord's headers have said for years, and
        # what it may say otherwise tomorrow.
        self._pace = StandInPace(5, float(around.keys.get("DISCORD_MESSAGE_SECONDS", "5")))

    def routes(self, router: PathRouter) -> None:
        router.add("GET", "/discord/api/v10/users/@me", self._faulty(self._whose))
        for method, path, work in self._of_the_bot():
            router.add(method, f"/discord/api/v10{path}", self._authorized(work))
        for method, path, work in self._of_a_token():
            router.add(method, f"/discord/api/v10{path}", self._faulty(work))

    def _of_the_bot(self) -> list[tuple[str, str, _Work]]:
        message = "/channels/{channel}/messages/{message}"
        member = "/guilds/{guild}/members/{user}"
        commands = ("/applications/{app}/commands", "/applications/{app}/guilds/{guild}/commands")
        return [
            ("GET", "/users/@me/guilds", self._my_guilds),
            ("GET", "/users/{user}", self._user),
            ("POST", "/users/@me/channels", self._open_direct),
            ("GET", "/gateway", self._gateway),
            ("GET", "/gateway/bot", self._gateway),
            ("GET", "/applications/@me", self._application),
            ("GET", "/oauth2/applications/@me", self._application),
            ("GET", "/soundboard-default-sounds", self._nothing),
            *[("GET", path, self._list_commands) for path in commands],
            *[("PUT", path, self._put_commands) for path in commands],
            ("GET", "/channels/{channel}", self._channel),
            ("POST", "/channels/{channel}/messages", self._send),
            ("POST", "/channels/{channel}/messages/bulk-delete", self._delete_many),
            ("GET", message, self._read),
            ("PATCH", message, self._edit),
            ("DELETE", message, self._delete),
            ("PUT", message + "/reactions/{emoji}/@me", self._react),
            ("DELETE", message + "/reactions/{emoji}/@me", self._end_reaction),
            ("GET", "/guilds/{guild}", self._guild),
            ("GET", "/guilds/{guild}/channels", self._channels),
            ("GET", member, self._member),
            ("PATCH", member, self._timeout),
            ("DELETE", member, self._kick),
            ("PUT", member + "/roles/{role}", self._accepted),
            ("DELETE", member + "/roles/{role}", self._accepted),
            ("PUT", "/guilds/{guild}/bans/{user}", self._ban),
            ("DELETE", "/guilds/{guild}/bans/{user}", self._unban),
        ]

    def _of_a_token(self) -> list[tuple[str, str, _Work]]:
        followed = "/webhooks/{app}/{token}/messages/{message}"
        return [
            ("POST", "/interactions/{interaction}/{token}/callback", self._callback),
            ("POST", "/webhooks/{app}/{token}", self._follow_up),
            ("GET", followed, self._read_follow_up),
            ("PATCH", followed, self._edit_follow_up),
            ("DELETE", followed, self._delete_follow_up),
        ]

    def _authorized(self, work: _Work) -> _Work:
        async def answer(request: AsgiRequest) -> AsgiAnswer:
            if request.headers.get("authorization") != f"Bot {self._around.keys['STAND_IN_TOKEN']}":
                return json_answer(_UNAUTHORIZED, 401)
            return await work(request)

        return self._faulty(answer)

    def _faulty(self, work: _Work) -> _Work:
        async def answer(request: AsgiRequest) -> AsgiAnswer:
            return await self._around.faults.answer("discord", request) or await work(request)

        return answer

    async def _whose(self, request: AsgiRequest) -> AsgiAnswer:
        """The token says whether it is asked by a bot or a person who signs in."""
        if request.headers.get("authorization", "").lower().startswith("bearer "):
            return await self._person(request)
        return await self._authorized(self._me)(request)

    async def _me(self, _request: AsgiRequest) -> AsgiAnswer:
        return json_answer(bot_user(self._bot_id))

    async def _my_guilds(self, _request: AsgiRequest) -> AsgiAnswer:
        return json_answer([{"id": server, "name": "WaddleBot"} for server in self._servers()])

    async def _user(self, request: AsgiRequest) -> AsgiAnswer:
        person = self._around.people.by_id("discord", request.params["user"])
        return json_answer(user_of(person)) if person else json_answer(_UNKNOWN_USER, 404)

    async def _gateway(self, request: AsgiRequest) -> AsgiAnswer:
        limits = {
            "total": 1000,
            "remaining": self._identifies_left(),
            "reset_after": 14_400_000,
            "max_concurrency": MAX_CONCURRENCY,
        }
        url = gateway_address(request.base, self._around.prefix)
        return json_answer({"url": url, "shards": 1, "session_start_limit": limits})

    def _identifies_left(self) -> int:
        given = int(self._around.keys.get("DISCORD_IDENTIFIES_LEFT", "1000"))
        return given - self._gateway_door.identifies

    async def _application(self, _request: AsgiRequest) -> AsgiAnswer:
        key = self._around.keys["DISCORD_PUBLIC_KEY"]
        flags = int(self._around.keys.get("DISCORD_FLAGS", _ALL_INTENTS))
        told = {"id": self._bot_id, "name": "WaddleBot", "flags": flags, "verify_key": key}
        return json_answer({**told, "interactions_endpoint_url": None})

    async def _nothing(self, _request: AsgiRequest) -> AsgiAnswer:
        return json_answer([])

    async def _accepted(self, _request: AsgiRequest) -> AsgiAnswer:
        return AsgiAnswer(status=204)

    async def _list_commands(self, request: AsgiRequest) -> AsgiAnswer:
        return json_answer(self._commands.get(request.path, []))

    async def _put_commands(self, request: AsgiRequest) -> AsgiAnswer:
        added = {"application_id": self._bot_id, "version": "1"}
        self._commands[request.path] = [
            {**added, "id": str(9_000 + number), "type": 1, **command}
            for number, command in enumerate(json.loads(request.body))
        ]
        return json_answer(self._commands[request.path])

    def commands(self) -> list[Json]:
        """Those that are registered for all servers."""
        path = f"/discord/api/v10/applications/{self._bot_id}/commands"
        return next((those for at, those in self._commands.items() if at.endswith(path)), [])

    async def _open_direct(self, request: AsgiRequest) -> AsgiAnswer:
        person = self._around.people.by_id("discord", str(request.fields().get("recipient_id")))
        if person is None:
            return json_answer(_UNKNOWN_USER, 400)
        place = self._around.places.direct("discord", person.ids["discord"])
        return json_answer(direct_channel_body(place, user_of(person)))

    async def _channel(self, request: AsgiRequest) -> AsgiAnswer:
        place = self._place(request)
        return json_answer(self._body_of(place)) if place else json_answer(UNKNOWN_CHANNEL, 404)

    def _body_of(self, place: StandInPlace) -> Json:
        overwrites = self._known.overwrites(place.server, place.channel)
        return channel_body(place, overwrites=overwrites)

    async def _channels(self, request: AsgiRequest) -> AsgiAnswer:
        server = request.params["guild"]
        if server not in self._servers():
            return json_answer(_UNKNOWN_GUILD, 404)
        places = self._around.places.on("discord", server)
        return json_answer([self._body_of(place) for place in places if not place.parent])

    async def _send(self, request: AsgiRequest) -> AsgiAnswer:
        place, body = self._place(request), request.fields()
        if place is None:
            return json_answer(UNKNOWN_CHANNEL, 404)
        refused = refusal_of(place, body, self._around.faults, self._messages)
        if refused:
            return refused
        closed = place.private_with or ""
        if closed and self._around.faults.take("discord", frozenset({"closed"}), closed):
            return json_answer(_CLOSED, 403)
        if body.get("embeds") and self._around.faults.take(
            "discord", frozenset({"no_embeds"}), place.channel
        ):
            return json_answer(MAY_NOT, 403)
        charged = self._pace.charge(place.channel)
        if charged.wait_seconds:
            return too_many_on_discord(charged.wait_seconds)
        wrong = _wrong_message(body)
        if wrong:
            return json_answer(wrong, 400)
        message = self._sent_before(place, body) or self._post(place, body)
        return json_answer(message, headers=_rate_headers(self._pace.limit, charged, place.channel))

    def _sent_before(self, place: StandInPlace, body: Json) -> Json | None:
        nonce = body.get("nonce")
        if not (nonce and body.get("enforce_nonce")):
            return None
        return self._messages.find_by_nonce(place.channel, str(nonce))

    def _post(self, place: StandInPlace, body: Json) -> Json:
        answered = (body.get("message_reference") or {}).get("message_id")
        line = self._messages.find_in(place.channel, str(answered))
        message = message_body(
            place,
            bot_user(self._bot_id),
            str(body.get("content") or ""),
            type=19 if line else 0,
            embeds=body.get("embeds") or [],
            components=body.get("components") or [],
            nonce=body.get("nonce"),
        )
        self._messages.keep(place, message)
        if body.get("nonce"):
            self._messages.remember_nonce(place.channel, str(body["nonce"]), message["id"])
        self._around.feed.show(
            "private" if place.private_with else "chat",
            place,
            visible_text(message),
            message=message["id"],
            in_reply_to=discord_event_id(answered) if answered else None,
            to=self._login(place.private_with),
            pings=pings_in(body, line[1]["author"]["id"] if line else None),
            dress=dress_of(body),
        )
        return message

    async def _read(self, request: AsgiRequest) -> AsgiAnswer:
        found = self._message(request)
        return json_answer(found[1]) if found else json_answer(UNKNOWN_MESSAGE, 404)

    async def _edit(self, request: AsgiRequest) -> AsgiAnswer:
        found, change = self._message(request), request.fields()
        if not found:
            return json_answer(UNKNOWN_MESSAGE, 404)
        place, message = found
        if message["author"]["id"] != self._bot_id:
            return json_answer(_NOT_YOURS, 403)
        too_long = _too_long(change)
        if too_long:
            return json_answer(too_long, 400)
        message.update({**change, "edited_timestamp": datetime.now(UTC).isoformat()})
        self._around.feed.show("edited", place, visible_text(message), message=message["id"])
        return json_answer(message)

    async def _delete(self, request: AsgiRequest) -> AsgiAnswer:
        if not self._message(request):
            return json_answer(UNKNOWN_MESSAGE, 404)
        self._forget(request.params["message"])
        return AsgiAnswer(status=204)

    async def _delete_many(self, request: AsgiRequest) -> AsgiAnswer:
        for message_id in request.fields().get("messages") or ():
            self._forget(str(message_id))
        return AsgiAnswer(status=204)

    def _forget(self, message_id: str) -> None:
        found = self._messages.drop(message_id)
        if found:
            place, message = found
            event_id = discord_event_id(message_id)
            text = visible_text(message)
            self._around.feed.show("deleted", place, text, message=message_id, event_id=event_id)

    async def _react(self, request: AsgiRequest) -> AsgiAnswer:
        found = self._message(request)
        if not found:
            return json_answer(UNKNOWN_MESSAGE, 404)
        emoji = unquote(request.params["emoji"])
        self._around.feed.show("reaction", found[0], emoji, message=found[1]["id"])
        return AsgiAnswer(status=204)

    async def _end_reaction(self, request: AsgiRequest) -> AsgiAnswer:
        found = self._message(request)
        if not found:
            return json_answer(UNKNOWN_MESSAGE, 404)
        emoji = unquote(request.params["emoji"])
        self._around.feed.show("reaction_gone", found[0], emoji, message=found[1]["id"])
        return AsgiAnswer(status=204)

    async def _guild(self, request: AsgiRequest) -> AsgiAnswer:
        server = request.params["guild"]
        if server not in self._servers():
            return json_answer(_UNKNOWN_GUILD, 404)
        places = self._around.places.on("discord", server)
        return json_answer(guild_body(server, places, self._bot_id, self._known))

    async def _member(self, request: AsgiRequest) -> AsgiAnswer:
        if request.params["user"] == self._bot_id:
            return json_answer({**member_of(_NOBODY, None), "user": bot_user(self._bot_id)})
        person = self._around.people.by_id("discord", request.params["user"])
        if person is None:
            return json_answer(_UNKNOWN_MEMBER, 404)
        server = request.params["guild"]
        return json_answer(full_member(self._known.seen(person, server), server))

    async def _timeout(self, request: AsgiRequest) -> AsgiAnswer:
        until = request.fields().get("communication_disabled_until")
        answer = await self._moderate(request, "timeout", f"until {until}" if until else "ended")
        return answer if answer.status != 204 else await self._member(request)

    async def _kick(self, request: AsgiRequest) -> AsgiAnswer:
        return await self._moderate(request, "kick", "")

    async def _ban(self, request: AsgiRequest) -> AsgiAnswer:
        return await self._moderate(request, "ban", "")

    async def _unban(self, request: AsgiRequest) -> AsgiAnswer:
        return await self._moderate(request, "unban", "")

    async def _moderate(self, request: AsgiRequest, kind: str, details: str) -> AsgiAnswer:
        person = self._around.people.by_id("discord", request.params["user"])
        if person is None:
            return json_answer(_UNKNOWN_MEMBER, 404)
        if self._known.seen(person, request.params["guild"]).role is Role.OWNER:
            return json_answer(MAY_NOT, 403)
        reason = unquote(request.headers.get("x-audit-log-reason", ""))
        places = self._around.places.on("discord", request.params["guild"])
        if not places:
            return json_answer(_UNKNOWN_GUILD, 404)
        text = ": ".join(part for part in (details, reason) if part)
        self._around.feed.show(kind, places[0], text, to=person.login)
        return AsgiAnswer(status=204)

    async def _callback(self, request: AsgiRequest) -> AsgiAnswer:
        asked = self._interactions.find(request.params["interaction"])
        if asked is None or asked.token != request.params["token"]:
            return json_answer({"message": "Unknown interaction", "code": 10062}, 404)
        if not asked.is_waiting:
            return json_answer(ANSWERED_ALREADY, 400)
        callback = request.fields()
        if why := self._interactions.wrong(asked, callback):
            return json_answer(_invalid("data", why), 400)
        message = self._interactions.answer(asked, callback)
        if request.ask("with_response") not in ("true", "True", "1"):
            return AsgiAnswer(status=204)
        resource = {"type": callback.get("type"), **({"message": message} if message else {})}
        return json_answer({"interaction": {"id": asked.id, "type": 2}, "resource": resource})

    async def _follow_up(self, request: AsgiRequest) -> AsgiAnswer:
        asked = self._answered(request)
        if isinstance(asked, AsgiAnswer):
            return asked
        wrong = _wrong_message(request.fields())
        return (
            json_answer(wrong, 400)
            if wrong
            else self._interactions.follow_up(asked, request.fields())
        )

    async def _read_follow_up(self, request: AsgiRequest) -> AsgiAnswer:
        asked = self._answered(request)
        if isinstance(asked, AsgiAnswer):
            return asked
        return self._interactions.read(asked, request.params["message"])

    async def _edit_follow_up(self, request: AsgiRequest) -> AsgiAnswer:
        asked = self._answered(request)
        if isinstance(asked, AsgiAnswer):
            return asked
        too_long = _too_long(request.fields())
        if too_long:
            return json_answer(too_long, 400)
        return self._interactions.edit(asked, request.params["message"], request.fields())

    async def _delete_follow_up(self, request: AsgiRequest) -> AsgiAnswer:
        asked = self._answered(request)
        if isinstance(asked, AsgiAnswer):
            return asked
        return self._interactions.delete(asked, request.params["message"])

    def _answered(self, request: AsgiRequest) -> OpenInteraction | AsgiAnswer:
        """The interaction of this token; before its first answer Discord does not know it."""
        asked = self._interactions.by_token(request.params["token"])
        if asked is None or asked.is_waiting or asked.is_dead:
            return json_answer(UNKNOWN_WEBHOOK, 404)
        if request.params["app"] != self._bot_id:
            return json_answer(UNKNOWN_WEBHOOK, 404)
        if datetime.now(UTC) > asked.until:
            return json_answer(DEAD_TOKEN, 401)
        return asked

    def _servers(self) -> set[str]:
        places = self._around.places.known()
        return {p.server for p in places if p.platform == "discord" and p.server}

    def _place(self, request: AsgiRequest) -> StandInPlace | None:
        place = self._around.places.find("discord", request.params["channel"])
        return place if place and place.channel == request.params["channel"] else None

    def _login(self, user_id: str | None) -> str | None:
        person = self._around.people.by_id("discord", user_id)
        return person.login if person else user_id

    def _message(self, request: AsgiRequest) -> tuple[StandInPlace, Json] | None:
        return self._messages.find_in(request.params["channel"], request.params["message"])


def gateway_address(base: str, prefix: str) -> str:
    return f"{base.replace('http', 'ws', 1)}{prefix}/discord/gateway/"


def _wrong_message(body: Json) -> Json | None:
    if not any(body.get(part) for part in ("content", "embeds", "components", "sticker_ids")):
        return _EMPTY
    if len(str(body.get("nonce") or "")) > 25:
        return _invalid("nonce", "Must be 25 or fewer in length.")
    if why := wrong_rows(body.get("components") or []):
        return _invalid("components", why)
    return _too_long(body)


def _too_long(body: Json) -> Json | None:
    words = (str(embed.get("description") or "") for embed in body.get("embeds") or ())
    if any(len(one) > _MOST_IN_EMBED for one in words):
        return _invalid("embeds", f"Must be {_MOST_IN_EMBED} or fewer in length.")
    if len(str(body.get("content") or "")) > _MOST_CHARACTERS:
        return _invalid("content", f"Must be {_MOST_CHARACTERS} or fewer in length.")
    return None


def _invalid(field: str, message: str) -> Json:
    errors = {field: {"_errors": [{"code": "BASE_TYPE_MAX_LENGTH", "message": message}]}}
    return {"message": "Invalid Form Body", "code": 50035, "errors": errors}


def _rate_headers(limit: int, charged: Charged, channel: str) -> dict[str, str]:
    return {
        "x-ratelimit-limit": str(limit),
        "x-ratelimit-remaining": str(charged.remaining),
        "x-ratelimit-reset": f"{time.time() + charged.reset_seconds:.3f}",
        "x-ratelimit-reset-after": f"{charged.reset_seconds:.3f}",
        "x-ratelimit-bucket": f"messages{channel[-6:]}",
    }
