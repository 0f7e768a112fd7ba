"""What is done on Discord besides talking, as calls of its REST API."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from waddlebot.domain.entities import Entity, parse_entity
from waddlebot.domain.platform_actions import ActionKind, PlatformAction
from waddlebot.platforms.delivering import SENT, Delivered, Delivery, HttpAnswer, HttpCall, refused
from waddlebot.platforms.discord.api import DiscordApi, settled
from waddlebot.platforms.emoji_names import find_emoji
from waddlebot.platforms.fields import number_at, objects_at, text_at

_UNKNOWN_MEMBER, _UNKNOWN_MESSAGE, _UNKNOWN_BAN = 10007, 10008, 10026
_KICK, _BAN, _ADMINISTRATOR, _MANAGE_SERVER = 1 << 1, 1 << 2, 1 << 3, 1 << 5
_MANAGE_MESSAGES, _TIME_OUT = 1 << 13, 1 << 40
_MODERATES = _KICK | _BAN | _ADMINISTRATOR | _MANAGE_SERVER | _MANAGE_MESSAGES | _TIME_OUT
_HARMS = frozenset({ActionKind.TIMEOUT, ActionKind.BAN, ActionKind.KICK})


def act(action: PlatformAction, api: DiscordApi) -> Delivery:
    """See `delivering`; done twice each comes to the same."""
    work = _WORK.get(action.kind)
    if work is None:
        return refused("Discord has nothing of that kind.")
    if action.asked_by and action.kind in _HARMS:
        hindered: Delivered | None = yield from _guard(action, api)
        if hindered is not None:
            return hindered
    return (yield from work(action, api))


def _guard(
    action: PlatformAction, api: DiscordApi
) -> Generator[HttpCall, HttpAnswer, Delivered | None]:
    """Nobody who moderates there is acted on: the bot may stand above whoever asked.

    Returns why it must not go on, else None.
    """
    entity = parse_entity(action.entity)
    told = yield api.call("GET", _member(entity, action), bucket=f"{entity.server}:members")
    if number_at(told.json, "code") == _UNKNOWN_MEMBER:
        return None  # a stranger has no roles
    server = yield api.call("GET", f"/guilds/{entity.server}", bucket=f"{entity.server}:server")
    for answer in (told, server):
        if answer.status >= 300:
            return api.judge(answer) or settled(answer, "see who that is", entity, needs="Bot")
    roles = (told.json or {}).get("roles") or ()
    if _moderates(action.user, {str(entity.server), *map(str, roles)}, server.json or {}):
        return refused("They moderate this server themselves: do it by hand.")
    return None


def _moderates(user: str, roles: set[str], server: Mapping[str, Any]) -> bool:
    if text_at(server, "owner_id") == user:
        return True
    held = [role for role in objects_at(server, "roles") if text_at(role, "id") in roles]
    given = (text_at(role, "permissions") for role in held)
    return any(int(one) & _MODERATES for one in given if one.isdigit())


def _time_out(action: PlatformAction, api: DiscordApi) -> Delivery:
    """Said twice it lasts a moment longer."""
    until = (api.now + timedelta(seconds=action.seconds)).isoformat()
    return (yield from _until(until, action, api))


def _end_timeout(action: PlatformAction, api: DiscordApi) -> Delivery:
    return (yield from _until(None, action, api))


def _until(until: str | None, action: PlatformAction, api: DiscordApi) -> Delivery:
    entity = parse_entity(action.entity)
    body = {"communication_disabled_until": until}
    call = api.call("PATCH", _member(entity, action), body, bucket=f"{entity.server}:members")
    answer = yield _with_reason(call, action)
    if number_at(answer.json, "code") == _UNKNOWN_MEMBER:
        return _gone()
    return api.judge(answer) or settled(answer, "time people out", entity, needs="Moderate Members")


def _ban(action: PlatformAction, api: DiscordApi) -> Delivery:
    entity = parse_entity(action.entity)
    call = api.call("PUT", _ban_path(entity, action), {}, bucket=f"{entity.server}:bans")
    answer = yield _with_reason(call, action)
    return api.judge(answer) or settled(answer, "ban people", entity, needs="Ban Members")


def _unban(action: PlatformAction, api: DiscordApi) -> Delivery:
    entity = parse_entity(action.entity)
    call = api.call("DELETE", _ban_path(entity, action), bucket=f"{entity.server}:bans")
    answer = yield _with_reason(call, action)
    if number_at(answer.json, "code") == _UNKNOWN_BAN:
        return SENT  # not banned, or no more
    return api.judge(answer) or settled(answer, "end a ban", entity, needs="Ban Members")


def _kick(action: PlatformAction, api: DiscordApi) -> Delivery:
    entity = parse_entity(action.entity)
    call = api.call("DELETE", _member(entity, action), bucket=f"{entity.server}:members")
    answer = yield _with_reason(call, action)
    if number_at(answer.json, "code") == _UNKNOWN_MEMBER:
        return SENT  # gone already
    return api.judge(answer) or settled(answer, "kick people", entity, needs="Kick Members")


def _delete(action: PlatformAction, api: DiscordApi) -> Delivery:
    entity = parse_entity(action.entity)
    call = api.call(
        "DELETE",
        f"/channels/{entity.channel}/messages/{action.message}",
        bucket=f"{entity.channel}:delete",
    )
    answer = yield _with_reason(call, action)
    if number_at(answer.json, "code") == _UNKNOWN_MESSAGE:
        return SENT  # Somebody was quicker.
    return api.judge(answer) or settled(answer, "delete messages", entity, needs="Manage Messages")


def _react(action: PlatformAction, api: DiscordApi) -> Delivery:
    return (yield from _reaction("PUT", action, api))


def _end_reaction(action: PlatformAction, api: DiscordApi) -> Delivery:
    return (yield from _reaction("DELETE", action, api))


def _reaction(method: str, action: PlatformAction, api: DiscordApi) -> Delivery:
    entity = parse_entity(action.entity)
    line = f"/channels/{entity.channel}/messages/{action.message}"
    # A module says which emoji: whatever it says stays one part of this path.
    path = f"{line}/reactions/{quote(find_emoji(action.text), safe='')}/@me"
    answer = yield api.call(method, path, bucket=f"{entity.channel}:reactions")
    if number_at(answer.json, "code") == _UNKNOWN_MESSAGE:
        return SENT  # deleted meanwhile
    return api.judge(answer) or settled(answer, "react", entity, needs="Add Reactions")


def _gone() -> Delivered:
    return refused("They are not on this server.")


def _member(entity: Entity, action: PlatformAction) -> str:
    return f"/guilds/{entity.server}/members/{action.user}"


def _ban_path(entity: Entity, action: PlatformAction) -> str:
    return f"/guilds/{entity.server}/bans/{action.user}"


def _with_reason(call: HttpCall, action: PlatformAction) -> HttpCall:
    """Moderators read it in Discord's own log."""
    if not action.reason:
        return call
    reason = {"x-audit-log-reason": quote(action.reason[:500])}
    return replace(call, headers={**call.headers, **reason})


_WORK: Mapping[ActionKind, Callable[[PlatformAction, DiscordApi], Delivery]] = MappingProxyType(
    {
        ActionKind.DELETE_MESSAGE: _delete,
        ActionKind.TIMEOUT: _time_out,
        ActionKind.END_TIMEOUT: _end_timeout,
        ActionKind.BAN: _ban,
        ActionKind.UNBAN: _unban,
        ActionKind.KICK: _kick,
        ActionKind.REACT: _react,
        ActionKind.END_REACTION: _end_reaction,
    }
)
