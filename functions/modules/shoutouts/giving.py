"""A shoutout as chat, OBS and Twitch itself get it; by hand and for a raid alike."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from random import Random

from functions.modules.shoutouts import texts
from functions.modules.shoutouts.store import Shoutouts
from functions.modules.shoutouts.streamers import StreamerNamed
from functions.modules.shoutouts.words_of_friends import fill_in
from waddlebot.platforms import find_abilities
from waddlebot_sdk import Call, Chat, General, Media, NotUnderstood, ShoutOut
from waddlebot_sdk.responses import Response

CARD_SECONDS = 15


def given(
    call: Call,
    shoutouts: Shoutouts,
    streamers: Sequence[StreamerNamed],
    *,
    now: datetime,
    clip: Media | None = None,
) -> list[Response]:
    """Said, shown and noted; Twitch's own is for the first whom its pauses leave room for.

    None of them is blocked. A `clip` is shown in place of the card.
    """
    community, place = call.community.id, call.entity
    native = _native(call, shoutouts, streamers, now)
    for streamer in streamers:
        shoutouts.note_given(
            community,
            place.id,
            streamer,
            by=call.user if call.command else None,
            platform=place.platform,
            is_native=streamer is native,
            now=now,
        )
    said = [_said(shoutouts, community, streamer) for streamer in streamers]
    text = texts.BETWEEN.join(said)
    card = General(content_type="announcement", content=text, seconds=CARD_SECONDS)
    return [
        Chat(text),
        clip or card,
        *([ShoutOut(native.id)] if native else []),
    ]


def clip_of(call: Call, streamer: StreamerNamed) -> Media | None:
    """One of them by lot, the same however often the call is delivered; None where there is none.

    It waits in the queue of the media source until those before it are over.
    """
    if not streamer.clips:
        return None
    clip = Random(call.execution_id).choice(streamer.clips)  # noqa: S311 - a pick, not a secret
    details = {"title": clip.title, "artist": streamer.name, "duration": clip.seconds}
    return Media(media_type="clip", media_url=clip.url, details=details)


def check_open(call: Call) -> None:
    """Raises NotUnderstood: nobody else reads what is said there."""
    if call.later.get("private"):
        raise NotUnderstood(texts.not_in_private())


def _said(shoutouts: Shoutouts, community: int, streamer: StreamerNamed) -> str:
    friend = shoutouts.find_friend(community, streamer)
    if friend is None:
        return texts.usual(streamer)
    shoutouts.note_name(friend, streamer)
    return fill_in(friend.said, streamer) if friend.said else texts.usual(streamer)


def _native(
    call: Call, shoutouts: Shoutouts, streamers: Sequence[StreamerNamed], now: datetime
) -> StreamerNamed | None:
    if not find_abilities(call.entity.platform).shouts_out:
        return None
    if shoutouts.is_off_air(call.community.id):  # Twitch would refuse it, and its pause be lost
        return None
    community, place = call.community.id, call.entity.id
    return next(
        (
            streamer
            for streamer in streamers
            if streamer.id and shoutouts.may_be_native(community, place, streamer, now)
        ),
        None,
    )
