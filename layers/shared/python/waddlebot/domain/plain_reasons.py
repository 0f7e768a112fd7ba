"""Why something did not run, in half a sentence, where nothing more is to be said of it."""

from __future__ import annotations

from collections.abc import Mapping

from waddlebot.domain.verdicts import Reason
from waddlebot_sdk.own_words import say_command

WAKE_UP = say_command("waddlebot on")
PLAINLY: Mapping[Reason, str] = {
    Reason.REPEATED: "the same line was delivered before and answered then",
    Reason.SHADOWED: "something that comes first dealt with the line",
    Reason.QUIET: f"I am quiet in this channel until a moderator says {WAKE_UP}",
    Reason.EXEMPT: "rules do not act on moderators",
    Reason.STALE: "the line was too old when it reached me",
    Reason.NOT_NOW: "it answers in other places, or at other times",
    Reason.STOPPED: "what stands before it in its chain came to nothing",
    Reason.FORGED: "it was not offered by me, to this person and in this place",
    Reason.EXPIRED: "the time for it was over",
    Reason.DONE_BEFORE: "it was pressed or sent before, and counts once",
}
