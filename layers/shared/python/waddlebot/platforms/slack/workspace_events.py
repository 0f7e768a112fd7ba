"""What Slack's Events API tells: lines, files, reactions, members.

Docs: "Events API", "message" and its subtypes, "reaction_added", "team_join".
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from waddlebot.domain.events import Channel, MessageType
from waddlebot.platforms.fields import (
    dig,
    first_id,
    id_at,
    is_true,
    moment_of_epoch,
    number_at,
    object_at,
    objects_at,
    text_at,
)
from waddlebot.platforms.gone_lines import gone
from waddlebot.platforms.reading import PlatformPlace, Reading, facts_of, hashed, received, watched
from waddlebot.platforms.received import Action, Received, without_event
from waddlebot.platforms.slack.installation_events import ACCESS, ENDINGS, read_installation
from waddlebot.platforms.slack.people import read_name
from waddlebot.platforms.slack.shown import is_of_a_program, texts_beside
from waddlebot.platforms.slack.text import (
    as_meant,
    begins_with_mention_of,
    named_in,
    without_mention,
)

_CHAT_SUBTYPES = frozenset({"", "me_message", "thread_broadcast"})


def read_event(envelope: dict[str, Any], *, now: datetime) -> Received:
    """`envelope` is an event_callback; its `team_id` is the workspace that the tokens belong to."""
    event = object_at(envelope, "event")
    kind = text_at(event, "type")
    if kind in ENDINGS or kind in ACCESS:
        occurred_at = _occurred_at(envelope, event, now)
        return read_installation(envelope, event, occurred_at=occurred_at)
    if kind == "app_rate_limited":
        return without_event(Action.LIFECYCLE, _facts(envelope, event))
    read = READERS.get(kind, _ignored)
    return read(envelope, event, now)


def _read_message(envelope: dict[str, Any], event: dict[str, Any], now: datetime) -> Received:
    subtype = text_at(event, "subtype")
    if subtype == "message_changed":
        return _read_edit(envelope, event, now)
    if subtype == "message_deleted":
        return _read_deleted(envelope, event, now)
    if is_of_a_program(event) or is_true(event, "hidden"):
        return _ignored(envelope, event, now)
    is_for_us = begins_with_mention_of(_bot_user(envelope), text_at(event, "text"))
    if subtype == "file_share" and not is_for_us:
        file_id = id_at(next(iter(objects_at(event, "files")), {}), "id")
        return _line(envelope, event, now, kind=MessageType.FILE_SHARE, file_id=file_id)
    if subtype not in _CHAT_SUBTYPES and subtype != "file_share":
        return _ignored(envelope, event, now)
    if is_for_us:
        # Comes as app_mention as well, with the same id: both are the same event.
        return _line(envelope, event, now, kind=MessageType.APP_MENTION)
    return _line(envelope, event, now, kind=MessageType.CHAT_MESSAGE)


def _read_app_mention(envelope: dict[str, Any], event: dict[str, Any], now: datetime) -> Received:
    own = id_at(event, "user") and id_at(event, "user") == _bot_user(envelope)
    # A person's upload through an app carries the app's bot_id: the line is still theirs.
    if own or (is_of_a_program(event) and not is_true(event, "upload")):
        return _ignored(envelope, event, now)
    return _line(envelope, event, now, kind=MessageType.APP_MENTION)


def _read_edit(envelope: dict[str, Any], event: dict[str, Any], now: datetime) -> Received:
    """A line that was changed after it was sent: looked at by rules, never run as a command."""
    line, before = object_at(event, "message"), object_at(event, "previous_message")
    same = text_at(line, "text") == text_at(before, "text")  # a link was unfurled, a thread begun
    if same or is_of_a_program(line) or id_at(line, "user") == _bot_user(envelope):
        return _ignored(envelope, event, now)
    ts, edited_at = id_at(line, "ts"), id_at(line, "edited", "ts") or id_at(event, "ts")
    place = _place(envelope, event)
    return watched(
        Reading(
            type=MessageType.CHAT_MESSAGE,
            place=place,
            user_id=id_at(line, "user"),
            text=text_at(line, "text"),
            said=as_meant(text_at(line, "text")),
            shown=texts_beside(line),
            message=ts,
            own_id=f"{place.server}/{place.channel}/{ts}/{edited_at}",
            occurred_at=_occurred_at(envelope, event, now),
            way_back=Channel(message=ts or None, thread=id_at(line, "thread_ts") or None),
            private=_is_private(event, place),
        )
    )


def _read_deleted(envelope: dict[str, Any], event: dict[str, Any], now: datetime) -> Received:
    place, message = _place(envelope, event), id_at(event, "deleted_ts")
    if not message or _is_private(event, place):
        return _ignored(envelope, event, now)
    return gone(place, now, messages=[message])


def _line(
    envelope: dict[str, Any],
    event: dict[str, Any],
    now: datetime,
    *,
    kind: MessageType,
    file_id: str = "",
) -> Received:
    place, user_id, text = _place(envelope, event), id_at(event, "user"), text_at(event, "text")
    ts, thread = id_at(event, "ts"), id_at(event, "thread_ts")
    said = as_meant(without_mention(text) if kind is MessageType.APP_MENTION else text)
    return received(
        Reading(
            type=kind,
            place=place,
            user_id=user_id,
            text=text,
            said=said,
            shown=texts_beside(event),
            data=_line_data(event),
            message=ts,
            own_id=_file_id(place, file_id) if file_id else _line_id(place, event),
            occurred_at=_occurred_at(envelope, event, now),
            way_back=Channel(message=ts or None, thread=thread or None),
            private=_is_private(event, place),
        )
    )


def _is_private(event: dict[str, Any], place: PlatformPlace) -> bool:
    return text_at(event, "channel_type") == "im" or place.channel.startswith("D")


def _line_data(event: dict[str, Any]) -> dict[str, Any]:
    files, named = objects_at(event, "files"), named_in(text_at(event, "text"))
    if not files:
        return named
    return {
        **named,
        "attachments": len(files),
        "files": [
            {
                "file_id": id_at(file, "id"),
                "name": text_at(file, "name"),
                "mimetype": text_at(file, "mimetype"),
                "size": number_at(file, "size"),
            }
            for file in files
        ],
    }


def _read_file_shared(envelope: dict[str, Any], event: dict[str, Any], now: datetime) -> Received:
    file_id = first_id(id_at(event, "file_id"), id_at(event, "file", "id"))
    place = _place(envelope, event)
    return _happening(
        envelope,
        event,
        now,
        kind=MessageType.FILE_SHARE,
        data={"file_id": file_id},
        own_id=_file_id(place, file_id),
    )


def _read_reaction(envelope: dict[str, Any], event: dict[str, Any], now: datetime) -> Received:
    message, emoji = id_at(event, "item", "ts"), text_at(event, "reaction")
    data = {
        "emoji": emoji,
        "target_message_id": message,
        "target_user_id": id_at(event, "item_user"),
        "change": "added",
    }
    if _user_id(event) == _bot_user(envelope):
        return _ignored(envelope, event, now)
    own_id = hashed("reaction", _place(envelope, event), message, _user_id(event), emoji)
    return _happening(envelope, event, now, kind=MessageType.REACTION, data=data, own_id=own_id)


def _read_joined(envelope: dict[str, Any], event: dict[str, Any], now: datetime) -> Received:
    inviter = id_at(event, "inviter")
    if inviter and _user_id(event) == _bot_user(envelope):
        told = {**event, "user": inviter}
        return _happening(envelope, told, now, kind=MessageType.INVITED, data={})
    data = {"inviter": inviter}
    return _happening(envelope, event, now, kind=MessageType.CHANNEL_JOIN, data=data)


def _read_left(envelope: dict[str, Any], event: dict[str, Any], now: datetime) -> Received:
    return _happening(envelope, event, now, kind=MessageType.MEMBER_LEAVE, data={})


def _read_team_join(envelope: dict[str, Any], event: dict[str, Any], now: datetime) -> Received:
    return _happening(envelope, event, now, kind=MessageType.MEMBER_JOIN, data={})


def _read_user_change(envelope: dict[str, Any], event: dict[str, Any], now: datetime) -> Received:
    """Nobody is answered and nothing is awarded: what was known of this account is out of date."""
    user = object_at(event, "user")
    user_id = id_at(user, "id")
    if not user_id:
        return _ignored(envelope, event, now)
    moment = text_at(event, "event_ts")
    return received(
        Reading(
            type=MessageType.PROFILE_CHANGE,
            place=PlatformPlace(platform="slack", server=id_at(envelope, "team_id")),
            data={"user_id": user_id, "name": read_name(user)},
            own_id=id_at(envelope, "event_id") or hashed("user_change", user_id, moment),
            occurred_at=_occurred_at(envelope, event, now),
            watched_only=True,
        )
    )


def _read_group_change(envelope: dict[str, Any], event: dict[str, Any], now: datetime) -> Received:
    """What was known of a workspace's user groups is out of date."""
    group = id_at(event, "subteam_id") or id_at(event, "subteam", "id")
    if not group:
        return _ignored(envelope, event, now)
    place = PlatformPlace(platform="slack", server=id_at(envelope, "team_id"))
    moment = text_at(event, "event_ts")
    return received(
        Reading(
            type=MessageType.PROFILE_CHANGE,
            place=place,
            data={"group_id": group},
            own_id=id_at(envelope, "event_id") or hashed("subteam", place, group, moment),
            occurred_at=_occurred_at(envelope, event, now),
            watched_only=True,
        )
    )


