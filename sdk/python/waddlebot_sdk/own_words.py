"""How a sentence names a command: each community types it with its own prefix, by its own name.

    Chat(f"Nothing is kept yet. Add one: {say_command('addquote <words>')}")

reads `?keep <words>` where the prefix is `?` and addquote is called keep.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from waddlebot_sdk.asks import Buttons, Form, Select
from waddlebot_sdk.overlay_words import word_details
from waddlebot_sdk.responses import Chat, Failed, General, Media, Response, Ticker
from waddlebot_sdk.wishes import Announce, SayElsewhere

MARK = "\u2063"
"""Before a command that we name: what people wrote has none, and stays as they wrote it.

It cannot be seen: what nobody words reads as most communities type it.
"""
USUAL_PREFIX = "!"
STRANGERS_PREFIX = "#"
"""Nobody renames what begins so."""

EMOJI = "\u2190-\u21ff\u2300-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"
"""What a name may have of them, as a class of an expression has it."""
_NAMED = re.compile(rf"{MARK}(![\w{EMOJI}]+)")
_IN_DECLARED = re.compile(r"(?<!\S)!(?=\w)")


def say_command(line: str) -> str:
    """`rules undo`, as it is declared and with what may follow it; `!rules undo` is the same.

    Whoever says the text makes of it what people type in their community. What begins with `#` is
    typed alike everywhere.
    """
    if line.startswith(STRANGERS_PREFIX):
        return line
    return f"{MARK}{USUAL_PREFIX}{line.removeprefix(USUAL_PREFIX)}"


def say_declared(text: str, *, prefix: str = USUAL_PREFIX) -> str:
    """A usage or an example as a module declares it, with the commands that it names inside."""
    return _IN_DECLARED.sub(f"{MARK}{USUAL_PREFIX}", f"{prefix}{text}")


def say_name(name: str) -> str:
    """Of a command (`!quote`) or a module (`memories`)."""
    return say_command(name) if name.startswith(USUAL_PREFIX) else name


def word_commands(text: str, typed: Callable[[str], str]) -> str:
    """With each command that is named as `typed` says it of `!addquote`."""
    if MARK not in text:
        return text
    return _NAMED.sub(lambda found: typed(found[1]), text)


def in_usual_words(text: str) -> str:
    """For whoever reads it outside of a community."""
    return word_commands(text, lambda typed: typed)


def word_response(response: Response, word: Callable[[str], str]) -> Response:
    """With each text that people read as `word` says it."""
    match response:
        case Chat() | Buttons() | Select() | Form():
            return response.reworded(word)
        case Ticker(text=text, details=details):
            return replace(response, text=word(text), details=word_details(details, word))
        case Media(details=details):
            return replace(response, details=word_details(details, word))
        case General(content=content, details=details):
            return replace(response, content=word(content), details=word_details(details, word))
        case Announce(text=text) | SayElsewhere(text=text):
            return replace(response, text=word(text))
        case Failed(say=say):
            return replace(response, say=word(say))
        case _:
            return response
