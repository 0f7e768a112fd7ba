"""Who may do what at Helix: the bot where it is a moderator, a streamer's own token as far as it
was given. Docs: "Twitch API Reference", the authorization of each."""

from __future__ import annotations

from local.stand_ins.asgi import AsgiAnswer, AsgiRequest
from local.stand_ins.twitch.granted import GivenToken, StandInGrants
from local.stand_ins.twitch.helix_answers import error

_AS_MODERATOR = {
    ("POST", "/moderation/bans"): "moderator:manage:banned_users",
    ("DELETE", "/moderation/bans"): "moderator:manage:banned_users",
    ("DELETE", "/moderation/chat"): "moderator:manage:chat_messages",
    ("POST", "/moderation/warnings"): "moderator:manage:warnings",
    ("POST", "/chat/announcements"): "moderator:manage:announcements",
    ("POST", "/chat/shoutouts"): "moderator:manage:shoutouts",
}
_AS_STREAMER = {("PATCH", "/channels"): "channel:manage:broadcast"}
_READ = frozenset(
    ("GET", path)
    for path in (
        *("/users", "/channels", "/channels/followers", "/streams", "/subscriptions"),
        *("/chat/emotes", "/clips", "/search/categories"),
    )
)
_NO_MODERATOR = "The user in moderator_id is not one of the broadcaster's moderators."
_NOT_THEIR_CHANNEL = (
    "The ID in broadcaster_id must match the user ID found in the request's OAuth token."
)
_NOT_THEM = "The ID in moderator_id must match the user ID in the request's OAuth token."


def refusal(
    granted: StandInGrants, given: GivenToken | None, request: AsgiRequest, deed: tuple[str, str]
) -> AsgiAnswer | None:
    """`given` is whose token it is, None the house's own; `deed` is method and path."""
    channel = request.ask("broadcaster_id") or request.ask("from_broadcaster_id")
    if deed in _AS_STREAMER:
        return _unless_theirs(given, channel, _AS_STREAMER[deed])
    scope = _AS_MODERATOR.get(deed)
    if given is None:
        # Nobody typed /mod in a channel whose streamer went through Twitch's page here.
        is_stranger = scope is not None and granted.is_met(channel)
        return error(403, "Forbidden", _NO_MODERATOR) if is_stranger else None
    if deed in _READ:
        return None
    if scope is None or scope not in given.scopes:
        return error(401, "Unauthorized", f"Missing scope: {scope or 'of an app access token'}")
    if request.ask("moderator_id") != given.user:
        return error(401, "Unauthorized", _NOT_THEM)
    return None if channel == given.user else error(403, "Forbidden", _NO_MODERATOR)


def _unless_theirs(given: GivenToken | None, channel: str, scope: str) -> AsgiAnswer | None:
    """Of what the streamer alone may do."""
    if given is None or given.user != channel:
        return error(401, "Unauthorized", _NOT_THEIR_CHANNEL)
    if scope not in given.scopes:
        return error(401, "Unauthorized", f"Missing scope: {scope}")
    return None
