"""Something that happened in chat, in our words. Event types: the spec's "Message Types"."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from waddlebot.domain.entities import CommunityId, EntityId
from waddlebot.domain.errors import Rejected
from waddlebot_sdk.roles import Role


class MessageType(StrEnum):
    CHAT_MESSAGE = "chatMessage"
    SLASH_COMMAND = "slashCommand"
    INTERACTION = "interaction"
    MODAL_SUBMIT = "modal_submit"
    BUTTON_CLICK = "button_click"
    SELECT_MENU = "select_menu"
    SUBSCRIPTION = "subscription"
    GIFT_SUBSCRIPTION = "gift_subscription"
    FOLLOW = "follow"
    DONATION = "donation"
    CHEER = "cheer"
    RESUB = "resub"
    RAID = "raid"
    HOST = "host"
    STREAM_ONLINE = "stream_online"
    STREAM_OFFLINE = "stream_offline"
    MEMBER_JOIN = "member_join"
    MEMBER_LEAVE = "member_leave"
    VOICE_JOIN = "voice_join"
    VOICE_LEAVE = "voice_leave"
    VOICE_TIME = "voice_time"
    BOOST = "boost"
    CHANNEL_JOIN = "channel_join"
    BAN = "ban"
    KICK = "kick"
    TIMEOUT = "timeout"
    WARN = "warn"
    REACTION = "reaction"
    FILE_SHARE = "file_share"
    APP_MENTION = "app_mention"
    DUE = "due"
    """Ours: something that a module asked to be told later."""
    FIRST_LINE = "first_line"
    """Ours: its person wrote a line here that is the first one ever, for a module that waits."""
    PROFILE_CHANGE = "profile_change"
    """Ours: what was known of an account is out of date."""
    INVITED = "invited"
    """Ours: somebody brought the bot here; its person is whoever did."""
    UNSAID = "unsaid"
    """Ours: something was not said as it was meant, or not at all."""
    GONE = "gone"
    """Ours: lines were deleted where they stood: those in `messages`, its person's, or all."""


_ALIASES = {
    "subgift": MessageType.GIFT_SUBSCRIPTION,
    "gift_sub": MessageType.GIFT_SUBSCRIPTION,
    "sub": MessageType.SUBSCRIPTION,
    "subscribe": MessageType.SUBSCRIPTION,
    "bits": MessageType.CHEER,
    "tip": MessageType.DONATION,
    "permaban": MessageType.BAN,
    "mute": MessageType.TIMEOUT,
    "mention": MessageType.APP_MENTION,
}
_INTERNAL = {
    MessageType.DUE,
    MessageType.FIRST_LINE,
    MessageType.GONE,
    MessageType.INVITED,
    MessageType.PROFILE_CHANGE,
    MessageType.UNSAID,
}

FOR_ONE_MODULE = frozenset({MessageType.DUE, MessageType.FIRST_LINE})
"""What one module waited for: `module` in its `data` hears of it, and no other does."""


def texts_of(told: object) -> list[str]:
    """Of a list in an event's `data`, in which callers of the API may send anything."""
    return [one for one in told if isinstance(one, str)] if isinstance(told, list | tuple) else []


def message_type(text: str) -> MessageType:
    """The spec's spelling or a known alias; Rejected (400) with the valid list otherwise."""
    if text in _ALIASES:
        return _ALIASES[text]
    valid = sorted(kind.value for kind in set(MessageType) - _INTERNAL)
    if text not in valid:
        raise Rejected(
            400,
            "UNKNOWN_MESSAGE_TYPE",
            f"message_type {text[:80]!r} is not known. Valid: {', '.join(valid)}.",
            details={"valid": valid},
        )
    return MessageType(text)


class Speaker(msgspec.Struct, frozen=True, kw_only=True):
    """Who an event is about. `role` is what the platform says of this person here: a floor.

    `name` is what people see, which everybody chooses as they like; `login` is the account's own
    name in small letters, which nobody else bears there, or empty where there is none.
    """

    id: str
    name: str
    login: str = ""
    role: Role = Role.USER


class Channel(msgspec.Struct, frozen=True, kw_only=True, tag="channel"):
    """The answer goes to the event's own channel, as a reply to `message`, in `thread` if any."""

    message: str | None = None
    thread: str | None = None


class Interaction(msgspec.Struct, frozen=True, kw_only=True, tag="interaction"):
    """A Discord interaction: the HTTP answer first, then follow-ups while the token lives."""

    application: str
    id: str
    token: str
    until: datetime
    component: bool = False


class ResponseUrl(msgspec.Struct, frozen=True, kw_only=True, tag="response_url"):
    """A Slack slash command or interaction: the HTTP answer first, then this address.

    `trigger` opens a form for three seconds. `pressed` is the message that was pressed, empty
    where there is none, or one that its person alone sees.
    """

    url: str
    until: datetime
    thread: str | None = None
    trigger: str = ""
    pressed: str = ""


class Caller(msgspec.Struct, frozen=True, kw_only=True, tag="caller"):
    """An API caller: the answer is the HTTP response and nothing else.

    `own_key`: it asks as a person, with a key that this person made.
    """

    own_key: bool = False


WayBack = Channel | Interaction | ResponseUrl | Caller


class Later(msgspec.Struct, frozen=True, kw_only=True):
    """Where and to whom something is said later that is asked for now.

    `parent` is the channel of the thread that `entity` is; `thread` is Slack's.
    """

    entity: EntityId
    parent: EntityId | None = None
    thread: str | None = None
    private: bool = False
    user: Speaker | None = None


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """`id` names the event, not its delivery: same event, same id, prefixed by the platform.

    `parent` is the channel of the thread that `entity` is: it has its settings, switches and roles.
    `place_name` is what people call `entity`, where the payload says it.
    `message` is the platform's id of the line, where there is one (to delete or reply to it).
    `asked_until` is set where somebody holds a request open for the answer.
    `replayed_at` is when an operator had it routed again: by that time it is judged.
    `private` marks a direct message or an answer that only the asking person sees; `community` is
    the one that it acts in, once that is settled.
    `shown` is what others read beside `text`: forwarded lines, polls, embeds, captions of files.
    `watched_only` marks what rules look at and nothing answers: an edit, a copy of a shared chat.
    `looks` is how the platform dresses the line (line_looks.py).
    """

    id: str
    type: MessageType
    entity: EntityId
    parent: EntityId | None = None
    place_name: str = ""
    user: Speaker | None
    text: str = ""
    shown: tuple[str, ...] = ()
    data: dict[str, Any] = {}
    message: str | None = None
    occurred_at: datetime
    way_back: WayBack
    asked_until: datetime | None = None
    private: bool = False
    community: CommunityId | None = None
    watched_only: bool = False
    looks: str = ""
    replayed_at: datetime | None = None

    @property
    def place(self) -> EntityId:
        """Whose settings, switches and roles count."""
        return self.parent or self.entity

    @property
    def login_alone(self) -> str:
        """Of whoever it is about, where the platform says that in place of an id; else empty."""
        login = self.data.get("user_login")
        is_alone = self.user is not None and self.user.id == login
        return login.casefold() if is_alone and isinstance(login, str) else ""

    @property
    def is_asked(self) -> bool:
        return self.asked_until is not None

    @property
    def is_open(self) -> bool:
        """The platform keeps a place for its answer, which whoever asked sees stay empty."""
        return isinstance(self.way_back, Interaction | ResponseUrl)

    @property
    def texts(self) -> tuple[str, ...]:
        """All that others read of it, the line itself first."""
        return (self.text, *self.shown) if self.text else self.shown
