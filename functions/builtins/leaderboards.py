"""Who has the most points here: of all time or this week, everywhere or on one platform."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime

from functions.builtins.tools import Deciding
from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import CommunityId
from waddlebot.domain.leaderboard import Board, Period, week_began
from waddlebot.platforms import find_abilities, platform_names
from waddlebot.stores.leaderboards import (
    Leaderboards,
    Placed,
    hide_from_boards,
    show_on_boards,
)
from waddlebot.stores.versions import Edit
from waddlebot_sdk import Answer, Call, Chat, NotUnderstood, command, say_command

MOST_PLACED = 5
KEPT_SECONDS = 60.0
MOST_KEPT = 1_000
PERIODS = {
    "week": Period.WEEK,
    "weekly": Period.WEEK,
    "all": Period.ALL,
    "ever": Period.ALL,
}
"""As they are typed."""
EXAMPLE = "leaderboard week"


_kept: dict[tuple[CommunityId, str, datetime | None, str], tuple[float, list[Placed]]] = {}
"""A community's highest, for a minute: counting them is dear and nobody climbs that fast.

Of each version of the community anew: who hides, is erased or is given other rules reads it at the
next line, in every process.
"""


@command(
    "leaderboard [week-or-platform]",
    "Show who has the most points here, this week or on one platform.",
    also=("top",),
    example=EXAMPLE,
    per_minute=15,
    cooldown_seconds=5,
)
def leaderboard(call: Call, tools: Deciding) -> Answer:
    board = _read_board(call.arguments.get("week-or-platform", ""))
    found = _leaders(board, call, tools)
    if not found:
        return Chat(_nobody(board))
    leaders = found[:MOST_PLACED]
    names = _marked(leaders, here=call.entity.platform)
    places = [
        f"{one.place}. {name} {one.points:,}" for name, one in zip(names, leaders, strict=True)
    ]
    if len(found) > len(leaders) and found[-1].place == leaders[-1].place:
        places.append("others have as many")
    title = " ".join(filter(None, (_period(board), _platform(board))))
    return Chat(f"{title[:1].upper()}{title[1:]}: " * bool(title) + " · ".join(places))


@command(
    "leaderboard hide",
    "Stand on no leaderboard of this community; your points are counted as before.",
    also=("top hide",),
    example="leaderboard hide",
    per_minute=5,
)
def hide(call: Call, tools: Deciding) -> Answer:
    if call.user is None:
        return None
    community, account = tools.session.community.id, Account(call.entity.platform, call.user.id)

    def change(edit: Edit) -> str:
        hide_from_boards(edit.connection, community, account)
        edit.touch([community])
        back = say_command("leaderboard show")
        return f"You stand on no leaderboard here any more. To be on them again: {back}"

    return tools.change(call, change)


@command(
    "leaderboard show",
    "Be on this community's leaderboards again.",
    also=("top show",),
    example="leaderboard show",
    per_minute=5,
)
def show_again(call: Call, tools: Deciding) -> Answer:
    if call.user is None:
        return None
    community, account = tools.session.community.id, Account(call.entity.platform, call.user.id)

    def change(edit: Edit) -> str:
        was_hidden = show_on_boards(edit.connection, community, account)
        if not was_hidden:
            off = say_command("leaderboard hide")
            return f"You are not hidden from leaderboards here. To stand on none: {off}"
        edit.touch([community])
        return f"You are on leaderboards here again. See one: {say_command('leaderboard')}"

    return tools.change(call, change)


def _read_board(typed: str) -> Board:
    """`week`, `twitch`, `twitch week`, in any order. Raises NotUnderstood."""
    periods, platforms = list[Period](), list[str]()
    for word in typed.lower().split():
        if word in PERIODS:
            periods.append(PERIODS[word])
        elif word in platform_names():
            platforms.append(word)
        else:
            raise NotUnderstood(
                f"There is no leaderboard '{word[:30]}'. Say week or all, and a platform if you "
                f"like ({', '.join(sorted(platform_names()))}): {say_command(EXAMPLE)}"
            )
    if len(periods) > 1 or len(platforms) > 1:
        raise NotUnderstood(
            f"Name one time and one platform: {say_command('leaderboard week twitch')}"
        )
    return Board(period=(*periods, Period.ALL)[0], platform=(*platforms, "")[0])


def _nobody(board: Board) -> str:
    where = _platform(board) or "here"
    if board.period is Period.WEEK:
        every = say_command("leaderboard all")
        return f"Nobody has earned points {where} this week yet. Those of all time: {every}"
    what = say_command("reputation history")
    return f"Nobody has points {where} yet. See what you earn them for: {what}"


def _period(board: Board) -> str:
    return "this week" if board.period is Period.WEEK else ""


def _platform(board: Board) -> str:
    return f"on {find_abilities(board.platform).name}" if board.platform else ""


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


def _leaders(board: Board, call: Call, tools: Deciding) -> list[Placed]:
    """One more than is shown: whether others have as many as the last."""
    community, now = tools.session.community, time.monotonic()
    since = None
    if board.period is Period.WEEK:
        since = week_began(call.occurred_at, community.time_zone)
    key = (community.id, community.version, since, board.platform)
    kept = _kept.get(key)
    if kept is None or kept[0] < now:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        found = Leaderboards(tools.postgres, version=community.version).leaders(
            community.id,
            most=MOST_PLACED + 1,
            since=since,
            platform=board.platform,
        )
        kept = _kept[key] = (now + KEPT_SECONDS, found)
    return kept[1]
