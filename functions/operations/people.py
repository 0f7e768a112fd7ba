"""One person, as the law lets them ask: all that is known, and to be forgotten."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from waddlebot.domain.accounts import Account
from waddlebot.domain.errors import Rejected
from waddlebot.platforms import platform_names
from waddlebot.platforms.fields import is_storable
from waddlebot.runtime.logs import Category, Logger
from waddlebot.runtime.module_data import keepers, told_by_modules
from waddlebot.runtime.resources import Resources
from waddlebot.runtime.serve_http import Request
from waddlebot.stores.erasures import ask_to_forget
from waddlebot.stores.personal_data import accounts, communities_of, tell

Wire = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PeopleDoor:
    resources: Resources
    log: Logger

    def export(self, request: Request) -> Wire:
        """Of `{"platform", "user_id"}`: `{"accounts": [{"platform", "user_id", "tables": {name:
        [rows]}, "modules": {name: [records]}}]}`, of every linked account.

        Raises Rejected: 400. Unavailable: a module does not answer.
        """
        account = _read(request.body)
        postgres = self.resources.postgres
        modules = keepers(postgres)
        told = []
        with postgres.writer() as connection:
            everyone = accounts(connection, account)
        for one in everyone:
            with postgres.writer() as connection:
                tables, communities = tell(connection, one), communities_of(connection, one)
            records = told_by_modules(self.resources.invoke, modules, communities, one)
            told.append({**one._asdict(), "tables": tables, "modules": records})
        self._say("person exported", request)
        accounts_: list[Wire] = json.loads(json.dumps(told, default=str))
        return {"success": True, "accounts": accounts_}

    def erase(self, request: Request) -> Wire:
        """Of `{"platform", "user_id"}`: `{"accounts": count, "words"}`; done within minutes."""
        account = _read(request.body)
        with self.resources.postgres.writer() as connection:
            count = ask_to_forget(connection, account)
        self._say("person is to be forgotten", request)
        return {"success": True, "accounts": count, "words": "Forgotten within minutes."}

    def _say(self, what: str, request: Request) -> None:
        """Whom it was about is what must not stand in the log."""
        self.log.info(what, category=Category.AUDIT, by=request.caller.account)


def _read(body: Any) -> Account:
    asked: Mapping[str, Any] = body if isinstance(body, Mapping) else {}
    platform, user = asked.get("platform"), asked.get("user_id")
    if not isinstance(platform, str) or platform not in platform_names():
        names = ", ".join(sorted(platform_names()))
        raise _invalid("platform", f"'platform' is one of {names}.")
    if not isinstance(user, str) or not 1 <= len(user) <= 64 or not is_storable(user):
        raise _invalid("user_id", "'user_id' is the platform's own id.")
    return Account(platform, user)


def _invalid(field: str, words: str) -> Rejected:
    return Rejected(400, "INVALID_FIELD", words, details={"field": field})
