"""What a community counts towards, as OBS shows it."""

from __future__ import annotations

import re

from functions.builtins.tools import Builtin, Showing
from waddlebot.decisions.asking import Asker
from waddlebot.decisions.goals import count_goal, remove_goal, set_goal
from waddlebot.domain.goals import CommunityGoal
from waddlebot.stores.goals import list_goals
from waddlebot.stores.versions import Edit
from waddlebot_sdk import Answer, Call, Chat, NotUnderstood, Role, command, say_command

_NUMBER = re.compile(r"[0-9][0-9,]{0,12}")


@command(
    "goal show",
    "Show what this community counts towards.",
    also=("goal", "goals"),
    example="goal show",
    per_minute=20,
)
def show(_: Call, tools: Showing) -> Answer:
    goals = list_goals(tools.postgres, tools.session.community.id)
    if not goals:
        return Chat(f"There is no goal. A moderator sets one: {say_command('goal set subs 50')}")
    return Chat(f"{'; '.join(map(described, goals))}.")


@command(
    "goal set <what> <target> [title]",
    "Count towards something in OBS: follows, subs, bits, raids, members or boosts.",
    example="goal set subs 50 A new microphone",
    role=Role.MODERATOR,
)
def set_(call: Call, tools: Showing) -> Answer:
    what, target = call.arguments["what"], _number(call.arguments["target"])
    title = call.arguments.get("title", "")

    def decide(edit: Edit, asker: Asker) -> str:
        goal = set_goal(
            edit,
            asker,
            what=what,
            target=target,
            title=title,
            now=tools.now,
            call=call.execution_id,
        )
        is_shown = tools.session.community.own["alerts"].is_shown
        look = (
            "" if is_shown else f" Put {say_command('overlay general')} into OBS: it counts then."
        )
        return f"{described(goal)}.{look} Undo: {say_command(f'goal remove {goal.what}')}"

    return tools.show_now(call, decide)


@command(
    "goal count <what> <number>",
    "Set what a goal has come to.",
    example="goal count subs 12",
    role=Role.MODERATOR,
)
def count(call: Call, tools: Showing) -> Answer:
    what, number = call.arguments["what"], _number(call.arguments["number"])

    def decide(edit: Edit, asker: Asker) -> str:
        goal = count_goal(
            edit, asker, what=what, count=number, now=tools.now, call=call.execution_id
        )
        return f"{described(goal)}."

    return tools.show_now(call, decide)


@command(
    "goal remove <what>",
    "Count towards something no more.",
    example="goal remove subs",
    role=Role.MODERATOR,
)
def remove(call: Call, tools: Showing) -> Answer:
    what = call.arguments["what"]

    def decide(edit: Edit, asker: Asker) -> str:
        gone = remove_goal(edit, asker, what=what, now=tools.now, call=call.execution_id)
        undo = say_command(f"goal set {gone.what} {gone.target} {gone.title}".rstrip())
        return f"Removed: {described(gone)}. Undo: {undo}"

    return tools.show_now(call, decide)


def described(goal: CommunityGoal) -> str:
    """`subs: 12 of 50 (A new microphone)`"""
    title = f" ({goal.title})" if goal.title else ""
    return f"{goal.what}: {goal.count:,} of {goal.target:,}{title}"


def _number(typed: str) -> int:
    if not _NUMBER.fullmatch(typed):
        raise NotUnderstood("Say a number, like 50.")
    return int(typed.replace(",", ""))


MODULE = Builtin(
    tools=Showing,
    name="goal",
    summary="What a community counts towards.",
    commands=(set_, show, count, remove),
)
