"""`[[roles]]`."""

from __future__ import annotations

from typing import Any

from waddlebot.decisions.asking import Asker
from waddlebot.decisions.part_text import ByKind, PartText, put, sorted_rows, without_empty
from waddlebot.decisions.parts.roles.deeds import Gift, give_role
from waddlebot.decisions.text_table import TextTable
from waddlebot.domain.community_facts import (
    Difference,
    FactKind,
    Facts,
    Key,
    among_rows,
    in_place,
)
from waddlebot.stores.part_rows import CommunityRow
from waddlebot.stores.versions import Edit
from waddlebot_sdk.roles import Role


def _described(*about: Any) -> str:
    platform, user, entity = about
    return f"role of {platform}:{user}{in_place(entity)}"


def _shown(_key: Key, value: tuple[Role, str]) -> str:
    role, name = value
    return f"{role.value}{f' ({name})' if name else ''}"


ROLE = FactKind(name="role", place=among_rows("roles"), described=_described, shown=_shown)
"""(platform, user, entity or None) -> (Role, name)"""


def _facts(row: CommunityRow) -> Facts:
    return {
        (ROLE, one["platform"], one["user_id"], one["entity_id"] or None): (
            Role(one["role"]),
            one["name"],
        )
        for one in row["members"] or ()
    }


def _read(top: TextTable) -> Facts:
    facts: dict[Key, Any] = {}
    for row in top.rows("roles"):
        put(facts, _read_role(row), row)
    return facts


def _read_role(row: TextTable) -> Facts:
    about = (row.text("platform"), row.text("user"), row.text("place", usual="") or None)
    role = row.role("role")
    if role is Role.USER:
        raise row.wrong("role", "who has no role is not listed")
    value = (role, row.text("name", usual=""))
    row.check_end()
    return {(ROLE, *about): value}


def _write(facts: ByKind) -> dict[str, Any]:
    return {"roles": [_row(*one) for one in sorted_rows(facts[ROLE])]}


def _row(about: Key, value: tuple[Role, str]) -> dict[str, Any]:
    platform, user, entity = about
    role, name = value
    return without_empty(
        {"platform": platform, "user": user, "role": role.value, "name": name, "place": entity}
    )


def _give_role(edit: Edit, asker: Asker, one: Difference) -> None:
    _, platform, user, place = one.key
    role, name = one.after or (Role.USER, "")
    give_role(edit, asker, Gift(platform=platform, user=user, role=role, at=place, name=name))


TEXT = PartText(deeds={ROLE: _give_role}, facts=_facts, read=_read, write=_write)
