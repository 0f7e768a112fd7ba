"""What Twitch has to allow the bot, and whether it does (docs: "Subscription Types", "Scopes")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from waddlebot.domain.public_addresses import PublicAddress
from waddlebot.platforms.connecting import (
    Check,
    Checking,
    ConnectingStep,
    Variables,
    missing,
    no_answer,
    public_door,
)
from waddlebot.platforms.delivering import HttpCall
from waddlebot.platforms.fields import id_at, objects_at, text_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """`of` says whose condition it has beside the channel's: `user_id`, `moderator_user_id` or
    nobody's; `scopes` are the bot's, `given_by_channel` the broadcaster's."""

    kind: str
    version: str
    of: str = ""
    scopes: Sequence[str] = ()
    given_by_channel: Sequence[str] = ()


_MODERATION = (
    "moderator:read:blocked_terms",
    "moderator:read:chat_settings",
    "moderator:read:unban_requests",
    "moderator:manage:banned_users",
    "moderator:manage:chat_messages",
    "moderator:read:moderators",
    "moderator:read:vips",
    "moderator:read:warnings",
)
# Subscriptions, gifts and raids are told in chat, which asks for no right of the broadcaster's.
SUBSCRIPTIONS = (
    Subscription(
        kind="channel.chat.message",
        version="1",
        of="user_id",
        scopes=("user:read:chat", "user:bot"),
        given_by_channel=("channel:bot",),
    ),
    Subscription(
        kind="channel.chat.notification", version="1", of="user_id", scopes=("user:read:chat",)
    ),
    Subscription(kind="channel.cheer", version="1", given_by_channel=("bits:read",)),
    Subscription(
        kind="channel.charity_campaign.donate",
        version="1",
        given_by_channel=("channel:read:charity",),
    ),
    Subscription(
        kind="channel.channel_points_custom_reward_redemption.add",
        version="1",
        given_by_channel=("channel:read:redemptions",),
    ),
    Subscription(kind="stream.online", version="1"),
    Subscription(kind="stream.offline", version="1"),
    Subscription(
        kind="channel.follow",
        version="2",
        of="moderator_user_id",
        scopes=("moderator:read:followers",),
    ),
    Subscription(kind="channel.moderate", version="2", of="moderator_user_id", scopes=_MODERATION),
)
_SPEAKING = (
    "user:write:chat",
    "user:manage:whispers",
    "moderator:manage:announcements",
    "moderator:manage:shoutouts",
)
BOT_SCOPES = tuple(sorted({*_SPEAKING, *(scope for one in SUBSCRIPTIONS for scope in one.scopes)}))
CHANNEL_SCOPES = tuple(sorted({s for one in SUBSCRIPTIONS for s in one.given_by_channel}))
CHANNEL_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "bits:read": "hear who cheers",
        "channel:bot": "be in your chat: read it, and answer there",
        "channel:read:charity": "hear what is given to your charity",
        "channel:read:redemptions": "hear which rewards of yours are taken",
    }
)
"""What each of CHANNEL_SCOPES is for."""
MODERATION_SCOPES: Mapping[str, str] = MappingProxyType(
    {
        "moderator:manage:chat_messages": "delete lines",
        "moderator:manage:banned_users": "time people out, ban them, and let them in again",
        "moderator:manage:announcements": "make announcements",
        "moderator:manage:shoutouts": "give shoutouts",
    }
)
"""What a streamer may let the bot do in their name, each by itself: then it need not be made a
moderator there."""

FOLLOWERS, SUBSCRIBERS = "moderator:read:followers", "channel:read:subscriptions"
READING_SCOPES: Mapping[str, str] = MappingProxyType(
    {
        FOLLOWERS: "say in chat since when somebody follows",
        SUBSCRIBERS: "say in chat how many subscribe",
    }
)
"""What a streamer may let the bot read in their name; no moderator is told it."""

BROADCAST = "channel:manage:broadcast"
STREAM_SCOPES: Mapping[str, str] = MappingProxyType(
    {BROADCAST: "change title and game of your stream, where a moderator types it"}
)
"""What nobody but the streamer may do, and the bot in their name; no moderator is told it."""
IN_THEIR_NAME = frozenset({*MODERATION_SCOPES, *STREAM_SCOPES})
"""All that is done with a streamer's token."""

AUTH_URL = "https://id.twitch.tv/oauth2"
_CONSOLE = "https://dev.twitch.tv/console/apps/create"
_VARIABLES: Mapping[str, str] = MappingProxyType(
    {
        "TWITCH_CLIENT_ID": "It is in the developer console, on your application's page.",
        "TWITCH_APP_TOKEN": "Ask for one with id and secret of the client (client_credentials).",
        "TWITCH_BOT_USER_ID": "It is the number of the bot's own account.",
        "TWITCH_CHANNELS": "The channels by name, with commas in between.",
    }
)
_USER_TOKEN = "Sign in as the bot with the scopes above, and set the token."  # noqa: S105


def steps(variables: Variables, public: PublicAddress) -> Sequence[ConnectingStep]:
    door = public_door(public, "twitch")
    client = variables.get("TWITCH_CLIENT_ID") or "<TWITCH_CLIENT_ID>"
    how = (
        ConnectingStep(
            do=f"Twitch's webhooks come to {door}; put into .env what they are signed with:",
            copy="TWITCH_EVENTSUB_SECRET=<10 to 100 random characters>",
        )
        if door
        else ConnectingStep(
            do="Without a public address chat comes over sockets: the bot's token of above as",
            copy="TWITCH_USER_TOKEN",
        )
    )
    return [
        ConnectingStep(
            do="Register an application, with http://localhost as redirect URL:", copy=_CONSOLE
        ),
        ConnectingStep(
            do="Sign in as the bot's account, and allow it:", copy=permission(client, BOT_SCOPES)
        ),
        ConnectingStep(
            do="Each streamer signs in and allows the bot in the channel:",
            copy=permission(client, CHANNEL_SCOPES),
        ),
        ConnectingStep(
            do="In each channel's chat the streamer types:", copy="/mod <the bot's name>"
        ),
        ConnectingStep(do="Put into .env:", copy="\n".join(_VARIABLES)),
        how,
    ]


