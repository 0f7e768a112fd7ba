"""Whoever raids, where a community wants that answered; and who is banned, who never is."""

from __future__ import annotations

from datetime import timedelta

from functions.modules.shoutouts import texts
from functions.modules.shoutouts.giving import given
from functions.modules.shoutouts.store import Shoutouts
from functions.modules.shoutouts.streamers import read_raider
from waddlebot.platforms import find_abilities
from waddlebot_sdk import Answer, Call, Chat, NotUnderstood, Role, command

MOST_VIEWERS = 100_000
_LATE = timedelta(minutes=10)
"""Whoever came along has seen the channel by then, or is gone."""
_A_CALL = timedelta(seconds=10)
"""By its deadline a module knows what time it is, as far as a call may take."""
_WORDS = {"on": 1, "off": 0}


@command(
    "shoutout raid [viewers]",
    "Say from how many viewers on a raid gets a shoutout by itself: on, off or a number.",
    example="shoutout raid 5",
    also=("so raid", "so raids", "shoutout raids"),
    role=Role.MODERATOR,
    per_minute=20,
    completes={"viewers": ("on", "off", "5", "20")},
)
def raid(call: Call, shoutouts: Shoutouts) -> Answer:
    typed = call.arguments.get("viewers", "").strip().lower()
    if typed:
        shoutouts.set_raid_from(call.community.id, _viewers(typed))
    least = shoutouts.raid_from(call.community.id)
    return Chat(texts.raids_from(least) if least else texts.raids_off())


def raided(call: Call, shoutouts: Shoutouts) -> Answer:
    """Nothing where it is off, the raid is small and of no friend, one was answered lately, or it
    is told long after it happened.
    """
    if call.deadline - _A_CALL - call.occurred_at > _LATE:
        return None
    community = call.community.id
    least, raider = shoutouts.raid_from(community), read_raider(call)
    if not least or raider is None:
        return None
    is_small = _number(call.data.get("viewers")) < least
    if is_small and shoutouts.find_friend(community, raider) is None:
        return None
    if shoutouts.blocks.is_blocked(community, raider):
        return None
    if not shoutouts.take_raid(community, raider, call.occurred_at):
        return None
    return given(call, shoutouts, [raider], now=call.occurred_at)


def banned(call: Call, shoutouts: Shoutouts) -> Answer:
    """Nothing is said of it."""
    if call.user is None:
        return None
    platform = call.entity.platform
    told = call.later.get("user") or {}
    is_by_login = find_abilities(platform).by_login
    login = str(told.get("login") or call.user.name).casefold() if is_by_login else ""
    shoutouts.blocks.add(call.community.id, platform, call.user.id, login, "banned")
    return None


def _viewers(typed: str) -> int:
    """Raises NotUnderstood."""
    if typed in _WORDS:
        return _WORDS[typed]
    if not (typed.isascii() and typed.isdigit() and len(typed) <= len(str(MOST_VIEWERS))):
        raise NotUnderstood(texts.no_viewers(typed, MOST_VIEWERS))
    if not 1 <= int(typed) <= MOST_VIEWERS:
        raise NotUnderstood(texts.no_viewers(typed, MOST_VIEWERS))
    return int(typed)


def _number(told: object) -> int:
    """Whoever tells a raid by the API may say anything."""
    return told if isinstance(told, int) and not isinstance(told, bool) else 0


COMMANDS = (raid,)
