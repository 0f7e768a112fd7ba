"""Rules that watch what is written: added, switched off, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from waddlebot.decisions.asking import Asker, find_place
from waddlebot.decisions.declared import check_may_use, no_command
from waddlebot.decisions.made_here import find_made
from waddlebot.domain.entities import EntityId
from waddlebot.domain.errors import Because, Refusal
from waddlebot.domain.giving_way import gives_way
from waddlebot.domain.own_words import USUAL_PREFIX
from waddlebot.domain.rule_patterns import check_pattern
from waddlebot.domain.rule_presets import PRESETS, Preset
from waddlebot.domain.rule_sayings import EVERY_LINE
from waddlebot.domain.string_rules import (
    EVERYTHING,
    MOST_PRIORITY,
    MatchType,
    RuleAction,
    StringRule,
)
from waddlebot.domain.web_addresses import read_web_address
from waddlebot.stores.command_rows import DeclaredCommands
from waddlebot.stores.own_words import words_of
from waddlebot.stores.rule_order import put_in_order
from waddlebot.stores.string_rules import StringRules
from waddlebot.stores.versions import Edit
from waddlebot_sdk.own_words import STRANGERS_PREFIX, say_command
from waddlebot_sdk.roles import Role

OFF = "off"
MOST_SAY_CHARACTERS = 400
NO_ADDRESS = "Say which server is asked: …webhook https://example.com/waddlebot"
MOST_TIMEOUT_SECONDS = 14 * 24 * 60 * 60
"""Twitch's most; Discord's is longer."""


def add_rule(edit: Edit, asker: Asker, rule: StringRule) -> StringRule:
    """With its number, which `rule` has not yet.

    Of whoever is somebody in one place alone it holds there alone.
    """
    at = asker.only_at(Role.MODERATOR)
    if at is not None:
        _check_holds(asker, rule.entities or {at}, "A rule for elsewhere")
        rule = replace(rule, entities=frozenset({at}))
    _check_every_line(rule)
    check_pattern(rule.match_type, rule.pattern)
    _check_texts(rule)
    places = frozenset(find_place(edit, asker, place) for place in sorted(rule.entities))
    _check_webhook(rule)
    if rule.action is RuleAction.COMMAND:
        own = asker.everywhere if at is None else asker.role
        rule = replace(rule, command=_declared_command(edit, asker, rule.command, own))
    edit.hold(asker.community)
    rules = StringRules(edit)
    webhook = str(read_web_address(rule.webhook)) if rule.webhook else ""
    rule = replace(rule, entities=places, webhook=webhook)
    _check_new(rules.find_same(asker.community, rule))
    added = rules.add(
        asker.community,
        match_type=rule.match_type,
        pattern=rule.pattern,
        action=rule.action,
        by=asker.by,
        case_sensitive=rule.case_sensitive,
        priority=rule.priority,
        entities=rule.entities,
        say=rule.say,
        command=rule.command,
        webhook=rule.webhook,
        timeout_seconds=rule.timeout_seconds,
    )
    rules.check_room(asker.community)
    return added


def set_preset(edit: Edit, asker: Asker, *, name: str, action: str) -> Preset:
    """The rules that are ready made under this name: they `block`, `warn`, or are `off`.

    What was added by it before goes first, so that they are there once. Of whoever is somebody in
    one place alone they hold there alone, and beside those that hold elsewhere too.
    """
    at = asker.only_at(Role.MODERATOR)
    preset = PRESETS.get(name)
    if preset is None:
        words = f"There is no preset '{name[:30]}'. There are {', '.join(PRESETS)}."
        raise Refusal(words, Because.UNKNOWN, field="preset")
    if action not in {OFF, RuleAction.BLOCK, RuleAction.WARN}:
        words = f"'{action[:30]}' is not what a preset can do: block, warn or off."
        raise Refusal(words, Because.WRONG, field="action")
    there = [
        rule
        for rule in StringRules(edit).list_active(asker.community)
        if rule.match_type is MatchType.REGEX and rule.pattern in preset.patterns
    ]
    theirs = there if at is None else [rule for rule in there if rule.entities == {at}]
    if action == OFF and there and not theirs:
        asker.check_everywhere(Role.MODERATOR, f"The preset {name}")
    for rule in theirs:
        turn_off_rule(edit, asker, number=rule.id)
    for pattern in preset.patterns if action != OFF else ():
        made = StringRule(
            id=0, match_type=MatchType.REGEX, pattern=pattern, action=RuleAction(action)
        )
        add_rule(edit, asker, made)
    return preset


def turn_off_rule(edit: Edit, asker: Asker, *, number: int) -> None:
    at, rules = asker.only_at(Role.MODERATOR), StringRules(edit)
    edit.hold(asker.community)
    rule = next((one for one in rules.list_active(asker.community) if one.id == number), None)
    if rule is not None and at is not None:
        _check_holds(asker, rule.entities, f"Rule {number}")
    if rule is None or not rules.turn_off(asker.community, number, asker.by):
        words = f"There is no rule {number} at work. See {say_command('rules list')}."
        raise Refusal(words, Because.UNKNOWN, code="UNKNOWN_RULE")


def put_rules_in_order(edit: Edit, asker: Asker, wanted: Sequence[StringRule]) -> None:
    """Among those of a priority. `wanted` have the number 0; what is none of them comes last."""
    asker.check_everywhere(Role.MODERATOR)
    turns = {rule: turn for turn, rule in enumerate(wanted)}
    active = StringRules(edit).list_active(asker.community)

    def turn(rule: StringRule) -> tuple[int, int]:
        return rule.priority, turns.get(replace(rule, id=0), len(turns))

    put_in_order(edit, asker.community, [rule.id for rule in sorted(active, key=turn)])


def undo_rule(edit: Edit, asker: Asker) -> str:
    """The asker's last change to the rules, or else the community's; in words, which.

    Of whoever is somebody in one place alone: of the rules that hold there alone.
    """
    at, rules = asker.only_at(Role.MODERATOR), StringRules(edit)
    undone = rules.undo_last(asker.community, asker.by, at=at)
    if undone is None:
        raise Refusal("There is nothing to take back.", code="NOTHING_TO_UNDO")
    rules.check_room(asker.community)
    return undone


def _check_holds(asker: Asker, places: AbstractSet[EntityId], deed: str) -> None:
    """Raises Refusal: in these places (none are all) they may not decide."""
    if places != {asker.entity}:
        asker.check_everywhere(Role.MODERATOR, deed)


def _check_new(same: int | None) -> None:
    """Of two rules that do the same, taking one back would change nothing."""
    if same is not None:
        off = say_command(f"rules off {same}")
        words = f"Rule {same} does that already. To put another in its place: {off}"
        raise Refusal(words, code="RULE_THERE")


def _check_every_line(rule: StringRule) -> None:
    """What is done with every line is nothing: that it was written is what such a rule is for."""
    if rule.match_type is not MatchType.ANYTHING:
        return
    does = (rule.say, rule.command, rule.webhook, rule.timeout_seconds)
    if rule.pattern != EVERYTHING or rule.action is not RuleAction.WARN or any(does):
        raise Refusal(EVERY_LINE, Because.WRONG, field="match")


def _check_texts(rule: StringRule) -> None:
    if not 0 <= rule.priority <= MOST_PRIORITY:
        words = f"A priority is a whole number, 0 to {MOST_PRIORITY:,}."
        raise Refusal(words, Because.WRONG, field="priority")
    if len(rule.say) > MOST_SAY_CHARACTERS:
        words = f"A rule says {MOST_SAY_CHARACTERS} characters at most."
        raise Refusal(words, Because.WRONG, field="say")
    if not 0 <= rule.timeout_seconds <= MOST_TIMEOUT_SECONDS:
        words = "A time-out lasts at least 1s and at most 14d."
        raise Refusal(words, Because.WRONG, field="timeout_seconds")


def _check_webhook(rule: StringRule) -> None:
    """Where its name leads is looked at whenever it is asked."""
    if rule.action is RuleAction.WEBHOOK:
        if not rule.webhook:
            raise Refusal(NO_ADDRESS, Because.WRONG, field="webhook")
        read_web_address(rule.webhook)
    elif rule.webhook:
        words = "Only a rule with the action webhook has an address."
        raise Refusal(words, Because.WRONG, field="webhook")


def _declared_command(edit: Edit, asker: Asker, typed: str, own: Role) -> str:
    """As it is declared, so that it runs whatever it is called here later; of what the community
    made itself, the command that says it.

    Nobody makes a rule run what they may not run themselves.
    """
    line = words_of(edit.connection, asker.community).declared_line(typed)
    is_whole = line[:1] in {USUAL_PREFIX, STRANGERS_PREFIX}
    whole = line if is_whole else f"{USUAL_PREFIX}{line}"
    declared = DeclaredCommands(edit.connection).find_begun(whole)
    if declared is None or gives_way(declared.module):
        made = find_made(edit, asker, whole, own)
        if made is not None:
            return made
    if declared is None:
        raise no_command(typed)
    check_may_use(edit, asker, declared, own)
    return line
