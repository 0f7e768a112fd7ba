"""Accounts of the API and their keys: listed, made, rotated, revoked; a key's text is told once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from waddlebot.domain.entities import CommunityId
from waddlebot.domain.errors import Rejected
from waddlebot.platforms import find_abilities, platform_names
from waddlebot.platforms.fields import is_storable
from waddlebot.runtime.logs import Category, Logger
from waddlebot.runtime.serve_http import Request
from waddlebot.stores.api_keys import AccountKind, ApiKey, ApiKeys, KnownKey
from waddlebot.stores.community_names import find_community
from waddlebot_sdk.roles import Role

MOST_PER_MINUTE = 100_000
USUAL_PER_MINUTE = 60
MOST_DAYS = 3_650
USUAL_OVERLAP_HOURS, MOST_OVERLAP_HOURS = 24, 720

_ACCOUNT = re.compile(r"[a-z0-9][a-z0-9-]{0,39}", re.ASCII)

Wire = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Accounts:
    store: ApiKeys
    log: Logger

    def keys(self) -> Wire:
        """`{"keys": [{"id", "hint", "account", "kind", "scopes", "community" or None, "role"
        or None, "per_minute", "created_at", "created_by", "expires_at" or None, "last_used_at" or
        None, "uses", "is_live"}]}`."""
        now = datetime.now(UTC)
        return {"success": True, "keys": [_shown(one, now) for one in self.store.list_all()]}

    def make(self, request: Request) -> Wire:
        """Of `{"account", "kind", "days"?, "per_minute"?, "community"?, "role"?}`:
        `{"account", "key", "expires_at"}`.

        With `community` (its name) the key is for that one alone, and there has this `role`.
        """
        asked = _Asked(request.body)
        kind, days = asked.kind(), asked.number("days", 0, MOST_DAYS, 0)
        community = self._community(asked, kind)
        made = ApiKey(
            account=asked.new_account(),
            kind=kind,
            scopes=kind.scopes,
            community=community,
            role=asked.role() if community is not None else Role.USER,
            per_minute=asked.number("per_minute", 1, MOST_PER_MINUTE, USUAL_PER_MINUTE),
            expires_at=datetime.now(UTC) + timedelta(days=days) if days else None,
        )
        text = self.store.make(made, by=request.caller.account)
        self._tell("key made", made.account, request)
        return {"success": True, "account": made.account, "key": text, **_end_of(made)}

    def _community(self, asked: _Asked, kind: AccountKind) -> CommunityId | None:
        if "community" not in asked.fields:
            return None
        if kind.scopes:
            raise _invalid(
                "kind", f"A key of kind '{kind}' is for the whole house: take 'module' or 'webhook'"
            )
        found = find_community(self.store.postgres, asked.text("community"))
        if found is None:
            raise Rejected(404, "UNKNOWN_COMMUNITY", "There is no community of that name.")
        return found

    def rotate(self, request: Request) -> Wire:
        """Of `{"account", "overlap_hours"?}`: `{"account", "key", "old_ends_in_hours"}`."""
        asked = _Asked(request.body)
        account = asked.account()
        hours = asked.number("overlap_hours", 0, MOST_OVERLAP_HOURS, USUAL_OVERLAP_HOURS)
        text = self.store.rotate(account, overlap=timedelta(hours=hours), by=request.caller.account)
        self._tell("key rotated", account, request)
        return {"success": True, "account": account, "key": text, "old_ends_in_hours": hours}

    def revoke(self, request: Request) -> Wire:
        """Of `{"id"}`: `{"account", "id", "words"}`."""
        revoked = self.store.revoke(_Asked(request.body).text("id"), by=request.caller.account)
        self._tell("key revoked", revoked.key.account, request)
        return {
            "success": True,
            "account": revoked.key.account,
            "id": revoked.id,
            "words": "Revoked. It is refused everywhere within a minute.",
        }

    def _tell(self, what: str, account: str, request: Request) -> None:
        self.log.info(what, category=Category.AUDIT, account=account, by=request.caller.account)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The body of a request. Every method raises Rejected: 400, which names the field."""

    body: Any

    @property
    def fields(self) -> Mapping[str, Any]:
        return self.body if isinstance(self.body, Mapping) else {}

    def text(self, field: str) -> str:
        value = self.fields.get(field)
        if not isinstance(value, str) or not value:
            raise _invalid(field, f"'{field}' is missing.")
        if not is_storable(value):
            raise _invalid(field, f"'{field}' holds a sign that is no text.")
        return value

    def account(self) -> str:
        account = self.text("account")
        if not _ACCOUNT.fullmatch(account):
            raise _invalid(
                "account", "'account' is 1 to 40 small letters, digits and hyphens: overlay-editor"
            )
        return account

    def new_account(self) -> str:
        account = self.account()
        for platform in sorted(platform_names()):
            abilities = find_abilities(platform)
            if abilities.account_id and abilities.account_id.fullmatch(account.upper()):
                raise _invalid(
                    "account",
                    f"'{account}' could be the id of somebody on {abilities.name}: begin it with a "
                    f"word and a hyphen, like key-{account}",
                )
        return account

    def kind(self) -> AccountKind:
        try:
            return AccountKind(self.text("kind"))
        except ValueError:
            raise _invalid("kind", f"'kind' is one of {', '.join(AccountKind)}.") from None

    def role(self) -> Role:
        try:
            return Role(self.fields.get("role", Role.USER))
        except ValueError:
            raise _invalid("role", f"'role' is one of {', '.join(Role)}.") from None

    def number(self, field: str, least: int, most: int, usual: int) -> int:
        value = self.fields.get(field, usual)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise _invalid(field, f"'{field}' is a whole number, {least} to {most:,}.")
        return value


def _invalid(field: str, message: str) -> Rejected:
    return Rejected(400, "INVALID_FIELD", message, details={"field": field})


def _shown(one: KnownKey, now: datetime) -> Wire:
    return {
        "id": one.id,
        "hint": one.hint,
        "account": one.key.account,
        "kind": one.key.kind.value,
        "scopes": sorted(one.key.scopes),
        "community": one.community,
        "role": one.key.role.value if one.key.community is not None else None,
        "per_minute": one.key.per_minute,
        "created_at": one.created_at.isoformat(),
        "created_by": one.created_by or None,
        **_end_of(one.key),
        "last_used_at": one.last_used_at.isoformat() if one.last_used_at else None,
        "uses": one.uses,
        "is_live": one.is_live(now),
    }


def _end_of(key: ApiKey) -> Wire:
    return {"expires_at": key.expires_at.isoformat() if key.expires_at else None}
