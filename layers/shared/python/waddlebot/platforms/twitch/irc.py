"""Chat over IRC, the fallback: one line of the protocol as an event.

Docs: "IRC Concepts", "Tags"; RFC 1459 for the form of a line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from waddlebot.domain.events import Channel, MessageType
from waddlebot.platforms.fields import clean, id_at, moment_of_epoch, number_at, text_at
from waddlebot.platforms.gone_lines import gone
from waddlebot.platforms.reading import PlatformPlace, Reading, facts_of, hashed, received
from waddlebot.platforms.received import Action, Received, without_event
from waddlebot.platforms.replied import replied_to
from waddlebot.platforms.twitch.badges import role_of
from waddlebot.platforms.twitch.line_looks import looks_in
from waddlebot.platforms.twitch.text import without_action, without_reply_name
from waddlebot_sdk.roles import Role

_ESCAPES = {"s": " ", ":": ";", "\\": "\\", "r": "\r", "n": "\n"}
_ESCAPED = re.compile(r"\\(.?)", re.DOTALL)
_MOST_CHARACTERS = 16_384
"""Twitch's own limit: 8 KiB of tags and 512 bytes of message, with room to spare."""


class IrcLine(msgspec.Struct, frozen=True, kw_only=True):
    tags: Mapping[str, str]
    nick: str
    command: str
    parameters: tuple[str, ...]

    def parameter(self, number: int) -> str:
        return self.parameters[number] if number < len(self.parameters) else ""

    @property
    def login(self) -> str:
        """The channel's login; `#` is IRC's, not the name's."""
        return id_at({"login": self.parameter(0).removeprefix("#")}, "login")

    @property
    def text(self) -> str:
        return self.parameter(1)

    @property
    def place(self) -> PlatformPlace:
        """By id where Twitch sends one, else by login, which the directory resolves."""
        channel = id_at(self.tags, "room-id") or self.login
        return PlatformPlace(platform="twitch", channel=channel, name=self.login)

    def occurred_at(self, now: datetime) -> datetime:
        sent = number_at(self.tags, "tmi-sent-ts")
        return (moment_of_epoch(sent / 1000) if sent else None) or now


def parse_line(line: str) -> IrcLine:
    """Never raises: what is missing is empty."""
    rest = line[:_MOST_CHARACTERS].strip("\r\n")
    tags: dict[str, str] = {}
    prefix = ""
    if rest.startswith("@"):
        tag_text, _, rest = rest[1:].partition(" ")
        tags = dict(_tag(entry) for entry in tag_text.split(";"))
    rest = rest.lstrip(" ")
    if rest.startswith(":"):
        prefix, _, rest = rest[1:].partition(" ")
    head, colon, trailing = rest.lstrip(" ").partition(" :")
    command, *parameters = head.split() or [""]
    return IrcLine(
        tags=tags,
        nick=prefix.partition("!")[0] if "!" in prefix else "",
        command=command.upper(),
        parameters=tuple(parameters) + ((clean(trailing),) if colon else ()),
    )


def read_line(line: IrcLine, *, now: datetime) -> Received:
    read = READERS.get(line.command)
    if read is not None:
        return read(line, now)
    if line.command == "PING":
        return without_event(Action.PONG)
    if line.command == "RECONNECT":
        return without_event(Action.RECONNECT)
    if line.command in _PROTOCOL or line.command.isdigit():
        return without_event(Action.PROTOCOL, _facts(line))
    return without_event(Action.IGNORE, _facts(line))


def _read_privmsg(line: IrcLine, now: datetime) -> Received:
    text = without_action(line.text)
    bits = number_at(line.tags, "bits")
    message = id_at(line.tags, "id")
    user_id = _user_id(line)
    return received(
        Reading(
            type=MessageType.CHEER if bits else MessageType.CHAT_MESSAGE,
            place=line.place,
            user_id=user_id,
            user_name=_name(line),
            user_login=text_at(line.tags, "login") or clean(line.nick),
            role=_role(line),
            text=text,
            said=_without_reply_name(line, text),
            data=_line_data(line, bits),
            message=message,
            own_id=message or hashed(line.place, user_id, line.tags.get("tmi-sent-ts"), text),
            occurred_at=line.occurred_at(now),
            way_back=Channel(message=message or None),
            looks=looks_in(line.tags, text),
            # Shared chat: its own channel answers it, this one still looks at what it shows.
            watched_only=_from_elsewhere(line),
        )
    )


