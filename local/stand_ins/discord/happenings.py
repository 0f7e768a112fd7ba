"""What happens on a server, as Discord's gateway tells it (docs: "Gateway Events")."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from local.stand_ins.asgi import Json
from local.stand_ins.discord.payloads import (
    deleted,
    full_member,
    member_of,
    message_body,
    snowflake,
    user_of,
)
from local.stand_ins.people import OWNER, StandInPerson
from local.stand_ins.places import StandInPlace


def _joined(person: StandInPerson, place: StandInPlace, _details: Mapping[str, Any]) -> Json:
    joined_at = datetime.now(UTC).isoformat()
    return {**full_member(person, place.server), "guild_id": place.server, "joined_at": joined_at}


def _of_member(person: StandInPerson, place: StandInPlace, _details: Mapping[str, Any]) -> Json:
    return {"guild_id": place.server, "user": user_of(person)}


def _boosted(person: StandInPerson, place: StandInPlace, details: Mapping[str, Any]) -> Json:
    since = details.get("premium_since") or datetime.now(UTC).isoformat()
    return {**_joined(person, place, details), "premium_since": since}


def _voice(person: StandInPerson, place: StandInPlace, channel: str | None) -> Json:
    return {
        "guild_id": place.server,
        "channel_id": channel,
        "user_id": person.ids["discord"],
        "member": full_member(person, place.server),
        "session_id": "voice",
        "deaf": False,
        "mute": False,
        "self_deaf": False,
        "self_mute": False,
        "self_video": False,
        "suppress": False,
        "request_to_speak_timestamp": None,
    }


def _reacted(person: StandInPerson, place: StandInPlace, details: Mapping[str, Any]) -> Json:
    return {
        "user_id": person.ids["discord"],
        "channel_id": place.channel,
        "message_id": str(details.get("message_id") or snowflake()),
        "guild_id": place.server,
        "member": full_member(person, place.server),
        "emoji": {"id": None, "name": details.get("emoji", "👍")},
        "burst": False,
        "type": 0,
    }


def _timed_out(person: StandInPerson, place: StandInPlace, details: Mapping[str, Any]) -> Json:
    until = details.get("until") or (datetime.now(UTC) + timedelta(minutes=10)).isoformat()
    changes = [{"key": "communication_disabled_until", "new_value": until}]
    return {**_audited(person, place, details), "action_type": 24, "changes": changes}


def _kicked(person: StandInPerson, place: StandInPlace, details: Mapping[str, Any]) -> Json:
    return {**_audited(person, place, details), "action_type": 20, "changes": []}


def _audited(person: StandInPerson, place: StandInPlace, details: Mapping[str, Any]) -> Json:
    return {
        "id": snowflake(),
        "guild_id": place.server,
        "user_id": OWNER.ids["discord"],
        "target_id": person.ids["discord"],
        "reason": details.get("reason", ""),
    }


def _written(person: StandInPerson, place: StandInPlace, text: str, **more: Any) -> Json:
    message = message_body(place, user_of(person), text, **more)
    return {**message, "guild_id": place.server, "member": member_of(person, place.server)}


def _edited(person: StandInPerson, place: StandInPlace, details: Mapping[str, Any]) -> Json:
    """The whole line as it is now; without `message_id` it is one from before the bot came."""
    more = {"edited_timestamp": datetime.now(UTC).isoformat()}
    line = _written(person, place, str(details.get("text", "")), **more)
    return {**line, "id": str(details.get("message_id") or line["id"])}


def _forwarded(person: StandInPerson, place: StandInPlace, details: Mapping[str, Any]) -> Json:
    there = {"type": 0, "content": str(details.get("text", "")), "attachments": [], "embeds": []}
    reference = {"type": 1, "channel_id": snowflake(), "message_id": snowflake()}
    return _written(
        person,
        place,
        "",
        message_reference=reference,
        message_snapshots=[{"message": {**there, "timestamp": datetime.now(UTC).isoformat()}}],
    )


def _polled(person: StandInPerson, place: StandInPlace, details: Mapping[str, Any]) -> Json:
    answers = [
        {"answer_id": number, "poll_media": {"text": text}}
        for number, text in enumerate(details.get("answers", ("yes", "no")), start=1)
    ]
    question = {"text": str(details.get("text", ""))}
    return _written(person, place, "", poll={"question": question, "answers": answers})


_Build = Callable[[StandInPerson, StandInPlace, Mapping[str, Any]], Json]
DISPATCHES: Mapping[str, tuple[str, _Build]] = {
    "member_join": ("GUILD_MEMBER_ADD", _joined),
    "member_leave": ("GUILD_MEMBER_REMOVE", _of_member),
    "ban": ("GUILD_BAN_ADD", _of_member),
    "boost": ("GUILD_MEMBER_UPDATE", _boosted),
    "kick": ("GUILD_AUDIT_LOG_ENTRY_CREATE", _kicked),
    "timeout": ("GUILD_AUDIT_LOG_ENTRY_CREATE", _timed_out),
    "edit": ("MESSAGE_UPDATE", _edited),
    "delete": ("MESSAGE_DELETE", lambda _p, at, d: deleted(at, {"id": str(d["message_id"])})),
    "purge": ("MESSAGE_DELETE_BULK", lambda _p, at, d: deleted(at, {"ids": d["message_ids"]})),
    "forward": ("MESSAGE_CREATE", _forwarded),
    "poll": ("MESSAGE_CREATE", _polled),
    "reaction": ("MESSAGE_REACTION_ADD", _reacted),
    "voice_join": ("VOICE_STATE_UPDATE", lambda p, at, _d: _voice(p, at, at.channel)),
    "voice_leave": ("VOICE_STATE_UPDATE", lambda p, at, _d: _voice(p, at, None)),
}
