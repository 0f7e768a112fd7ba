"""Points for what people do: everybody's own, the highest, and what each event is worth."""

from __future__ import annotations

import logging

from functions.builtins.giving import EXAMPLE as GIVE_EXAMPLE
from functions.builtins.giving import give
from functions.builtins.leaderboards import hide, leaderboard, show_again
from functions.builtins.naming import find_person
from functions.builtins.tools import Builtin, Deciding
from waddlebot.decisions.asking import Asker
from waddlebot.decisions.parts.settings.deeds import set_points
from waddlebot.domain.accounts import Account
from waddlebot.domain.errors import Unavailable
from waddlebot.domain.giving import in_all
from waddlebot.domain.reputation import MOST_POINTS, counted, shown_name
from waddlebot.domain.standing_tiers import BEGIN, LEAST, MOST, THOUSAND, TIERS, tier_of
from waddlebot.stores.point_moves import purses_now
from waddlebot.stores.reputation import Reputation
from waddlebot.stores.versions import Edit
from waddlebot_sdk import Answer, Call, Chat, NotUnderstood, Role, command, say_command
from waddlebot_sdk.shown import show_time

MOST_TOLD = 5
USUAL = "usual"
MOST_DIGITS = 7

log = logging.getLogger(__name__)


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
    community, account = tools.session.community, Account(call.entity.platform, user)
    score = _reputation(tools).score(community.id, account)
    more = (
        f", and {score.everywhere:,} in all communities" if score.everywhere != score.here else ""
    )
    purse = ""
    if community.giving and not call.arguments.get("person"):
        purse = _to_give(tools, account, earned=score.here)
    standing = f" Standing: {tier_of(score.standing)} ({score.standing // THOUSAND})."
    fades = f" {community.decay} % fade each week." if community.decay else ""
    return Chat(f"{who} {counted(score.here)} here{more}.{standing}{fades}{purse}")


def _to_give(tools: Deciding, account: Account, *, earned: int) -> str:
    """Where that is something else than what was earned."""
    try:
        has = in_all(purses_now(tools.postgres, tools.session.community.id, account))
    except Unavailable as away:  # the writer alone: the rest is known
        log.warning("what there is to give is not known", extra={"error": str(away)})
        return ""
    if has == max(0, earned):
        return ""
    return f" {has:,} to give: {say_command(GIVE_EXAMPLE)}"


@command(
    "reputation tiers",
    "Say which standings there are, and from where on.",
    example="reputation tiers",
    per_minute=10,
)
def tiers(_call: Call, _tools: Deciding) -> Answer:
    told = ", ".join(f"{tier} from {least}" for tier, least in TIERS.items())
    return Chat(
        f"Standings go from {LEAST // THOUSAND} to {MOST // THOUSAND}: {told}. Everybody begins at "
        f"{BEGIN // THOUSAND}; what people do moves it, gifts of points do not. "
        f"Yours: {say_command('reputation')}"
    )


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
        have = say_command("reputation")
        return Chat(f"Nothing was counted for you here lately. See what you have: {have}")
    return Chat(
        "; ".join(f"{shown_name(one.event)} {one.points:+d}, {show_time(one.at)}" for one in earned)
    )


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
        worth = counted(set_points(edit, asker, event=event, points=number))
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


MODULE = Builtin(
    tools=Deciding,
    name="reputation",
    summary="Points for what people do.",
    commands=(show, tiers, history, give, leaderboard, hide, show_again, points),
)
