"""The results of bench/RESULTS.md: every goal of speed as a ratio, and what has no goal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from bench import asked, house_ratios, line_ratios, peers
from bench.busy_stream import COMMANDS_A_SECOND, LINES_A_SECOND, Busy, measure_busy
from bench.command_cost import CommandCost, measuring
from bench.end_to_end import RoundPace
from bench.goals import FEW_PLACES, GOALS, MANY, PLACES
from bench.house import House, first_answer, running
from bench.imports import INGRESS, import_key, import_turns
from bench.progress import BenchProgress
from bench.ratios import Pair, RatioRow, Turn, take_turns
from bench.router_cost import (
    ASKED_PLACE,
    COMMAND,
    COMMANDS,
    NO_RULES,
    SECONDS_TO_MICRO,
    fill,
    keeping,
    open_resources,
    ruled_place,
)
from bench.samples import MedianResult, percentile, result
from bench.scratch import scratch
from bench.servers import plane
from functions.router.resources import KeptResources

Say = Callable[[str], None]
Turns = tuple[Iterator[Turn], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsPlan:
    """How often and how long; the short one says whether the bench works, not how quick we are."""

    many_rules: int
    batches: int
    imports: int
    rounds: int
    prefix_rounds: int
    chat_lines: int
    commands: int
    asked_rounds: int
    questions: int
    cold_questions: int
    busy_seconds: float
    router_seconds: float
    house_seconds: float
    """After which a part ends with the rounds that it has, on a machine that is starved."""


FULL = ResultsPlan(
    many_rules=MANY,
    batches=31,
    imports=41,
    rounds=11,
    prefix_rounds=90,
    chat_lines=3_000,
    commands=400,
    # An account of the API may ask a thousand times a minute.
    asked_rounds=2,
    questions=100,
    cold_questions=9,
    busy_seconds=15.0,
    router_seconds=240.0,
    house_seconds=240.0,
)
SHORT = ResultsPlan(
    many_rules=100,
    batches=2,
    imports=1,
    rounds=1,
    prefix_rounds=1,
    chat_lines=200,
    commands=50,
    asked_rounds=1,
    questions=5,
    cold_questions=1,
    busy_seconds=2.0,
    router_seconds=60.0,
    house_seconds=60.0,
)
END_TO_END = {
    house_ratios.CHAT_KEY: "98 % chat",
    house_ratios.COMMANDS_KEY: "all commands",
}
WARM_UP = 2
"""Turns in which rules are compiled, connections opened, and the automata grow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    title: str
    note: str
    results: Sequence[MedianResult]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """`ratios` as GOALS has them; `sections` are what has no goal."""

    ratios: Sequence[RatioRow]
    sections: Sequence[Section]


def measure_results(plan: ResultsPlan, say: Say) -> Measured:
    """Starts servers, then a house, in a folder of its own; minutes, for the full plan."""
    with scratch() as folder:
        costs: list[CommandCost] = []
        with plane(folder / "plane") as urls:
            pairs, absent = of_router(urls, plan, costs, say)
        with running(folder / "house") as house:
            paces: house_ratios.Paces = {}
            house_pairs, questions = of_house(house, plan, paces, say)
        say("the busiest stream")
        busy = measure_busy(folder / "busy", seconds=plan.busy_seconds)
    pairs |= house_pairs
    rows = [
        RatioRow(of=goal, pairs=pairs.get(goal.key, ()), absent=absent.get(goal.key, ""))
        for goal in GOALS
    ]
    sections = [of_command(costs), of_paces(paces), questions, of_busy(busy, plan)]
    return Measured(ratios=rows, sections=sections)


