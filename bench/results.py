"""The results of bench/RESULTS.md: every goal of speed that the house has, measured in one run."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import asked, end_to_end
from bench.busy_stream import COMMANDS_A_SECOND, LINES_A_SECOND, Busy, measure_busy
from bench.command_cost import CommandCost, measure_command
from bench.end_to_end import RoundPace
from bench.house import House, first_answer, running
from bench.imports import import_ingress
from bench.router_cost import (
    ASKED_PLACE,
    COMMAND,
    NO_RULES,
    SECONDS_TO_MICRO,
    Cost,
    fill,
    keeping,
    measure_asked,
    measure_quiet,
    open_resources,
    ruled_place,
)
from bench.rule_scale import Scale, measure_scale
from bench.rules import PATTERNS
from bench.samples import Goal, MedianResult, percentile, result
from bench.servers import plane

BEFORE_IO = Goal(words="at most", value=10)
WITH_IO = Goal(words="at most", value=20)
GROWTH = Goal(words="at most", value=3)
COMMAND_BEFORE_IO = Goal(words="at most", value=30)
CHAT_SHARE = Goal(words="at least", value=40)

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsPlan:
    """How often and how long; the short one says whether the bench works, not how quick we are."""

    rule_counts: tuple[int, ...]
    batches: int
    scale_batches: int
    rounds: int
    asked_rounds: int
    questions: int
    chat_lines: int
    commands: int
    cold_questions: int
    imports: int
    busy_rounds: int
    busy_seconds: float


FULL = ResultsPlan(
    rule_counts=(10, 100, 600, 1_000, 5_000),
    batches=120,
    scale_batches=200,
    rounds=7,
    # An account of the API may ask a thousand times a minute.
    asked_rounds=5,
    questions=150,
    chat_lines=10_000,
    commands=1_500,
    cold_questions=40,
    imports=9,
    busy_rounds=3,
    busy_seconds=20.0,
)
SHORT = ResultsPlan(
    rule_counts=(10, 1_000),
    batches=2,
    scale_batches=2,
    rounds=1,
    asked_rounds=1,
    questions=5,
    chat_lines=200,
    commands=50,
    cold_questions=1,
    imports=1,
    busy_rounds=1,
    busy_seconds=2.0,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    title: str
    note: str
    results: Sequence[MedianResult]


def measure_results(plan: ResultsPlan, say: Say) -> list[Section]:
    """Starts servers, then a house, in a folder of its own; minutes, for the full plan."""
    with tempfile.TemporaryDirectory(prefix="waddlebot-bench-") as folder:
        say("imports")
        imports = of_imports(import_ingress(plan.imports))
        say("rules alone")
        scale = of_scale(measure_scale(plan.rule_counts, plan.scale_batches), plan.rule_counts)
        with plane(Path(folder) / "plane") as urls:
            router = of_router(urls, plan, say)
        with running(Path(folder) / "house") as house:
            whole = of_house(house, plan, say)
        say("the busiest stream")
        busy = [
            measure_busy(Path(folder) / f"busy-{number}", seconds=plan.busy_seconds)
            for number in range(plan.busy_rounds)
        ]
        return [*router, scale, *whole, of_busy(busy, plan), imports]


def of_router(urls: Mapping[str, str], plan: ResultsPlan, say: Say) -> list[Section]:
    say("router: a thousand commands, and rules")
    counts = plan.rule_counts
    places = [NO_RULES, *(ruled_place(kind, count) for kind in PATTERNS for count in counts)]
    with keeping(open_resources(urls)) as kept:
        fill(kept, places)
        say("router: quiet lines")
        quiet = measure_quiet(kept, places, plan.batches)
        say("router: a command")
        whole = measure_asked(kept, plan.batches).whole
    return [*of_quiet(quiet, counts), of_command(measure_command(urls, plan.batches), whole)]


def of_quiet(costs: Mapping[str, Cost], counts: Sequence[int]) -> list[Section]:
    match = {name: cost.match for name, cost in costs.items()}
    whole = {name: cost.whole for name, cost in costs.items()}
    yardstick = _yardstick([took for cost in costs.values() for took in cost.fixed])
    return [
        Section(
            title="A quiet line in the router, before I/O",
            note="CPU a line that nothing fires on, in batches of 100, with 1,000 commands "
            "declared. Places and people are known, every line is new, and rules are compiled.",
            results=[yardstick, *_by_rules(match, counts, BEFORE_IO, "`find_matches`")],
        ),
        Section(
            title="A quiet line in the router, with I/O",
            note="Such lines through all stages, with the clients (psycopg, redis, hiredis). "
            "The servers are processes of their own and not in it.",
            results=_by_rules(whole, counts, WITH_IO, "`route`"),
        ),
    ]


def _yardstick(took: Sequence[float]) -> MedianResult:
    """Times on the same machine are comparable between runs as far as this is the same."""
    return result(
        "yardstick: 5,000 squares added up",
        [one * SECONDS_TO_MICRO for one in took],
        "µs",
        "beside every batch; more in a run when the machine was slower",
        digits=0,
    )


def _by_rules(
    samples: Mapping[str, Sequence[float]], counts: Sequence[int], goal: Goal, how: str
) -> list[MedianResult]:
    found = [result(name, took, "µs", how, goal=goal) for name, took in samples.items()]
    for kind in PATTERNS:
        few, many = (samples[ruled_place(kind, count).name] for count in (counts[0], counts[-1]))
        found.append(_times(_growth(kind, counts), many, few, goal=GROWTH))
    return found


def of_command(costs: Sequence[CommandCost], whole: Sequence[float]) -> Section:
    return Section(
        title="A command in the router",
        note=f"CPU of `{COMMAND}`, which the router answers itself, in a place with "
        f"{ASKED_PLACE.name}, in batches of 100. Every command has another person's window. "
        "Before I/O is without what is spent in the clients (psycopg, redis, hiredis).",
        results=[
            result("before I/O: match", [one.match for one in costs], "µs", "`find_matches`"),
            result("before I/O: receipt", [one.receipt for one in costs], "µs", "`Receipts.begin`"),
            result("before I/O: rights and limit", [one.judge for one in costs], "µs", "`judge`"),
            result("before I/O: record", [one.record for one in costs], "µs", "`Ledger.record`"),
            result(
                "before I/O: match, receipt, rights, limit and record",
                [one.all_stages for one in costs],
                "µs",
                "the four above, batch by batch",
                goal=COMMAND_BEFORE_IO,
            ),
            result(
                "with I/O: the whole route",
                whole,
                "µs",
                "`route`: answering and handing over too, and the clients",
            ),
        ],
    )


def of_scale(scale: Scale, counts: Sequence[int]) -> Section:
    how = "`RuleSet.find`"
    found = [
        result(f"{count:,} rules {kind}", took, "µs", how) for (kind, count), took in scale.items()
    ]
    for kind in PATTERNS:
        many, few = scale[kind, counts[-1]], scale[kind, counts[0]]
        found.append(_times(_growth(kind, counts), many, few))
    return Section(
        title="Looking for rules alone",
        note="CPU a line that no rule hits, in batches of 100, every line new; without commands, "
        "events and servers. Of the rules 15 % are exact, 35 % contain, 35 % are a word and "
        "15 % a pattern.",
        results=found,
    )


def _growth(kind: str, counts: Sequence[int]) -> str:
    return f"growth from {counts[0]:,} to {counts[-1]:,} rules {kind}"


def _times(
    name: str, many: Sequence[float], few: Sequence[float], goal: Goal | None = None
) -> MedianResult:
    ratios = [one / other for one, other in zip(many, few, strict=True)]
    return result(name, ratios, "times", "batch by batch, in turn", goal=goal, digits=2)


def of_house(house: House, plan: ResultsPlan, say: Say) -> list[Section]:
    first_answer(house)
    say("asked, warm and cold")
    found = of_asked(house, plan)
    say("end to end: chat")
    chat = end_to_end.measure_chat(house, lines=plan.chat_lines, rounds=plan.rounds)
    say("end to end: commands")
    commands = end_to_end.measure_commands(house, lines=plan.commands, rounds=plan.rounds)
    return [of_paces(chat, commands, plan), found]


def of_paces(
    chat: Sequence[RoundPace], commands: Sequence[RoundPace], plan: ResultsPlan
) -> Section:
    return Section(
        title="End to end",
        note="A whole house as `make run` starts it, from the first append to the event stream to "
        "the last row of the record: stream, reader, router, module, replies on the reply stream. "
        "The ceiling is bench/ceiling.py on the same servers, before and after each "
        "round; it says what it leaves out.",
        results=[
            *_shares(
                "98 % chat, 2 % commands",
                chat,
                f"{plan.chat_lines:,} lines of the chat log in 10 channels, all recorded",
                goal=CHAT_SHARE,
            ),
            *_shares(
                "all commands",
                commands,
                f"{plan.commands:,} times `!quote` in 10 channels that keep one, all answered: "
                "a call of the module each, which reads the quote and also writes, "
                "as it counts how often each was shown",
            ),
        ],
    )


def _shares(
    name: str, paces: Sequence[RoundPace], how: str, goal: Goal | None = None
) -> list[MedianResult]:
    house, ceiling = [one.house for one in paces], [one.ceiling for one in paces]
    share = [one.percent for one in paces]
    return [
        result(f"{name}: house", house, "lines/s", how, digits=0),
        result(
            f"{name}: ceiling",
            ceiling,
            "lines/s",
            "the same rows in bulk, mean of before and after",
            digits=0,
        ),
        result(f"{name}: share of the ceiling", share, "%", "round by round", goal=goal),
    ]


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
        result(f"cold: {name}, p99", [max(took)], "ms", slowest, digits=0),
    ]


def _put_off(count: int) -> str:
    return f"; {count} put off, measured to “is thinking”" if count else ""


def of_busy(busy: Sequence[Busy], plan: ResultsPlan) -> Section:
    how = f"{len(busy)} rounds of {plan.busy_seconds:g} s"
    return Section(
        title="The busiest stream",
        note=f"{LINES_A_SECOND} lines a second in one channel, as the most that was ever seen, "
        f"over Twitch's socket through one gateway, {COMMANDS_A_SECOND} of them `!help`: so many "
        "answers Twitch takes. All lines are recorded and all commands answered. CPU is of one "
        "core of two.",
        results=[
            result("lines", [one.lines_a_second for one in busy], "lines/s", how, digits=0),
            *(
                result(
                    f"from a command to its reply at the platform, p{p}",
                    [percentile(one.answer_ms, p) for one in busy],
                    "ms",
                    how,
                    digits=0,
                )
                for p in (50, 99)
            ),
            result("CPU of the gateway", [one.gateway_cpu for one in busy], "%", how, digits=0),
            result(
                "CPU of the whole house",
                [one.house_cpu for one in busy],
                "%",
                "gateway, router, front, PostgreSQL with replica, three Valkeys",
                digits=0,
            ),
            result(
                "from the last line to its record",
                [one.behind_seconds for one in busy],
                "s",
                "how far behind it is in the end",
                digits=2,
            ),
        ],
    )


def of_imports(took: Mapping[str, Sequence[float]]) -> Section:
    return Section(
        title="Import of ingress",
        note="What a fresh interpreter pays before the first webhook, byte-code there, less an "
        "empty one. No boto3, FastAPI, pydantic, psycopg or redis is loaded: "
        "tests/functions/ingress/test_webhooks.py asserts it.",
        results=[
            result(name, samples, "ms", "`functions.ingress`, its handler", digits=0)
            for name, samples in took.items()
        ],
    )
