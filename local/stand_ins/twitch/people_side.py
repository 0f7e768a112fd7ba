"""Twitch from the chair of somebody who sits in front of it."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Mapping
from dataclasses import replace

from local.stand_ins.asgi import Json, PathRouter
from local.stand_ins.event_ids import twitch_notification_id
from local.stand_ins.people import TWITCH_BOT_USER, StandInPerson
from local.stand_ins.places import StandInPlace
from local.stand_ins.platform import Happened, Spoken, Surroundings, UnknownHappening
from local.stand_ins.signing_in import CLIENT, SigningIn
from local.stand_ins.twitch.granted import StandInGrants
from local.stand_ins.twitch.granting import Granting
from local.stand_ins.twitch.helix import StandInHelix
from local.stand_ins.twitch.payloads import (
    chat_line,
    happening,
    happenings,
    new_envelope,
    sign,
    subscription_body,
    whisper,
)
from local.stand_ins.twitch.subscriptions import StandInSubscriptions
from local.stand_ins.webhooks import Attempt, Delivery, Landed
from waddlebot.platforms.twitch.endings import AUTHORIZATION_REVOKED

_PAUSES_SECONDS = (0.2, 0.5, 1.0)
_REVOKED = "authorization_revoked"
"""A streamer takes the application's rights back."""
_CALLBACK = "https://stand-in.invalid"


class Twitch:
    def __init__(self, around: Surroundings, signing_in: SigningIn) -> None:
        self._around = around
        self._granted = StandInGrants()
        self._subscriptions = StandInSubscriptions(self._granted, self._subscribe)
        self._granting = Granting(around, self._granted, self._subscriptions, signing_in)
        self._helix = StandInHelix(around, self._granted, self._subscriptions)
        self._verifying: set[asyncio.Task[None]] = set()

    def routes(self, router: PathRouter) -> None:
        self._granting.routes(router)
        self._helix.routes(router)

    def announce(self, place: StandInPlace) -> None:
        """Twitch tells nobody of a channel before it is subscribed to."""

    def say(
        self, person: StandInPerson, place: StandInPlace, text: str, *, answers: str = ""
    ) -> Spoken:
        if place.private_with:
            event = whisper(person, text)
            message_id, happened = event["whisper_id"], ("user.whisper.message", "1", event)
        else:
            event = chat_line(person, place, text, self._helix.find_line(answers))
            message_id, happened = event["message_id"], ("channel.chat.message", "1", event)
            self.keep_line(place, person, message_id, event["message"]["text"])
        delivery = self._notification(*happened, place)
        if not self._subscriptions.tells_of(happened[0], place.channel):
            delivery = replace(delivery, send=_to_nobody)
        return Spoken(message_id=message_id, delivery=delivery)

    def happen(self, kind: str, happened: Happened) -> Delivery:
        channel = happened.place.channel
        if kind == "stream_online":
            self._helix.on_air[channel] = int(happened.details.get("viewers") or 1)
        elif kind == "stream_offline":
            self._helix.on_air.pop(channel, None)
        if kind == _REVOKED:
            return self._taken_back(happened)
        build = happening(kind)
        if build is None:
            raise UnknownHappening(f"Twitch knows {', '.join((*happenings(), _REVOKED))}.")
        event = build(happened.person, happened.place, happened.details)
        return self._notification(*event, happened.place)

    def _taken_back(self, happened: Happened) -> Delivery:
        """The streamer disconnects the application: what hung on it ends, and is told."""
        place = happened.place
        self._granted.take_back(place.channel)
        self._subscriptions.revoke(place.channel)
        gone = self._subscription("channel.chat.message", "1", place)
        gone["status"] = _REVOKED
        told = self._told("revocation", gone, {}, place)
        if not self._subscriptions.tells_of_endings():
            return told
        of_client = {"client_id": CLIENT}
        ending = subscription_body(AUTHORIZATION_REVOKED, "1", of_client, _CALLBACK)
        event = {**of_client, "user_id": place.channel, "user_login": None, "user_name": None}
        first = self._told("notification", ending, {"event": event}, place)

        async def send_both(attempt: Attempt) -> Landed:
            await first.send(attempt)
            return await told.send(attempt)

        return replace(told, send=send_both)

    def keep_line(
        self, place: StandInPlace, person: StandInPerson, message_id: str, text: str
    ) -> None:
        self._helix.keep_line(place, person, message_id, text)

    def answered(self, headers: Mapping[str, str], body: bytes, answer: bytes) -> None:
        """Twitch shows nothing of what a webhook is answered with."""

    def _notification(self, kind: str, version: str, event: Json, place: StandInPlace) -> Delivery:
        told = {"event": event}
        return self._told("notification", self._subscription(kind, version, place), told, place)

    def _subscription(self, kind: str, version: str, place: StandInPlace) -> Json:
        return subscription_body(kind, version, _condition(kind, place), _CALLBACK)

    def _told(self, what: str, subscription: Json, told: Json, place: StandInPlace) -> Delivery:
        body = json.dumps({"subscription": subscription, **told}).encode()
        envelope = new_envelope(what, subscription)

        async def send(attempt: Attempt) -> Landed:
            return await self._around.webhooks.post_until_accepted(
                "twitch",
                body,
                lambda again: sign(self._secret(), body, again, envelope),
                attempt=attempt,
                pauses=_PAUSES_SECONDS,
            )

        return Delivery(event_id=twitch_notification_id(envelope, body), place=place, send=send)

    async def _subscribe(self, body: Json) -> Json:
        """As Twitch does: pending at first, enabled once the callback gave the challenge back."""
        transport = body["transport"]
        subscription = subscription_body(
            body["type"],
            str(body.get("version", "1")),
            body.get("condition") or {},
            transport["callback"],
            status="webhook_callback_verification_pending",
        )
        if "twitch" in self._around.closed:  # nothing is signed, not even the challenge
            subscription["status"] = "enabled"
            return subscription
        task = asyncio.create_task(self._verify(subscription, str(transport["secret"])))
        self._verifying.add(task)
        task.add_done_callback(self._verifying.discard)
        return subscription

    async def _verify(self, subscription: Json, secret: str) -> None:
        challenge = secrets.token_urlsafe(24)
        body = json.dumps({"challenge": challenge, "subscription": subscription}).encode()
        envelope = new_envelope("webhook_callback_verification", subscription)
        headers = sign(secret, body, Attempt(), envelope)
        landed = await self._around.webhooks.post(
            subscription["transport"]["callback"], body, headers
        )
        given_back = landed.status == 200 and landed.body == challenge.encode()
        subscription["status"] = "enabled" if given_back else "webhook_callback_verification_failed"

    def _secret(self) -> str:
        return self._around.keys["TWITCH_EVENTSUB_SECRET"]


async def _to_nobody(_attempt: Attempt) -> Landed:
    return Landed(accepted=False, why="Nobody has subscribed to what is said in this channel.")


def _condition(kind: str, place: StandInPlace) -> Json:
    if kind == "channel.raid":
        return {"to_broadcaster_user_id": place.channel, "from_broadcaster_user_id": ""}
    if kind == "user.whisper.message":
        return {"user_id": TWITCH_BOT_USER}
    return {"broadcaster_user_id": place.channel, "user_id": TWITCH_BOT_USER}
