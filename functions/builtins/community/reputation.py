"""Points for what people do: everybody's own, the highest, and what each event is worth."""

from __future__ import annotations

import time
from collections.abc import Sequence

from functions.builtins.naming import find_person
from functions.builtins.tools import Builtin, Deciding
from waddlebot.decisions.asking import Asker
from waddlebot.decisions.parts.settings.deeds import set_points
from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import CommunityId
from waddlebot.domain.reputation import MOST_POINTS, shown_name
from waddlebot.platforms import find_abilities
from waddlebot.stores.reputation import Placed, Reputation
from waddlebot.stores.versions import Edit
from waddlebot_sdk import Answer, Call, Chat, NotUnderstood, Role, command, say_command
from waddlebot_sdk.shown import show_time

MOST_PLACED = 5
MOST_TOLD = 5
KEPT_SECONDS = 60.0
MOST_KEPT = 1_000
USUAL = "usual"
MOST_DIGITS = 7

_kept: dict[CommunityId, tuple[float, list[Placed]]] = {}
"""A community's highest, for a minute: counting them is dear and nobody climbs that fast."""


@command(
    "reputation [person]",
    "Show your points here, or somebody's.",
    also=("score",),
    example="reputation",
    per_minute=20,
)
def show(call: Call, tools: Deciding) -> Answer:
    if call.arguments.get("person"):
        user, who = find_person(call, tools), f"{call.arguments['person']} has"
    elif call.user is not None:
        user, who = call.user.id, "You have"
    else:
        return None
    community = tools.session.community.id
    score = _reputation(tools).score(community, Account(call.entity.platform, user))
    more = (
        f", and {score.everywhere:,} in all communities" if score.everywhere != score.here else ""
    )
    return Chat(f"{who} {_counted(score.here)} here{more}.")


@command(
    "reputation history",
    "Show what you earned points for lately.",
    example="reputation history",
    private=True,
    per_minute=20,
)
def history(call: Call, tools: Deciding) -> Answer:
    if call.user is None:
        return None
    earned = _reputation(tools).history(
        tools.session.community.id, Account(call.entity.platform, call.user.id), most=MOST_TOLD
    )
    if not earned:
        return Chat("Nothing was counted yet.")
    return Chat(
        "; ".join(f"{shown_name(one.event)} {one.points:+d}, {show_time(one.at)}" for one in earned)
    )


@command(
    "leaderboard",
    "Show who has the most points here.",
    example="leaderboard",
    per_minute=15,
    cooldown_seconds=5,
)
def leaderboard(call: Call, tools: Deciding) -> Answer:
    leaders = _leaders(tools)
    if not leaders:
        return Chat("Nobody has points here yet.")
    names = _marked(leaders, here=call.entity.platform)
    places = (
        f"{number}. {name} {one.points:,}"
        for number, (name, one) in enumerate(zip(names, leaders, strict=True), start=1)
    )
    return Chat(" · ".join(places))


def _marked(leaders: Sequence[Placed], *, here: str) -> list[str]:
    """Each with where the person is, and apart from another of the same name there."""
    names: list[str] = []
    for one in leaders:
        where = ", ".join(find_abilities(platform).name for platform in one.platforms)
        name = f"{_called(one, here)} ({where})"
        names.append(f"another {name}" if name in names else name)
    return names


def _called(one: Placed, here: str) -> str:
    """Where a platform's events carry ids alone, a name may be one: elsewhere it is a mention."""
    for platform in one.platforms:
        abilities = find_abilities(platform)
        is_id = abilities.account_id and abilities.account_id.fullmatch(one.name)
        if platform != here and abilities.asks_with and is_id:
            return f"<@{one.name}>"
    return one.name


@command(
    "reputation points <event> <number>",
    "Say how many points an event is worth here; 0 is none, usual as everywhere.",
    example="reputation points raid 50",
    role=Role.ADMIN,
)
def points(call: Call, tools: Deciding) -> Answer:
    event, typed = call.arguments["event"].lower(), call.arguments["number"].lower()
    number = _number(typed)

    def decide(edit: Edit, asker: Asker) -> str:
        worth = _counted(set_points(edit, asker, event=event, points=number))
        if number is None:
            return f"{event} is worth {worth} again, as everywhere."
        undo = say_command(f"reputation points {event} {USUAL}")
        return f"{event} is worth {worth} here now. Undo: {undo}"

    return tools.decide(call, decide)


def _number(typed: str) -> int | None:
    """None is as everywhere."""
    if typed == USUAL:
        return None
    if not typed.removeprefix("-").isdecimal() or len(typed) > MOST_DIGITS:
        raise NotUnderstood(f"Say a whole number, at most {MOST_POINTS:,}.")
    return int(typed)


def _reputation(tools: Deciding) -> Reputation:
    return Reputation(tools.postgres, version=tools.session.community.version)


def _leaders(tools: Deciding) -> list[Placed]:
    community, now = tools.session.community.id, time.monotonic()
    kept = _kept.get(community)
    if kept is None or kept[0] < now:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        found = _reputation(tools).leaders(community, most=MOST_PLACED)
        kept = _kept[community] = (now + KEPT_SECONDS, found)
    return kept[1]


def _counted(number: int) -> str:
    return f"{number:,} point{'' if abs(number) == 1 else 's'}"


MODULE = Builtin(
    tools=Deciding,
    name="reputation",
    summary="Points for what people do.",
    commands=(show, history, leaderboard, points),
)
