"""What leaves for Discord, as calls of its REST API v10.

Docs: "Create Message", "Create DM", "Followup Messages", "Rate Limits", "Error Codes".
"""

from __future__ import annotations

from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from waddlebot.domain.entities import Entity, parse_entity
from waddlebot.domain.events import Channel, Interaction
from waddlebot.domain.offers import OfferedForm
from waddlebot.domain.outcomes import Outgoing, Reply
from waddlebot.domain.platform_actions import PlatformAction
from waddlebot.platforms.delivering import (
    SENT,
    Delivered,
    Delivery,
    HttpAnswer,
    HttpCall,
    again,
    closed,
    refused,
    said_otherwise,
)
from waddlebot.platforms.discord import MODERATORS, PERSON
from waddlebot.platforms.discord.actions import act
from waddlebot.platforms.discord.api import DiscordApi, DiscordCredentials, settled, words_of
from waddlebot.platforms.discord.components import modal_of
from waddlebot.platforms.discord.interactions import TOKEN_LIVES
from waddlebot.platforms.discord.listings import dressed, refuses_embeds
from waddlebot.platforms.discord.moderators import KEPT_SECONDS, tell_moderators
from waddlebot.platforms.discord.render import (
    EPHEMERAL,
    MODAL,
    body_of,
    in_place_of,
    message_of,
    with_offers,
)
from waddlebot.platforms.fields import dig, id_at, number_at
from waddlebot.platforms.wording import FOR_NOBODY, named
from waddlebot_sdk.listings import Listing

_EXECUTION_ID_CHARACTERS = 22
_LOADING = 1 << 7
_DEFERRAL_ARRIVES = timedelta(seconds=3)
_FIRST_ANSWER = timedelta(seconds=3)
_UNKNOWN_MESSAGE = 10008
_INVALID_FORM, _NO_HISTORY = 50035, 160002
_TAKES_NOTHING = "Somebody takes no direct messages from WaddleBot."
_CLOSED = (
    "I cannot write to you privately. Allow direct messages from this server, "
    "or ask with /waddlebot: its answers can be shown to you alone."
)
_ANSWERED_ALONE = "The answer is for you alone: it stands below."


def deliver(
    outgoing: Outgoing, credentials: DiscordCredentials, *, now: datetime | None = None
) -> Delivery:
    """See `delivering`; a repeated send is harmless where Discord keeps the nonce (minutes)."""
    api = DiscordApi(credentials, now or datetime.now(UTC))
    if isinstance(outgoing, PlatformAction):
        return (yield from act(outgoing, api))
    if outgoing.secret and not outgoing.user:
        return refused(FOR_NOBODY)
    if isinstance(outgoing.way_back, Interaction):
        return (yield from _follow_up(outgoing, outgoing.way_back, api))
    if (user := _alone(outgoing)) is not None:
        return (yield from _privately(outgoing, user, api))
    place = parse_entity(outgoing.entity)
    if place.kind == PERSON:
        return (yield from _to_person(outgoing, place.channel, api))
    if place.kind == MODERATORS:
        return (yield from tell_moderators(outgoing, api))
    return (yield from _to_channel(outgoing, outgoing.text, api))


def _to_channel(reply: Reply, text: str, api: DiscordApi) -> Delivery:
    """Where nothing can be said any more, alone to whoever waits for it."""
    said = yield from _in_channel(reply, text, api)
    if said.is_unsaid and reply.is_awaited:
        return said_otherwise((yield from _directly(reply, str(reply.user), api)), said)
    return said


def _in_channel(reply: Reply, text: str, api: DiscordApi) -> Delivery:
    """In the channel of a thread where that is gone."""
    entity = parse_entity(reply.entity)
    if entity.kind != "channel":
        return refused("This happened to the whole server: there is no channel to answer in.")
    line = reply.way_back.message if isinstance(reply.way_back, Channel) else None
    if line is None and (strange := (yield from _look_whose(entity, api))):
        return strange
    said = yield from _say(reply, text, entity, api, line=line)
    if said.is_unsaid and reply.parent and reply.parent != reply.entity:
        names_somebody = reply.notifies or text != reply.text
        text = text if names_somebody else named(reply, text)
        channel = parse_entity(reply.parent)
        return said_otherwise((yield from _say(reply, text, channel, api)), said)
    return said