def of_router(
    urls: Mapping[str, str], plan: ResultsPlan, costs: list[CommandCost], say: Say
) -> tuple[dict[str, list[Pair]], dict[str, str]]:
    """Pairs by key of their goal, and why others have none; `costs` are added to."""
    say("router: a thousand commands, and rules")
    with keeping(open_resources(urls)) as kept, ExitStack() as stack:
        many = {kind: ruled_place(kind, plan.many_rules) for kind in PLACES}
        fill(kept, [NO_RULES, *PLACES.values(), *FEW_PLACES.values(), *many.values()])
        say("peers")
        commands = stack.enter_context(measuring(urls))
        sources, absent = beside_peers(kept, _noting(commands, costs), plan, stack)
        for kind, place in PLACES.items():
            sources.append((line_ratios.floor_turns(kept, place), plan.batches))
            growth = line_ratios.growth_turns(kept, kind, FEW_PLACES[kind], many[kind])
            sources.append((growth, plan.batches))
        for source, _ in sources:
            for _ in range(WARM_UP):
                next(source)
        costs.clear()
        say("router: lines, commands and imports in turn")
        return take_turns(sources, seconds=plan.router_seconds, progress=BenchProgress(say)), absent


def beside_peers(
    kept: KeptResources, commands: Iterator[CommandCost], plan: ResultsPlan, stack: ExitStack
) -> tuple[list[Turns], dict[str, str]]:
    """Those that are there; the others' goals with why not."""
    sources: list[Turns] = []
    absent: dict[str, str] = {}
    if peers.is_there(peers.RED):
        for place in PLACES.values():
            red = stack.enter_context(peers.at_work(peers.RED, place.patterns))
            turns = line_ratios.red_turns(kept, place, NO_RULES, red)
            sources.append((turns, plan.batches))
    else:
        for place in PLACES.values():
            for key in (line_ratios.red_key(place), line_ratios.beyond_key(place)):
                absent[key] = peers.absence(peers.RED)
    if peers.is_there(peers.TWITCHIO):
        names = [f"made{number}" for number in range(COMMANDS - 1)]
        twitchio = stack.enter_context(peers.at_work(peers.TWITCHIO, [*names, "help"]))
        sources.append((line_ratios.command_turns(commands, twitchio), plan.batches))
    else:
        absent[line_ratios.COMMAND_KEY] = peers.absence(peers.TWITCHIO)
        sources.append((({} for _ in commands), plan.batches))
    if peers.is_there(peers.BOLT):
        sources.append((import_turns(), plan.imports))
    else:
        absent |= {import_key(platform): peers.absence(peers.BOLT) for platform in INGRESS}
    return sources, absent


def _noting(commands: Iterator[CommandCost], costs: list[CommandCost]) -> Iterator[CommandCost]:
    for cost in commands:
        costs.append(cost)
        yield cost


def of_house(
    house: House, plan: ResultsPlan, paces: house_ratios.Paces, say: Say
) -> tuple[dict[str, list[Pair]], Section]:
    """Pairs by key of their goal, and how long somebody waits; `paces` are added to."""
    first_answer(house)
    say("end to end and an own prefix, in turn")
    progress = BenchProgress(say)
    sources = [
        (house_ratios.chat_turns(house, progress, paces, lines=plan.chat_lines), plan.rounds),
        (house_ratios.command_turns(house, progress, paces, lines=plan.commands), plan.rounds),
        (house_ratios.prefix_turns(house, progress), plan.prefix_rounds),
    ]
    next(sources[-1][0])  # the prefix is set
    pairs = take_turns(sources, seconds=plan.house_seconds, progress=progress)
    say("asked, warm and cold")
    return pairs, of_asked(house, plan)


def of_paces(paces: house_ratios.Paces) -> Section:
    return Section(
        title="End to end, by the clock and by process",
        note="The same rounds as above. By the clock it depends on what else runs: a house of many "
        "processes gets another share of a busy machine than a ceiling of one.",
        results=[one for key, name in END_TO_END.items() for one in _of_paces(paces[key], name)],
    )


def _of_paces(rounds: Sequence[RoundPace], name: str) -> Iterator[MedianResult]:
    failed, lines = sum(one.failed for one in rounds), sum(one.lines for one in rounds)
    how = f"rounds of {rounds[0].lines:,}; of {lines:,} lines {failed:,} failed"
    clock = [(one.house.by_clock, one.ceiling.by_clock) for one in rounds]
    yield result(f"{name}: the house", [ours for ours, _ in clock], "lines/s", how, digits=0)
    ceiling = [most for _, most in clock]
    yield result(f"{name}: the ceiling", ceiling, "lines/s", "before and after", digits=0)
    share = [100 * ours / most for ours, most in clock]
    yield result(f"{name}: share of the ceiling by the clock", share, "%", "of each round")
    for part in rounds[0].parts:
        took = [one.parts[part] * SECONDS_TO_MICRO for one in rounds]
        if min(took) > 0:
            yield result(f"{name}: {part}", took, "µs", "CPU a line", digits=0)


