"""What is done on Twitch besides talking, as calls of the Helix API.

Docs: "Delete Chat Messages", "Ban User", "Unban User", "Send Chat Announcement", "Modify Channel
Information", "Search Categories".
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Generator, Mapping
from difflib import SequenceMatcher
from types import MappingProxyType

import msgspec

from waddlebot.domain.entities import parse_entity
from waddlebot.domain.platform_actions import ActionKind, PlatformAction
from waddlebot.platforms.delivering import SENT, Delivered, Delivery, HttpAnswer, HttpCall, refused
from waddlebot.platforms.fields import id_at, objects_at, text_at
from waddlebot.platforms.twitch.api import TwitchApi, words_of
from waddlebot.platforms.twitch.connecting import BROADCAST

_MOST_ANNOUNCED = 500
_MOST_SEARCHED, _MOST_NEAR = 100, 3
"""Twitch finds them in no order that it tells of: the one that is meant may be far behind."""
_PLAIN_SIGNS = str.maketrans("\u2018\u2019\u201c\u201d\u2013\u2014", "''\"\"--", "\u00ae\u2122")
"""Phones write their own quotes and dashes, and sign trademarks."""
_NOT_ALLOWED = (
    "The streamer has not allowed me to change title and game: they tick it on the page where "
    "they connect the channel, and it works from then on."
)
_BANNING, _DELETING = "moderator:manage:banned_users", "moderator:manage:chat_messages"
_ANNOUNCING, _SHOUTING_OUT = "moderator:manage:announcements", "moderator:manage:shoutouts"


def act(action: PlatformAction, api: TwitchApi) -> Delivery:
    """See `delivering`. What is said here is said twice where it is done twice."""
    work = _WORK.get(action.kind)
    if work is None:
        return refused("Twitch has nothing of that kind.")
    if action.user.startswith("@"):
        found: str | Delivered = yield from _find(action.user[1:], api)
        if isinstance(found, Delivered):
            return found
        action = msgspec.structs.replace(action, user=found)
    return (yield from work(action, api))


def _find(login: str, api: TwitchApi) -> Generator[HttpCall, HttpAnswer, str | Delivered]:
    """The user's id, or why there is none."""
    answer = yield api.call("GET", "/users", {"login": login.lower()}, bucket="users")
    if answer.status >= 300:
        return api.judge(answer) or refused(f"Twitch did not say who that is: {words_of(answer)}")
    users = objects_at(answer.json, "data")
    return id_at(users[0], "id") if users else refused(f"There is nobody called {login} on Twitch.")


def _time_out(action: PlatformAction, api: TwitchApi) -> Delivery:
    """Said twice it begins anew."""
    return (yield from _ban_for({"duration": action.seconds}, action, api))


def _ban(action: PlatformAction, api: TwitchApi) -> Delivery:
    return (yield from _ban_for({}, action, api))


def _ban_for(how_long: Mapping[str, int], action: PlatformAction, api: TwitchApi) -> Delivery:
    """Twitch itself leaves moderators and the broadcaster alone."""
    api = _allowed(action, api, _BANNING)
    ban = {"user_id": action.user, **how_long, "reason": action.reason[:500]}
    answer = yield api.call(
        "POST", "/moderation/bans", _as_moderator(action, api), {"data": ban}, bucket="moderation"
    )
    if answer.status == 400 and "already banned" in text_at(answer.json, "message").lower():
        return SENT
    deed = "time people out" if how_long else "ban people"
    return _judged(answer, api, deed, _BANNING)


def _end(action: PlatformAction, api: TwitchApi) -> Delivery:
    """Of a time-out or a ban: to Twitch they are one."""
    api = _allowed(action, api, _BANNING)
    query = {**_as_moderator(action, api), "user_id": action.user}
    answer = yield api.call("DELETE", "/moderation/bans", query, bucket="moderation")
    if answer.status == 400 and "not banned" in text_at(answer.json, "message").lower():
        return SENT
    return _judged(answer, api, "end a ban", _BANNING)


def _delete(action: PlatformAction, api: TwitchApi) -> Delivery:
    api = _allowed(action, api, _DELETING)
    query = {**_as_moderator(action, api), "message_id": action.message}
    answer = yield api.call("DELETE", "/moderation/chat", query, bucket="moderation")
    if answer.status == 404:
        return SENT  # gone already, or older than six hours, which Twitch says alike.
    return _judged(answer, api, "delete messages", _DELETING)


def _announce(action: PlatformAction, api: TwitchApi) -> Delivery:
    api = _allowed(action, api, _ANNOUNCING)
    answer = yield api.call(
        "POST",
        "/chat/announcements",
        _as_moderator(action, api),
        {"message": action.text[:_MOST_ANNOUNCED]},
        bucket=parse_entity(action.entity).channel,
    )
    return _judged(answer, api, "announce", _ANNOUNCING)


