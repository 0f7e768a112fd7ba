"""Interactions between question and last follow-up (docs: "Receiving and Responding")."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from nacl.signing import SigningKey

from local.stand_ins.asgi import AsgiAnswer, Json, json_answer
from local.stand_ins.discord.autocomplete import RESULT, wrong_choices
from local.stand_ins.discord.components import DiscordHands, wrong_modal, wrong_rows
from local.stand_ins.discord.messages import Messages
from local.stand_ins.discord.payloads import (
    bot_user,
    channel_body,
    dress_of,
    full_member,
    message_body,
    permissions_of,
    pings_in,
    snowflake,
    user_of,
    visible_text,
)
from local.stand_ins.event_ids import discord_event_id
from local.stand_ins.feed import Feed
from local.stand_ins.people import StandInPeople, StandInPerson
from local.stand_ins.places import SERVERS, StandInPlace
from local.stand_ins.webhooks import Attempt

_KEPT = 1_000
_EPHEMERAL, _LOADING = 1 << 6, 1 << 7
_TOKEN_LIVES = timedelta(minutes=15)
_TYPING, _SUBMITTED = 4, 5
_CHAT, _DEFER, _DEFER_UPDATE, _UPDATE, _MODAL = 4, 5, 6, 7, 9

_NO_OPTIONS = "Loading options failed"
UNKNOWN_WEBHOOK: Json = {"message": "Unknown Webhook", "code": 10015}
UNKNOWN_MESSAGE: Json = {"message": "Unknown Message", "code": 10008}
DEAD_TOKEN: Json = {"message": "Invalid Webhook Token", "code": 50027}
ANSWERED_ALREADY: Json = {"message": "Interaction has already been acknowledged.", "code": 40060}


@dataclass(slots=True, kw_only=True)
class OpenInteraction:
    """`is_waiting` until the first answer; `original` is the message of that answer.

    `is_dead` where none came in time: Discord takes no follow-ups then either.
    """

    id: str
    token: str
    place: StandInPlace
    asked_by: str
    until: datetime
    is_waiting: bool = True
    is_dead: bool = False
    is_ephemeral: bool = False
    is_loading: bool = False
    original: str | None = None
    component_of: str | None = None
    kind: int = 2


def sign(seed_hex: str, body: bytes, attempt: Attempt) -> Mapping[str, str]:
    """The headers Discord sends with an interaction (Ed25519 over timestamp and body)."""
    timestamp = str(int(datetime.now(UTC).timestamp()))
    key = SigningKey.generate() if attempt.forged else SigningKey(bytes.fromhex(seed_hex))
    return {
        "Content-Type": "application/json",
        "User-Agent": "Discord-Interactions/1.0 (+https://discord.com)",
        "X-Signature-Ed25519": key.sign(timestamp.encode() + body).signature.hex(),
        "X-Signature-Timestamp": timestamp,
    }


def interaction_body(
    kind: int,
    person: StandInPerson,
    place: StandInPlace,
    data: Json,
    *,
    application: str,
    **more: Any,
) -> Json:
    """`kind` is Discord's interaction type; `more` are further fields, such as `message`."""
    who = (
        {"member": {**full_member(person, place.server), "permissions": permissions_of(person)}}
        if place.server
        else {"user": user_of(person)}
    )
    where = {"guild_id": place.server, "guild_locale": "en-US"} if place.server else {}
    return {
        "id": snowflake(),
        "application_id": application,
        "type": kind,
        "token": secrets.token_urlsafe(48),
        "version": 1,
        "data": data,
        "channel_id": place.channel,
        "channel": _channel_of(place),
        "locale": "en-US",
        "app_permissions": "442368",
        "entitlements": [],
        "authorizing_integration_owners": {"0": place.server or "0"},
        "context": 0 if place.server else 1,
        "attachment_size_limit": 10_485_760,
        **where,
        **who,
        **more,
    }


def _channel_of(place: StandInPlace) -> Json:
    if place.server:
        whole = channel_body(place)
        return {name: whole[name] for name in ("id", "type", "name", "parent_id")}
    return {"id": place.channel, "type": 1, "name": place.name}


