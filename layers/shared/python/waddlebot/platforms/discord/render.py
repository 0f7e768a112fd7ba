"""Answers as Discord shows them, and the HTTP answers to an interaction.

Docs: "Receiving and Responding" (callback types), "Message Components", "Message Flags".
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from waddlebot.domain.events import Event, Interaction, MessageType
from waddlebot.domain.message_parts import split_text
from waddlebot.domain.offers import OfferedForm
from waddlebot.domain.replies import Reply
from waddlebot.platforms.discord import ABILITIES
from waddlebot.platforms.discord.listings import embed_of
from waddlebot.platforms.received import WebhookAnswer
from waddlebot.platforms.wording import (
    NOTHING_CAME,
    around_name,
    disarm,
    is_for_one,
    shortened,
)

if TYPE_CHECKING:
    from waddlebot_sdk.completions import Choice

ACCEPTED = WebhookAnswer(status=204)
PINGS_NOBODY = {"parse": [], "replied_user": False}
EPHEMERAL = 1 << 6
MOST_ROWS = 5
_MESSAGE, _DEFERRED_MESSAGE, _DEFERRED_UPDATE, _UPDATE, _CHOICES, MODAL = 4, 5, 6, 7, 8, 9
_MOST_IN_CHOICE = 100
_MOST_IN_EMBED = 4096
_MOST_IN_EMBEDS = 5900
"""Of 6000: closing and opening a block again takes some."""
_MOST_EMBEDS = 2


def body_of(text: str) -> dict[str, Any]:
    """A message with this text that pings nobody. `{"content", "allowed_mentions"}`."""
    content = shortened(disarm(text), ABILITIES.most_characters)
    return {"content": content, "allowed_mentions": PINGS_NOBODY}


def message_of(reply: Reply, text: str) -> dict[str, Any]:
    """As `body_of`; whom the reply calls is pinged, and nobody whom its words name."""
    is_account = (reply.user or "").isascii() and (reply.user or "").isdigit()
    if not (reply.notifies and is_account):
        return body_of(text)
    before, behind = around_name(reply, text)
    allowed = {**PINGS_NOBODY, "users": [reply.user]}
    return {**body_of(f"{before}<@{reply.user}>{behind}"), "allowed_mentions": allowed}


def inline(replies: Sequence[Reply], event: Event) -> WebhookAnswer:
    """All replies in the one message of the HTTP answer; private if the first is, or any secret."""
    if not replies:
        return _nothing(event)
    if (form := _form_to_open(replies, event)) is not None:
        from waddlebot.platforms.discord.components import modal_of  # few answers are forms

        return _callback(MODAL, modal_of(form))
    # `replied_user` is for messages that reply; the callback knows `parse` alone.
    data = with_offers({**_all_in_one(replies), "allowed_mentions": {"parse": []}}, replies)
    if is_for_one(replies):
        data["flags"] = EPHEMERAL
    elif replies[0].in_place and _is_component(event):
        return _callback(_UPDATE, in_place_of(data))
    return _callback(_MESSAGE, data)


def in_place_of(body: dict[str, Any]) -> dict[str, Any]:
    """The same for a message that stands there: nothing of that is left, buttons neither.

    `body` and the answer are messages as "Edit Message" takes them.
    """
    return {"content": "", "embeds": [], "components": [], **body}


def _form_to_open(replies: Sequence[Reply], event: Event) -> OfferedForm | None:
    """At once, where it is all of the answer, and the question was no form itself."""
    offer = replies[0].offer if len(replies) == 1 else None
    form = offer.form if offer else None
    return None if form and event.type is MessageType.MODAL_SUBMIT else form


def opens_form(event: Event) -> bool:
    """Whether the press is to be answered with a form, which nothing deferred can be."""
    if event.type is not MessageType.BUTTON_CLICK:
        return False
    from waddlebot.domain.signed_presses import Kind, read_press  # few events are presses

    press = read_press(str(event.data.get("custom_id") or ""))
    return press is not None and press.kind is Kind.OPEN


def with_offers(body: dict[str, Any], replies: Iterable[Reply]) -> dict[str, Any]:
    """The same message with what can be pressed below it, at most five rows of that.

    `body` and the answer are messages as "Create Message" takes them.
    """
    offers = [reply.offer for reply in replies if reply.offer]
    if not offers:
        return body
    from waddlebot.platforms.discord.components import rows_of

    return {**body, "components": [row for offer in offers for row in rows_of(offer)][:MOST_ROWS]}


def deferred(event: Event) -> WebhookAnswer:
    """ "Thinking…" after a command; a button shows nothing until the follow-up."""
    return _callback(_DEFERRED_UPDATE if _is_component(event) else _DEFERRED_MESSAGE)


def completed(choices: Iterable[Choice]) -> WebhookAnswer:
    """What may be taken while somebody types; the list calls nobody, and neither does its look."""
    offered = [
        {"name": shortened(disarm(one.shown), _MOST_IN_CHOICE), "value": one.value}
        for one in choices
    ]
    return _callback(_CHOICES, {"choices": offered})


def say(text: str) -> WebhookAnswer:
    """One sentence to the asking person alone."""
    data = {**body_of(text), "allowed_mentions": {"parse": []}, "flags": EPHEMERAL}
    return _callback(_MESSAGE, data)


def _nothing(event: Event) -> WebhookAnswer:
    return _callback(_DEFERRED_UPDATE) if _is_component(event) else say(NOTHING_CAME)


def _all_in_one(replies: Sequence[Reply]) -> dict[str, Any]:
    """One message takes 2000 characters of content and 6000 in embeds: what is more goes there."""
    lists = [embed_of(reply.listing) for reply in replies if reply.listing]
    said = _texts_in_one([reply for reply in replies if not reply.listing])
    embeds = [*said.get("embeds", ()), *lists]
    return {**said, "embeds": embeds} if lists and _fit(embeds) else _texts_in_one(replies)


def _fit(embeds: Sequence[dict[str, Any]]) -> bool:
    words = (
        word for embed in embeds for word in (*embed.values(), *embed.get("footer", {}).values())
    )
    characters = sum(len(word) for word in words if isinstance(word, str))
    return len(embeds) <= _MOST_EMBEDS and characters <= _MOST_IN_EMBEDS


def _texts_in_one(replies: Sequence[Reply]) -> dict[str, Any]:
    texts = [disarm(reply.text) for reply in replies]
    joined = "\n".join(texts)
    if len(joined) <= ABILITIES.most_characters:
        return {"content": joined}
    content = shortened(texts[0], ABILITIES.most_characters)
    rest = shortened("\n".join(texts[1:]), _MOST_IN_EMBEDS)
    parts = split_text(rest, most_characters=_MOST_IN_EMBED, most_messages=_MOST_EMBEDS)
    return {"content": content, "embeds": [{"description": part} for part in parts]}


def _is_component(event: Event) -> bool:
    return isinstance(event.way_back, Interaction) and event.way_back.component


def _callback(kind: int, data: dict[str, Any] | None = None) -> WebhookAnswer:
    callback: dict[str, Any] = {"type": kind} if data is None else {"type": kind, "data": data}
    return WebhookAnswer(body=json.dumps(callback).encode())
