"""What a line costs the router's own process, with a thousand commands and a thousand rules.

CPU time, not time on the clock: the servers work in processes of their own and are not in it, the
client libraries (psycopg, redis, hiredis) are. Batches of a hundred lines, every line new.
"""

from __future__ import annotations

import itertools
import random
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

from bench.chat_log import SEED, Line, quiet_lines, words
from functions.catalogue import builtin_modules, lambda_modules
from functions.declared_commands import declared_commands
from functions.router.match import Triggers, find_matches
from functions.router.resources import Invocation, Kept, build_kept, calls_end, router_for
from functions.router.route import route
from functions.router.rule_sets import RuleSet, RuleSets
from functions.upkeep.sync_commands_handler import sync_commands
from local.wiring import AWS_CREDENTIALS
from waddlebot.domain.entities import EntityId
from waddlebot.domain.events import Channel, Event, MessageType, Speaker
from waddlebot.domain.string_rules import MatchType, RuleAction
from waddlebot.runtime.environment import Environment
from waddlebot.runtime.needs import LAMBDA_ENDPOINT
from waddlebot.runtime.resources import Resources
from waddlebot.stores.communities import Communities
from waddlebot.stores.string_rules import StringRules
from waddlebot.stores.versions import editing

BATCH = 100
COMMANDS = 1_000
RULES = 1_000
COMMAND = "!help quote"
REMAINING_SECONDS = 12.0
SECONDS_TO_MICRO = 1e6

NO_RULES = EntityId("twitch:channel:910")
UNLIKE_CHAT = EntityId("twitch:channel:911")
OWN_WORDS = EntityId("twitch:channel:912")
PLACES = {
    "no rules": NO_RULES,
    f"{RULES:,} rules unlike chat": UNLIKE_CHAT,
    f"{RULES:,} rules of the chat's own words": OWN_WORDS,
}

# Kinds of rules as in a grown community.
_KINDS = (
    *[MatchType.EXACT] * 15,
    *[MatchType.CONTAINS] * 35,
    *[MatchType.WORD] * 35,
    *[MatchType.REGEX] * 15,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Microseconds a line, one sample a batch."""

    match: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)


def measure(urls: Mapping[str, str], *, batches: int) -> dict[str, Cost]:
    """By what the lines meet: a name of `PLACES`, or "command".

    `urls` are the addresses of a data plane whose database is migrated and ours to fill.
    """
    # Calls of modules are measured elsewhere: here nobody listens.
    nowhere = {**AWS_CREDENTIALS, LAMBDA_ENDPOINT: "http://127.0.0.1:1"}
    resources = Resources(Environment({**urls, **nowhere}))
    try:
        kept = build_kept(resources)
        fill(kept)
        found = {name: _quiet(kept, place, batches) for name, place in PLACES.items()}
        return {**found, "command": _commands(kept, batches)}
    finally:
        resources.close()


def fill(kept: Kept) -> None:
    """A thousand commands, and three places: two of them with a thousand rules each."""
    declared = declared_commands(lambda_modules(), builtin_modules())
    own = sum(len(module["commands"]) for module in declared["modules"])
    declared["modules"] += [_made_up_module(number) for number in range((COMMANDS - own) // 50)]
    sync_commands(declared, kept.resources.postgres, kept.versions)
    patterns = {UNLIKE_CHAT: _unlike_chat(), OWN_WORDS: _own_words()}
    with editing(kept.resources.postgres, kept.versions) as edit:
        communities, rules = Communities(edit), StringRules(edit)
        for place in PLACES.values():
            community = communities.open_place(place)
            communities.greet(place)
            if place not in patterns:
                continue
            for kind, pattern in zip(itertools.cycle(_KINDS), patterns[place], strict=False):
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
        }
        for part in range(50)
    ]
    return {
        "name": f"made{number}",
        "prefix": "!",
        "community": False,
        "builtin": False,
        "timeout_seconds": 2,
        "summary": "Nothing.",
        "listens": [],
        "commands": commands,
    }


def _unlike_chat() -> list[str]:
    return [f"zq{number:x}xv wk{number * 7919:x}j" for number in range(RULES)]


def _own_words() -> list[str]:
    """Two words each that people say, in an order that they hardly ever come in."""
    chance = random.Random(SEED)  # noqa: S311 - no secret
    plain = [word for word in words() if word.isalnum()]
    pairs = {" ".join(chance.sample(plain, 2)) for _ in range(2 * RULES)}
    return sorted(pairs)[:RULES]


def _quiet(kept: Kept, place: EntityId, batches: int) -> Cost:
    """Those lines of the log that no rule hits; the rules are tried on them beforehand, apart."""
    [session] = kept.directory.open(_events([Line(who="ana", text="hello")], place))
    rules = RuleSet(session.community.rules)
    lines = (line for line in quiet_lines() if not rules.find(line.text, place))
    return _measured(kept, place, lines, batches)


def _commands(kept: Kept, batches: int) -> Cost:
    """Everybody asks once a batch, so that nobody's window fills up."""
    askers = (Line(who=f"viewer{number}", text=COMMAND) for number in itertools.count())
    return _measured(kept, UNLIKE_CHAT, askers, batches)


def _measured(kept: Kept, place: EntityId, lines: Iterator[Line], batches: int) -> Cost:
    cost = Cost()
    triggers = Triggers(tables=kept.triggers.tables, rule_sets=RuleSets())
    for number in range(batches + 1):
        events = _events(list(itertools.islice(lines, BATCH)), place)
        again = _events(list(itertools.islice(lines, BATCH)), place)
        # Who speaks is known to the directory, as after the first minute of a stream.
        sessions = kept.directory.open(events)
        kept.directory.open(again)
        match = _micros(partial(find_matches, sessions, triggers), time.thread_time)
        whole = _micros(partial(_route, kept, again), time.process_time)
        if number:  # the first batch compiles the rules and opens connections
            cost.match.append(match)
            cost.whole.append(whole)
    return cost


def _micros(act: Callable[[], object], clock: Callable[[], float]) -> float:
    before = clock()
    act()
    return (clock() - before) / BATCH * SECONDS_TO_MICRO


def _route(kept: Kept, events: Sequence[Event]) -> None:
    invocation = Invocation(
        owner=uuid.uuid4().hex,
        remaining_seconds=REMAINING_SECONDS,
        calls_end=calls_end(REMAINING_SECONDS),
    )
    route(events, router_for(invocation, kept))


def _events(lines: Sequence[Line], place: EntityId) -> list[Event]:
    return [
        Event(
            id=f"twitch:{uuid.uuid4()}",
            type=MessageType.CHAT_MESSAGE,
            entity=place,
            user=Speaker(id=line.who, name=line.who),
            text=line.text,
            message="m1",
            occurred_at=datetime.now(UTC),
            way_back=Channel(message="m1"),
        )
        for line in lines
    ]
