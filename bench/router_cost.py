"""What a line costs the router's own process, with a thousand commands and any number of rules.

CPU time, not time on the clock: the servers work in processes of their own and are not in it, the
client libraries (psycopg, redis, hiredis) are. Batches of a hundred lines, every line new.
"""

from __future__ import annotations

import contextlib
import itertools
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial

from bench.chat_log import Line
from bench.machine import fixed_work
from bench.rule_scale import unhit_lines
from bench.rules import PATTERNS, with_kinds
from functions.catalogue import builtin_modules, lambda_modules
from functions.declared_commands import declared_commands
from functions.router.match import Triggers, find_matches
from functions.router.resources import Invocation, KeptResources, build_kept, calls_end, router_for
from functions.router.route import route
from functions.router.router import Router
from functions.router.rule_sets import RuleSets
from functions.upkeep.sync_commands_handler import sync_commands
from local.wiring import AWS_CREDENTIALS
from waddlebot.domain.entities import EntityId
from waddlebot.domain.events import Channel, Event, MessageType, Speaker
from waddlebot.domain.string_rules import RuleAction
from waddlebot.runtime.environment import Environment
from waddlebot.runtime.needs import LAMBDA_ENDPOINT
from waddlebot.runtime.resources import Resources
from waddlebot.stores.places import Places
from waddlebot.stores.string_rules import StringRules
from waddlebot.stores.versions import editing
from waddlebot_sdk.module import USUAL_PRIORITY, ExecutionMode

BATCH = 100
WARM_UP = 2
"""Batches in which rules are compiled, connections opened, and the automata grow."""
COMMANDS = 1_000
RULES = 1_000
COMMAND = "!help quote"
REMAINING_SECONDS = 12.0
SECONDS_TO_MICRO = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class RuledPlace:
    """A place, in a community of its own that has one rule for each pattern."""

    name: str
    entity: EntityId
    patterns: Sequence[str] = ()


def ruled_place(kind: str, count: int) -> RuledPlace:
    """`kind` is one of the patterns of rules.py."""
    number = 10 * count + list(PATTERNS).index(kind)
    return RuledPlace(
        name=f"{count:,} rules {kind}",
        entity=EntityId(f"twitch:channel:91{number}"),
        patterns=PATTERNS[kind](count),
    )


NO_RULES = RuledPlace(name="no rules", entity=EntityId("twitch:channel:910"))
PLACES = (NO_RULES, *(ruled_place(kind, RULES) for kind in PATTERNS))
ASKED_PLACE = PLACES[1]
"""Where commands are typed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Microseconds a line, one sample a batch; `fixed` is `fixed_work` beside each, in seconds."""

    match: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    fixed: list[float] = field(default_factory=list)


def measure(urls: Mapping[str, str], *, batches: int) -> dict[str, Cost]:
    """By what the lines meet: a name of one of `PLACES`, or "command".

    `urls` are the addresses of a data plane whose database is migrated and ours to fill.
    """
    with keeping(open_resources(urls)) as kept:
        fill(kept, PLACES)
        return {
            **measure_quiet(kept, PLACES, batches),
            "command": measure_asked(kept, batches),
        }


def measure_quiet(
    kept: KeptResources, places: Sequence[RuledPlace], batches: int
) -> dict[str, Cost]:
    """By name of the place. All take turns, so that what disturbs the machine meets them all."""
    samples = [_samples(kept, place, lines_for(kept, place)) for place in places]
    costs = _in_turn(samples, batches)
    return {place.name: cost for place, cost in zip(places, costs, strict=True)}


def measure_asked(kept: KeptResources, batches: int) -> Cost:
    """Of a command that the router answers itself."""
    [cost] = _in_turn([_samples(kept, ASKED_PLACE, askers())], batches)
    return cost


def environment_of(urls: Mapping[str, str]) -> Environment:
    # Calls of modules are measured elsewhere: here nobody listens.
    nowhere = {**AWS_CREDENTIALS, LAMBDA_ENDPOINT: "http://127.0.0.1:1"}
    return Environment({**urls, **nowhere})


def open_resources(urls: Mapping[str, str]) -> Resources:
    return Resources(environment_of(urls))


@contextlib.contextmanager
def keeping(resources: Resources) -> Iterator[KeptResources]:
    try:
        yield build_kept(resources)
    finally:
        resources.close()


