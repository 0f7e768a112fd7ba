"""A place where people type and the router's own modules answer."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from functions.builtins.community import limits as limiting
from functions.builtins.community import reputation
from functions.builtins.moderating import rules
from functions.builtins.talking import help as helping
from functions.builtins.talking import quiet, stats, why
from functions.router.build_call import build_call
from functions.router.conclude import conclude
from functions.router.destinations import Answered
from functions.router.destinations.builtin import Kit, call_builtin
from functions.router.execute import Wave
from functions.router.match import Triggers, find_matches
from functions.router.own_words import say_as_here
from functions.router.rule_sets import RuleSets
from tests.helpers.events_and_commands import (
    COMMANDS_VERSION,
    a_command,
    a_community,
    a_listener,
    a_session,
    an_event,
)
from tests.helpers.ledgers import a_ledger
from waddlebot.domain.command_table import CommandTable
from waddlebot.domain.entities import CommunityId, EntityId
from waddlebot.domain.executions import Execution, execution_id
from waddlebot.domain.limits import Limit
from waddlebot.domain.matches import Match
from waddlebot.domain.sessions import Session
from waddlebot.domain.string_rules import StringRule
from waddlebot.domain.triggers import (
    FIRST_CONTACT,
    MISTYPED,
    UNKNOWN,
    CommandTrigger,
    Destination,
    RuleTrigger,
)
from waddlebot.stores.command_limits import CommandLimits
from waddlebot.stores.offered import WaitingOffers
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.private_choices import PrivateChoices
from waddlebot.stores.string_rules import StringRules
from waddlebot.stores.versions import Versions, editing
from waddlebot_sdk.module import Command, Module
from waddlebot_sdk.responses import Chat
from waddlebot_sdk.roles import Role

_versions = itertools.count(1)


def declared(module: Module[Any], command: Command[Any]) -> CommandTrigger:
    return a_command(
        command.path,
        module=module.name,
        usage=str(command.usage),
        summary=command.summary,
        example=command.example,
        role=command.role,
        private=command.private,
        cooldown_seconds=command.cooldown_seconds,
        destination="builtin",
    )


COMMANDS = [
    *(
        declared(module, command)
        for module in (
            helping.MODULE,
            limiting.MODULE,
            quiet.MODULE,
            reputation.MODULE,
            rules.MODULE,
            stats.MODULE,
            why.MODULE,
        )
        for command in module.commands
    ),
    a_command("quote", usage="quote [number]", example="quote 3", cooldown_seconds=5),
    a_command("memories quote", canonical="quote", usage="quote [number]"),
    a_command("addquote", usage="addquote <words>", role=Role.MODERATOR),
    a_command("memories add quote", canonical="addquote", role=Role.MODERATOR),
    a_command("roll", module="roll", prefix="#", usage="roll [dice]", summary="Roll dice."),
    a_command("crown", module="throne", role=Role.OWNER),
]


HELPING = Destination(engine="builtin", location="help")


TABLE = CommandTable(
    COMMANDS,
    [
        a_listener(FIRST_CONTACT, module="hello"),
        *(a_listener(one, module="help", destination=HELPING) for one in (UNKNOWN, MISTYPED)),
    ],
)


@dataclass
class Chatroom:
    """One place where people type and the router's own modules answer."""

    database: Postgres
    versions: Versions
    entity: EntityId
    community: CommunityId
    moderators_channel: EntityId | None = None

    def session(self, text: str, role: Role = Role.USER, **fields: Any) -> Session:
        event = an_event(text, entity=self.entity, occurred_at=datetime.now(UTC), **fields)
        community = a_community(
            id=self.community,
            rules=self.rules(),
            limits=self.limits(),
            version=str(next(_versions)),
            moderators_channel=self.moderators_channel,
        )
        return a_session(event=event, community=community, role=role)

    def rules(self) -> list[StringRule]:
        with editing(self.database, self.versions) as edit:
            return StringRules(edit).list_active(self.community)

    def limits(self) -> list[Limit]:
        with editing(self.database, self.versions) as edit:
            return CommandLimits(edit).list_all(self.community)

    def types(self, text: str, role: Role = Role.USER, **fields: Any) -> str:
        """What the first thing that may act says to this line."""
        match = self.fires(self.session(text, role, **fields))
        return said(self.answer(match)) if match else ""

    def fires(self, session: Session) -> Match | None:
        found = find_matches([session], Triggers({COMMANDS_VERSION: TABLE}, RuleSets()))
        exempt = session.person is not None and session.person.role.covers(Role.MODERATOR)
        acting = [
            match for match in found if not (exempt and isinstance(match.trigger, RuleTrigger))
        ]
        return acting[0] if acting else None

    def answer(self, match: Match) -> Answered:
        now = datetime.now(UTC)
        call = build_call(match, execution_id(match), deadline=now + timedelta(seconds=2))
        kit = Kit(
            session=match.session,
            table=TABLE,
            postgres=self.database,
            versions=self.versions,
            choices=PrivateChoices(self.versions.cache),
            offered=WaitingOffers(self.versions.cache),
            rule_sets=RuleSets(),
            now=now,
        )
        answered = call_builtin(match.trigger.destination.location, call, kit)
        return say_as_here(answered, match.session.community)

    def records(self, session: Session, *executions: Execution) -> None:
        verdicts = [execution.verdict for execution in executions]
        a_ledger(self.database).record(
            conclude(Wave(sessions=[session], verdicts=verdicts, executions=executions))
        )


def said(answered: Answered) -> str:
    return " ".join(part.text for part in answered.responses if isinstance(part, Chat))


def hit(room: Chatroom, text: str, rule: str, **fields: Any) -> Answered:
    room.types(rule, Role.MODERATOR)
    match = room.fires(room.session(text, **fields))
    assert match
    return room.answer(match)


def served(match: Match, builtin: str) -> Match:
    destination = replace(match.trigger.destination, engine="builtin", location=builtin)
    return replace(match, trigger=replace(match.trigger, destination=destination))
