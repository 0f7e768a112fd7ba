"""What fires: commands, string rules and listeners that meet an event."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from functions.router.expand import commands_meant
from functions.router.pressed import PRESSED, find_pressed
from functions.router.rule_sets import RuleSets
from functions.router.spoken import SPOKEN, is_plainly_chat, is_spoken, is_talking_to_us
from functions.router.typed_lines import find_below, find_in_first
from waddlebot.domain import module_names
from waddlebot.domain.command_table import CommandTable, Found
from waddlebot.domain.custom_commands import RUN_ID, as_custom
from waddlebot.domain.deliveries import MOST_SECONDS
from waddlebot.domain.events import (
    FOR_ONE_MODULE,
    Channel,
    Event,
    MessageType,
    ResponseUrl,
)
from waddlebot.domain.matches import Match
from waddlebot.domain.own_words import USUAL_PREFIX
from waddlebot.domain.sessions import Expansion, Session
from waddlebot.domain.string_rules import MatchType, RuleAction, StringRule
from waddlebot.domain.triggers import (
    FIRST_CONTACT,
    MISTYPED,
    UNKNOWN,
    CommandTrigger,
    Destination,
    EventTrigger,
    RuleTrigger,
    Turn,
)
from waddlebot.domain.typed import (
    as_here,
    declared_rest,
    nearest_here,
    split_prefix,
    split_typed,
)
from waddlebot.domain.unseen import without_unseen_edges
from waddlebot.platforms.emoji_names import sign_of_reaction
from waddlebot_sdk.module import ExecutionMode
from waddlebot_sdk.roles import Role

CLICKED = PRESSED | {MessageType.INTERACTION}
HEARD_PRIVATELY = CLICKED | {MessageType.DUE}
"""What a module asked for itself; to nothing else of private talk does any listen."""

MOST_ASKED = 3
_OUTSIDE = Destination(engine="rule_webhook", location="outside")
_MODERATION = Destination(engine="builtin", location="moderation")
_SPOKEN_IN_THE_OPEN = SPOKEN | {MessageType.FILE_SHARE}
_READ_BY_OTHERS = frozenset(
    {
        MessageType.CHEER,
        MessageType.DONATION,
        MessageType.FILE_SHARE,
        MessageType.GIFT_SUBSCRIPTION,
        MessageType.INTERACTION,
        MessageType.RESUB,
        MessageType.SUBSCRIPTION,
    }
)
"""People put words in front of others with these as well; rules look at all of them."""


@dataclass(frozen=True, slots=True)
class Triggers:
    """`tables` by commands version, shared with the directory."""

    tables: Mapping[str, CommandTable]
    rule_sets: RuleSets
    signing_key: Callable[[], str] = lambda: ""


def find_matches(sessions: Sequence[Session], triggers: Triggers) -> list[Match]:
    """Grouped by event; in an event by turn, then priority."""
    matches: list[Match] = []
    for session in sessions:
        found = _matches_of(session, triggers)
        if len(found) > 1:
            found.sort(key=_turn_and_priority)
        matches += found
    return matches


def _turn_and_priority(match: Match) -> tuple[int, int, bool, int, str]:
    """The steps of a chain stand together."""
    trigger = match.trigger
    is_meant = match.session.meant is not None and isinstance(trigger, CommandTrigger)
    return trigger.turn, trigger.priority, is_meant, match.step, trigger.id


def _matches_of(session: Session, triggers: Triggers) -> list[Match]:
    event, table = session.event, triggers.tables[session.commands_version]
    if event.type in PRESSED:
        return find_pressed(session, table, triggers.signing_key)
    found: list[Match] = []
    if is_spoken(event) and not event.watched_only and not is_plainly_chat(session):
        found += _find_commands(session, table)
    if session.community.rules and not event.private and _is_for_rules(event):
        hits = _hits(session, triggers.rule_sets)
        if hits or triggers.rule_sets.untold(session.community):
            found += _find_rules(session, triggers, tuple(found), hits)
    if table.listeners(event.type) or not session.spot.greeted:  # hardly any line of chat is heard
        found += _find_listeners(session, table)
    return found


def _is_for_rules(event: Event) -> bool:
    """What others read; nobody moderates private talk, and no module listens to it."""
    return is_spoken(event) or _is_read_by_others(event)


def _is_read_by_others(event: Event) -> bool:
    return event.type in _READ_BY_OTHERS and bool(event.texts)


def _find_commands(session: Session, table: CommandTable) -> list[Match]:
    """One, or where somebody typed an alias, all that it stands for."""
    meant = commands_meant(session, table)
    if meant:
        return meant
    found = _find_command(session, table)
    return [found] if found else []


def _find_command(session: Session, table: CommandTable) -> Match | None:
    line, community = without_unseen_edges(session.event.text), session.community
    found = find_in_first(session, table, line) or find_below(session, table, line)
    if found and not _lacks_its_word(found, table):
        return Match(session=session, trigger=as_here(found.trigger, community), text=found.rest)
    return _misunderstood(session, table, line)


def _lacks_its_word(found: Found, table: CommandTable) -> bool:
    """`!rules ad` where `!rules` alone takes nothing: what was meant is one of those below it."""
    trigger = found.trigger
    if not found.rest or trigger.takes(found.rest) or " " in trigger.path:
        return False
    return len(table.below(trigger.prefix, trigger.path)) > 1


def _misunderstood(session: Session, table: CommandTable, line: str) -> Match | None:
    """Whoever talks to the bot is answered; an unknown `!x` in chat may belong to another bot."""
    if is_talking_to_us(session):
        return say(session, table, UNKNOWN, line) if line else _offer_all(session, table)
    typed = split_typed(line, session.community.words)
    if typed is None:
        return None
    if _begins_a_command(session, table, *typed):
        return say(session, table, UNKNOWN, line)
    may_offer = session.community.offers and typed[0] == USUAL_PREFIX
    if may_offer and nearest_here(line, session, table):
        return say(session, table, MISTYPED, line)
    return None


def _offer_all(session: Session, table: CommandTable) -> Match | None:
    helping = table.find(USUAL_PREFIX, "help")
    return Match(session=session, trigger=helping.trigger) if helping else None


def _begins_a_command(session: Session, table: CommandTable, prefix: str, rest: str) -> bool:
    """A word of ours whose second one is missing or unknown; not one that gave up its name."""
    words = session.community.words
    declared = declared_rest(prefix, rest, words)
    first = (declared.split(maxsplit=1) or [""])[0].lower()
    gave_up = declared == rest and words.is_renamed(prefix + first)
    return table.begins(prefix, declared) and not gave_up


def say(session: Session, table: CommandTable, event_type: str, line: str) -> Match | None:
    """What one of ours says of this line, for which it listens by `event_type`."""
    for listener in table.listeners(event_type):
        if not listener.destination.is_strangers:
            return Match(session=session, trigger=replace(listener, consumes=True), text=line)
    return None


def _find_rules(
    session: Session, triggers: Triggers, commands: Sequence[Match], hits: Sequence[StringRule]
) -> Iterator[Match]:
    """All that only observe, the first that moderates and, if no command matched, one answer.

    Beside them the first three that ask somebody else's server, which holds up none of the others.
    Where rules rest and moderators are to hear of it, the first of those stands for all.
    """
    moderating = answering = None
    asking: list[StringRule] = []
    for rule in hits:
        if rule.match_type is MatchType.ANYTHING:
            yield _rule_match(session, rule, Turn.OBSERVE)
        elif rule.action is RuleAction.COMMAND:
            answering = answering or rule
        elif rule.action is RuleAction.WEBHOOK:
            asking.append(rule)
        else:
            moderating = moderating or rule
    untold = triggers.rule_sets.untold(session.community)
    if untold:
        yield _rule_match(session, untold[0], Turn.OBSERVE)
    if moderating:
        yield _rule_match(session, moderating, Turn.MODERATE)
    if _may_leave(session, commands):
        for rule in asking[:MOST_ASKED]:
            yield Match(session=session, trigger=_asking(rule))
    if answering and not commands and not session.event.watched_only:
        yield from _run_by_rule(session, answering, triggers)


def _may_leave(session: Session, commands: Sequence[Match]) -> bool:
    """Whether others may be shown the line: it was said in public, and holds no secret of ours."""
    triggers = (one.trigger for one in commands)
    is_secret = any(isinstance(one, CommandTrigger) and one.secret for one in triggers)
    return not session.event.private and not is_secret


def _asking(rule: StringRule) -> RuleTrigger:
    return RuleTrigger(
        id=f"rule:{rule.id}",
        module=module_names.WEBHOOK,
        destination=_OUTSIDE,
        turn=Turn.MODERATE,
        priority=rule.priority,
        execution_mode=ExecutionMode.PARALLEL,
        timeout_seconds=MOST_SECONDS,
        consumes=False,
        rule=rule,
    )


def _hits(session: Session, rule_sets: RuleSets) -> Sequence[StringRule]:
    """The rules that any of its texts meets, in their order."""
    event, community, entity = session.event, session.community, session.spot.entity
    if not event.shown:  # as of most lines
        return rule_sets.find(community, event.text, entity)
    texts = event.texts
    if len(texts) < 2:
        return rule_sets.find(community, texts[0], entity)
    hit = {rule.id for text in texts for rule in rule_sets.find(community, text, entity)}
    return [rule for rule in community.rules if rule.id in hit]


def _rule_match(session: Session, rule: StringRule, turn: Turn) -> Match:
    trigger = RuleTrigger(
        id=f"rule:{rule.id}",
        module=module_names.MODERATION,
        destination=_MODERATION,
        turn=turn,
        priority=rule.priority,
        consumes=turn is not Turn.OBSERVE,
        rule=rule,
    )
    return Match(session=session, trigger=trigger)


def _run_by_rule(session: Session, rule: StringRule, triggers: Triggers) -> Iterator[Match]:
    """The command of a `command` rule; its output is no event, so the depth is one.

    It needs no role: whoever saved the rule was allowed to use the command.
    """
    table = triggers.tables[session.commands_version]
    prefix, text = split_prefix(rule.command)
    found = table.find(prefix, text)
    if found is None:
        return
    trigger = as_custom(found.trigger, found.rest, session.community)
    if trigger.id == RUN_ID:
        if trigger is found.trigger:  # it is switched off, or gone
            return
        session = replace(session, meant=Expansion(lines=(rule.command,)))
    trigger = replace(trigger, turn=Turn.RESPOND, priority=rule.priority, role=Role.USER)
    yield Match(session=session, trigger=trigger, text=found.rest, by=f"rule {rule.id}")


def _find_listeners(session: Session, table: CommandTable) -> Iterator[Match]:
    event = session.event
    if event.watched_only or (event.private and event.type not in HEARD_PRIVATELY):
        return
    for listener in _hearing(session, table, event.type):
        if listener.sign and listener.sign != sign_of_reaction(event):
            continue
        if event.type not in FOR_ONE_MODULE or listener.module == event.data.get("module"):
            yield Match(session=session, trigger=listener, text=event.text)
    if _is_first_contact(session):
        for listener in _hearing(session, table, FIRST_CONTACT):
            yield Match(session=session, trigger=listener)


def _is_first_contact(session: Session) -> bool:
    """Somebody speaks to everybody, where nobody was greeted: hello is said in the open."""
    event = session.event
    if session.spot.greeted or event.type not in _SPOKEN_IN_THE_OPEN or event.private:
        return False
    way_back = event.way_back
    is_in_thread = isinstance(way_back, Channel | ResponseUrl) and bool(way_back.thread)
    return event.parent is None and not is_in_thread


def _hearing(session: Session, table: CommandTable, event_type: str) -> Iterator[EventTrigger]:
    """A stranger's function hears nothing of a community that did not install it."""
    for listener in table.listeners(event_type):
        if not listener.destination.is_strangers or listener.module in session.community.installed:
            yield listener