def fill(kept: KeptResources, places: Sequence[RuledPlace]) -> None:
    """A thousand commands, and the places with their rules."""
    declared = declared_commands(lambda_modules(), builtin_modules())
    own = sum(len(module["commands"]) for module in declared["modules"])
    declared["modules"] += [_made_up_module(number) for number in range((COMMANDS - own) // 50)]
    sync_commands(declared, kept.resources.postgres, kept.versions)
    with editing(kept.resources.postgres, kept.versions) as edit:
        rules = StringRules(edit)
        for place in places:
            community = Places(edit).open(place.entity)
            Places(edit).greet(place.entity)
            for kind, pattern in with_kinds(place.patterns):
                rules.add(
                    community,
                    match_type=kind,
                    pattern=pattern,
                    action=RuleAction.BLOCK,
                    by="twitch:1",
                )


def _made_up_module(number: int) -> dict[str, object]:
    commands = [
        {
            "path": f"made{number} part{part}",
            "also": [],
            "usage": f"made{number} part{part} [text]",
            "summary": "Nothing.",
            "example": "",
            "role": "user",
            "per_minute": 60,
            "cooldown_seconds": 0,
            "private": False,
            "secret": False,
        }
        for part in range(50)
    ]
    return {
        "name": f"made{number}",
        "prefix": "!",
        "community": False,
        "builtin": False,
        "timeout_seconds": 2,
        "may": [],
        "priority": USUAL_PRIORITY,
        "execution_mode": ExecutionMode.SEQUENTIAL.value,
        "summary": "Nothing.",
        "listens": [],
        "commands": commands,
    }


def askers() -> Iterator[Line]:
    """Nobody asks twice, so that nobody's window fills up."""
    return (Line(who=f"viewer{number}", text=COMMAND) for number in itertools.count())


def lines_for(kept: KeptResources, place: RuledPlace) -> Iterator[Line]:
    [session] = kept.directory.open(events_of([Line(who="ana", text="hello")], place))
    return unhit_lines(session.community.rules, place.entity)


def _in_turn(samples: Sequence[Iterator[tuple[float, float]]], batches: int) -> list[Cost]:
    costs = [Cost() for _ in samples]
    for number in range(WARM_UP + batches):
        for cost, (match, whole) in zip(costs, map(next, samples), strict=True):
            if number >= WARM_UP:
                cost.match.append(match)
                cost.whole.append(whole)
                cost.fixed.append(fixed_work())
    return costs


def _samples(
    kept: KeptResources, place: RuledPlace, lines: Iterator[Line]
) -> Iterator[tuple[float, float]]:
    """Of the match stage and of the whole route, for ever; the place has all compiled rules."""
    triggers = match_alone(kept)
    alone = replace(kept, triggers=triggers)
    while True:
        events = events_of(list(itertools.islice(lines, BATCH)), place)
        again = events_of(list(itertools.islice(lines, BATCH)), place)
        # Who speaks is known to the directory, as after the first minute of a stream.
        sessions = kept.directory.open(events)
        kept.directory.open(again)
        match = _micros(partial(find_matches, sessions, triggers), time.thread_time)
        yield match, _micros(partial(route_all, alone, again), time.process_time)


def match_alone(kept: KeptResources) -> Triggers:
    """With compiled rules of its own: a place does not lose its to another one's."""
    return Triggers(tables=kept.triggers.tables, rule_sets=RuleSets())


def _micros(act: Callable[[], object], clock: Callable[[], float]) -> float:
    before = clock()
    act()
    return (clock() - before) / BATCH * SECONDS_TO_MICRO


def route_all(kept: KeptResources, events: Sequence[Event]) -> None:
    route(events, a_router(kept))


def a_router(kept: KeptResources) -> Router:
    """For one invocation."""
    invocation = Invocation(
        owner=uuid.uuid4().hex,
        remaining_seconds=REMAINING_SECONDS,
        calls_end=calls_end(REMAINING_SECONDS),
    )
    return router_for(invocation, kept)


def events_of(lines: Sequence[Line], place: RuledPlace) -> list[Event]:
    return [
        Event(
            id=f"twitch:{uuid.uuid4()}",
            type=MessageType.CHAT_MESSAGE,
            entity=place.entity,
            user=Speaker(id=line.who, name=line.who),
            text=line.text,
            message="m1",
            occurred_at=datetime.now(UTC),
            way_back=Channel(message="m1"),
        )
        for line in lines
    ]
