"""A sample of an alert as this community has it: its line, picture, sound, style and time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from waddlebot.decisions.asking import Asker
from waddlebot.domain.alerts import AlertKind, AlertRule
from waddlebot.domain.entities import platform_of
from waddlebot.domain.errors import Refusal
from waddlebot.domain.media_files import MediaKind
from waddlebot.domain.overlay_samples import AMOUNTS, SAMPLES, alert_sample
from waddlebot.stores.alert_rules import AlertRules
from waddlebot.stores.media_files import CommunityMedia
from waddlebot.stores.versions import Edit
from waddlebot_sdk.own_words import say_command


def find_sample(edit: Edit, asker: Asker, kind: AlertKind) -> Mapping[str, Any]:
    """As a response would word it. Raises Refusal: it is switched off where they ask."""
    rules = _rules_of(edit, asker, kind)
    if not rules:
        return SAMPLES[kind][1]
    usual = AMOUNTS.get(kind, "")
    rule = _chosen([one for one in rules if one.on], _figure(usual))
    if rule is None:
        again = say_command(f"alerts on {kind}")
        words = f"A {kind} is not shown here: it is switched off. Again: {again}"
        raise Refusal(words, code="ALERT_OFF", field="kind")
    return alert_sample(rule, _amount(rule, usual), files=_files(edit, asker, rule))


def _rules_of(edit: Edit, asker: Asker, kind: AlertKind) -> Sequence[AlertRule]:
    """Those of the platform where they ask go before those of all; who asks from nowhere is shown
    any.
    """
    rules = [one for one in AlertRules(edit, asker.community).all() if one.kind == kind]
    if asker.entity is None:
        return rules
    here = platform_of(asker.entity)
    return [one for one in rules if one.platform == here] or [
        one for one in rules if not one.platform
    ]


def _chosen(rules: Sequence[AlertRule], amount: int) -> AlertRule | None:
    """The one that holds the usual amount, else the one that begins lowest."""
    holding = [one for one in rules if one.holds(amount)]
    if holding:
        return max(holding, key=lambda one: one.least)
    return min(rules, key=lambda one: one.least, default=None)


def _amount(rule: AlertRule, usual: str) -> str:
    """One that the rule holds, near the usual one and in its unit; empty for what has none."""
    if not usual:
        return ""
    _, blank, unit = usual.partition(" ")
    figure = max(_figure(usual), rule.least)
    return f"{figure if rule.most is None else min(figure, rule.most)}{blank}{unit}"


def _figure(amount: str) -> int:
    """Of `5 EUR`."""
    return int(amount.partition(" ")[0]) if amount else 0


def _files(edit: Edit, asker: Asker, rule: AlertRule) -> Mapping[MediaKind, str]:
    """By their addresses; what is not there is left out."""
    kept, named = CommunityMedia(edit, asker.community), dict(rule.files)
    found = {kind: kept.find(title) for kind, title in named.items()}
    own = {kind: one.path for kind, one in found.items() if one and one.kind is kind}
    is_elsewhere = rule.image and MediaKind.IMAGE not in named
    return {MediaKind.IMAGE: rule.image, **own} if is_elsewhere else own
