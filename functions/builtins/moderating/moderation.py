"""What a rule does when it hits: tell the person, remove the line, tell the moderators."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import cast

from functions.builtins.naming import shown_places
from functions.builtins.tools import Builtin, Changed, Deciding, WithAddress, WithRules
from waddlebot.domain import rule_sayings
from waddlebot.domain.entities import EntityId, platform_of
from waddlebot.domain.errors import Unavailable
from waddlebot.domain.events import Event
from waddlebot.domain.executions import Notice, Part
from waddlebot.domain.platform_actions import ActionKind, PlatformAction
from waddlebot.domain.public_addresses import PublicAddress
from waddlebot.domain.sessions import Community
from waddlebot.domain.string_rules import MatchType, RuleAction, StringRule
from waddlebot.domain.triggers import STRING_RULE
from waddlebot.platforms import find_abilities
from waddlebot.platforms.lent_abilities import abilities_at
from waddlebot.platforms.moderators import for_moderators
from waddlebot.platforms.shown_names import ShownNames
from waddlebot.stores.hints import note_moderators_hinted
from waddlebot.stores.string_rules import StringRules
from waddlebot.stores.versions import Edit
from waddlebot_sdk import Answer, Call, Chat, on, say_command


@dataclass(frozen=True, kw_only=True)
class ModerationTools(Deciding, WithRules, WithAddress):
    pass


MOST_QUOTED_CHARACTERS = 200

log = logging.getLogger(__name__)


def moderate(call: Call, tools: ModerationTools) -> Answer:
    """A rule that only observes does nothing here: its row in the record is what it is for."""
    rule = next(rule for rule in tools.session.community.rules if rule.id == call.data["rule"])
    resting = tools.rule_sets.resting(tools.session.community)
    if rule in resting:
        return cast(Answer, list(_tell_of_rest(call, resting, tools)))
    if "failed" in call.data:  # the server that the rule asks is left alone from now on
        told = rule_sayings.webhook_rests(rule, call.data["failed"])
        return cast(Answer, list(tell_moderators(call, told, tools)))
    if "decided" in call.data:  # by the server that the rule asks
        action, say = RuleAction(call.data["decided"]), call.data["say"] or rule.say
        rule = replace(rule, action=action, say=say)
    if rule.match_type is MatchType.ANYTHING:
        return None
    if rule.action is RuleAction.WARN:
        return Chat(rule.say or rule_sayings.RULE_WARNS, private=True)
    # Actions and notices are the router's own; the public contract knows responses alone.
    return cast(Answer, list(_block(call, rule, tools)))


def tell_moderators(call: Call, text: str, tools: ModerationTools) -> Iterator[Notice]:
    """Where they surely read it; a community that named no channel hears once how to name one."""
    notice, user = for_moderators(tools.session, text), tools.session.event.user
    if notice is None:
        return
    whose = f"{platform_of(tools.session.here)}:{user.id}" if user else ""
    yield replace(notice, about=whose)
    if not _is_hinted(tools.session.community):
        yield from _hint(call, tools)


def _hint(call: Call, tools: ModerationTools) -> Iterator[Notice]:
    """Kept with the call, so a repeated delivery says the same; nothing waits for it."""

    def note(edit: Edit) -> Changed:
        return Changed(text="", notices=tuple(_first_hint(edit, tools)))

    try:
        yield from tools.change_and_tell(call, note)[1:]
    except Unavailable:
        log.warning("whether moderators were told how to name a channel is not known")


def _first_hint(edit: Edit, tools: ModerationTools) -> Iterator[Notice]:
    community = tools.session.community
    if _is_hinted(community) or not note_moderators_hinted(edit, community.id):
        return
    hint = for_moderators(tools.session, community.words.reword(rule_sayings.NAME_A_CHANNEL))
    yield from (hint,) if hint else ()


def _is_hinted(community: Community) -> bool:
    return community.moderators_hinted or community.moderators_channel is not None


def _tell_of_rest(
    call: Call, resting: Sequence[StringRule], tools: ModerationTools
) -> Iterator[Part]:
    """Once: those who could mend it read that these rules no longer watch."""
    community, numbers = tools.session.community, [rule.id for rule in resting]
    shown = shown_places({place for rule in resting for place in rule.entities}, tools)
    words = community.words.reword(rule_sayings.rules_rest(resting, shown.place))
    notice = for_moderators(tools.session, words)

    def note(edit: Edit) -> Changed:
        is_first = StringRules(edit).note_rest_told(community.id, numbers)
        told = (notice, *_first_hint(edit, tools)) if notice and is_first else ()
        return Changed(text="", notices=told)

    yield from tools.change_and_tell(call, note)[1:]


def _block(call: Call, rule: StringRule, tools: ModerationTools) -> Iterator[Part]:
    event = tools.session.event
    removable = bool(event.message) and abilities_at(tools.session).deletes_messages
    if event.message:
        yield PlatformAction(
            id=f"{call.execution_id}a",
            kind=ActionKind.DELETE_MESSAGE,
            entity=tools.session.here,
            message=event.message,
            session_id=call.session_id,
            execution_id=call.execution_id,
            reason=f"rule {rule.id}",
        )
    if rule.timeout_seconds and event.user:
        yield PlatformAction(
            id=f"{call.execution_id}b",
            kind=ActionKind.TIMEOUT,
            entity=tools.session.here,
            user=event.user.id,
            seconds=rule.timeout_seconds,
            session_id=call.session_id,
            execution_id=call.execution_id,
            reason=f"rule {rule.id}",
        )
    yield Chat(rule.say or _told(event, removed=removable), private=True)
    yield from tell_moderators(call, notice(rule, tools, removed=removable), tools)


def _told(event: Event, *, removed: bool) -> str:
    if not event.message:  # nobody else has seen it: a slash command, input with a reward
        return rule_sayings.RULE_BLOCKS_UNSAID
    return rule_sayings.RULE_BLOCKS if removed else rule_sayings.RULE_BLOCKS_UNREMOVED


def notice(rule: StringRule, tools: WithAddress, *, removed: bool) -> str:
    """What the moderators read."""
    event = tools.session.event
    who = event.user.name if event.user else "Somebody"
    place = tools.session.here
    where = find_abilities(platform_of(place)).name or platform_of(place)
    shown = ShownNames(places={place: event.place_name}).place(place)
    text = " / ".join(event.texts)
    said = text[:MOST_QUOTED_CHARACTERS]
    more = "…" if len(text) > MOST_QUOTED_CHARACTERS else ""
    left = (
        ""
        if removed or not event.message
        else f" I cannot delete messages on {where}; please do it by hand."
        f"{_who_may_lend(place, tools.public)}"
    )
    if rule.timeout_seconds and not find_abilities(platform_of(place)).times_out:
        left += f" Nor can I keep anybody from writing on {where}."
    return (
        f"{who} said something that {rule_sayings.describe_rule(rule)} blocks, in {shown}: "
        f"“{said}{more}”.{left} Switch it off: {say_command(f'rules off {rule.id}')}"
    )


def _who_may_lend(place: EntityId, public: PublicAddress) -> str:
    if not find_abilities(platform_of(place)).deletes_for_admins:
        return ""
    return f" An admin lets me at {public.at(f'/connect/{platform_of(place)}')}."


MODULE = Builtin(
    tools=ModerationTools,
    name="moderation",
    summary="Acts on lines that a rule forbids.",
    listens=(on(STRING_RULE, moderate),),
)
