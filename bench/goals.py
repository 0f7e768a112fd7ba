"""The goals of speed: each a multiple of a floor or of a peer, measured beside it in one run."""

from __future__ import annotations

from bench import house_ratios, line_ratios
from bench.imports import INGRESS, import_key
from bench.ratios import RatioGoal
from bench.router_cost import RULES, ruled_place
from bench.rules import PATTERNS
from bench.samples import Goal

FEW, MANY = 10, 5_000
"""Rules, between which the cost of a line shall hardly grow."""
UNLIKE, OWN_WORDS = PATTERNS
PLACES = {kind: ruled_place(kind, RULES) for kind in PATTERNS}
FEW_PLACES = {kind: ruled_place(kind, FEW) for kind in PATTERNS}
NEAR_FLOOR = {OWN_WORDS: 4.0, UNLIKE: 3.0}


def at_most(value: float) -> Goal:
    return Goal(words="at most", value=value)


def at_least(value: float) -> Goal:
    return Goal(words="at least", value=value)


def _of_kind(kind: str) -> tuple[RatioGoal, ...]:
    place = PLACES[kind]
    line = f"quiet line, {place.name}"
    lines = "lines of the chat log, a tenth of them not ASCII, batches of 100"
    return (
        RatioGoal(
            key=line_ratios.floor_key(place),
            name=f"{line}: `find_matches`",
            beside="`re2.Set` alone over the same patterns",
            goal=at_most(NEAR_FLOOR[kind]),
            unit="µs",
            how=lines,
            tried="Plain ASCII is looked at by a smaller automaton, bold readings are made of what "
            "they can change, and a quiet line asks for no command and no listener: 0.66 of what "
            "it was. Two passes of RE2, for rules and for what a line hides, are two floors; one "
            "for both would multiply its states (0090).",
        ),
        RatioGoal(
            key=line_ratios.red_key(place),
            name=f"{line}: the whole router with I/O",
            beside="Red's filter of the same words",
            goal=at_most(0.25),
            unit="µs",
            how=f"{lines}; Red is asked {line_ratios.RED_IS_FED} of them",
            tried="A line without rules alone, with its row in the record, costs what Red takes "
            "for words that hardly begin alike: it keeps no record.",
        ),
        RatioGoal(
            key=line_ratios.beyond_key(place),
            name=f"{line}: beyond a line without rules",
            beside="Red's filter of the same words",
            goal=at_most(0.1),
            unit="µs",
            how="the same lines, less a batch of the place without rules in turn",
            tried="It is `find_matches` again, less commands and listeners, which a line without "
            "rules has as well: both cost 0.4 of what they did, the rest 0.7 (0090).",
        ),
        RatioGoal(
            key=line_ratios.growth_key(kind),
            name=f"quiet line, {MANY:,} rules {kind}: `find_matches`",
            beside=f"{FEW} such rules",
            goal=at_most(3),
            unit="µs",
            how=lines,
            tried="What helped a thousand rules (0090) helps ten as well; nothing was tried for "
            "five thousand alone.",
        ),
    )


GOALS: tuple[RatioGoal, ...] = (
    *(goal for kind in (OWN_WORDS, UNLIKE) for goal in _of_kind(kind)),
    RatioGoal(
        key=line_ratios.COMMAND_KEY,
        name="command before I/O: match, receipt, rights, limit, record",
        beside="TwitchIO's dispatch of one command",
        goal=at_most(1),
        unit="µs",
        how="`!help quote`, batches of 100; TwitchIO from `dispatch` to the end of the command",
        tried="By stages, below: match, and rights with the limit, are two thirds of it. TwitchIO "
        "looks a name up and calls it, and neither checks a right nor keeps a record.",
    ),
    RatioGoal(
        key=house_ratios.CHAT_KEY,
        name="end to end, 98 % chat, 2 % commands",
        beside="the ceiling",
        goal=at_least(0.45),
        unit="lines a CPU second",
        digits=0,
        how="CPU of all processes of the house and its servers; the chat log in 10 channels, all "
        "recorded; the ceiling before and after",
        tried="Statements go in batches and through a pipeline, calls of a batch together, and "
        "plans are kept (0118). Seen by process, below, more than half of it are functions: "
        "`#roll` has a process of its own for each call, which is one line in two hundred and "
        "costs as much as all the others' routing.",
    ),
    RatioGoal(
        key=house_ratios.COMMANDS_KEY,
        name="end to end, all commands, with a module that writes",
        beside="the ceiling",
        goal=at_least(0.1),
        unit="commands a CPU second",
        digits=0,
        how="CPU of all processes, as above; `!quote` in 10 channels: a call of the module each, "
        "which reads the quote and counts how often it was shown; those that failed are none",
        tried="Calls of a batch go to their module together, in one transaction; what is left is "
        "seen by process, below.",
    ),
    *(
        RatioGoal(
            key=import_key(platform),
            name=f"import of ingress, {platform}",
            beside="Slack Bolt's `App`",
            goal=at_most(0.5),
            unit="ms",
            digits=0,
            how="CPU of the import alone in a fresh interpreter each, byte-code there; `App` "
            "before and after",
            tried="Half of it is msgspec with what it imports of the standard library. What "
            "ingress does not read is not imported, and values of its road are cheap to define.",
        )
        for platform in INGRESS
    ),
    RatioGoal(
        key=house_ratios.PREFIX_KEY,
        name="an own prefix: `?help` where it is `?`",
        beside="`!help` elsewhere",
        goal=at_most(1.1),
        unit="ms",
        digits=1,
        how="from request to answer over the API, one after another",
    ),
)
