"""One community, and whoever says something at its doors: chat, API, text."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

import tomli_w

from functions.router.build_call import build_call
from functions.router.destinations.builtin import Kit, call_builtin
from functions.router.directory import Directory
from functions.router.match import Triggers, find_matches
from functions.router.own_words import say_as_here
from functions.router.rule_sets import RuleSets
from tests.contract.wrong import ANA, OLGA, THEIRS, Wrong
from tests.helpers.communities_api import Answer, ask, see, write_line
from tests.helpers.community_texts import fresh_key
from tests.helpers.events_and_commands import a_speaker, an_event
from tests.helpers.tenants import Tenants
from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import EntityId
from waddlebot.domain.executions import execution_id
from waddlebot.domain.labels import Labelled
from waddlebot.domain.sessions import Community
from waddlebot.stores.labels import Labels, Thing
from waddlebot.stores.members import MemberRoles
from waddlebot.stores.offered import WaitingOffers
from waddlebot.stores.places import Places
from waddlebot.stores.private_choices import PrivateChoices
from waddlebot.stores.versions import editing
from waddlebot_sdk.responses import Chat
from waddlebot_sdk.roles import Role

PLACE = EntityId("discord:channel:9/1")


def settle(tenants: Tenants) -> None:
    """A server of Discord, where people are named by their ids; one of them owns all."""
    with editing(tenants.database, tenants.versions) as edit:
        Places(edit).join([PLACE], "Penguins")
        roles = MemberRoles(edit)
        roles.give(tenants.ours, Account("discord", OLGA), Role.OWNER, name="Olga")
        roles.give(tenants.theirs, Account("discord", THEIRS), Role.ADMIN, name="Theo")
        thing = Thing(kind=Labelled.USER, id=f"discord:{OLGA}")
        Labels(edit, tenants.ours).apply(thing, "ours")
    see(tenants.database, tenants.ours, f"discord:{ANA}")
    write_line(tenants.database, tenants.theirs, "canary-line")


def snapshot(tenants: Tenants) -> Community:
    """As the road has it at the next line."""
    directory = Directory(tenants.database, tenants.versions)
    [session] = directory.open([an_event("hello", entity=PLACE)])
    return session.community


def chat(tenants: Tenants, line: str, role: Role, everywhere: Role | None = None) -> str:
    """What is whispered to somebody with this role, which holds in the whole community unless
    `everywhere` says what they are in it.
    """
    directory, now = Directory(tenants.database, tenants.versions), datetime.now(UTC)
    event = an_event(line, entity=PLACE, user=a_speaker("Max"), occurred_at=now)
    [session] = directory.open([event])
    assert session.person is not None
    person = replace(session.person, role=role, everywhere=everywhere or role)
    session = replace(session, person=person)
    match, *_ = find_matches([session], Triggers(directory.tables, RuleSets()))
    call = build_call(match, execution_id(match), deadline=now + timedelta(seconds=5))
    kit = Kit(
        session=session,
        table=directory.tables[session.commands_version],
        postgres=tenants.database,
        versions=tenants.versions,
        choices=PrivateChoices(tenants.versions.cache),
        offered=WaitingOffers(tenants.versions.cache),
        rule_sets=RuleSets(),
        now=now,
    )
    answered = call_builtin(match.trigger.destination.location, call, kit)
    [said] = say_as_here(answered, session.community).responses
    assert isinstance(said, Chat)
    return said.text


def api(tenants: Tenants, wrong: Wrong) -> str:
    assert wrong.api
    method, path, body = wrong.api
    return sentence(send(tenants, method, path, body, key=f"ours-{wrong.role}"))


def text(tenants: Tenants, wrong: Wrong) -> str:
    """Without the place that it names first."""
    assert wrong.text
    told = sentence(bring(tenants, wrong.text))
    place, _, said = told.partition("': ")
    assert place.startswith("'")
    return said


def bring(tenants: Tenants, more: Any) -> Answer:
    brought = tomli_w.dumps(merged(tomllib.loads(export(tenants)), more))
    return send(tenants, "PUT", "/text", {"text": brought}, key=fresh_key(tenants))


def export(tenants: Tenants) -> str:
    return str(send(tenants, "GET", "/text", key=fresh_key(tenants)).data["text"])


def send(tenants: Tenants, method: str, path: str, body: Any = None, *, key: str) -> Answer:
    at, _, query = path.partition("?")
    return ask(method, f"/{tenants.ours}{at}", body, key=key, query=dict(parse_qsl(query)))


def sentence(answer: Answer) -> str:
    assert not answer.body["success"], answer.body
    return str(answer.body["error"]["message"])


def merged(own: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """Tables are laid over each other, rows come behind those that are there."""
    both = dict(own)
    for key, value in more.items():
        if isinstance(value, Mapping):
            both[key] = merged(own.get(key, {}), value)
        elif isinstance(value, list):
            both[key] = [*own.get(key, []), *value]
        else:
            both[key] = value
    return both
