"""Giving points to somebody: what one has to give, never the reputation that one earned."""

from __future__ import annotations

from functions.builtins.naming import find_person
from functions.builtins.tools import Deciding
from waddlebot.domain.accounts import Account
from waddlebot.domain.errors import Refusal
from waddlebot.domain.giving import DAY_HOURS, MOST_GIVING, in_all, read_points, taken_from
from waddlebot.domain.reputation import counted
from waddlebot.stores.belonging import was_seen
from waddlebot.stores.point_moves import PointMoves
from waddlebot.stores.versions import Edit
from waddlebot_sdk import Answer, Call, NotUnderstood, command, say_command

EXAMPLE = "give @ana 5"


@command(
    "give <person> <points>",
    "Give somebody of your points; what you earned them for stays yours on leaderboards.",
    also=("reputation give",),
    example=EXAMPLE,
    per_minute=10,
)
def give(call: Call, tools: Deciding) -> Answer:
    if call.user is None:
        return None
    community, giver = tools.session.community, Account(call.entity.platform, call.user.id)
    if not community.giving:
        on = say_command("settings set giving usual")
        raise Refusal(f"In this community nobody gives points away. An admin lets people: {on}")
    points, who = _read_points(call.arguments["points"]), call.arguments["person"]
    to = Account(call.entity.platform, find_person(call, tools))

    def change(edit: Edit) -> str:
        edit.hold(community.id)
        moves = PointMoves(edit.connection, community.id)
        purses = moves.purses(giver)
        if to in {purse.account for purse in purses}:
            raise Refusal(f"You cannot give points to yourself. Name somebody else: {_how()}")
        if not was_seen(edit.connection, community.id, to):
            raise Refusal(
                f"I have not seen {who} write here yet, and bots get no points. Ask them to say "
                f"something first, then: {_how()}"
            )
        has = in_all(purses)
        if points > has:
            how = say_command("reputation history")
            raise Refusal(f"You have {counted(has)} to give. See where they come from: {how}")
        _check_limit(moves.given_lately(giver), points, most=community.giving)
        moves.move(call.execution_id, taken_from(purses, points), to)
        yours = say_command("reputation")
        return f"You gave {who} {counted(points)}. {has - points:,} left to give; see: {yours}"

    return tools.change(call, change)


def _read_points(typed: str) -> int:
    """Raises NotUnderstood."""
    points = read_points(typed.strip())
    if points is None:
        words = f"Say how many points as a whole number, at most {MOST_GIVING:,}"
        raise NotUnderstood(f"{words}: {_how()}")
    if points == 0:
        raise NotUnderstood(f"Give one point at least: {_how()}")
    return points


def _check_limit(given: int, points: int, *, most: int) -> None:
    if given + points <= most:
        return
    left = max(0, most - given)
    told = f"you can give {counted(left)} more" if left else "you have given them"
    raise Refusal(
        f"One person gives at most {counted(most)} in {DAY_HOURS} hours here, and {told}. "
        "Try fewer, or tomorrow."
    )


def _how() -> str:
    return say_command(EXAMPLE)
