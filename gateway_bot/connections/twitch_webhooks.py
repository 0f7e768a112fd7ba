"""Keeps the webhook subscriptions of the channels that this process carries: made, checked,
repaired. What they tell comes in by the webhook's door.

Source: "Managing Event Subscriptions", "Handling Webhook Events".
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from gateway_bot.connections.staying import Broken, Refused, least_pause
from gateway_bot.connections.twitch_channels import HeldChannels, Tell
from gateway_bot.connections.twitch_helix import (
    CALL_SECONDS,
    Helix,
    subscriptions_of,
    words_for,
)
from gateway_bot.waiting import is_set_within
from waddlebot.platforms.fields import id_at, object_at, text_at
from waddlebot.platforms.twitch.endings import AUTHORIZATION_REVOKED

CHECK_SECONDS = 300.0
AGAIN_SECONDS = 10.0
GATHER_SECONDS = 0.5
"""Claims come one after another; they are looked after together."""

_GOOD = frozenset({"enabled", "webhook_callback_verification_pending"})
_WITHDRAWN = frozenset({"authorization_revoked", "user_removed"})

log = logging.getLogger(__name__)

Wire = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSettings:
    """`callback` is the public address of Twitch's door, which checks `secret`'s signatures. It is
    the application's own token that subscribes.

    `client_id` is the application where streamers can connect their channels, `operators` the
    channels that are carried whoever connects."""

    helix: Callable[[aiohttp.ClientSession], Helix]
    bot_user_id: str
    callback: str
    secret: str = field(repr=False)
    check_seconds: float = CHECK_SECONDS
    client_id: str = ""
    operators: Sequence[str] = ()


async def keep_subscribed(settings: WebhookSettings, held: HeldChannels, tell: Tell) -> None:
    """Until it is cancelled. Where Twitch refuses the token that is told of every channel, and
    tried again as slowly as all is checked."""
    timeout = aiohttp.ClientTimeout(total=CALL_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        keeper = _Keeper(settings=settings, helix=settings.helix(session), tell=tell)
        while True:
            held.changed.clear()
            try:
                await keeper.check(list(held.channels), held.left)
                pause = settings.check_seconds
            except Refused as refused:
                log.error("twitch refused the bot: %s", refused)  # noqa: TRY400 - no bug
                await keeper.tell_refused(held)
                pause = settings.check_seconds
            except (Broken, aiohttp.ClientError, TimeoutError, OSError) as error:
                log.warning("twitch's subscriptions are not checked", extra={"why": repr(error)})
                await asyncio.sleep(least_pause(error))  # whatever claims change meanwhile
                pause = AGAIN_SECONDS
            if await is_set_within(held.changed, pause):
                await asyncio.sleep(GATHER_SECONDS)


@dataclass(slots=True, kw_only=True)
class _Keeper:
    settings: WebhookSettings
    helix: Helix
    tell: Tell
    _told: dict[str, str] = field(default_factory=dict)

    async def check(self, channels: Sequence[str], left: Collection[str] = ()) -> None:
        """The list of all subscriptions is asked once, whatever the number of channels."""
        self._told = {name: words for name, words in self._told.items() if name in channels}
        if not channels and not left:
            return
        ids = await self.helix.user_ids(channels)
        there = [
            one async for one in self.helix.pages("/eventsub/subscriptions") if self._is_ours(one)
        ]
        if left:
            kept = await self.helix.user_ids(self.settings.operators)
            await self._leave({*left} - {*ids.values()} - {*kept.values()}, there)
        if self.settings.client_id and (why := await self._keep_one(self._of_endings(), there)):
            log.warning("twitch does not tell who takes their leave back", extra={"why": why})
        for name in channels:
            if name in ids:
                words = await self._mend(ids[name], there)
            else:
                words = f"There is no Twitch channel '{name}': see TWITCH_CHANNELS."
            if self._told.get(name) != words:
                await self.tell(name, words)
                self._told[name] = words

    async def tell_refused(self, held: HeldChannels) -> None:
        self._told = {}
        await held.tell_refused(self.helix.token_name, self.tell)

    def _is_ours(self, subscription: Mapping[str, Any]) -> bool:
        return text_at(subscription, "transport", "callback") == self.settings.callback

    async def _leave(self, channels: Collection[str], there: Sequence[Wire]) -> None:
        """What hung on a streamer's leave, whoever subscribed to it: Twitch tells on without end
        where one token was revoked, and not all that was allowed."""
        for one in there:
            if id_at(one, "condition", "broadcaster_user_id") in channels:
                gone = {"id": id_at(one, "id")}
                await self.helix.call("DELETE", "/eventsub/subscriptions", params=gone)

    def _of_endings(self) -> Wire:
        condition = {"client_id": self.settings.client_id}
        return {"type": AUTHORIZATION_REVOKED, "version": "1", "condition": condition}

    async def _mend(self, channel: str, there: Sequence[Wire]) -> str:
        """What is wrong with the channel and cannot be mended, in words."""
        wanted = list(subscriptions_of(channel, self.settings.bot_user_id))
        refused = await asyncio.gather(*(self._keep_one(one, there) for one in wanted))
        return words_for(
            {one["type"]: why for one, why in zip(wanted, refused, strict=True) if why}
        )

    async def _keep_one(self, wanted: Wire, there: Sequence[Wire]) -> str:
        """One that is good stays; all others like it go. Why there is none, or nothing."""
        alike = [one for one in there if _is_like(one, wanted)]
        good = [one for one in alike if text_at(one, "status") in _GOOD]
        for one in alike:
            if one not in good[:1]:
                await self.helix.call(
                    "DELETE", "/eventsub/subscriptions", params={"id": id_at(one, "id")}
                )
        if good:
            return ""
        why = next((text_at(one, "status") for one in alike), "")
        transport = {
            "method": "webhook",
            "callback": self.settings.callback,
            "secret": self.settings.secret,
        }
        status, answer = await self.helix.call(
            "POST", "/eventsub/subscriptions", json={**wanted, "transport": transport}
        )
        if status < 400 or status == 409:
            if why:
                log.warning("twitch's subscription was repaired", extra={"was": why, **wanted})
            return ""
        if why in _WITHDRAWN:
            return why.replace("_", " ")
        return f"{status} {text_at(answer, 'message')}"


def _is_like(subscription: Mapping[str, Any], wanted: Wire) -> bool:
    condition = object_at(subscription, "condition")
    return text_at(subscription, "type") == wanted["type"] and all(
        id_at(condition, name) == value for name, value in wanted["condition"].items()
    )