def _without_reply_name(line: IrcLine, text: str) -> str:
    names = ("reply-parent-user-login", "reply-parent-display-name")
    return without_reply_name(text, *(text_at(line.tags, name) for name in names))


def _line_data(line: IrcLine, bits: int | None) -> dict[str, Any]:
    elsewhere = id_at(line.tags, "source-room-id") if _from_elsewhere(line) else ""
    data = {"bits": bits, "user_login": clean(line.nick), "shared_from": elsewhere}
    replied = replied_to(
        message=id_at(line.tags, "reply-parent-msg-id"),
        user_id=id_at(line.tags, "reply-parent-user-id"),
        user_name=text_at(line.tags, "reply-parent-display-name")
        or text_at(line.tags, "reply-parent-user-login"),
        text=text_at(line.tags, "reply-parent-msg-body"),
    )
    return {name: value for name, value in data.items() if value} | replied


def _read_usernotice(line: IrcLine, now: datetime) -> Received:
    notice = text_at(line.tags, "msg-id")
    kind = _NOTICES.get(notice)
    # Of a gift to the community each recipient is told too: the notice before counts them.
    is_told_already = notice == "subgift" and "msg-param-community-gift-id" in line.tags
    if kind is None or is_told_already or _from_elsewhere(line):
        return without_event(Action.IGNORE, _facts(line, text=line.text))
    tags = line.tags
    data = {
        "notice_type": notice,
        "tier": text_at(tags, "msg-param-sub-plan"),
        "months": number_at(tags, "msg-param-cumulative-months"),
        "streak_months": number_at(tags, "msg-param-streak-months"),
        "total": number_at(tags, "msg-param-mass-gift-count"),
        "cumulative_total": number_at(tags, "msg-param-sender-count"),
        "gift_id": id_at(tags, "msg-param-community-gift-id"),
        "recipient_id": id_at(tags, "msg-param-recipient-id"),
        "recipient_name": text_at(tags, "msg-param-recipient-display-name"),
        "viewers": number_at(tags, "msg-param-viewerCount"),
        "anonymous": notice == "anonsubgift",
        "system_message": text_at(tags, "system-msg"),
    }
    user_id = "" if notice == "anonsubgift" else _user_id(line)
    return received(
        Reading(
            type=kind,
            place=line.place,
            user_id=user_id,
            user_name=_name(line),
            role=_role(line),
            text=line.text,
            data={name: value for name, value in data.items() if value not in (None, "")},
            own_id=_notice_id(line, kind),
            occurred_at=line.occurred_at(now),
        )
    )


def _notice_id(line: IrcLine, kind: MessageType) -> str:
    """A gift to the community has an id of its own, whatever message tells of it."""
    if gift := id_at(line.tags, "msg-param-community-gift-id"):
        return hashed("community_gift", line.place, gift)
    sent_at = line.tags.get("tmi-sent-ts")
    return id_at(line.tags, "id") or hashed(kind, line.place, _user_id(line), sent_at)


def _read_clearchat(line: IrcLine, now: datetime) -> Received:
    """With a duration a timeout, without a ban; without a name the whole chat was cleared."""
    login = line.text
    if not login:
        return gone(line.place, line.occurred_at(now), named=line.tags.get("tmi-sent-ts", ""))
    seconds = number_at(line.tags, "ban-duration")
    kind = MessageType.BAN if seconds is None else MessageType.TIMEOUT
    user_id = id_at(line.tags, "target-user-id") or id_at({"login": login}, "login")
    return received(
        Reading(
            type=kind,
            place=line.place,
            user_id=user_id,
            user_name=login,
            data={"user_login": login} | ({} if seconds is None else {"duration_s": seconds}),
            own_id=hashed(kind, line.place, user_id, line.tags.get("tmi-sent-ts") or now),
            occurred_at=line.occurred_at(now),
        )
    )