def _look_whose(
    entity: Entity, api: DiscordApi
) -> Generator[HttpCall, HttpAnswer, Delivered | None]:
    """Whoever runs a server may have typed any channel's id, and Discord takes a message by that
    alone: it is written where the server is the place's own. What cannot be seen, the message says.
    """
    path = f"/channels/{entity.channel}"
    answer = yield api.call("GET", path, bucket=f"whose:{path}", kept_seconds=KEPT_SECONDS)
    if answer.status >= 300 or id_at(answer.json, "guild_id") in ("", entity.server):
        return None
    return refused(f"<#{entity.channel}> is no channel of this server: name one of its own.")


def _say(
    reply: Reply, text: str, entity: Entity, api: DiscordApi, *, line: str | None = None
) -> Delivery:
    """As a reply to `line`; without it where that line may not be replied to.

    What was refused was not said, so the same nonce is good for the second form.
    """
    body = {**message_of(reply, text), "nonce": reply.id, "enforce_nonce": True}
    body = with_offers(body, [reply])
    listing = reply.listing if text == reply.text else None
    if line:
        reference = {"message_id": line, "fail_if_not_exists": False}
        referring = {**body, "message_reference": reference}
        answer = yield from _post(entity.channel, referring, listing, api)
        if not _is_about_reference(answer):
            return api.judge(answer) or settled(answer, "write", entity, needs="Send Messages")
    answer = yield from _post(entity.channel, body, listing, api)
    return api.judge(answer) or settled(answer, "write", entity, needs="Send Messages")


def _is_about_reference(answer: HttpAnswer) -> bool:
    """The line is gone, or Discord's own, or the bot may not read what was written before."""
    code = number_at(answer.json, "code")
    is_form = code == _INVALID_FORM and dig(answer.json, "errors", "message_reference") is not None
    return is_form or code in {_NO_HISTORY, _UNKNOWN_MESSAGE}


def _post(
    channel: str, body: dict[str, Any], listing: Listing | None, api: DiscordApi
) -> Generator[HttpCall, HttpAnswer, HttpAnswer]:
    """In its dress; as text where the bot may not embed there."""
    if listing is None:
        return (yield api.post_message(channel, body))
    answer = yield api.post_message(channel, dressed(body, listing))
    if refuses_embeds(answer):
        answer = yield api.post_message(channel, body)
    return answer


def _privately(reply: Reply, user: str, api: DiscordApi) -> Delivery:
    """What is for one person is never said in the channel instead."""
    told = yield from _directly(reply, user, api)
    if told.is_unsaid:
        return (yield from _in_channel(reply, named(reply, reply.otherwise or _CLOSED), api))
    return told


def _to_person(reply: Reply, user: str, api: DiscordApi) -> Delivery:
    """There is no place where others could be told that it was refused."""
    told = yield from _directly(reply, user, api)
    return refused(told.reason) if told.is_unsaid else told


def _directly(reply: Reply, user: str, api: DiscordApi) -> Delivery:
    """A direct message; `closed` where this person takes nothing from the bot (50007)."""
    opened = yield api.call("POST", "/users/@me/channels", {"recipient_id": user}, bucket="direct")
    if (waiting := api.judge(opened)) is not None:
        return waiting
    channel = id_at(opened.json, "id")
    if opened.status >= 300 or not channel:
        return closed(_TAKES_NOTHING)
    body = {**message_of(reply, reply.text), "nonce": reply.id, "enforce_nonce": True}
    body = with_offers(body, [reply])
    sent = yield from _post(channel, body, reply.listing, api)
    if sent.status == 403:
        return closed(_TAKES_NOTHING)
    entity = parse_entity(reply.entity)
    return api.judge(sent) or settled(sent, "write", entity, needs="Send Messages")


