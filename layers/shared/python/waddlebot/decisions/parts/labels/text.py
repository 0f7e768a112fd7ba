"""`labels.NAME`: its `color`, and what it is `on`."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

from waddlebot.decisions.asking import Asker
from waddlebot.decisions.part_text import ByKind, PartText, put, without_empty
from waddlebot.decisions.parts.labels.deeds import (
    drop_label,
    hang_label,
    make_label,
    recolor_label,
    take_label,
)
from waddlebot.decisions.text_table import TextTable
from waddlebot.domain.community_facts import Difference, FactKind, Facts, Key, at
from waddlebot.domain.labels import Labelled, read_color, read_label_name
from waddlebot.stores.labels import Thing
from waddlebot.stores.part_rows import CommunityRow
from waddlebot.stores.versions import Edit


def _place(key: Key, facts: Facts) -> str:
    label = key[3]
    alike = [one for one in facts if one[0] is LABELLED and one[3] == label]
    return f"labels.{label}.on[{alike.index(key) + 1}]" if key in facts else f"labels.{label}"


def _described(kind: str, thing: str, label: str) -> str:
    return f"label '{label}' on {' '.join(filter(None, (kind, thing)))}"


LABEL = FactKind(name="label", place=at("labels.{}.color"))
"""(label,) -> colour"""
LABELLED = FactKind(
    name="label on",
    place=_place,
    described=_described,
    shown=lambda _key, until: f"until {until}" if until else "for good",
)
"""(kind, thing, label) -> until when (ISO), or nothing"""


def _facts(row: CommunityRow) -> Facts:
    labels = {(LABEL, name): color for name, color in (row["labels"] or {}).items()}
    hanging = {
        (LABELLED, one["kind"], one["thing"], one["name"]): _in_utc(one["expires_at"] or "")
        for one in row["labelled"] or ()
    }
    return labels | hanging


def _in_utc(text: str) -> str:
    """A moment in the one way in which it is compared."""
    return datetime.fromisoformat(text).astimezone(UTC).isoformat() if text else ""


def _read(top: TextTable) -> Facts:
    labels = top.table("labels")
    facts: dict[Key, Any] = {}
    for typed, table in top.tables_in("labels"):
        name = labels.checked(typed, read_label_name, typed)
        if "color" in table.fields:
            put(facts, {(LABEL, name): table.read("color", read_color)}, table)
        for row in table.rows("on"):
            until = row.moment("until")
            kind = row.one_of("kind", Labelled)
            key = (LABELLED, kind.value, row.text("thing", usual=""), name)
            row.check_end()
            put(facts, {key: until}, row)
    return facts


def _write(facts: ByKind) -> dict[str, Any]:
    labels: dict[str, dict[str, Any]] = defaultdict(dict)
    for (name,), color in facts[LABEL].items():
        labels[name]["color"] = color
    for (kind, thing, name), until in sorted(facts[LABELLED].items()):
        hanging = without_empty({"kind": kind, "thing": thing, "until": until})
        labels[name].setdefault("on", []).append(hanging)
    return {"labels": dict(labels)}


def _label(edit: Edit, asker: Asker, one: Difference) -> None:
    _, name = one.key
    if one.after is None:
        drop_label(edit, asker, name=name)
    elif one.before is None:
        make_label(edit, asker, name=name, color=one.after)
    else:
        recolor_label(edit, asker, name=name, color=one.after)


def _hang(edit: Edit, asker: Asker, one: Difference) -> None:
    _, kind, id_, name = one.key
    thing = Thing(kind=Labelled(kind), id=id_)
    if one.before is not None:
        take_label(edit, asker, thing=thing, name=name)
    if one.after is not None:
        until = datetime.fromisoformat(one.after) if one.after else None
        hang_label(edit, asker, thing=thing, name=name, until=until)


TEXT = PartText(deeds={LABEL: _label, LABELLED: _hang}, facts=_facts, read=_read, write=_write)
"""A label is there before it hangs on anything."""
