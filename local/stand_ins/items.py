"""One thing that people at the stand-ins would see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from local.stand_ins.places import StandInPlace

_FEED_KINDS = {
    "chat": "reply",
    "inline": "reply",
    "followup": "reply",
    "private": "private",
    "ephemeral": "private",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """`kind` is "line" for what a person said, else how the bot's doing is shown.

    `pings` names whom it would notify; `message` is the platform's id of the shown message;
    `in_reply_to` is the id of the event it answers, where the platform shows that.
    `dress` is what the platform draws beside or in place of the text: embeds, blocks.
    """

    n: int
    kind: str
    place: StandInPlace
    who: str
    text: str
    at: datetime
    message: str | None = None
    event_id: str | None = None
    in_reply_to: str | None = None
    to: str | None = None
    pings: tuple[str, ...] = ()
    dress: dict[str, Any] | None = None

    def as_reply(self) -> dict[str, Any]:
        return {
            "n": self.n,
            "platform": self.place.platform,
            "channel": self.place.channel,
            "channel_name": self.place.name,
            "entity_id": self.place.entity_id,
            "kind": self.kind,
            "text": self.text,
            "to": self.to,
            "in_reply_to": self.in_reply_to,
            "message_id": self.message,
            "pings": list(self.pings),
            "dress": self.dress,
            "at": self.at.isoformat(),
        }

    def as_feed(self) -> dict[str, Any]:
        shown = {"kind": _FEED_KINDS.get(self.kind, self.kind), "shown_as": self.kind}
        return {**self.as_reply(), **shown, "who": self.who, "event_id": self.event_id}