def _follow_up(reply: Reply, way_back: Interaction, api: DiscordApi) -> Delivery:
    """Fills in what was deferred, else follows the first answer; later it goes to the channel."""
    if api.now >= way_back.until:
        return (yield from _after_token(reply, api))
    if reply.offer and reply.offer.form and api.now - way_back.until + TOKEN_LIVES < _FIRST_ANSWER:
        opened = yield _opening(reply.offer.form, way_back, api)
        if opened.status < 300:
            return SENT
    token_path = _token_path(way_back, api)
    body = with_offers({**body_of(reply.text), "allowed_mentions": {"parse": []}}, [reply])
    if reply.listing:  # a follow-up needs no permission to embed
        body = dressed(body, reply.listing)
    if reply.in_place and way_back.component:
        return (yield from _in_place(reply, body, way_back, api))
    if _is_first(reply) and not way_back.component:
        path = f"{token_path}/messages/@original"
        original = yield api.call("GET", path, bucket=way_back.id)
        if _is_loading(original):
            # Everybody sees what a deferral is filled with, unless it was ephemeral itself.
            is_open = reply.private and not (number_at(original.json, "flags") or 0) & EPHEMERAL
            filling = body_of(_ANSWERED_ALONE) if is_open else body
            filling = {**filling, "allowed_mentions": {"parse": []}}
            answer = yield api.call("PATCH", path, filling, bucket=way_back.id)
            if not is_open or answer.status >= 300:
                return (yield from _followed(answer, reply, way_back, api))
    follow_up = {**body, "flags": EPHEMERAL} if reply.private else body
    answer = yield api.call("POST", token_path, follow_up, bucket=way_back.id)
    return (yield from _followed(answer, reply, way_back, api))


def _token_path(way_back: Interaction, api: DiscordApi) -> str:
    application = way_back.application or api.credentials.application_id
    return f"/webhooks/{application}/{quote(way_back.token, safe='')}"


def _in_place(
    reply: Reply, body: dict[str, Any], way_back: Interaction, api: DiscordApi
) -> Delivery:
    """The original of a press is the message that was pressed; anew where somebody deleted it."""
    path = _token_path(way_back, api)
    edited = f"{path}/messages/@original"
    answer = yield api.call("PATCH", edited, in_place_of(body), bucket=way_back.id)
    is_gone = answer.status == 404 and number_at(answer.json, "code") == _UNKNOWN_MESSAGE
    if is_gone and api.now - way_back.until + TOKEN_LIVES >= _DEFERRAL_ARRIVES:
        answer = yield api.call("POST", path, body, bucket=way_back.id)
    return (yield from _followed(answer, reply, way_back, api))


def _opening(form: OfferedForm, way_back: Interaction, api: DiscordApi) -> HttpCall:
    """Refused where something was answered before, a deferral too: then its button is sent."""
    path = f"/interactions/{way_back.id}/{quote(way_back.token, safe='')}/callback"
    return api.call("POST", path, {"type": MODAL, "data": modal_of(form)}, bucket=way_back.id)


def _followed(answer: HttpAnswer, reply: Reply, way_back: Interaction, api: DiscordApi) -> Delivery:
    if answer.status < 300:
        return SENT
    if (waiting := api.judge(answer)) is not None:
        return waiting
    asked_at = way_back.until - TOKEN_LIVES
    if answer.status == 404 and api.now - asked_at < _DEFERRAL_ARRIVES:
        # The follow-up was quicker than the deferral that it follows.
        return again(0.5)
    if answer.status in {401, 404}:
        return (yield from _after_token(reply, api))
    return refused(f"Discord refused an answer: {words_of(answer)}")


def _after_token(reply: Reply, api: DiscordApi) -> Delivery:
    if (user := _alone(reply)) is not None:
        return (yield from _privately(reply, user, api))
    return (yield from _to_channel(reply, named(reply, reply.text), api))


def _alone(reply: Reply) -> str | None:
    """Who is to be written to; without a server the place is a direct message already, if known."""
    if reply.secret or (reply.private and parse_entity(reply.entity).server):
        return reply.user
    return None


def _is_first(reply: Reply) -> bool:
    """A reply's id is the execution's and a number."""
    return reply.id[_EXECUTION_ID_CHARACTERS:] in {"", "0"}


def _is_loading(original: HttpAnswer) -> bool:
    """Whether the first answer was a deferral that nothing was filled into yet."""
    if original.status == 404:
        return number_at(original.json, "code") == _UNKNOWN_MESSAGE
    return bool((number_at(original.json, "flags") or 0) & _LOADING)


find_credentials = DiscordCredentials.find

__all__ = ["DiscordCredentials", "deliver", "find_credentials"]
