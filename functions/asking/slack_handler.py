"""Asks Slack who people are and what channels are called; nobody else in the house does.

What Slack said is kept for everybody on the cache server as it comes, so a caller that gave up
waiting finds it there the next time.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, lru_cache
from http.client import HTTPException
from typing import Any

import msgspec
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from waddlebot.domain.accounts import Account
from waddlebot.domain.connections import Connection
from waddlebot.domain.errors import Unavailable
from waddlebot.domain.known_people import VERSION, KnownPerson, account_in
from waddlebot.domain.releases import refuse_newer
from waddlebot.outside.renewing import AccessTokens, NotConnected
from waddlebot.outside.slack_workspaces import (
    ABSENT_SECONDS,
    SlackWorkspaces,
    SpokenWith,
    slack_renewer,
)
from waddlebot.platforms.delivering import HttpAnswer, HttpCall
from waddlebot.platforms.fields import id_at, object_at, text_at
from waddlebot.platforms.slack.installing import SlackApp
from waddlebot.platforms.slack.people import read_channel_name, read_person
from waddlebot.platforms.slack.send import TOKEN_IS_DEAD
from waddlebot.runtime.environment import Environment, seconds_kept
from waddlebot.runtime.logs import get_logger
from waddlebot.runtime.needs import SEAL_KEY, VARIABLES, Need
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

    `"servers": {id: team}` says in which workspaces they were met, whose tokens show them.

    It answers `{"people": {id: KnownPerson}, "channels": {id: name}, "groups": {"team/group":
    [ids]}}`. An empty name is nobody and nothing, as is an empty group; who is left out is not
    known, because Slack did not say it in time or at all.
    """
    write_json_lines(get_logger(SERVICE).bind(request_id=context.aws_request_id))
    refuse_newer(payload, VERSION, "who asks about people")
    servers = {str(one): str(team) for one, team in (payload.get("servers") or {}).items()}
    term = time.monotonic() // max(1, seconds_kept(Environment.of_process().values))
    asking = Asking(
        workspaces=workspaces(term), store=KnownPeople(resources().cache), servers=servers
    )
    groups = [(str(team), str(group)) for team, group in payload.get("groups", ())[:MOST_GROUPS]]
    people, channels = payload.get("people", ())[:MOST_ASKED], payload.get("channels", ())[:9]
    return asking.about(people, channels, groups)


