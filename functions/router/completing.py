"""What is offered while somebody types: by the grammar, and by the module of an argument.

Off the road of events: nothing of it is matched, begun, recorded or answered in chat, and nothing
is charged but how often one person asks (docs/decisions/0138, 0144). Whoever may not use a command
is offered neither its name nor what may follow it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from functions.router.build_call import build_call
from functions.router.destinations.engines import Outgoing, engine_of
from functions.router.judge import WAKE_UP
from functions.router.resources import Invocation, KeptResources, calls_end, router_for
from functions.router.router import Router
from waddlebot.domain.aliases import MODULE as ALIAS
from waddlebot.domain.aliases import aliases_of
from waddlebot.domain.command_table import CommandTable
from waddlebot.domain.completions import (
    OF_MODULES,
    Completing,
    decode_completing,
    encode_choices,
)
from waddlebot.domain.custom_readers import usable_custom
from waddlebot.domain.matches import Match
from waddlebot.domain.own_words import USUAL_PREFIX
from waddlebot.domain.private_talk import is_nowhere
from waddlebot.domain.sessions import Session
from waddlebot.domain.triggers import CommandTrigger
from waddlebot.domain.typed import (
    declared_rest,
    find_named,
    find_typed,
    split_typed,
    usable_here,
)
from waddlebot_sdk.completions import AUTOCOMPLETE, Choice, Cursor, at_cursor, bounded
from waddlebot_sdk.grammar import one_word, parse_usage
from waddlebot_sdk.own_words import STRANGERS_PREFIX

MOST_TYPED = 2000
"""Of what stands there so far; whoever types more is beyond any choice."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Typist:
    """Who types where, and what there is to ask."""

    session: Session
    table: CommandTable
    router: Router

    def usable(self, commands: Iterable[CommandTrigger]) -> list[CommandTrigger]:
        """A quiet place listens to one thing, and offers that alone."""
        usable = usable_here(commands, self.session)
        is_quiet = self.session.spot.quiet
        return [one for one in usable if not is_quiet or one.id == WAKE_UP]


def answer_completing(
    payload: Mapping[str, Any], kept: KeptResources, seconds: float
) -> dict[str, Any]:
    """`{"v", "choices"}`. Raises OfNewerRelease; Unavailable: nobody knows the place now."""
    asked = decode_completing(payload)
    invocation = Invocation(owner="", remaining_seconds=seconds, calls_end=calls_end(seconds))
    choices = complete(asked, router_for(invocation, kept))
    log.debug("choices were offered", extra={"choices": len(choices)})
    return encode_choices(choices)


def complete(asked: Completing, router: Router) -> tuple[Choice, ...]:
    """What may stand where somebody types now."""
    if len(asked.typed) > MOST_TYPED or not router.limits.may_be_offered(asked.event):
        return ()
    session = router.directory.look(asked.event)
    if session is None:
        return ()
    table = router.triggers.tables[session.commands_version]
    typist = Typist(session=session, table=table, router=router)
    if not asked.path:
        return bounded(_of_line(asked.typed.lstrip(), typist))
    trigger = find_named(asked.path, session.community, table)
    if trigger is None:
        return ()
    cursor = Cursor(argument=asked.argument, typed=asked.typed, given=asked.given)
    return bounded(_of_argument(trigger, cursor, typist))


def _of_line(line: str, typist: Typist) -> Iterator[Choice]:
    """What the whole line may become: a choice stands in place of all of it."""
    words = typist.session.community.words
    prefix, rest = split_typed(line, words, any_prefix=True) or (USUAL_PREFIX, line)
    yield from _with_argument(prefix, rest, line, typist)
    sign = "" if prefix == USUAL_PREFIX else prefix
    wanted = " ".join(f"{sign}{rest}".lower().split())
    yield from _commands(wanted, declared_rest(prefix, rest, words), typist)
    yield from _aliases(wanted, typist)
    yield from _custom(wanted, typist)


