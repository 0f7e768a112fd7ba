"""What a community sets for itself: its prefix, how long its lines are kept, time and language."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from functions.builtins.tools import Builtin, Deciding
from waddlebot.decisions.asking import Asker
from waddlebot.decisions.settings import change_setting
from waddlebot.domain.sessions import Community
from waddlebot.stores.versions import Edit
from waddlebot_sdk import Answer, Call, Chat, NotUnderstood, Role, command

AS_USUAL = "usual"


def _describe_days(community: Community) -> str:
    if not community.keep_days:
        return "lines of chat are not kept"
    return f"lines of chat are kept for {community.keep_days} days"


# As they are typed.
NAMES = {
    "prefix": "prefix",
    "keep": "keep_days",
    "timezone": "time_zone",
    "language": "language",
}
DESCRIBED: Mapping[str, Callable[[Community], str]] = {
    "prefix": lambda community: f"commands begin with {community.words.prefix}",
    "keep": _describe_days,
    "timezone": lambda community: f"the time zone is {community.time_zone}",
    "language": lambda community: f"modules are told to speak {community.language}",
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
    return Chat(f"Here {told}. Change one: !settings set {' | '.join(NAMES)}")


@command(
    "settings set <name> <value>",
    "Set the prefix, for how many days lines are kept, the time zone or the language.",
    example="settings set timezone Europe/Berlin",
    role=Role.ADMIN,
)
def set_(call: Call, tools: Deciding) -> Answer:
    name, typed = call.arguments["name"].lower(), call.arguments["value"].strip()
    if name not in NAMES:
        raise NotUnderstood(f"There are the settings {', '.join(NAMES)}.")
    value = None if typed.lower() == AS_USUAL else typed

    def decide(edit: Edit, asker: Asker) -> str:
        changed = change_setting(edit, asker, key=NAMES[name], value=value)
        return f"Set: {name} is {changed.after} now, it was {changed.before}."

    return tools.decide(call, decide)


MODULE = Builtin(
    tools=Deciding,
    name="settings",
    summary="What a community sets for itself.",
    commands=(list_, set_),
)
