"""Two communities, a key of each role in both, and requests as API Gateway hands them on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from functions.communities import handler as communities
from tests.helpers.aws_context import AwsContext
from waddlebot.decisions.facts import load_facts
from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import CommunityId, EntityId
from waddlebot.domain.labels import Labelled
from waddlebot.domain.string_rules import MatchType, RuleAction
from waddlebot.stores.api_keys import ADMIN, COLLECTOR, ApiKey, ApiKeys, hash_key
from waddlebot.stores.labels import Labels, Thing
from waddlebot.stores.members import MemberRoles
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.settings import CommunitySettings
from waddlebot.stores.string_rules import StringRules
from waddlebot.stores.versions import Versions, editing
from waddlebot_sdk.roles import Role

CANARY = "canary"
"""Stands in all that belongs to the other community."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int
    body: dict[str, Any]
    headers: Mapping[str, str]
    text: str

    @property
    def code(self) -> str:
        return str(self.body["error"]["code"])

    @property
    def data(self) -> Any:
        return self.body["data"]


def ask(
    method: str,
    path: str,
    body: Any = None,
    *,
    key: str,
    query: Mapping[str, Any] | None = None,
    at: str = "/api/communities",
) -> Answer:
    """`path` is behind `at`."""
    raw = f"{at}{path}"
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "ANY /api/communities/{path+}",
        "rawPath": raw,
        "rawQueryString": urlencode(query or {}, doseq=True),
        "headers": {"x-api-key": key, "content-type": "application/json"},
        "requestContext": {
            "http": {"method": method, "path": raw, "sourceIp": "127.0.0.1", "protocol": "HTTP/1.1"}
        },
        "isBase64Encoded": False,
    }
    if body is not None:
        event["body"] = json.dumps(body)
    told = communities.handler(event, AwsContext())
    return Answer(
        status=told["statusCode"],
        body=json.loads(told["body"]),
        headers=told["headers"],
        text=told["body"],
    )


def settle_community(
    database: Postgres, versions: Versions, name: str, place: str, word: str
) -> CommunityId:
    """With one of everything, each with this word in it."""
    with editing(database, versions) as edit:
        number = Places(edit).join([EntityId(place)], name)
        CommunitySettings(edit).set(number, "memories", f"{word}_ticker", value=False)
        CommunitySettings(edit).set_own(number, "language", "de")
        CommunitySettings(edit).rename_command(number, "!quote", word)
        MemberRoles(edit).give(number, Account("twitch", word), Role.ADMIN, name=word)
        Places(edit).set_quiet(EntityId(place), True)
        StringRules(edit).add(
            number,
            match_type=MatchType.CONTAINS,
            pattern=f"free {word}",
            action=RuleAction.BLOCK,
            by=word,
        )
        labels = Labels(edit, number)
        labels.make(word)
        labels.apply(Thing(kind=Labelled.USER, id=f"twitch:{word}"), word)
    for role in Role:
        key = ApiKey(
            account=f"{word}-{role}",
            scopes=frozenset(),
            per_minute=10_000,
            community=number,
            role=role,
        )
        ApiKeys(database).insert(hash_key(f"{word}-{role}"), key)
    return number


def house_keys(database: Postgres) -> None:
    for name, scopes in {
        "house-admin": {COLLECTOR, ADMIN},
        "house-collector": {COLLECTOR},
        "house-module": set[str](),
    }.items():
        key = ApiKey(account=name, scopes=frozenset(scopes), per_minute=10_000)
        ApiKeys(database).insert(hash_key(name), key)


def all_of(database: Postgres, community: CommunityId) -> Any:
    """Everything that a community decided, and how often it was changed."""
    with database.writer() as connection:
        facts = load_facts(connection, community)
        [changes] = connection.execute(
            "SELECT count(*) AS n FROM audit_log WHERE community_id = %s", (community,)
        ).fetchall()
    return facts, changes["n"]


def see(database: Postgres, community: CommunityId, *people: str) -> None:
    """They have earned a point there, so the community knows them; each is `platform:id`."""
    for person in people:
        platform, _, user = person.partition(":")
        database.write(
            """
            INSERT INTO reputation (community_id, platform, user_id, name, points, events)
            VALUES (%s, %s, %s, %s, 1, 1) ON CONFLICT DO NOTHING
            """,
            (community, platform, user, user),
        )


def write_line(database: Postgres, community: CommunityId, event_id: str) -> None:
    """Somebody has written this there."""
    database.write(
        """
        INSERT INTO messages (event_id, occurred_on, occurred_at, community_id, entity_id, platform,
            text, commands_version, community_version)
        VALUES (%s, current_date, now(), %s, 'twitch:channel:1', 'twitch', 'hi', '0', '0')
        ON CONFLICT DO NOTHING
        """,
        (event_id, community),
    )
