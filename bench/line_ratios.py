"""What lines and commands cost the router, each beside a floor or a peer that sees the same lines.

CPU time. A turn is a batch of a hundred, and what it is measured beside follows at once.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from bench import peers, router_cost
from bench.chat_log import Line, mostly_ascii
from bench.command_cost import CommandCost
from bench.ratios import Pair, Turn
from bench.router_cost import BATCH, COMMAND, SECONDS_TO_MICRO, RuledPlace
from functions.router.match import find_matches
from functions.router.resources import KeptResources
from functions.router.rule_needles import Needle, compile_set
from waddlebot.domain.rule_patterns import bytes_of

RED_IS_FED = 20
"""Lines of a turn that Red is asked: it takes milliseconds for each."""


def floor_key(place: RuledPlace) -> str:
    return f"floor-{place.name}"


def red_key(place: RuledPlace) -> str:
    return f"red-{place.name}"


def beyond_key(place: RuledPlace) -> str:
    return f"beyond-{place.name}"


def growth_key(kind: str) -> str:
    return f"growth-{kind}"


COMMAND_KEY = "command"


def floor_turns(kept: KeptResources, place: RuledPlace) -> Iterator[Turn]:
    """A quiet line through `find_matches`, beside one `re2.Set` over the same patterns."""
    lines = mostly_ascii(router_cost.lines_for(kept, place))
    match, floor = router_cost.match_alone(kept), set_over(place.patterns)
    while True:
        batch = list(itertools.islice(lines, BATCH))
        sessions = kept.directory.open(router_cost.events_of(batch, place))
        ours = _micros(partial(find_matches, sessions, match))
        yield {floor_key(place): Pair(ours, _micros(partial(_look, floor, batch)))}


def growth_turns(
    kept: KeptResources, kind: str, few: RuledPlace, many: RuledPlace
) -> Iterator[Turn]:
    """Many rules beside few."""
    match = router_cost.match_alone(kept)
    lines = {place.name: mostly_ascii(router_cost.lines_for(kept, place)) for place in (few, many)}

    def micros(place: RuledPlace) -> float:
        batch = list(itertools.islice(lines[place.name], BATCH))
        sessions = kept.directory.open(router_cost.events_of(batch, place))
        return _micros(partial(find_matches, sessions, match))

    while True:
        yield {growth_key(kind): Pair(micros(many), micros(few))}


def red_turns(
    kept: KeptResources, place: RuledPlace, none: RuledPlace, red: peers.Peer
) -> Iterator[Turn]:
    """Quiet lines through the whole router, and beyond those of a place without rules.

    Both beside Red's filter of the same words.
    """
    lines = mostly_ascii(router_cost.lines_for(kept, place))
    while True:
        batch = list(itertools.islice(lines, BATCH))
        ruled = _routed(kept, batch, place)
        bare = _routed(kept, list(itertools.islice(lines, BATCH)), none)
        texts = [line.text for line in batch[:RED_IS_FED]]
        theirs = red.seconds(texts) / len(texts) * SECONDS_TO_MICRO
        yield {
            red_key(place): Pair(ruled, theirs),
            beyond_key(place): Pair(max(ruled - bare, 0.001), theirs),
        }


def command_turns(costs: Iterator[CommandCost], twitchio: peers.Peer) -> Iterator[Turn]:
    """A command before I/O, beside TwitchIO's dispatch of one."""
    for cost in costs:
        theirs = twitchio.seconds([COMMAND] * BATCH) / BATCH * SECONDS_TO_MICRO
        yield {COMMAND_KEY: Pair(cost.all_stages, theirs)}


def set_over(patterns: Sequence[str]) -> Any:
    """All of them in one, in whatever case: what finding none of them costs at the least."""
    expressions = [Needle(text).expression for text in patterns]
    return compile_set(expressions, sum(map(len, expressions)))


def _look(compiled: Any, batch: Sequence[Line]) -> None:
    for line in batch:
        compiled.Match(bytes_of(line.text))


def _micros(act: Callable[[], object]) -> float:
    before = time.thread_time()
    act()
    return (time.thread_time() - before) / BATCH * SECONDS_TO_MICRO


def _routed(kept: KeptResources, batch: Sequence[Line], place: RuledPlace) -> float:
    events = router_cost.events_of(batch, place)
    kept.directory.open(events)  # who speaks is known, as after the first minute of a stream
    before = time.process_time()
    router_cost.route_all(kept, events)
    return (time.process_time() - before) / BATCH * SECONDS_TO_MICRO
