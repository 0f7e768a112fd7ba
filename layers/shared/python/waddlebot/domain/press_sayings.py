"""What is said to whoever presses or sends what nothing comes of."""

from __future__ import annotations

from waddlebot.domain.verdicts import Reason
from waddlebot_sdk.own_words import say_command

NOT_SIGNED = "Nothing can be pressed here yet: the operator has to set WADDLEBOT_SIGNING_KEY."
NOT_KEPT = "I cannot keep a form for you at the moment. Please ask for it again in a minute."
FORM_IS_GONE = "This form is no longer kept. Please ask for it again where you asked for it."
NOTHING_TO_PICK = "There is nothing to pick from here now. What can be picked has numbers."

_SAID = {
    Reason.FORGED: (
        "Nothing came of that: it is none of mine, or not for you, or not for this place. "
        "Only what I offered you here counts; ask for it yourself."
    ),
    Reason.EXPIRED: "That is over by now. Ask for it again, and you get a new one.",
    Reason.DONE_BEFORE: "That was done already, once; nothing more came of it.",
}


def say_press_refusal(reason: Reason) -> str:
    """Empty where the usual words are right."""
    return _SAID.get(reason, "")


def say_pick(number: int) -> str:
    """How a number is typed in place of a press."""
    return say_command(f"pick {number}")
