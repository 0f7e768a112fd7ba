"""Why Twitch does not say what is asked of it, in half a sentence: texts say it in its place."""

from __future__ import annotations

NOT_CONNECTED = "Twitch is not connected"
LATER = "Twitch does not say it for now"
UNSAID = "Twitch does not say it"
NO_SUCH = "no Twitch channel is called so"
_TICK = "who streams here connects the channel again and ticks"
NO_FOLLOWERS = f"{_TICK} that followers are read"
NO_SUBSCRIBERS = f"{_TICK} that subscribers are counted"
