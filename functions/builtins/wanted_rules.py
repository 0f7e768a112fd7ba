"""A rule as a moderator types it: what to look for, what is done, and what belongs to that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from waddlebot.domain.string_rules import MatchType, RuleAction, StringRule
from waddlebot_sdk import NotUnderstood
from waddlebot_sdk.addresses import bare_address
from waddlebot_sdk.grammar import split_words, take_words, without_quotes
from waddlebot_sdk.times import looks_like_time, read_length, take_length

_NEAR = 0.85
"""One letter of five too many, too few or another."""
_ACTIONS = {action.value: action for action in RuleAction}
_AWAY = "block removes the line, and block 1d also keeps the person from writing for a day"
_QUIET = "block 10m removes the line and keeps the person from writing for so long"
_REMOVED = "block removes the line"
_SAID = "warn tells the person what follows it, and command runs what follows it"
_INSTEAD = {
    **dict.fromkeys(("ban", "bans", "softban", "shadowban", "kick", "kicks"), _AWAY),
    **dict.fromkeys(("mute", "mutes", "silence", "gag"), _QUIET),
    **dict.fromkeys(("timeout", "timeouts", "time-out"), _QUIET),
    **dict.fromkeys(("delete", "deletes", "remove", "removes", "purge", "del"), _REMOVED),
    **dict.fromkeys(("reply", "respond", "alert", "notify"), _SAID),
}
"""What other bots call what rules do; as the last words of a pattern they are mostly meant so."""
_MOST_WORDS_OF_TIME = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedRule:
    """`more` is what follows the action: a text of the rule's own, or the command to run."""

    pattern: str
    action: RuleAction
    more: str
    timeout_seconds: int = 0

    def as_rule(self, kind: MatchType) -> StringRule:
        runs_command, asks = self.action is RuleAction.COMMAND, self.action is RuleAction.WEBHOOK
        return StringRule(
            id=0,
            match_type=kind,
            pattern=self.pattern,
            action=self.action,
            say="" if runs_command or asks else self.more,
            command=self.more if runs_command else "",
            webhook=bare_address(self.more) if asks else "",
            timeout_seconds=self.timeout_seconds,
        )


def read_wanted(text: str) -> WantedRule:
    """`"free nitro" block No adverts` as its three parts; without an action the rule warns.

    A pattern of several words may go without quotes as far as none of them is an action, or what
    other bots call one, and they do not end like a time.

    Raises:
        NotUnderstood: what looks like an action or a time would become part of the pattern.
    """
    words = split_words(text)
    for number, word in enumerate(words[1:], start=1):
        if word.lower() in _INSTEAD:
            raise NotUnderstood(_no_action(words[:number], word.lower()))
        action = _ACTIONS.get(word.lower())
        if action:
            pattern = _read_pattern(words[:number])
            _, more = take_words(text, number + 1)
            return _with_more(pattern, action, more)
    _check_last(words)
    return WantedRule(pattern=_read_pattern(words), action=RuleAction.WARN, more="")


def _check_last(words: Sequence[str]) -> None:
    """`foo blok` is hardly a text to look for."""
    near = get_close_matches(words[-1].lower(), _ACTIONS, n=1, cutoff=_NEAR) if words[1:] else []
    if near:
        raise NotUnderstood(
            f"Did you mean {near[0]}? Where '{words[-1][:30]}' belongs to the text, put it all in "
            f'quotes: "{" ".join(words)}"'
        )


def _read_pattern(words: Sequence[str]) -> str:
    """A number alone is no time here: `room 101`."""
    for count in range(1, min(_MOST_WORDS_OF_TIME, len(words) - 1) + 1):
        tail = " ".join(words[-count:])
        if not tail.isdecimal() and read_length(tail) is not None:
            first = " ".join(words[:-count])
            raise NotUnderstood(
                f'For how long somebody may not write stands behind block: "{first}" block {tail}. '
                f"If '{tail}' belongs to the text, put it all in quotes: \"{' '.join(words)}\""
            )
    return " ".join(words)


def _with_more(pattern: str, action: RuleAction, more: str) -> WantedRule:
    if action is RuleAction.WARN and looks_like_time(more):
        raise NotUnderstood(
            "A warning does not last. Say block 10m to keep somebody from writing for a while; "
            'where the time belongs to what is said, put that in quotes: warn "10m are over"'
        )
    if action is RuleAction.WEBHOOK:
        _check_alone(more)
    if action is not RuleAction.BLOCK:
        return WantedRule(pattern=pattern, action=action, more=without_quotes(more))
    length = take_length(more)
    if length is None:
        return WantedRule(pattern=pattern, action=action, more=without_quotes(more))
    # None at all is not what a time says.
    seconds, say = length.seconds or -1, without_quotes(length.rest)
    return WantedRule(pattern=pattern, action=action, more=say, timeout_seconds=seconds)


def _check_alone(more: str) -> None:
    """What else is wrong with an address is said where it is read."""
    words = split_words(more)
    if len(words) > 1 and words[0].lower().startswith("https://"):
        raise NotUnderstood(
            f"Nothing follows the address of a webhook, and here '{words[1][:30]}' does: what "
            "people then read is its server's to say. Another rule may warn or block."
        )


def _no_action(before: Sequence[str], word: str) -> str:
    first = " ".join(before)
    return (
        f"A rule has no action '{word}'. It can warn, block, command or webhook: {_INSTEAD[word]}. "
        f'Say "{first}" block, or put \'{word}\' into quotes with the text: "{first} {word}" block'
    )