def _read_clearmsg(line: IrcLine, now: datetime) -> Received:
    message = id_at(line.tags, "target-msg-id")
    if not message:
        return without_event(Action.IGNORE, _facts(line))
    return gone(line.place, line.occurred_at(now), messages=[message])


def _read_join(line: IrcLine, now: datetime) -> Received:
    return _membership(line, MessageType.CHANNEL_JOIN, now)


def _read_part(line: IrcLine, now: datetime) -> Received:
    return _membership(line, MessageType.MEMBER_LEAVE, now)


def _membership(line: IrcLine, kind: MessageType, now: datetime) -> Received:
    """Membership lines carry no ids: the login stands for both."""
    nick = id_at({"nick": line.nick}, "nick")
    return received(
        Reading(
            type=kind,
            place=line.place,
            user_id=nick,
            data={"user_login": nick, "channel_login": line.login},
            own_id=hashed(kind, line.place, nick, now.replace(microsecond=0)),
            occurred_at=now,
        )
    )


def _read_host(line: IrcLine, now: datetime) -> Received:
    """`target viewers`, or `-` where hosting ended. Twitch has sent none since October 2022."""
    target, _, viewers = line.text.partition(" ")
    if target in {"", "-"}:
        return without_event(Action.IGNORE, _facts(line))
    count = number_at({"viewers": viewers}, "viewers")
    return received(
        Reading(
            type=MessageType.HOST,
            place=line.place,
            data={"channel_login": line.login, "target_login": target, "viewers": count},
            own_id=hashed("host", line.place, target, now.replace(microsecond=0)),
            occurred_at=now,
        )
    )


def _facts(line: IrcLine, *, text: str = "") -> dict[str, Any]:
    data = {"channel_login": line.login, "user_login": line.nick}
    return facts_of(line.place, user_id=_user_id(line), text=text, data=data)


def _user_id(line: IrcLine) -> str:
    return id_at(line.tags, "user-id")


def _name(line: IrcLine) -> str:
    return text_at(line.tags, "display-name") or text_at(line.tags, "login") or clean(line.nick)


def _role(line: IrcLine) -> Role:
    badges = text_at(line.tags, "badges").split(",")
    return role_of(badge.partition("/")[0] for badge in badges)


def _from_elsewhere(line: IrcLine) -> bool:
    """Shared chat shows what belongs to other channels."""
    source = id_at(line.tags, "source-room-id")
    return bool(source) and source != id_at(line.tags, "room-id")


def _tag(entry: str) -> tuple[str, str]:
    name, _, value = entry.partition("=")
    return name, _unescaped(value) if "\\" in value else value


def _unescaped(value: str) -> str:
    return _ESCAPED.sub(lambda escaped: _ESCAPES.get(escaped[1], escaped[1]), value)


_PROTOCOL = frozenset({"CAP", "GLOBALUSERSTATE", "PONG", "ROOMSTATE", "USERSTATE"})
_NOTICES = {
    "sub": MessageType.SUBSCRIPTION,
    "resub": MessageType.RESUB,
    "subgift": MessageType.GIFT_SUBSCRIPTION,
    "anonsubgift": MessageType.GIFT_SUBSCRIPTION,
    "submysterygift": MessageType.GIFT_SUBSCRIPTION,
    "anonsubmysterygift": MessageType.GIFT_SUBSCRIPTION,
    "giftpaidupgrade": MessageType.SUBSCRIPTION,
    "anongiftpaidupgrade": MessageType.SUBSCRIPTION,
    "primepaidupgrade": MessageType.SUBSCRIPTION,
    "raid": MessageType.RAID,
    "charitydonation": MessageType.DONATION,
}
READERS: dict[str, Callable[[IrcLine, datetime], Received]] = {
    "CLEARCHAT": _read_clearchat,
    "CLEARMSG": _read_clearmsg,
    "HOSTTARGET": _read_host,
    "JOIN": _read_join,
    "PART": _read_part,
    "PRIVMSG": _read_privmsg,
    "USERNOTICE": _read_usernotice,
}
"""By IRC command."""
