"""`[[alerts]]`, a table each: `kind = "cheer"`, `least = 100`."""

from __future__ import annotations

from typing import Any

from waddlebot.decisions.asking import Asker
from waddlebot.decisions.part_text import ByKind, PartText, put, sorted_rows, without_empty
from waddlebot.decisions.parts.alerts.deeds import key_of, reset_alerts, set_alert
from waddlebot.decisions.text_table import TextTable
from waddlebot.domain.alerts import MOST_AMOUNT, USUAL_SECONDS, AlertRule
from waddlebot.domain.community_facts import Difference, FactKind, Facts, Key, among_rows
from waddlebot.stores.alert_rules import rule_of
from waddlebot.stores.part_rows import CommunityRow
from waddlebot.stores.understood import understood
from waddlebot.stores.versions import Edit


def _described(kind: str, platform: str, least: int) -> str:
    on, from_ = f" on {platform}" if platform else "", f" from {least}" if least else ""
    return f"alert {kind}{on}{from_}"


ALERT = FactKind(
    name="alert",
    place=among_rows("alerts"),
    described=_described,
    shown=lambda _key, rule: _shown(rule),
)
"""(kind, platform or nothing, least amount) -> AlertRule"""


def _shown(rule: AlertRule) -> str:
    return f"“{rule.text}”" if rule.on and rule.text else "on" if rule.on else "off"


def _facts(row: CommunityRow) -> Facts:
    rules = understood("alert_rules", row["alert_rules"] or (), rule_of)
    return {(ALERT, *key_of(one)): one for one in rules}


def _read(top: TextTable) -> Facts:
    facts: dict[Key, Any] = {}
    for row in top.rows("alerts"):
        rule = AlertRule(
            kind=row.text("kind"),
            platform=row.text("platform", usual=""),
            least=row.number("least", most=MOST_AMOUNT, usual=0),
            most=row.number("most", most=MOST_AMOUNT) if "most" in row.fields else None,
            on=not row.flag("off"),
            text=row.text("text", usual=""),
            style=row.text("style", usual=""),
            seconds=row.number("seconds", most=MOST_AMOUNT, usual=USUAL_SECONDS),
            image=row.text("image", usual=""),
            sound=row.text("sound", usual=""),
        )
        row.check_end()
        put(facts, {(ALERT, *key_of(rule)): rule}, row)
    return facts


def _write(facts: ByKind) -> dict[str, Any]:
    return {"alerts": [_row(rule) for _, rule in sorted_rows(facts[ALERT])]}


def _row(rule: AlertRule) -> dict[str, Any]:
    row = without_empty(
        {
            "kind": rule.kind,
            "platform": rule.platform,
            "least": rule.least,
            "off": not rule.on,
            "text": rule.text,
            "style": rule.style,
            "image": rule.image,
            "sound": rule.sound,
        }
    )
    if rule.most is not None:
        row["most"] = rule.most
    return row if rule.seconds == USUAL_SECONDS else {**row, "seconds": rule.seconds}


def _alert(edit: Edit, asker: Asker, one: Difference) -> None:
    _, kind, platform, least = one.key
    if one.after is None:
        reset_alerts(edit, asker, kind=kind, platform=platform, least=least)
    else:
        set_alert(edit, asker, one.after)


TEXT = PartText(deeds={ALERT: _alert}, facts=_facts, read=_read, write=_write)
