"""Discord from the chair of somebody who sits in front of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import replace

from local.stand_ins.asgi import Json, PathRouter, Socket
from local.stand_ins.discord.autocomplete import typing_in
from local.stand_ins.discord.gateway import Gateway
from local.stand_ins.discord.happenings import DISPATCHES
from local.stand_ins.discord.interactions import Interactions, interaction_body, sign
from local.stand_ins.discord.messages import Messages
from local.stand_ins.discord.payloads import (
    as_reply,
    as_typed,
    channel_body,
    guild_body,
    member_of,
    message_body,
    user_of,
)
from local.stand_ins.discord.rest import Rest, gateway_address
from local.stand_ins.discord.servers import OwnedServers
from local.stand_ins.event_ids import discord_dispatch_id, discord_event_id
from local.stand_ins.faults import UNHEARD
from local.stand_ins.people import StandInPerson
from local.stand_ins.places import StandInPlace
from local.stand_ins.platform import Happened, Spoken, Surroundings, UnknownHappening
from local.stand_ins.signing_in import SigningIn
from local.stand_ins.webhooks import TOO_LATE, Attempt, Delivery, Landed

_GATEWAY_SECONDS = 2.0
_ANSWER_SECONDS = 3.0
_NOBODY = (
    "No bot holds Discord's gateway open. Chat lines come over it: is gateway_bot running, "
    "with DISCORD_API_URL pointing at the stand-ins?"
)
_UNSIGNED = "Discord's gateway is trusted by its connection: it has no signatures to forge."


class Discord:
    def __init__(self, around: Surroundings, signing_in: SigningIn) -> None:
        self._around = around
        self._bot_id = around.keys["DISCORD_APPLICATION_ID"]
        self._messages = Messages()
        self._servers = OwnedServers(self._bot_id)
        self._interactions = Interactions(
            application=self._bot_id,
            feed=around.feed,
            messages=self._messages,
            people=around.people,
        )
        self.gateway = Gateway(
            token=around.keys["STAND_IN_TOKEN"],
            bot_id=self._bot_id,
            places=around.places,
            servers=self._servers,
            row_seconds=float(around.keys.get("DISCORD_IDENTIFY_SECONDS", "5")),
        )
        self._rest = Rest(
            around,
            self._interactions,
            self._messages,
            self.gateway,
            self._servers,
            person=signing_in.discord_user,
        )
        self._unannounced: list[tuple[str, Json]] = []

    def routes(self, router: PathRouter) -> None:
        self._rest.routes(router)

    async def connect(self, socket: Socket, query: Callable[[str], str], base: str) -> None:
        await self.gateway.serve(socket, query, gateway_address(base, self._around.prefix))

    def announce(self, place: StandInPlace) -> None:
        """The bot hears of a new channel, or of its new server, before anything is said there."""
        if place.parent:
            self._unannounced.append(("THREAD_CREATE", channel_body(place)))
            return
        fellows = self._around.places.on("discord", place.server)
        if place.server and fellows == [place]:
            new = ("GUILD_CREATE", self._guild(place.server))
        else:
            new = ("CHANNEL_CREATE", self._channel(place))
        self._unannounced.append(new)

    def _guild(self, server: str) -> Json:
        places = self._around.places.on("discord", server)
        return guild_body(server, places, self._bot_id, self._servers)

    def _channel(self, place: StandInPlace) -> Json:
        return channel_body(place, overwrites=self._servers.overwrites(place.server, place.channel))

    def say(
        self, person: StandInPerson, place: StandInPlace, text: str, *, answers: str = ""
    ) -> Spoken:
        person = self._servers.seen(person, place.server)
        return (
            self._slash(person, place, text)
            if text.startswith("/")
            else self._line(person, place, text, answers)
        )

    def happen(self, kind: str, happened: Happened) -> Delivery:
        person = self._servers.seen(happened.person, happened.place.server)
        happened = replace(happened, person=person)
        if kind in _CHANGES and happened.place.server:
            return self._changed(kind, happened, happened.place.server)
        if kind == "modal_submit":
            return self._filled_in(happened)
        if kind == TYPING:
            data = typing_in(self._rest.commands(), happened.details)
            return self._asked(
                interaction_body(
                    4, happened.person, happened.place, data, application=self._bot_id
                ),
                happened.place,
            )
        if kind in _PRESSES:
            return self._pressed(kind, happened)
        if kind not in DISPATCHES:
            known = sorted({*_CHANGES, *_PRESSES, *DISPATCHES, TYPING})
            raise UnknownHappening(f"Discord knows {', '.join(known)}.")
        name, build = DISPATCHES[kind]
        data = build(happened.person, happened.place, happened.details)
        return self._over_gateway(name, data, happened.place, discord_dispatch_id(name, data))

    def _changed(self, kind: str, happened: Happened, server: str) -> Delivery:
        """The server is this person's from now on, or this channel is hidden from others."""
        place = happened.place
        if kind == "server_owner":
            self._servers.give(server, happened.person)
            name, told = "GUILD_UPDATE", self._guild(server)
        else:
            roles = tuple(map(str, happened.details.get("roles") or ()))
            self._servers.hide(place.channel, roles)
            name, told = "CHANNEL_UPDATE", self._channel(place)
        return self._over_gateway(name, told, place, discord_dispatch_id(name, told))

    def keep_line(
        self, place: StandInPlace, person: StandInPerson, message_id: str, text: str
    ) -> None:
        """Discord's lines come over its gateway alone."""

    def answered(self, headers: Mapping[str, str], body: bytes, answer: bytes) -> None:
        del headers
        question, callback = _read_object(body), _read_object(answer)
        if question.get("id") and question.get("type") != 1 and callback.get("type"):
            self._interactions.answer(self._interactions.note(question), callback)

    def _line(self, person: StandInPerson, place: StandInPlace, text: str, answers: str) -> Spoken:
        fellows = self._around.places.on("discord", place.server) if place.server else []
        content, mentions = as_typed(text, self._bot_id, fellows)
        answered = as_reply(self._messages.find_in(place.channel, answers))
        message = message_body(place, user_of(person), content, mentions=mentions, **answered)
        if place.server:
            message |= {"guild_id": place.server, "member": member_of(person, place.server)}
        self._messages.keep(place, message)
        event_id = discord_event_id(message["id"])
        delivery = self._over_gateway("MESSAGE_CREATE", message, place, event_id)
        return Spoken(message_id=message["id"], delivery=delivery)

    def _slash(self, person: StandInPerson, place: StandInPlace, text: str) -> Spoken:
        name, _, rest = text[1:].partition(" ")
        options = [{"name": "command", "type": 3, "value": rest.strip()}] if rest.strip() else []
        data = {"id": "9000", "name": name.lower(), "type": 1, "options": options}
        body = interaction_body(2, person, place, data, application=self._bot_id)
        return Spoken(message_id=body["id"], delivery=self._asked(body, place))

    def _filled_in(self, happened: Happened) -> Delivery:
        """The modal that this person has open there."""
        person, place = happened.person, happened.place
        data = self._interactions.hands.fill_in(
            person.login, place, happened.details.get("fields") or {}
        )
        return self._asked(
            interaction_body(5, person, place, data, application=self._bot_id), place
        )

    def _pressed(self, kind: str, happened: Happened) -> Delivery:
        """By its `label` what stands there; with a `custom_id` whatever somebody made up."""
        person, place = happened.person, happened.place
        if label := happened.details.get("label"):
            data, message = self._interactions.hands.press(kind, person.login, place, str(label))
            body = interaction_body(
                3, person, place, data, application=self._bot_id, message=message
            )
            return self._asked(body, place)
        details = {**_PRESSES[kind], **happened.details}
        data = {
            "custom_id": str(details.get("custom_id", "")),
            "component_type": details["component_type"],
            **({"values": list(details["values"])} if "values" in details else {}),
        }
        found = self._messages.find(str(details.get("message_id")))
        message = found[1] if found else message_body(place, user_of(person), "")
        body = interaction_body(3, person, place, data, application=self._bot_id, message=message)
        return self._asked(body, place)

    def _asked(self, payload: Json, place: StandInPlace) -> Delivery:
        """An interaction, posted to the application's endpoint; Discord never repeats one."""
        body = json.dumps(payload).encode()
        seed = self._around.keys["DISCORD_STAND_IN_PRIVATE_KEY"]
        self._interactions.note(payload)
        if self._around.keys.get("DISCORD_INTERACTIONS") == "gateway":
            return self._asked_over_gateway(payload, place)

        async def send(attempt: Attempt) -> Landed:
            headers = sign(seed, body, attempt)
            is_heard = not self._around.faults.take("discord", frozenset(UNHEARD), place.channel)
            if not is_heard:  # Discord's client has given up by then
                self._interactions.fail(payload["id"])
            landed = await self._around.webhooks.post("discord", body, headers)
            if not is_heard:
                return Landed(accepted=False, why=TOO_LATE)
            if landed.status == 200:
                self.answered(headers, body, landed.body)
            if not attempt.forged and landed.status != 202:  # 202: answered through the callback
                self._interactions.fail(payload["id"])
            return landed

        return Delivery(event_id=discord_event_id(payload["id"]), place=place, send=send)

    def _asked_over_gateway(self, payload: Json, place: StandInPlace) -> Delivery:
        """As for an application without an endpoint."""
        told = self._over_gateway(
            "INTERACTION_CREATE", payload, place, discord_event_id(payload["id"])
        )
        asyncio.get_running_loop().call_later(
            _ANSWER_SECONDS, self._interactions.fail, payload["id"]
        )
        return told

    def _over_gateway(self, name: str, data: Json, place: StandInPlace, event_id: str) -> Delivery:
        async def send(attempt: Attempt) -> Landed:
            if attempt.forged:
                return Landed(accepted=False, why=_UNSIGNED)
            if not await self.gateway.wait_connected(_GATEWAY_SECONDS, place.server):
                return Landed(accepted=False, why=_NOBODY)
            await self._tell_news()
            await self.gateway.dispatch(name, data)
            return Landed(accepted=True)

        return Delivery(event_id=event_id, place=place, send=send)

    async def _tell_news(self) -> None:
        news, self._unannounced = self._unannounced, []
        for name, data in news:
            await self.gateway.dispatch(name, data)


def _read_object(body: bytes) -> Json:
    try:
        value = json.loads(body)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


TYPING = "autocomplete"
_CHANGES = frozenset({"server_owner", "channel_hidden"})
_PRESSES: Mapping[str, Json] = {
    "button_click": {"component_type": 2},
    "select_menu": {"component_type": 3, "values": []},
}
