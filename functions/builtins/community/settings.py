"""What a community sets for itself: its prefix, how long its lines are kept, time and language."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial

from functions.builtins.tools import Builtin, Deciding
from waddlebot.decisions.asking import Asker
from waddlebot.decisions.settings import change_setting, set_events_channel, set_moderators_channel
from waddlebot.domain.entities import EntityId, channel_entity, parse_entity
from waddlebot.domain.errors import Rejected
from waddlebot.domain.sessions import Community, Session
from waddlebot.platforms import place_called
from waddlebot.stores.versions import Edit
from waddlebot_sdk import Answer, Call, Chat, NotUnderstood, Role, command, say_command

AS_USUAL = "usual"
MODERATORS, EVENTS = "moderators", "events"
GROUP = "moderator-group"
_TOLD_IN_PRIVATE = (
    "without a channel moderators are told where nobody else reads: on Discord in a channel that "
    "only they see, or its owner; on Slack the workspace's owner; on Twitch the streamer."
)
_CHANNEL = re.compile(r"<#(\w{1,64})(?:\|[^<>]*)?>", re.ASCII)


def _describe_days(community: Community) -> str:
    if not community.keep_days:
        return "lines of chat are not kept"
    return f"lines of chat are kept for {community.keep_days} days"


def _describe_offers(community: Community) -> str:
    return f"who mistypes a command is {'' if community.offers else 'not '}offered the nearest"


def _describe_group(community: Community) -> str:
    if not community.moderator_group:
        return "no user group of Slack's moderates"
    return f"who is in the user group {community.moderator_group} on Slack moderates there"


# As they are typed.
NAMES = {
    "prefix": "prefix",
    "keep": "keep_days",
    "timezone": "time_zone",
    "language": "language",
    "offers": "offers",
    "moderator-group": "moderator_group",
}
DESCRIBED: Mapping[str, Callable[[Community], str]] = {
    "prefix": lambda community: f"commands begin with {community.words.prefix}",
    "keep": _describe_days,
    "timezone": lambda community: f"the time zone is {community.time_zone}",
    "language": lambda community: f"modules are told to speak {community.language}",
    MODERATORS: lambda community: (
        f"moderators are told in {community.moderators_channel or 'private'}"
    ),
    EVENTS: lambda community: (
        f"what happens to a whole server is answered in {community.events_channel or 'no channel'}"
    ),
    "offers": _describe_offers,
    "moderator-group": _describe_group,
}


@command(
    "settings list",
    "Show what this community has set for itself.",
    also=("settings",),
    example="settings list",
    role=Role.MODERATOR,
)
def list_(_call: Call, tools: Deciding) -> Answer:
    community = tools.session.community
    told = "; ".join(describe(community) for describe in DESCRIBED.values())
    how = say_command(f"settings set {' | '.join(DESCRIBED)}")
    return Chat(f"Here {told}. Change one: {how}")


@command(
    "settings set <name> <value>",
    "Set the prefix, how many days lines are kept, time zone, language, moderators, "
    "moderator-group, events or offers.",
    example="settings set timezone Europe/Berlin",
    role=Role.ADMIN,
)
def set_(call: Call, tools: Deciding) -> Answer:
    name, typed = call.arguments["name"].lower(), call.arguments["value"].strip()
    if name == MODERATORS:
        if typed.lower() in {"off", "nowhere"}:
            words = "Name a channel, or here, or usual: "
            raise NotUnderstood(words + _TOLD_IN_PRIVATE)
        place = _read_place(tools.session, typed)
        return tools.decide(call, partial(_tell_moderators, place))
    if name == EVENTS:
        nowhere = typed.lower() in {"off", "nowhere"}
        place = _read_place(tools.session, AS_USUAL if nowhere else typed)
        return tools.decide(call, partial(_answer_events, place))
    if name not in NAMES:
        raise NotUnderstood(f"There are the settings {', '.join(DESCRIBED)}.")
    if name == GROUP:
        typed = _read_group(tools.session, typed)
    value = None if typed.lower() == AS_USUAL else typed

    def decide(edit: Edit, asker: Asker) -> str:
        changed = change_setting(edit, asker, key=NAMES[name], value=value)
        now, before = changed.after or "nothing", changed.before or "nothing"
        return f"Set: {name} is {now} now, it was {before}."

    return tools.decide(call, decide)


def _tell_moderators(place: EntityId | None, edit: Edit, asker: Asker) -> str:
    set_moderators_channel(edit, asker, place)
    if place is None:
        return f"Set: {_TOLD_IN_PRIVATE}"
    return f"Set: what I do about lines is told in {place} now."


def _answer_events(place: EntityId | None, edit: Edit, asker: Asker) -> str:
    set_events_channel(edit, asker, place)
    if place is None:
        return "Set: what happens to a whole server is answered in no channel."
    return f"Set: what happens to a whole server is answered in {place} now."


def _read_place(session: Session, typed: str) -> EntityId | None:
    """`here`, a channel as people name it, or a place's id; None is where nobody else reads."""
    if typed.lower() == AS_USUAL:
        return None
    here = session.spot.entity
    if typed.lower() == "here":
        return here
    linked = session.event.data.get("channels")
    found = _CHANNEL.fullmatch(typed)
    channel = found[1] if found else (linked or {}).get(typed.removeprefix("#"), "")
    if channel:
        at = parse_entity(here)
        return channel_entity(at.platform, channel, server=at.server)
    try:
        return place_called(typed)
    except Rejected:  # the deed says so, as at every door
        return EntityId(typed)


def _read_group(session: Session, typed: str) -> str:
    """Its id, where the line says which group is meant by a handle."""
    linked = session.event.data.get("groups")
    return str((linked or {}).get(typed.removeprefix("@"), typed))


MODULE = Builtin(
    tools=Deciding,
    name="settings",
    summary="What a community sets for itself.",
    commands=(list_, set_),
)
