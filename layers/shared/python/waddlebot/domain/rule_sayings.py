"""Sentences about rules: which one, what it does, and what it kept from being said."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from waddlebot.domain import sayings
from waddlebot.domain.entities import EntityId
from waddlebot.domain.rule_presets import preset_of
from waddlebot.domain.string_rules import USUAL_PRIORITY, MatchType, StringRule
from waddlebot_sdk.own_words import say_command

RULE_RESTS = "rests: it costs too much"
EVERY_LINE = "A rule for every line keeps on record that it was written, and does nothing else."
RULE_WARNS = "Careful: what you wrote may be against the rules of this community."
RULE_BLOCKS = "Your message was removed: it is against the rules of this community."
RULE_BLOCKS_UNSAID = "I leave that: what you wrote is against the rules of this community."
RULE_BLOCKS_UNREMOVED = (
    "Please delete your message: it is against the rules of this community. I cannot do it here; "
    "the moderators are told."
)

NAME_A_CHANNEL = (
    "You read this here because no channel is named for it. Name one that only moderators read: "
    f"{say_command('settings set moderators #channel')}, or "
    f"{say_command('settings set moderators here')} in the channel itself."
)


def describe_rule(rule: StringRule) -> str:
    """`rule 3 (contains “free nitro”)`, `rule 3 (the preset scams)`"""
    return f"rule {rule.id} ({looks_for(rule)})"


def looks_for(rule: StringRule) -> str:
    """`contains “free nitro”`; what is ready made goes by its name."""
    if rule.match_type is MatchType.ANYTHING:
        return "every line"
    preset = preset_of(rule)
    return the_preset(preset) if preset else f"{rule.match_type.value} “{_cut(rule.pattern)}”"


def the_preset(name: str) -> str:
    return f"the preset {name}"


def held_back(rule: StringRule, what: str = "") -> str:
    """Without the words themselves; `what` is the name of what was to be said."""
    preset = preset_of(rule)
    kind = the_preset(preset) if preset else f"the kind '{rule.match_type.value}'"
    which = f"rule {rule.id} of this community, of {kind},"
    if what:
        return f"I did not say {what}: {which} forbids its words now. A moderator can say why."
    return f"I do not say that here: {which} forbids the words."


def webhook_rests(rule: StringRule, failed: str) -> str:
    """Said once, until it answers again."""
    return (
        f"{describe_rule(rule)[:1].upper()}{describe_rule(rule)[1:]} asks a server that fails: "
        f"{failed}. I leave it alone and try again each minute; until then nothing is asked, and "
        f"the lines stay. Off: {say_command(f'rules off {rule.id}')}"
    )


def describe_rule_fully(rule: StringRule, place: Callable[[EntityId], str] = str) -> str:
    """`rule 3: contains “free nitro”, block`, `rule 3: the preset scams, block`

    What is otherwise than usual stands behind it: capitals count, its priority, where it holds, and
    `place` says how that is called.
    """
    return ", ".join((f"rule {rule.id}: {_what_it_does(rule)}", *_otherwise(rule, place)))


def _what_it_does(rule: StringRule) -> str:
    if rule.match_type is MatchType.ANYTHING:
        return f"{looks_for(rule)}, on record alone"
    runs = f" {say_command(rule.command)}" if rule.command else f" {rule.webhook}".rstrip()
    if rule.timeout_seconds:
        runs = f" for {sayings.describe_span(rule.timeout_seconds)}"
    return f"{looks_for(rule)}, {rule.action.value}{runs}"


def _otherwise(rule: StringRule, place: Callable[[EntityId], str]) -> Iterator[str]:
    if rule.case_sensitive:
        yield "capitals count"
    if rule.priority != USUAL_PRIORITY:
        yield f"priority {rule.priority}"
    if rule.entities:
        yield f"in {' and '.join(map(place, sorted(rule.entities)))}"


def rules_rest(rules: Sequence[StringRule], place: Callable[[EntityId], str]) -> str:
    """What moderators read of rules that cost more than rules may."""
    named = "; ".join(describe_rule_fully(rule, place) for rule in rules[:3])
    more = f"; and {len(rules) - 3} more" if len(rules) > 3 else ""
    return (
        f"These rules no longer watch, because looking for them costs too much: {named}{more}. "
        "All others do. Write them with smaller counts and fewer .* in them, or as plain text, "
        f"then switch the old ones off: {say_command('rules off 3')}"
    )


def _cut(pattern: str, most: int = 60) -> str:
    return pattern if len(pattern) <= most else f"{pattern[: most - 1]}…"
