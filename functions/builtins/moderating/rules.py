"""Rules for moderators: add, list, try, take back; every answer is one sentence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from functions.builtins.naming import shown_places
from functions.builtins.offering import preset_names, rule_numbers, rules_that_ask
from functions.builtins.paging import say_page
from functions.builtins.tools import Builtin, Deciding, WithRules, WithSigningKey
from functions.builtins.wanted_kinds import read_rule
from waddlebot.decisions.asking import Asker
from waddlebot.decisions.parts.rules.deeds import (
    OFF,
    add_rule,
    set_preset,
    turn_off_rule,
    undo_rule,
)
from waddlebot.domain import rule_sayings
from waddlebot.domain.entities import EntityId
from waddlebot.domain.normal_form import normal_form
from waddlebot.domain.rule_presets import PRESETS
from waddlebot.domain.signatures import secret_for
from waddlebot.domain.string_rules import MatchType, RuleAction, StringRule
from waddlebot.domain.web_addresses import read_web_address
from waddlebot.stores.versions import Edit
from waddlebot_sdk import Answer, Call, Chat, NotUnderstood, Role, command, say_command

UNDO, LIST = say_command("rules undo"), say_command("rules list")
PRESET_ACTIONS = (RuleAction.BLOCK.value, RuleAction.WARN.value, OFF)
MOST_LISTED = 10
MOST_SHOWN = 200


@dataclass(frozen=True, kw_only=True)
class RuleTools(Deciding, WithRules, WithSigningKey):
    pass


@command(
    "rules add <kind> [pattern-and-action]",
    "Add a rule: exact, contains, word, regex or *; the text; warn, block [10m], command or "
    "webhook. Before the kind: here, case, priority 10.",
    example='rules add contains "free nitro" block',
    role=Role.MODERATOR,
    completes={"kind": tuple(MatchType)},
)
def add(call: Call, tools: RuleTools) -> Answer:
    rest = call.arguments.get("pattern-and-action", "")
    rule = read_rule(f"{call.arguments['kind']} {rest}", tools.session.spot.entity)
    rule = replace(rule, say=call.in_words(rule.say))

    def decide(edit: Edit, asker: Asker) -> str:
        added = add_rule(edit, asker, rule)
        where, how = _where(asker), say_command(f"rules secret {added.id}")
        secret = f" Its secret: {how}." if added.webhook and not where else ""
        described = rule_sayings.describe_rule_fully(added, _places_of([added], tools))
        return f"Added {described}.{where}{secret} Undo: {UNDO}"

    return tools.decide(call, decide)


@command(
    "rules list [page]", "List the rules at work.", example="rules list 2", role=Role.MODERATOR
)
def list_(call: Call, tools: RuleTools) -> Answer:
    rules = tools.session.community.rules
    if not rules:
        how = say_command('rules add contains "free nitro" block')
        return Chat(f"There are no rules. Add one: {how}")
    resting = tools.rule_sets.resting(tools.session.community)
    rests, place = f" ({rule_sayings.RULE_RESTS})", _places_of(rules, tools)
    listed = [
        rule_sayings.describe_rule_fully(rule, place) + (rests if rule in resting else "")
        for rule in rules
    ]
    return Chat(say_page(listed, call, again=LIST))


@command(
    "rules test <text>",
    "Show which rules a text would hit.",
    example="rules test get your free nitro",
    role=Role.MODERATOR,
)
def test(call: Call, tools: RuleTools) -> Answer:
    text = call.arguments["text"]
    community, place = tools.session.community, tools.session.spot.entity
    hits = tools.rule_sets.find(community, text, place, at_once=True)
    read = normal_form(text)
    shown = "" if read == text.casefold() else f" I also read it as “{read[:MOST_SHOWN]}”."
    if not hits:
        return Chat(f"No rule would hit that.{shown}")
    listed, called = hits[:MOST_LISTED], _places_of(hits[:MOST_LISTED], tools)
    named = "; ".join(rule_sayings.describe_rule_fully(rule, called) for rule in listed)
    first = f" The first decides: rule {hits[0].id}." if len(hits) > 1 else ""
    return Chat(f"That would hit {named}.{first}{shown}")


@command(
    "rules preset [name] [action]",
    "List the rules that are ready made, or add those of one name: block, warn or off.",
    example="rules preset scams block",
    role=Role.MODERATOR,
    completes={"name": preset_names, "action": PRESET_ACTIONS},
)
def preset(call: Call, tools: RuleTools) -> Answer:
    asked = call.arguments.get("name", "").lower()
    if not asked:
        listed = "; ".join(f"{one.name}: {one.summary}" for one in PRESETS.values())
        return Chat(f"{listed}. Add one: {say_command('rules preset scams block')}")
    action = call.arguments.get("action", "").lower() or RuleAction.BLOCK.value

    def decide(edit: Edit, asker: Asker) -> str:
        found = set_preset(edit, asker, name=asked, action=action)
        if action == OFF:
            return f"The preset {found.name} is off."
        undo = say_command(f"rules preset {found.name} off")
        return (
            f"The preset {found.name} is on, with {len(found.patterns)} rules that {action}: "
            f"{found.summary}.{_where(asker)} Off again: {undo}"
        )

    return tools.decide(call, decide)


@command(
    "rules off <number>",
    "Switch a rule off.",
    example="rules off 3",
    role=Role.MODERATOR,
    completes={"number": rule_numbers},
)
def off(call: Call, tools: RuleTools) -> Answer:
    number = _read_number(call)

    def decide(edit: Edit, asker: Asker) -> str:
        turn_off_rule(edit, asker, number=number)
        return f"Rule {number} is off. Undo: {UNDO}"

    return tools.decide(call, decide)


@command(
    "rules secret <number>",
    "Show how a rule's server knows that we are asking: it checks our signature with this.",
    example="rules secret 3",
    role=Role.MODERATOR,
    completes={"number": rules_that_ask},
)
def secret(call: Call, tools: RuleTools) -> Answer:
    number = _read_number(call)
    # It is the whole community's: what is signed with it counts for every rule of that server.
    Asker.in_chat(tools.session).check_everywhere(Role.MODERATOR, "A secret")
    rules = {rule.id: rule for rule in tools.session.community.rules if rule.webhook}
    if number not in rules:
        raise NotUnderstood(f"There is no rule {number} that asks a server. See {LIST}.")
    key = tools.signing_key()
    if not key:
        return Chat("Nothing is signed here yet: the operator has to set WADDLEBOT_SIGNING_KEY.")
    origin = read_web_address(rules[number].webhook).origin
    made = secret_for(key, tools.session.community.id, origin)
    return Chat(f"For {origin}: {made}", secret=True)


@command(
    "rules undo",
    "Take back the last change to the rules.",
    example="rules undo",
    role=Role.MODERATOR,
)
def undo(call: Call, tools: RuleTools) -> Answer:
    def decide(edit: Edit, asker: Asker) -> str:
        return f"Taken back: {undo_rule(edit, asker)}."

    return tools.decide(call, decide)


def _places_of(rules: Sequence[StringRule], tools: RuleTools) -> Callable[[EntityId], str]:
    """How the places where these hold are called."""
    return shown_places({place for rule in rules for place in rule.entities}, tools).place


def _where(asker: Asker) -> str:
    """Of rules of somebody who is a moderator of one place alone."""
    is_everywhere = asker.only_at(Role.MODERATOR) is None
    return "" if is_everywhere else " In this channel alone, since you are a moderator of it alone."


def _read_number(call: Call) -> int:
    number = call.arguments["number"].lstrip("#")
    if not (number.isascii() and number.isdigit() and len(number) <= 18):
        raise NotUnderstood(f"'{number[:30]}' is no number of a rule. See {LIST}.")
    return int(number)


MODULE = Builtin(
    tools=RuleTools,
    name="rules",
    summary="Rules that watch what is written.",
    commands=(add, list_, test, preset, off, secret, undo),
)