def _with_argument(prefix: str, rest: str, line: str, typist: Typist) -> Iterator[Choice]:
    """Behind a command that is there as a whole: what may follow, else how it is used."""
    found = find_typed(prefix, rest, typist.session.community, typist.table, of_before=True)
    usable = typist.usable([found.trigger]) if found else []
    if found is None or not usable:
        return
    [trigger] = usable
    end = rest[len(rest.rstrip()) :]
    cursor = at_cursor(parse_usage(trigger.usage), f"{found.rest.rstrip()}{end}")
    if cursor is None or not (found.rest or end):
        return
    before = line[: len(line) - len(cursor.typed)] if cursor.typed else f"{line.rstrip()} "
    offered = list(_of_argument(trigger, cursor, typist))
    is_last = cursor.argument == parse_usage(trigger.usage).arguments[-1].name
    for one in offered:
        value = one.value if is_last else one_word(one.value)
        yield replace(one, value=f"{before}{value}")
    if not offered and cursor.typed:
        yield Choice(line.rstrip(), _described(trigger))


def _of_argument(trigger: CommandTrigger, cursor: Cursor, typist: Typist) -> Iterator[Choice]:
    """What its module offers, asked for its time and not longer; of a late one, nothing."""
    name = _argument(trigger, cursor.argument)
    usable = typist.usable([trigger])
    if not (name and usable) or trigger.secret or is_nowhere(typist.session):
        return
    session = typist.session
    match = Match(session=session, trigger=usable[0], text=cursor.typed)
    deadline = session.event.occurred_at + OF_MODULES
    call = replace(
        build_call(match, session.id, deadline=deadline),
        event_type=AUTOCOMPLETE,
        arguments=cursor.given,
        later={},
    )
    caller = typist.router.caller
    out = Outgoing(
        match=match,
        call=call,
        invoke=caller.invoke,
        kit=partial(caller.kit, session),
    )
    try:
        yield from engine_of(trigger.destination).complete(out, name)
    except Exception as error:  # noqa: BLE001 - whatever a module does, people go on typing
        told = {"of": trigger.module, "argument": name, "error": type(error).__name__}
        log.info("a module offered nothing", extra=told)


def _argument(trigger: CommandTrigger, named: str) -> str:
    """As its module declares it: platforms know options in small letters alone."""
    return next((one for one in trigger.completes if one.lower() == named.lower()), "")


def _commands(wanted: str, declared: str, typist: Typist) -> Iterator[Choice]:
    """By their beginning here; in their short forms, and below a word that stands there."""
    table = typist.table
    short = [one for those in table.modules().values() for one in those]
    first = (declared.split(maxsplit=1) or [""])[0]
    below = table.below(USUAL_PREFIX, first) if first else ()
    usable = {one.typed: one for one in typist.usable((*short, *below))}
    ordered = sorted(usable.values(), key=lambda one: (one.role.rank, len(one.path), one.path))
    for one in ordered:
        value = _bare(one.name, typist)
        if wanted in {"", *_beginnings(value.lower(), len(wanted))}:
            yield Choice(value, _described(one))


def _beginnings(name: str, letters: int) -> tuple[str, str]:
    """A stranger's command is found without its sign too."""
    return name[:letters], name.removeprefix(STRANGERS_PREFIX)[:letters]


def _bare(name: str, typist: Typist) -> str:
    """As it may be typed where the bot is talked to: strangers' commands keep their sign."""
    return name.removeprefix(typist.session.community.words.prefix)


def _described(trigger: CommandTrigger) -> str:
    arguments = trigger.usage.removeprefix(trigger.path)
    return f"{trigger.name}{arguments}: {trigger.summary}"


def _aliases(wanted: str, typist: Typist) -> Iterator[Choice]:
    session = typist.session
    off = session.community.disabled | session.spot.disabled
    if ALIAS in off or session.spot.quiet:
        return
    for name in sorted(aliases_of(session.community)):
        if name.startswith(wanted):
            yield Choice(name, f"{name}: an alias")


def _custom(wanted: str, typist: Typist) -> Iterator[Choice]:
    """Those of the community's own that this person may use here."""
    if typist.session.spot.quiet:
        return
    for one in usable_custom(typist.session):
        if one.name.startswith(wanted):
            yield Choice(one.name, f"{one.name}: a custom command")