class Interactions:
    def __init__(
        self, *, application: str, feed: Feed, messages: Messages, people: StandInPeople
    ) -> None:
        self._application = application
        self._people = people
        self._feed = feed
        self._messages = messages
        self._asked: OrderedDict[str, OpenInteraction] = OrderedDict()
        self.hands = DiscordHands(messages)

    def note(self, payload: Json) -> OpenInteraction:
        """The question as it was posted; known already where the stand-ins asked it themselves."""
        known = self._asked.get(str(payload["id"]))
        if known:
            return known
        asked = _asked_in(payload, self._people)
        self._asked[asked.id] = asked
        if len(self._asked) > _KEPT:
            self._asked.popitem(last=False)
        return asked

    def find(self, interaction_id: str) -> OpenInteraction | None:
        return self._asked.get(interaction_id)

    def by_token(self, token: str) -> OpenInteraction | None:
        return next((a for a in self._asked.values() if a.token == token), None)

    def fail(self, interaction_id: str) -> None:
        """Discord's own words when nothing came in time."""
        asked = self._asked.get(interaction_id)
        if asked and asked.is_waiting:
            asked.is_waiting, asked.is_dead = False, True
            said = _NO_OPTIONS if asked.kind == _TYPING else "The application did not respond"
            self._show(asked, "failed", said, None, ())

    def answer(self, asked: OpenInteraction, callback: Json) -> Json | None:
        """The first answer, shown once; returns its message, where it has one."""
        if not asked.is_waiting:
            return None
        kind, data = callback.get("type"), callback.get("data") or {}
        if self.wrong(asked, callback):
            self.fail(asked.id)
            return None
        asked.is_waiting = False
        asked.is_ephemeral = bool(data.get("flags", 0) & _EPHEMERAL)
        if kind == RESULT:
            self._offer(asked, data["choices"])
            return None
        if kind == _UPDATE:
            return self._replace(asked, str(asked.component_of), data)
        if kind == _CHAT:
            return self._post(asked, data, "ephemeral" if asked.is_ephemeral else "inline")
        if kind == _MODAL:
            self.hands.open_modal(asked.place, asked.asked_by, data)
            self._show(asked, "form", str(data.get("title", "")), None, ())
        if kind == _DEFER_UPDATE:
            asked.original = asked.component_of
        if kind == _DEFER:
            self._defer(asked)
        return None

    def wrong(self, asked: OpenInteraction, callback: Json) -> str:
        """Why Discord takes no such answer; empty where it does."""
        kind, data = callback.get("type"), callback.get("data") or {}
        if asked.kind == _TYPING or kind == RESULT:
            return wrong_choices(callback) if asked.kind == _TYPING else "Nobody is typing."
        if kind == _MODAL:
            return "A modal answers no modal." if asked.kind == _SUBMITTED else wrong_modal(data)
        if kind == _UPDATE and not self._messages.find(asked.component_of or ""):
            return "An update answers a component, whose message is there."
        return wrong_rows(data.get("components") or [])

    def follow_up(self, asked: OpenInteraction, data: Json) -> AsgiAnswer:
        if asked.is_loading:  # the first follow-up after a deferral fills its message in
            return self.edit(asked, "@original", data)
        is_ephemeral = bool(data.get("flags", 0) & _EPHEMERAL)
        return json_answer(self._post(asked, data, "ephemeral" if is_ephemeral else "followup"))

    def edit(self, asked: OpenInteraction, which: str, data: Json) -> AsgiAnswer:
        if which == "@original" and asked.is_loading:
            return self._fill_in(asked, data)
        body = self._replace(asked, asked.original or "" if which == "@original" else which, data)
        return json_answer(body) if body else json_answer(UNKNOWN_MESSAGE, 404)

    def _replace(self, asked: OpenInteraction, which: str, data: Json) -> Json | None:
        """What the change does not name stays."""
        found = self._messages.find(which)
        if not found:
            return None
        body = found[1]
        body.update({**data, "edited_timestamp": datetime.now(UTC).isoformat()})
        self._show(asked, "edited", visible_text(body), body["id"], (), body=body)
        return body

    def delete(self, asked: OpenInteraction, which: str) -> AsgiAnswer:
        found = self._messages.drop(asked.original or "" if which == "@original" else which)
        if not found:
            return json_answer(UNKNOWN_MESSAGE, 404)
        self._feed.show("deleted", found[0], visible_text(found[1]), message=found[1]["id"])
        return AsgiAnswer(status=204)

    def read(self, asked: OpenInteraction, which: str) -> AsgiAnswer:
        found = self._messages.find(asked.original or "" if which == "@original" else which)
        return json_answer(found[1]) if found else json_answer(UNKNOWN_MESSAGE, 404)

    def _offer(self, asked: OpenInteraction, choices: list[Json]) -> None:
        """A list that its person alone sees, while it is open."""
        names = "\n".join(one["name"] for one in choices)
        body = {"choices": choices}
        self._show(asked, "choices", names, None, (), body=body)

    def _defer(self, asked: OpenInteraction) -> None:
        """A message that says "is thinking…" until its first edit."""
        asked.is_loading = True
        flags = _LOADING | (_EPHEMERAL if asked.is_ephemeral else 0)
        asked.original = self._keep(asked, {"flags": flags})["id"]
        self._show(asked, "thinking", "is thinking…", asked.original, ())

    def _fill_in(self, asked: OpenInteraction, data: Json) -> AsgiAnswer:
        asked.is_loading = False
        found = self._messages.find(asked.original or "")
        if not found:
            return json_answer(UNKNOWN_MESSAGE, 404)
        body = found[1]
        body.update({**data, "flags": body["flags"] & ~_LOADING})
        kind = "ephemeral" if asked.is_ephemeral else "followup"
        self._show(asked, kind, visible_text(body), body["id"], pings_in(data, None), body=body)
        return json_answer(body)

    def _post(self, asked: OpenInteraction, data: Json, kind: str) -> Json:
        body = self._keep(asked, data)
        asked.original = asked.original or body["id"]
        self._show(asked, kind, visible_text(body), body["id"], pings_in(data, None), body=body)
        return body

    def _keep(self, asked: OpenInteraction, data: Json) -> Json:
        body = message_body(
            asked.place,
            bot_user(self._application),
            str(data.get("content") or ""),
            embeds=data.get("embeds") or [],
            components=data.get("components") or [],
            flags=data.get("flags", 0),
        )
        is_alone = bool(body["flags"] & _EPHEMERAL)
        self._messages.keep(asked.place, body, only_for=asked.asked_by if is_alone else "")
        return body

    def _show(
        self,
        asked: OpenInteraction,
        kind: str,
        text: str,
        message: str | None,
        pings: tuple[str, ...],
        *,
        body: Json | None = None,
    ) -> None:
        self._feed.show(
            kind,
            asked.place,
            text,
            message=message,
            in_reply_to=discord_event_id(asked.id),
            to=asked.asked_by,
            pings=pings,
            dress=dress_of(body or {}),
        )


def _asked_in(payload: Json, people: StandInPeople) -> OpenInteraction:
    user = (payload.get("member") or {}).get("user") or payload.get("user") or {}
    person = people.by_id("discord", str(user.get("id")))
    server = payload.get("guild_id")
    place = StandInPlace(
        platform="discord",
        server=server,
        channel=str(payload.get("channel_id") or SERVERS["discord"]),
        name=str((payload.get("channel") or {}).get("name") or "direct message"),
        private_with=None if server else str(user.get("id")),
    )
    return OpenInteraction(
        id=str(payload["id"]),
        token=str(payload.get("token")),
        place=place,
        asked_by=person.login if person else str(user.get("username", "")),
        until=datetime.now(UTC) + _TOKEN_LIVES,
        kind=int(payload.get("type") or 2),
        component_of=(payload.get("message") or {}).get("id"),
    )