def _shout_out(action: PlatformAction, api: TwitchApi) -> Delivery:
    api = _allowed(action, api, _SHOUTING_OUT)
    query = {
        "from_broadcaster_id": parse_entity(action.entity).channel,
        "to_broadcaster_id": action.user,
        "moderator_id": api.credentials.bot_user_id,
    }
    answer = yield api.call("POST", "/chat/shoutouts", query, bucket="shoutouts")
    if answer.status == 429:
        return refused("Twitch allows a shoutout every two minutes, and one an hour for a channel.")
    if "not streaming live" in words_of(answer):
        return refused("Twitch gives its own shoutout while you are live and somebody watches.")
    return _judged(answer, api, "give a shoutout", _SHOUTING_OUT)


def _set_title(action: PlatformAction, api: TwitchApi) -> Delivery:
    return (yield from _modify({"title": action.text}, action, api))


def _set_game(action: PlatformAction, api: TwitchApi) -> Delivery:
    """None but the one that was named: near ones are said, to be typed."""
    query = {"query": _plain(action.text), "first": str(_MOST_SEARCHED)}
    answer = yield api.call("GET", "/search/categories", query, bucket="users")
    if answer.status >= 300 or not answer.status:
        refusal = f"Twitch did not say which games there are: {words_of(answer)}"
        return api.judge(answer) or refused(refusal)
    known = {text_at(one, "name"): id_at(one, "id") for one in objects_at(answer.json, "data")}
    wanted = _plain(action.text).casefold()
    near = sorted(known, key=lambda name: _nearness(name, wanted), reverse=True)[:_MOST_NEAR]
    game = next((known[name] for name in near if _plain(name).casefold() == wanted), "")
    if not game:
        there = f" It knows: {', '.join(near)}." if near else " Write it as it stands there."
        return refused(f"Twitch knows no game or category '{action.text}'.{there}")
    return (yield from _modify({"game_id": game}, action, api))


def _plain(name: str) -> str:
    """The same, however a machine writes its accents, quotes and dashes."""
    return unicodedata.normalize("NFKC", name.translate(_PLAIN_SIGNS))


def _nearness(name: str, wanted: str) -> float:
    """1 where it is the one."""
    return SequenceMatcher(None, wanted, _plain(name).casefold(), autojunk=False).ratio()


def _modify(change: Mapping[str, str], action: PlatformAction, api: TwitchApi) -> Delivery:
    """With the token of the streamer alone: no bot may, whatever it is there. Done twice it comes
    to the same.
    """
    streamers = _allowed(action, api, BROADCAST)
    if streamers is api:
        return refused(_NOT_ALLOWED)
    channel = parse_entity(action.entity).channel
    answer = yield streamers.call(
        "PATCH", "/channels", {"broadcaster_id": channel}, change, bucket="channels"
    )
    if answer.status == 204:
        return SENT
    if answer.status in {401, 403}:
        return refused(_NOT_ALLOWED)
    return api.judge(answer) or refused(f"Twitch refused to change it: {words_of(answer)}")


def _allowed(action: PlatformAction, api: TwitchApi, scope: str) -> TwitchApi:
    return api.in_the_name_of(parse_entity(action.entity).channel, scope)


def _as_moderator(action: PlatformAction, api: TwitchApi) -> dict[str, str]:
    return {
        "broadcaster_id": parse_entity(action.entity).channel,
        "moderator_id": api.credentials.bot_user_id,
    }


def _judged(answer: HttpAnswer, api: TwitchApi, deed: str, scope: str) -> Delivered:
    if answer.status < 300 and answer.status:
        return SENT
    if answer.status in {401, 403}:
        return refused(
            f"WaddleBot cannot {deed} in this channel: type /mod and the bot's name, "
            f"and grant it {scope}."
        )
    return api.judge(answer) or refused(f"Twitch refused to {deed}: {words_of(answer)}")


_WORK: Mapping[ActionKind, Callable[[PlatformAction, TwitchApi], Delivery]] = MappingProxyType(
    {
        ActionKind.DELETE_MESSAGE: _delete,
        ActionKind.TIMEOUT: _time_out,
        ActionKind.END_TIMEOUT: _end,
        ActionKind.BAN: _ban,
        ActionKind.UNBAN: _end,
        ActionKind.ANNOUNCE: _announce,
        ActionKind.SHOUT_OUT: _shout_out,
        ActionKind.SET_TITLE: _set_title,
        ActionKind.SET_GAME: _set_game,
    }
)
