"""What a community sets for itself: its prefix, how long its lines are kept, time and language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from functions.builtins.naming import AS_USUAL, HERE, read_place, say_place
from functions.builtins.tools import Builtin, Deciding
from waddlebot.decisions.asking import Asker
from waddlebot.decisions.parts.settings.deeds import (
    change_setting,
    set_events_channel,
    set_moderators_channel,
)
from waddlebot.domain.custom_fetching import Allowed, read_allowed
from waddlebot.domain.entities import EntityId
from waddlebot.domain.errors import Refusal
from waddlebot.domain.giving import USUAL_GIVING
from waddlebot.domain.reputation import counted
from waddlebot.domain.sessions import Session
from waddlebot.stores.versions import Edit
from waddlebot_sdk import Answer, Call, Chat, NotUnderstood, Role, command, say_command

MODERATORS, EVENTS = "moderators", "events"
GROUP, FETCH = "moderator-group", "fetch"
_TOLD_IN_PRIVATE = (
    "without a channel moderators are told where nobody else reads: on Discord in a channel that "
    "only they see, or its owner; on Slack the workspace's owner; on Twitch the streamer."
)


def _describe_days(tools: Deciding) -> str:
    days = tools.session.community.keep_days
    return f"lines of chat are kept for {days} days" if days else "lines of chat are not kept"


def _describe_moderators(tools: Deciding) -> str:
    channel = tools.session.community.moderators_channel
    return f"moderators are told in {say_place(channel, tools) if channel else 'private'}"


def _describe_events(tools: Deciding) -> str:
    channel = tools.session.community.events_channel
    where = say_place(channel, tools) if channel else "no channel"
    return f"what happens to a whole server is answered in {where}"


def _describe_offers(tools: Deciding) -> str:
    offers = tools.session.community.offers
    return f"who mistypes a command is {'' if offers else 'not '}offered the nearest"


def _describe_group(tools: Deciding) -> str:
    group = tools.session.community.moderator_group
    if not group:
        return "no user group of Slack's moderates"
    return f"who is in the user group {group} on Slack moderates there"


def _describe_fetch(tools: Deciding) -> str:
    return f"texts of custom commands may ask {_servers(tools.session.community.fetch)}"


def _describe_giving(tools: Deciding) -> str:
    """Nothing where it is as usual: all that is set fits one line of Twitch's."""
    most = tools.session.community.giving
    if most == USUAL_GIVING:
        return ""
    return f"one person gives others {f'at most {counted(most)} a day' if most else 'no points'}"


def _describe_decay(tools: Deciding) -> str:
    percent = tools.session.community.decay
    return f"{percent} % of points fade each week" if percent else ""


def _servers(setting: str) -> str:
    """Without addresses: somebody may have put a key into one."""
    try:
        allowed = read_allowed(setting)
    except Refusal:  # of another release
        allowed = Allowed()
    return ", ".join(sorted(allowed.hosts | allowed.services.keys())) or "no servers"


# As they are typed.
NAMES = {
    "prefix": "prefix",
    "keep": "keep_days",
    "timezone": "time_zone",
    "language": "language",
    "offers": "offers",
    "moderator-group": "moderator_group",
    "giving": "giving",
    "decay": "decay",
    FETCH: "fetch",
}
DESCRIBED: Mapping[str, Callable[[Deciding], str]] = {
    "prefix": lambda tools: f"commands begin with {tools.session.community.words.prefix}",
    "keep": _describe_days,
    "timezone": lambda tools: f"the time zone is {tools.session.community.time_zone}",
    "language": lambda tools: f"modules are told to speak {tools.session.community.language}",
    MODERATORS: _describe_moderators,
    EVENTS: _describe_events,
    "offers": _describe_offers,
    "moderator-group": _describe_group,
    "giving": _describe_giving,
    "decay": _describe_decay,
    FETCH: _describe_fetch,
}


@command(
    "settings list",
    "Show what this community has set for itself.",
    also=("settings",),
    example="settings list",
    role=Role.MODERATOR,
)
def list_(_call: Call, tools: Deciding) -> Answer:
    told = "; ".join(filter(None, (describe(tools) for describe in DESCRIBED.values())))
    how = say_command(f"settings set {' | '.join(DESCRIBED)}")
    return Chat(f"Here {told}. Change one: {how}")


@command(
    "settings set <name> <value>",
    "Set the prefix, how many days lines are kept, time zone, language, moderators, "
    "moderator-group, events, offers, giving, decay or fetch.",
    example="settings set timezone Europe/Berlin",
    role=Role.ADMIN,
)
def set_(call: Call, tools: Deciding) -> Answer:
    name, typed = call.arguments["name"].lower(), call.arguments["value"].strip()
    if name == MODERATORS:
        if typed.lower() in {"off", "nowhere"}:
            words = "Name a channel, or here, or usual: "
            raise NotUnderstood(words + _TOLD_IN_PRIVATE)
        place = read_place(tools.session, typed)
        return tools.decide(call, partial(_tell_moderators, place, _where(typed)))
    if name == EVENTS:
        nowhere = typed.lower() in {"off", "nowhere"}
        place = read_place(tools.session, AS_USUAL if nowhere else typed)
        return tools.decide(call, partial(_answer_events, place, _where(typed)))
    if name not in NAMES:
        raise NotUnderstood(f"There are the settings {', '.join(DESCRIBED)}.")
    if name == GROUP:
        typed = _read_group(tools.session, typed)
    value = None if typed.lower() == AS_USUAL else typed

    def decide(edit: Edit, asker: Asker) -> str:
        changed = change_setting(edit, asker, key=NAMES[name], value=value)
        if name == FETCH:
            now, before = (_servers(str(one)) for one in (changed.after, changed.before))
            return f"Set: texts of custom commands may ask {now} now. Before: {before}."
        now, before = (str(one or "nothing") for one in (changed.after, changed.before))
        return f"Set: {name} is {now} now, it was {before}."

    return tools.decide(call, decide)


def _where(typed: str) -> str:
    """As whoever set it named it."""
    return HERE if typed.lower() == HERE else f"in {typed}"


def _tell_moderators(place: EntityId | None, where: str, edit: Edit, asker: Asker) -> str:
    set_moderators_channel(edit, asker, place)
    if place is None:
        return f"Set: {_TOLD_IN_PRIVATE}"
    return f"Set: what I do about lines is told {where} now."


def _answer_events(place: EntityId | None, where: str, edit: Edit, asker: Asker) -> str:
    set_events_channel(edit, asker, place)
    if place is None:
        return "Set: what happens to a whole server is answered in no channel."
    return f"Set: what happens to a whole server is answered {where} now."


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
