"""Asks Slack who people are and what channels are called; nobody else in the house does.

What Slack said is kept for everybody on the cache server as it comes, so a caller that gave up
waiting finds it there the next time.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from http.client import HTTPException
from typing import Any

import msgspec
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from waddlebot.domain.accounts import Account
from waddlebot.domain.errors import Unavailable
from waddlebot.domain.known_people import VERSION, KnownPerson
from waddlebot.domain.releases import refuse_newer
from waddlebot.platforms.fields import id_at, object_at, text_at
from waddlebot.platforms.slack.people import read_channel_name, read_person
from waddlebot.runtime.environment import Environment
from waddlebot.runtime.logs import get_logger
from waddlebot.runtime.resources import Resources
from waddlebot.runtime.standard_logging import write_json_lines
from waddlebot.stores.known_people import KnownPeople

SERVICE = "ask-slack"
PLATFORM = "slack"
GROUPS = "slack:groups"
"""What rests where user groups alone may not be asked about."""
SOCKET_SECONDS = 2
MOST_SECONDS = 2.5
"""In which questions are begun; the last may take a socket's patience more."""
MOST_ASKED = 100
MOST_AT_ONCE = 8
MOST_GROUPS = 9
MOST_MEMBERS = 1_000
"""Of a group; who moderates are fewer."""
REST_SECONDS = 5
"""After no answer, or one that means nothing."""
TROUBLE_SECONDS = 60
"""After one that only the operator can mend."""
NOBODY = frozenset({"user_not_found", "user_not_visible", "users_not_found"})
NO_CHANNEL = frozenset({"channel_not_found", "invalid_channel", "method_not_supported_for_channel"})
NO_GROUP = frozenset({"no_such_subteam", "plan_upgrade_required", "users_not_found"})
OPERATORS = {
    "missing_scope": (
        "Give the app the scopes users:read, channels:read, groups:read and usergroups:read."
    ),
    "not_authed": "Set SLACK_BOT_TOKEN, the Bot User OAuth Token.",
    "invalid_auth": "Slack does not take SLACK_BOT_TOKEN: install the app again.",
    "account_inactive": "Slack does not take SLACK_BOT_TOKEN: install the app again.",
    "token_expired": "Slack does not take SLACK_BOT_TOKEN: install the app again.",
    "token_revoked": "Slack does not take SLACK_BOT_TOKEN: install the app again.",
}

log = logging.getLogger(__name__)