@dataclass(slots=True, kw_only=True)
class Asking:
    """One invocation. Slack limits how often it is asked about a workspace, so one refusal ends the
    questions about that one, and about no other.
    """

    workspaces: SlackWorkspaces
    store: KnownPeople
    servers: Mapping[str, str]
    until: float = field(default_factory=lambda: time.monotonic() + MOST_SECONDS)
    _resting: dict[str, bool] = field(default_factory=dict)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def about(
        self,
        people: Iterable[str],
        channels: Iterable[str],
        groups: Iterable[tuple[str, str]] = (),
    ) -> dict[str, Any]:
        """`groups` are workspaces, each with a group's id or `@handle`."""
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
        """The cache server is asked once for each workspace."""
        with self._turn:
            if topic not in self._resting:
                self._resting[topic] = False
                with suppress(Unavailable):
                    self._resting[topic] = self.store.rests(topic)
            return self._resting[topic]

    def _person(self, user: str) -> KnownPerson | None:
        answer = self._ask(self._server(user), "users_info", NOBODY, user=user)
        if answer is None:
            return None
        known, account = read_person(object_at(answer, "user")), Account(PLATFORM, user)
        server = self._server(user)
        with suppress(Unavailable):
            self.store.keep_person(account, known)
            if server:  # another may tell of the same account otherwise
                self.store.keep_person(account_in(server, account), known, named=account)
        return known

    def _channel(self, channel: str) -> str | None:
        answer = self._ask(self._server(channel), "conversations_info", NO_CHANNEL, channel=channel)
        if answer is None:
            return None
        name = read_channel_name(object_at(answer, "channel"))
        with suppress(Unavailable):
            self.store.keep_channel(Account(PLATFORM, channel), name)
        return name

    def _group(self, team: str, group: str) -> list[str] | None:
        """Who is in it. A workspace that has no such group has nobody in it."""
        if self._is_resting(groups_topic(team)):
            return None
        group_id = self._group_called(team, group[1:]) if group.startswith("@") else group
        if group_id is None:
            return None
        found: list[str] = []
        if group_id:
            about = {"usergroup": group_id, "team_id": team}
            topic = groups_topic(team)
            answer = self._ask(team, "usergroups_users_list", NO_GROUP, topic=topic, **about)
            if answer is None:
                return None
            found = [str(one) for one in answer.get("users") or ()][:MOST_MEMBERS]
        with suppress(Unavailable):
            self.store.keep_group((PLATFORM, team, group), found)
        return found

    def _group_called(self, team: str, handle: str) -> str | None:
        """Its id, empty where there is none; None where that is not known."""
        topic = groups_topic(team)
        answer = self._ask(team, "usergroups_list", NO_GROUP, topic=topic, team_id=team)
        if answer is None:
            return None
        for one in objects_in(answer.get("usergroups")):
            is_theirs = id_at(one, "team_id") in {"", team} and not one.get("date_delete")
            if is_theirs and text_at(one, "handle").lower() == handle:
                return id_at(one, "id")
        return ""

    def _server(self, one: str) -> str:
        return self.servers.get(one, "")

    def _ask(
        self, server: str, method: str, nothing: frozenset[str], *, topic: str = "", **about: str
    ) -> Mapping[str, Any] | None:
        """Slack's answer, an empty one where there is no such thing; None where it is unknown.

        Where the app lacks a scope for `topic` alone, all else is asked on.
        """
        own = people_topic(server)
        if self._is_resting(own) or time.monotonic() > self.until:
            return None
        try:
            spoken = self.workspaces.find(server)
        except NotConnected:
            self._rest("not_authed", ABSENT_SECONDS if server else TROUBLE_SECONDS, own)
            return None
        except Unavailable as away:
            self._rest(str(away), REST_SECONDS, own)
            return None
        try:
            answer = getattr(client_with(spoken.token), method)(**about).data
        except SlackApiError as refusal:
            error = _error_of(refusal)
            if error in nothing:
                return {}
            if error in TOKEN_IS_DEAD and spoken.account:
                self._renew(spoken, error, own)
                return None
            alone = topic if topic and error == "missing_scope" else own
            self._rest(error, _pause_of(refusal, error), alone)
        except (SlackClientError, OSError, ValueError, HTTPException) as failure:
            self._rest(type(failure).__name__, REST_SECONDS, own)
        else:
            if isinstance(answer, Mapping):
                return answer
            self._rest("no JSON", REST_SECONDS, own)
        return None

    def _renew(self, spoken: SpokenWith, error: str, topic: str) -> None:
        """With another token the next question finds its answer."""
        try:
            self.workspaces.refused(spoken)
        except Unavailable as away:
            self._rest(f"{error}: {away}", REST_SECONDS, topic)

    def _rest(self, error: str, seconds: float, topic: str) -> None:
        with self._turn:
            self._resting[topic] = True
        say = log.error if error in OPERATORS else log.warning
        say("slack does not say who people are", extra={"why": error, "do": OPERATORS.get(error)})
        with suppress(Unavailable):
            self.store.rest(topic, int(seconds))


def people_topic(server: str) -> str:
    """What rests where nobody of this workspace may be asked about for now."""
    return f"{PLATFORM}:{server}" if server else PLATFORM


def groups_topic(server: str) -> str:
    """The same of user groups alone."""
    return f"{GROUPS}:{server}"


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


@lru_cache(maxsize=1)
def workspaces(_term: float) -> SlackWorkspaces:
    """Whose tokens there are; where nothing can be connected the operator's alone.

    What opens them is let go with each term, as every secret that is kept elsewhere.
    """
    environment = Environment.of_process()
    access = postgres = None
    if environment.find(SEAL_KEY) and environment.find(VARIABLES[Need.WRITER]):
        from waddlebot.stores.renewals import Renewals

        found, app = resources(), SlackApp.find(environment.values)
        postgres = found.postgres
        access = AccessTokens(
            connections=found.connections,
            renewals=Renewals(postgres, found.seal),
            renewers={PLATFORM: slack_renewer(app)} if app else {},
            ask=ask_for_tokens,
            tell=tell_lost,
        )
    return SlackWorkspaces(
        variables=environment.values, access=access, postgres=postgres, ask=ask_for_tokens
    )


def ask_for_tokens(call: HttpCall, seconds: float) -> HttpAnswer:
    from waddlebot.outside.token_calls import TokenCalls  # seldom, and its client costs a start

    calls = TokenCalls()
    try:
        return calls.ask(call, seconds)
    finally:
        calls.close()


def tell_lost(connection: Connection) -> None:
    log.error("connection lost", extra={"of": connection.account, "called": connection.name})


@lru_cache(maxsize=64)
def client_with(token: str) -> WebClient:
    """It repeats nothing by itself: whoever waits has less time than that takes."""
    address = Environment.of_process().find("SLACK_API_URL", "https://slack.com/api")
    return WebClient(
        token=token,
        base_url=f"{address.rstrip('/')}/",
        timeout=SOCKET_SECONDS,
        retry_handlers=[],
    )