def of_command(costs: Sequence[CommandCost]) -> Section:
    stages = {
        "match": ([one.match for one in costs], "`find_matches`"),
        "receipt": ([one.receipt for one in costs], "`Receipts.begin`"),
        "rights and limit": ([one.judge for one in costs], "`judge`"),
        "record": ([one.record for one in costs], "`Ledger.record`"),
    }
    return Section(
        title="A command in the router, stage by stage",
        note=f"CPU of `{COMMAND}`, which the router answers itself, in a place with "
        f"{ASKED_PLACE.name}, in batches of 100. Every command has another person's window. "
        "What is spent in the clients (psycopg, redis, hiredis) is not in it.",
        results=[result(name, took, "µs", how) for name, (took, how) in stages.items()],
    )


def of_asked(house: House, plan: ResultsPlan) -> Section:
    api, discord = [], []
    for _ in range(plan.asked_rounds):
        api.append(asked.ask_api(house, plan.questions))
        discord.append(asked.ask_discord(house, plan.questions))
    return Section(
        title="Asked",
        note="Somebody waits: from the request to the whole answer, one after another on one "
        "connection. Cold: no function runs when the request arrives; the fork servers stay, "
        "with the common libraries imported, as SnapStart would have them.",
        results=[
            *_warm("API, `!help`", api, "HTTP front, key, router, record"),
            *_warm(
                "Discord, `/waddlebot quote`",
                discord,
                "HTTP front, signature, ingress, router, module memories, database",
            ),
            *_cold(
                "API, `!help`",
                asked.ask_api_cold(house, plan.cold_questions),
                "one function starts",
            ),
            *_cold(
                "Discord, `/waddlebot quote`",
                asked.ask_discord_cold(house, plan.cold_questions),
                "three functions start: ingress, router, memories",
            ),
        ],
    )


def _warm(name: str, rounds: Sequence[asked.AskedWaits], how: str) -> list[MedianResult]:
    put_off = _put_off(sum(one.put_off for one in rounds))
    many = f"{how}; {len(rounds)} rounds of {len(rounds[0].took)}{put_off}"
    return [
        result(f"warm: {name}, p{p}", [percentile(one.took, p) for one in rounds], "ms", many)
        for p in (50, 99)
    ]


def _cold(name: str, waits: asked.AskedWaits, how: str) -> list[MedianResult]:
    took, how = waits.took, f"{how}{_put_off(waits.put_off)}"
    slowest = f"{how}; the slowest of {len(took)}"
    return [
        result(f"cold: {name}, p50", took, "ms", how, digits=0),
        result(f"cold: {name}, the slowest", [max(took)], "ms", slowest, digits=0),
    ]


def _put_off(count: int) -> str:
    return f"; {count} put off, measured to “is thinking”" if count else ""


def of_busy(busy: Busy, plan: ResultsPlan) -> Section:
    how = f"{plan.busy_seconds:g} s"
    cpu = "gateway, router, front, PostgreSQL with replica, three Valkeys"
    to_reply = "from a command to its reply at the platform"
    return Section(
        title="The busiest stream",
        note=f"{LINES_A_SECOND} lines a second in one channel, as the most that was ever seen, "
        f"over Twitch's socket through one gateway, {COMMANDS_A_SECOND} of them `!help`: so many "
        "answers Twitch takes. All lines are recorded and all commands answered. CPU is of one "
        "core of two.",
        results=[
            result("lines", [busy.lines_a_second], "lines/s", how, digits=0),
            *(
                result(f"{to_reply}, p{p}", [percentile(busy.answer_ms, p)], "ms", how, digits=0)
                for p in (50, 99)
            ),
            result("CPU of the gateway", [busy.gateway_cpu], "%", how, digits=0),
            result("CPU of the whole house", [busy.house_cpu], "%", cpu, digits=0),
            result(
                "from the last line to its record",
                [busy.behind_seconds],
                "s",
                "how far behind it is in the end",
                digits=2,
            ),
        ],
    )