def handler(payload: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """`{"v": 1, "people": [ids], "channels": [ids], "groups": [[team, group]]}`: of these.

    It answers `{"people": {id: KnownPerson}, "channels": {id: name}, "groups": {"team/group":
    [ids]}}`. An empty name is nobody and nothing, as is an empty group; who is left out is not
    known, because Slack did not say it in time or at all.
    """
    write_json_lines(get_logger(SERVICE).bind(request_id=context.aws_request_id))
    refuse_newer(payload, VERSION, "who asks about people")
    asking = Asking(client=client(), store=KnownPeople(resources().cache))
    groups = [(str(team), str(group)) for team, group in payload.get("groups", ())[:MOST_GROUPS]]
    people, channels = payload.get("people", ())[:MOST_ASKED], payload.get("channels", ())[:9]
    return asking.about(people, channels, groups)


@dataclass(slots=True, kw_only=True)
class Asking:
    """One invocation. Slack limits how often it is asked, so one refusal ends the questions."""

    client: WebClient | None
    store: KnownPeople
    until: float = field(default_factory=lambda: time.monotonic() + MOST_SECONDS)
    _rests: threading.Event = field(default_factory=threading.Event)

    def about(
        self,
        people: Iterable[str],
        channels: Iterable[str],
        groups: Iterable[tuple[str, str]] = (),
    ) -> dict[str, Any]:
        """`groups` are workspaces, each with a group's id or `@handle`."""
        if self._is_resting(PLATFORM):
            return {"people": {}, "channels": {}, "groups": {}}
        if self.client is None:
            self._rest("not_authed", TROUBLE_SECONDS)
            return {"people": {}, "channels": {}, "groups": {}}
        with ThreadPoolExecutor(MOST_AT_ONCE) as threads:
            members = {"/".join(one): threads.submit(self._group, *one) for one in groups}
            persons = {one: threads.submit(self._person, one) for one in people}
            names = {one: threads.submit(self._channel, one) for one in channels}
        found = {one: done.result() for one, done in persons.items()}
        called = {one: done.result() for one, done in names.items()}
        grouped = {one: done.result() for one, done in members.items()}
        return {
            "people": {one: msgspec.to_builtins(who) for one, who in found.items() if who},
            "channels": {one: name for one, name in called.items() if name is not None},
            "groups": {one: ids for one, ids in grouped.items() if ids is not None},
        }

    def _is_resting(self, topic: str) -> bool:
        with suppress(Unavailable):
            return self.store.rests(topic)
        return False

    def _person(self, user: str) -> KnownPerson | None:
        assert self.client  # noqa: S101 - about() asks nobody without one
        answer = self._ask(self.client.users_info, NOBODY, user=user)
        if answer is None:
            return None
        known = read_person(object_at(answer, "user"))
        with suppress(Unavailable):
            self.store.keep_person(Account(PLATFORM, user), known)
        return known

    def _channel(self, channel: str) -> str | None:
        assert self.client  # noqa: S101 - about() asks nobody without one
        answer = self._ask(self.client.conversations_info, NO_CHANNEL, channel=channel)
        if answer is None:
            return None
        name = read_channel_name(object_at(answer, "channel"))
        with suppress(Unavailable):
            self.store.keep_channel(Account(PLATFORM, channel), name)
        return name

    def _group(self, team: str, group: str) -> list[str] | None:
        """Who is in it. A workspace that has no such group has nobody in it."""
        assert self.client  # noqa: S101 - about() asks nobody without one
        if self._is_resting(GROUPS):
            return None
        group_id = self._group_called(team, group[1:]) if group.startswith("@") else group
        if group_id is None:
            return None
        found: list[str] = []
        if group_id:
            about = {"usergroup": group_id, "team_id": team}
            answer = self._ask(self.client.usergroups_users_list, NO_GROUP, topic=GROUPS, **about)
            if answer is None:
                return None
            found = [str(one) for one in answer.get("users") or ()][:MOST_MEMBERS]
        with suppress(Unavailable):
            self.store.keep_group((PLATFORM, team, group), found)
        return found

    def _group_called(self, team: str, handle: str) -> str | None:
        """Its id, empty where there is none; None where that is not known."""
        assert self.client  # noqa: S101 - about() asks nobody without one
        answer = self._ask(self.client.usergroups_list, NO_GROUP, topic=GROUPS, team_id=team)
        if answer is None:
            return None
        for one in objects_in(answer.get("usergroups")):
            is_theirs = id_at(one, "team_id") in {"", team} and not one.get("date_delete")
            if is_theirs and text_at(one, "handle").lower() == handle:
                return id_at(one, "id")
        return ""

    def _ask(
        self,
        method: Callable[..., Any],
        nothing: frozenset[str],
        *,
        topic: str = PLATFORM,
        **about: str,
    ) -> Mapping[str, Any] | None:
        """Slack's answer, an empty one where there is no such thing; None where it is unknown.

        Where the app lacks a scope for `topic` alone, all else is asked on.
        """
        if self._rests.is_set() or time.monotonic() > self.until:
            return None
        try:
            answer = method(**about).data
        except SlackApiError as refusal:
            error = _error_of(refusal)
            if error in nothing:
                return {}
            alone = topic if error == "missing_scope" else PLATFORM
            self._rest(error, _pause_of(refusal, error), alone)
        except (SlackClientError, OSError, ValueError, HTTPException) as failure:
            self._rest(type(failure).__name__, REST_SECONDS)
        else:
            if isinstance(answer, Mapping):
                return answer
            self._rest("no JSON", REST_SECONDS)
        return None

    def _rest(self, error: str, seconds: int, topic: str = PLATFORM) -> None:
        if topic == PLATFORM:
            self._rests.set()
        say = log.error if error in OPERATORS else log.warning
        say("slack does not say who people are", extra={"why": error, "do": OPERATORS.get(error)})
        with suppress(Unavailable):
            self.store.rest(topic, seconds)


def objects_in(value: object) -> list[dict[str, Any]]:
    """All of them: a workspace may have hundreds of groups.

    `value` is whatever Slack answered; `[]` where it is no list.
    """
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _error_of(refusal: SlackApiError) -> str:
    data = getattr(refusal.response, "data", None)
    error = data.get("error") if isinstance(data, Mapping) else None
    return error if isinstance(error, str) else "no JSON"


def _pause_of(refusal: SlackApiError, error: str) -> int:
    """In seconds. Slack says `Retry-After` with every 429."""
    headers = {str(name).lower(): value for name, value in refusal.response.headers.items()}
    told = str(headers.get("retry-after", ""))
    if told.isdigit():
        return min(int(told), TROUBLE_SECONDS)
    return TROUBLE_SECONDS if error in OPERATORS else REST_SECONDS


@cache
def resources() -> Resources:
    return Resources(Environment.of_process())


@cache
def client() -> WebClient | None:
    """It repeats nothing by itself: whoever waits has less time than that takes."""
    environment = Environment.of_process()
    token = environment.find("SLACK_BOT_TOKEN")
    if not token:
        return None
    address = environment.find("SLACK_API_URL", "https://slack.com/api").rstrip("/") + "/"
    return WebClient(token=token, base_url=address, timeout=SOCKET_SECONDS, retry_handlers=[])
