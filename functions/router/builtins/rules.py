"""Rules for moderators: add, list, try, take back; every answer is one sentence."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from functions.router.destinations.builtin import BuiltinTools
from functions.router.match import split_prefix
from functions.router.spans import read_span
from functions.router.typed import as_here
from waddlebot.domain import sayings
from waddlebot.domain.errors import Refusal
from waddlebot.domain.rule_patterns import check_pattern
from waddlebot.domain.string_rules import MatchType, RuleAction
from waddlebot.stores.string_rules import StringRules
from waddlebot.stores.versions import Edit
from waddlebot_sdk import Answer, Call, Chat, Module, NotUnderstood, Role, command
from waddlebot_sdk.grammar import split_words

KINDS = ("exact", "contains", "word", "regex")
MOST_LISTED = 10
MOST_RULES = 1_000
MOST_SAY_CHARACTERS = 400
MOST_TIMEOUT_SECONDS = 14 * 24 * 60 * 60
"""Twitch's most; Discord's is longer."""
_ACTIONS = {action.value: action for action in RuleAction}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """`more` is what follows the action: a text of the rule's own, or the command to run."""

    pattern: str
    action: RuleAction
    more: str
    timeout_seconds: int = 0


@command(
    "rules add <kind> <pattern-and-action>",
    "Add a rule: exact, contains, word or regex; then the text; then warn, block [10m] or command.",
    example='rules add contains "free nitro" block',
    role=Role.MODERATOR,
)
def add(call: Call, tools: BuiltinTools) -> Answer:
    kind = call.arguments["kind"].lower()
    if kind not in KINDS:
        raise NotUnderstood(f"'{kind[:30]}' is no kind of rule. There are {', '.join(KINDS)}.")
    wanted = read_wanted(call.arguments["pattern-and-action"])
    check_pattern(MatchType(kind), wanted.pattern)
    if wanted.action is RuleAction.COMMAND:
        _check_command(wanted.more, call, tools)
    return tools.change(call, partial(_add, call, tools, MatchType(kind), wanted))


@command("rules list", "List the rules at work.", example="rules list", role=Role.MODERATOR)
def list_(_call: Call, tools: BuiltinTools) -> Answer:
    rules = tools.session.community.rules
    if not rules:
        return Chat('There are no rules. Add one: !rules add contains "free nitro" block')
    listed = "; ".join(map(sayings.describe_rule_fully, rules[:MOST_LISTED]))
    left = len(rules) - MOST_LISTED
    return Chat(f"{listed}{f'; and {left} more' if left > 0 else ''}.")


@command(
    "rules test <text>",
    "Show which rules a text would hit.",
    example="rules test get your free nitro",
    role=Role.MODERATOR,
)
def test(call: Call, tools: BuiltinTools) -> Answer:
    text = call.arguments["text"]
    hits = tools.rule_sets.find(tools.session.community, text, tools.session.spot.entity)
    if not hits:
        return Chat("No rule would hit that.")
    named = "; ".join(map(sayings.describe_rule_fully, hits[:MOST_LISTED]))
    first = f" The first decides: rule {hits[0].id}." if len(hits) > 1 else ""
    return Chat(f"That would hit {named}.{first}")


@command("rules off <number>", "Switch a rule off.", example="rules off 3", role=Role.MODERATOR)
def off(call: Call, tools: BuiltinTools) -> Answer:
    number = call.arguments["number"].lstrip("#")
    if not (number.isascii() and number.isdigit() and len(number) <= 18):
        raise NotUnderstood(f"'{number[:30]}' is no number of a rule. See !rules list.")
    return tools.change(call, partial(_turn_off, call, tools, int(number)))


@command(
    "rules undo",
    "Take back the last change to the rules.",
    example="rules undo",
    role=Role.MODERATOR,
)
def undo(call: Call, tools: BuiltinTools) -> Answer:
    return tools.change(call, partial(_undo, call, tools))


def read_wanted(text: str) -> Wanted:
    """`"free nitro" block No adverts` as its three parts; without an action the rule warns.

    A pattern of several words may go without quotes as far as none of them is an action.
    """
    words = split_words(text)
    for number, word in enumerate(words[1:], start=1):
        action = _ACTIONS.get(word.lower())
        if action:
            more = "".join(split_words(text, at_most=number + 2)[number + 1 :])
            pattern = " ".join(words[:number])
            if action is not RuleAction.BLOCK:
                return Wanted(pattern=pattern, action=action, more=more)
            seconds, say = _read_timeout(more)
            return Wanted(pattern=pattern, action=action, more=say, timeout_seconds=seconds)
    return Wanted(pattern=" ".join(words), action=RuleAction.WARN, more="")


def _read_timeout(more: str) -> tuple[int, str]:
    """`10m No adverts`: who is blocked may not write for so long. Without a time it is all text."""
    first, _, rest = more.partition(" ")
    seconds = read_span(first)
    if seconds is None:
        return 0, more
    if not 1 <= seconds <= MOST_TIMEOUT_SECONDS:
        raise NotUnderstood("A time-out lasts at least 1s and at most 14d.")
    return seconds, rest.strip()


def _check_command(typed: str, call: Call, tools: BuiltinTools) -> None:
    """Nobody makes a rule run what they may not run themselves."""
    prefix, text = split_prefix(typed)
    found = tools.table.find(prefix, text)
    if found is None:
        raise NotUnderstood(f"There is no command '{typed[:40]}'. Say which one: …command !quote 3")
    trigger = as_here(found.trigger, tools.session.community)
    if call.user is None or not call.user.role.covers(trigger.role):
        raise Refusal(f"{trigger.typed} is for {sayings.who_may(trigger.role)} only.")


def _add(call: Call, tools: BuiltinTools, kind: MatchType, wanted: Wanted, edit: Edit) -> str:
    rules = StringRules(edit)
    if len(rules.list_active(tools.session.community.id)) >= MOST_RULES:
        raise Refusal(f"There are {MOST_RULES:,} rules already. Switch one off: !rules off 3")
    runs_command = wanted.action is RuleAction.COMMAND
    added = rules.add(
        tools.session.community.id,
        match_type=kind,
        pattern=wanted.pattern,
        action=wanted.action,
        by=_by(call),
        say="" if runs_command else wanted.more[:MOST_SAY_CHARACTERS],
        command=wanted.more if runs_command else "",
        timeout_seconds=wanted.timeout_seconds,
    )
    return f"Added {sayings.describe_rule_fully(added)}. Undo: !rules undo"


def _turn_off(call: Call, tools: BuiltinTools, number: int, edit: Edit) -> str:
    if StringRules(edit).turn_off(tools.session.community.id, number, _by(call)):
        return f"Rule {number} is off. Undo: !rules undo"
    raise Refusal(f"There is no rule {number} at work. See !rules list.")


def _undo(call: Call, tools: BuiltinTools, edit: Edit) -> str:
    undone = StringRules(edit).undo_last(tools.session.community.id, _by(call))
    if undone is None:
        raise Refusal("There is nothing to take back.")
    return f"Taken back: {undone}."


def _by(call: Call) -> str:
    return f"{call.entity.platform}:{call.user.id if call.user else ''}"


MODULE: Module[BuiltinTools] = Module(
    name="rules",
    summary="Rules that watch what is written.",
    commands=(add, list_, test, off, undo),
)
