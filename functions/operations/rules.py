"""A rule that hit the wrong people is undone in bulk: it is switched off, and whom it keeps from
writing may write again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from functions.operations.bodies import read_fields, read_flag
from waddlebot.decisions.asking import Asker
from waddlebot.decisions.parts.rules.deeds import turn_off_rule
from waddlebot.domain import rule_sayings
from waddlebot.domain.errors import Because, Refusal, Rejected
from waddlebot.domain.platform_actions import REVERSE, ActionKind, PlatformAction
from waddlebot.domain.string_rules import RuleAction, StringRule
from waddlebot.runtime.logs import Category, Logger
from waddlebot.runtime.resources import Resources
from waddlebot.runtime.serve_http import Request
from waddlebot.stores.rule_hits import Hit, find_rule, list_hits
from waddlebot.stores.streams import ReplyStream
from waddlebot.stores.versions import Edit, Versions, editing
from waddlebot_sdk.own_words import in_usual_words

MOST_HOURS, USUAL_HOURS = 24 * 14, 24

Wire = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rules:
    resources: Resources
    log: Logger

    def undo(self, request: Request) -> Wire:
        """Of `{"rule", "hours"?, "dry_run"?}`: `{"rule", "community", "was_on", "hits", "released",
        "lines": [{"at", "entity", "user", "text"}]}`.

        Called twice it does no harm. Raises Rejected: 400, 404.
        """
        number, hours, is_dry = _read(request.body)
        postgres = self.resources.postgres
        found = find_rule(postgres, number)
        if found is None:
            raise Rejected(404, "UNKNOWN_RULE", f"There is no rule {number}.")
        community, rule = found.community, found.rule
        hits = list_hits(postgres, community, number, since=timedelta(hours=hours))
        release = _still_held(hits, rule, datetime.now(UTC))
        was_on = False
        if not is_dry:
            by = request.caller.account
            with editing(postgres, Versions(self.resources.cache), by=by) as edit:
                was_on = _turn_off(edit, Asker.of_the_house(by, community), number)
            # Off first: whoever is let back is not kept from writing again by the next line.
            ReplyStream(self.resources.streams, self.resources.partitions).append(
                [_reverse(hit, number, by) for hit in release]
            )
            self.log.info(
                "rule undone", category=Category.AUDIT, rule=number, released=len(release), by=by
            )
        return {
            "success": True,
            "rule": in_usual_words(rule_sayings.describe_rule_fully(rule)),
            "community": found.called,
            "was_on": was_on,
            "hits": len(hits),
            "released": [_shown(hit) for hit in release],
            "lines": [_shown(hit) for hit in hits] if rule.action is RuleAction.BLOCK else [],
        }


def _turn_off(edit: Edit, asker: Asker, number: int) -> bool:
    """Whether it was on."""
    try:
        turn_off_rule(edit, asker, number=number)
    except Refusal as refusal:
        if refusal.because is not Because.UNKNOWN:
            raise
        return False
    return True


def _still_held(hits: Sequence[Hit], rule: StringRule, now: datetime) -> list[Hit]:
    """Each person once a place: the newest hit, where its time is not over."""
    held: dict[tuple[str, str], Hit] = {}
    for hit in hits:
        if hit.user and now < hit.at + timedelta(seconds=rule.timeout_seconds):
            held.setdefault((hit.entity, hit.user), hit)
    return list(held.values())


def _reverse(hit: Hit, rule: int, by: str) -> PlatformAction:
    """Its id is that of what is undone, so that it is done once however often it is asked for."""
    return PlatformAction(
        id=f"{hit.execution_id}u",
        kind=REVERSE[ActionKind.TIMEOUT],
        entity=hit.entity,
        user=hit.user,
        execution_id=hit.execution_id,
        reason=f"rule {rule} was undone by {by}",
    )


def _shown(hit: Hit) -> Wire:
    return {
        "at": hit.at.isoformat(),
        "entity": hit.entity,
        "user": hit.user_name or hit.user,
        "text": hit.text,
    }


def _read(body: Any) -> tuple[int, int, bool]:
    asked = read_fields(body)
    number, hours = asked.get("rule"), asked.get("hours", USUAL_HOURS)
    if not isinstance(number, int) or isinstance(number, bool) or not 0 < number < 2**63:
        raise _invalid("rule", "'rule' is the number of a rule.")
    if not isinstance(hours, int) or isinstance(hours, bool) or not 1 <= hours <= MOST_HOURS:
        raise _invalid("hours", f"'hours' is a whole number, 1 to {MOST_HOURS}.")
    return number, hours, read_flag(asked, "dry_run")


def _invalid(field: str, message: str) -> Rejected:
    return Rejected(400, "INVALID_FIELD", message, details={"field": field})
