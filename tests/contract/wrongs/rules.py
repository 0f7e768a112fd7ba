"""What cannot be of rules about lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tests.contract.wrong import (
    NO_COMMAND,
    NO_HTTPS,
    NO_NAME,
    NOT_HERE,
    OTHERS_PLACE,
    Wrong,
    span,
)

NO_PRESET = "There is no preset '{}'. There are scams, followers, invites, insults, adult."
NO_ACTION = "'{}' is not what a preset can do: block, warn or off."
EVERY_LINE = "A rule for every line keeps on record that it was written, and does nothing else."
NO_SERVER = "Say which server is asked: …webhook https://example.com/waddlebot"


def _rule(say: str, kind: str, pattern: str, action: str, /, **more: Any) -> Wrong:
    row = {"match": kind, "pattern": pattern, "action": action, **more}
    seconds = f" {span(more['timeout_seconds'])}" if "timeout_seconds" in more else ""
    rest = f"{more.get('say', '')}{more.get('command', '')}{more.get('webhook', '')}"
    typed = f'!rules add {kind} "{pattern}" {action}{seconds} {rest}'
    return Wrong(
        say=say,
        chat=None if "places" in more else typed,
        api=("POST", "/rules", row),
        text={"rules": [row]},
    )


RULE_THERE = "Rule 1 does that already. To put another in its place: !rules off 1"
TIME_OUT = "A time-out lasts at least 1s and at most 14d."


WRONGS: Mapping[str, tuple[Wrong, ...]] = {
    "add_rule": (
        _rule(TIME_OUT, "word", "adverts", "block", timeout_seconds=15 * 86_400),
        _rule(TIME_OUT, "word", "adverts", "block", timeout_seconds=366 * 86_400),
        _rule(
            "Look-around such as (?=…) or (?<!…) is not possible: it can take for ever.",
            *("regex", "(?=x)", "block"),
        ),
        _rule(
            "That pattern also hits an empty line, so it would hit every line.",
            *("regex", "a*", "block"),
        ),
        _rule(NO_COMMAND.format("!nothing"), "word", "hi", "command", command="!nothing"),
        _rule("A rule says 400 characters at most.", "word", "hi", "warn", say="x" * 401),
        _rule(EVERY_LINE, "*", "*", "block"),
        _rule(EVERY_LINE, "*", "*", "warn", say="Read by everybody."),
        _rule(NOT_HERE, "word", "hi", "warn", places=[OTHERS_PLACE]),
        # Said in chat, the line itself is what the rule hits first.
        replace(_rule(RULE_THERE, "contains", "Free OURS", "block"), chat=None),
        replace(_rule(RULE_THERE, "contains", "free ours", "block", say="Not here."), chat=None),
        _rule(NO_SERVER, "word", "hi", "webhook"),
        _rule(NO_HTTPS, "word", "hi", "webhook", webhook="http://example.com/"),
        _rule(NO_NAME, "word", "hi", "webhook", webhook="https://169.254.169.254/latest"),
        _rule(NO_NAME, "word", "hi", "webhook", webhook="https://[::1]/"),
        _rule(NO_NAME, "word", "hi", "webhook", webhook="https://2130706433/"),
    ),
    "set_preset": tuple(
        Wrong(say=say, chat=f"!rules preset {typed}")
        for say, typed in (
            *((NO_PRESET.format(name), f"{name} block") for name in ("nothing", "*", "scam", "1")),
            (NO_ACTION.format("ban"), "scams ban"),
            (NO_ACTION.format("command"), "scams command"),
        )
    ),
    "turn_off_rule": tuple(
        Wrong(
            say=f"There is no rule {number} at work. See !rules list.",
            chat=f"!rules off {typed}",
            api=("DELETE", f"/rules?number={number}", None),
        )
        for number, typed in ((0, "0"), (9, "9"), (9, "#9"), (7, "007"), (10**9, 10**9), (8, "8"))
    ),
}