def permission(client: str, scopes: Sequence[str]) -> str:
    asked = {
        "client_id": client,
        "redirect_uri": "http://localhost",
        "response_type": "token",
        "scope": " ".join(scopes),
    }
    return f"{AUTH_URL}/authorize?{urlencode(asked, safe='<>')}"


def check(variables: Variables, public: PublicAddress) -> Checking:
    is_fetched = bool(variables.get("TWITCH_CLIENT_SECRET"))
    needed = {
        name: do
        for name, do in _VARIABLES.items()
        if not (is_fetched and name == "TWITCH_APP_TOKEN")
    }
    found = missing(variables, needed)
    if variables.get("TWITCH_APP_TOKEN"):
        found += yield from _of_token("TWITCH_APP_TOKEN", (), variables)
    if public_door(public, "twitch"):
        found += _of_webhooks(variables, public_door(public, "twitch"))
    elif not variables.get("TWITCH_USER_TOKEN"):
        what = "TWITCH_USER_TOKEN is not set, and there is no public address"
        found.append(Check(what=what, is_well=False, do=_USER_TOKEN))
    if variables.get("TWITCH_USER_TOKEN"):
        found += yield from _of_token("TWITCH_USER_TOKEN", BOT_SCOPES, variables)
    if variables.get("TWITCH_CHANNELS") and variables.get("TWITCH_APP_TOKEN"):
        found += yield from _of_channels(variables)
    return found


def _of_token(name: str, scopes: Sequence[str], variables: Variables) -> Checking:
    auth = variables.get("TWITCH_AUTH_URL") or AUTH_URL
    headers = {"authorization": f"OAuth {variables[name]}"}
    answer = yield HttpCall(
        method="GET", url=f"{auth}/validate", headers=headers, json=None, bucket="connect"
    )
    if answer.status == 401:
        do = _VARIABLES.get(name, _USER_TOKEN)
        return [Check(what=f"Twitch does not take {name}", is_well=False, do=do)]
    if answer.status != 200:
        return [no_answer("Twitch", answer)]
    told: Any = answer.json or {}
    days = int(told.get("expires_in") or 0) // 86_400
    found = [Check(what=f"{name} lasts {days} days more")]
    if variables.get("TWITCH_CLIENT_ID") not in ("", None, text_at(told, "client_id")):
        what = f"{name} belongs to another application than TWITCH_CLIENT_ID"
        found.append(Check(what=what, is_well=False, do=_VARIABLES["TWITCH_CLIENT_ID"]))
    given = told.get("scopes") or []
    left = [one for one in scopes if one not in given]
    if left:
        do = "Sign in as the bot once more with the address above."
        what = f"{name} lacks scopes: {', '.join(left)}"
        found.append(Check(what=what, is_well=False, do=do))
    return found


def hears_over_sockets(variables: Variables) -> bool:
    """With a token of the bot's own account, where no address for webhooks is named."""
    return any(map(variables.get, ("TWITCH_USER_TOKEN", "TWITCH_USER_REFRESH_TOKEN")))


def _of_webhooks(variables: Variables, door: str) -> Sequence[Check]:
    there, secret = variables.get("TWITCH_CALLBACK_URL"), variables.get("TWITCH_EVENTSUB_SECRET")
    found = []
    if there == door or (not there and not hears_over_sockets(variables)):
        found.append(Check(what=f"Webhooks come to {door}"))
    elif there:
        what = "TWITCH_CALLBACK_URL is another address"
        found.append(Check(what=what, is_well=False, do=f"Leave it out, or set it to {door}"))
    else:
        what = "A bot with a user's token hears over sockets, and loses what is said as one breaks"
        do = f"Set TWITCH_CALLBACK_URL to {door}, or take the user's token out."
        found.append(Check(what=what, is_well=False, do=do))
    if not secret or not 10 <= len(secret) <= 100:
        what = "TWITCH_EVENTSUB_SECRET is not 10 to 100 characters long"
        found.append(Check(what=what, is_well=False, do="Make one up, and start anew."))
    return found


def _of_channels(variables: Variables) -> Checking:
    names = list(dict.fromkeys(variables["TWITCH_CHANNELS"].lower().replace(",", " ").split()))
    logins = [name for name in names if not name.isdigit()][:100]
    if not logins:
        return []
    api = variables.get("TWITCH_API_URL") or "https://api.twitch.tv/helix"
    answer = yield HttpCall(
        method="GET",
        url=f"{api}/users?{urlencode([('login', login) for login in logins])}",
        headers={
            "authorization": f"Bearer {variables['TWITCH_APP_TOKEN']}",
            "client-id": variables.get("TWITCH_CLIENT_ID", ""),
        },
        json=None,
        bucket="connect",
    )
    if answer.status != 200:
        return [no_answer("Twitch", answer)]
    there = {text_at(one, "login") for one in objects_at(answer.json, "data") if id_at(one, "id")}
    return [
        Check(what=f"There is a channel {login}")
        if login in there
        else Check(
            what=f"There is no channel {login}", is_well=False, do="Look at TWITCH_CHANNELS."
        )
        for login in logins
    ]