def _happening(
    envelope: dict[str, Any],
    event: dict[str, Any],
    now: datetime,
    *,
    kind: MessageType,
    data: dict[str, Any],
    own_id: str = "",
) -> Received:
    place, user_id = _place(envelope, event), _user_id(event)
    named = id_at(envelope, "event_id") or hashed(kind, place, user_id, text_at(event, "event_ts"))
    return received(
        Reading(
            type=kind,
            place=place,
            user_id=user_id,
            user_name=text_at(event, "user", "real_name") or text_at(event, "user", "name"),
            data=data,
            own_id=own_id or named,
            occurred_at=_occurred_at(envelope, event, now),
            private=place.channel.startswith("D"),
        )
    )


def _ignored(envelope: dict[str, Any], event: dict[str, Any], _now: datetime) -> Received:
    return without_event(Action.IGNORE, _facts(envelope, event))


def _facts(envelope: dict[str, Any], event: dict[str, Any]) -> dict[str, Any]:
    place, text = _place(envelope, event), text_at(event, "text")
    return facts_of(place, user_id=_user_id(event), text=text, data={})


def _place(envelope: dict[str, Any], event: dict[str, Any]) -> PlatformPlace:
    """In a channel that two workspaces share, the one that authorised the bot."""
    is_shared = is_true(envelope, "is_ext_shared_channel")
    ours = next(iter(objects_at(envelope, "authorizations")), {})
    # An organisation authorises without a workspace: then it is the one that it came through.
    is_whole = is_true(ours, "is_enterprise_install")
    server = first_id(
        id_at(ours, "team_id") if is_shared else "",
        id_at(envelope, "context_team_id") if is_shared and is_whole else "",
        id_at(envelope, "team_id"),
        id_at(event, "team"),
        id_at(event, "user", "team_id"),
        id_at(envelope, "context_team_id"),
    )
    channel = first_id(
        id_at(event, "channel"),
        id_at(event, "channel_id"),
        id_at(event, "channel", "id"),
        id_at(event, "item", "channel"),
    )
    return PlatformPlace(platform="slack", server=server, channel=channel)


