"""User groups of workspaces, as `usergroups.list` tells them; only a paid workspace has them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from local.stand_ins.asgi import Json
from local.stand_ins.people import stable_number
from local.stand_ins.slack.payloads import next_ts

_KEPT = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    id: str
    team: str | None
    handle: str
    users: tuple[str, ...]

    def body(self) -> Json:
        return {
            "id": self.id,
            "team_id": self.team,
            "is_usergroup": True,
            "name": self.handle.capitalize(),
            "handle": self.handle,
            "is_external": False,
            "date_delete": 0,
            "user_count": len(self.users),
        }


class Groups:
    def __init__(self) -> None:
        self._groups: OrderedDict[str, Group] = OrderedDict()

    def change(self, team: str | None, details: Mapping[str, Any]) -> Json:
        """Who is in the group of this handle from now on, and the event that tells of it."""
        handle, users = str(details.get("handle", "mods")), tuple(details.get("users") or ())
        group_id = f"S0{stable_number(f'{team}/{handle}')}"
        before = self._groups.get(group_id)
        self._groups[group_id] = Group(id=group_id, team=team, handle=handle, users=users)
        if len(self._groups) > _KEPT:
            self._groups.popitem(last=False)
        was = before.users if before else ()
        return {
            "type": "subteam_members_changed",
            "subteam_id": group_id,
            "team_id": team,
            "added_users": [one for one in users if one not in was],
            "removed_users": [one for one in was if one not in users],
            "event_ts": next_ts(),
        }

    def all(self) -> list[Group]:
        return list(self._groups.values())

    def handles(self, team: str | None) -> Mapping[str, str]:
        return {one.handle: one.id for one in self._groups.values() if one.team == team}

    def users_of(self, group_id: str) -> Sequence[str] | None:
        group = self._groups.get(group_id)
        return group.users if group else None
