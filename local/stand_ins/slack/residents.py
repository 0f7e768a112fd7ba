"""Whom a workspace knows, as `users.info` tells it: speaking there grants nobody anything."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from local.stand_ins.asgi import Json
from local.stand_ins.people import OWNER, PEOPLE, SLACK_BOT_USER, StandInPeople, StandInPerson
from local.stand_ins.places import SERVERS

_KEPT = 10_000
_FLAGS = (
    *("deleted", "is_admin", "is_bot", "is_owner", "is_primary_owner"),
    *("is_restricted", "is_stranger", "is_ultra_restricted"),
)
_NAMES = ("display_name", "real_name")


class Residents:
    """Everybody lives where they were seen first; the three live in the common workspace."""

    def __init__(self, people: StandInPeople) -> None:
        self._people = people
        self._teams: OrderedDict[str, str] = OrderedDict()
        self._changes: OrderedDict[str, dict[str, Any]] = OrderedDict()

    def settle(self, user_id: str, team: str | None) -> None:
        if team and user_id not in self._teams:
            self._teams[user_id] = team
            _forget_oldest(self._teams)

    def change(self, user_id: str, details: Mapping[str, Any]) -> None:
        """What an administrator or the person did in Slack itself."""
        changed = {name: bool(details[name]) for name in _FLAGS if name in details}
        named = {name: str(details[name]) for name in _NAMES if name in details}
        self._changes[user_id] = {**self._changes.get(user_id, {}), **changed, **named}
        _forget_oldest(self._changes)

    def team_of(self, user_id: str) -> str | None:
        return self._teams.get(user_id) or SERVERS["slack"]

    def body(self, user_id: str) -> Json | None:
        """Slack's user object; None for whom nobody knows."""
        if user_id == SLACK_BOT_USER:
            return _body(user_id, "waddlebot", "WaddleBot", SERVERS["slack"], {"is_bot": True})
        person = self._people.by_id("slack", user_id)
        if person is None:
            return None
        changes = {**_own(person), **self._changes.get(user_id, {})}
        team = self.team_of(user_id)
        return _body(user_id, person.login, person.name, team, changes)

    def moderates(self, user_id: str) -> bool:
        """Owners and admins; a bot never."""
        body = self.body(user_id) or {}
        return not body.get("is_bot") and bool(body.get("is_owner") or body.get("is_admin"))

    def everybody(self, team: str) -> list[Json]:
        """Who lives in a workspace: of the common one the three, and all who were seen there."""
        ids = [*(one.ids["slack"] for one in PEOPLE.values()), *self._teams]
        found = (body for one in dict.fromkeys(ids) if (body := self.body(one)))
        return [body for body in found if body["team_id"] == team]


def _own(person: StandInPerson) -> dict[str, Any]:
    """The common workspace is Olga's; Slack knows no moderators."""
    is_owner = person is OWNER
    return dict.fromkeys(("is_admin", "is_owner", "is_primary_owner"), is_owner)


def _body(
    user_id: str, login: str, name: str, team: str | None, changes: Mapping[str, Any]
) -> Json:
    flags = {flag: bool(changes.get(flag)) for flag in _FLAGS}
    real_name = str(changes.get("real_name", name))
    profile = {"display_name": str(changes.get("display_name", name)), "real_name": real_name}
    return {
        "id": user_id,
        "team_id": team,
        "name": login,
        "real_name": real_name,
        **flags,
        "profile": {**profile, "team": team},
    }


def _forget_oldest(kept: OrderedDict[str, Any]) -> None:
    if len(kept) > _KEPT:
        kept.popitem(last=False)