def _user_id(event: dict[str, Any]) -> str:
    return first_id(id_at(event, "user"), id_at(event, "user_id"), id_at(event, "user", "id"))


def _bot_user(envelope: dict[str, Any]) -> str:
    """Our own user in the workspace that this event was sent for."""
    ours = next(iter(objects_at(envelope, "authorizations")), {})
    return id_at(ours, "user_id") if is_true(ours, "is_bot") else ""


def _line_id(place: PlatformPlace, event: dict[str, Any]) -> str:
    ts = id_at(event, "ts")
    if ts:
        return f"{place.server}/{place.channel}/{ts}"
    return hashed(place, id_at(event, "user"), text_at(event, "event_ts"), text_at(event, "text"))


def _file_id(place: PlatformPlace, file_id: str) -> str:
    """The line that carries a file and `file_shared` tell of the same thing."""
    return f"{place.server}/{place.channel}/{file_id}"


def _occurred_at(envelope: dict[str, Any], event: dict[str, Any], now: datetime) -> datetime:
    for seconds in (dig(event, "ts"), dig(event, "event_ts"), dig(envelope, "event_time")):
        # Some samples leave the dot out of event_ts: a time in the far future.
        occurred_at = moment_of_epoch(seconds)
        if occurred_at is not None and occurred_at <= now + timedelta(days=1):
            return occurred_at
    return now


READERS: dict[str, Callable[[dict[str, Any], dict[str, Any], datetime], Received]] = {
    "app_mention": _read_app_mention,
    "file_shared": _read_file_shared,
    "member_joined_channel": _read_joined,
    "member_left_channel": _read_left,
    "message": _read_message,
    "reaction_added": _read_reaction,
    "subteam_members_changed": _read_group_change,
    "subteam_updated": _read_group_change,
    "team_join": _read_team_join,
    "user_change": _read_user_change,
}
"""By Slack's name of the event."""
