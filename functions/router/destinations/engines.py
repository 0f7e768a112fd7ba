"""Every engine that a call can go to: adding one is a file beside this one, and a row here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from functions.router.destinations import Answered
from functions.router.destinations.builtin import Kit, call_builtin, complete_builtin
from functions.router.destinations.lambda_function import (
    call_function,
    call_together,
    complete_in_function,
)
from functions.router.destinations.webhook import call_webhook
from waddlebot.domain.matches import Match
from waddlebot.domain.triggers import Destination
from waddlebot.runtime.invoke import Invoker
from waddlebot_sdk.calls import Call
from waddlebot_sdk.completions import Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One call. `kit` makes what a built-in is given; `invoke` signs what a function is sent."""

    match: Match
    call: Call
    invoke: Invoker
    kit: Callable[[], Kit]

    @property
    def location(self) -> str:
        return self.match.trigger.destination.location


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """`in_process`: the router's own; it waits for no other process, and may say that its server
    is away. `takes_commands`: rows of the command table may name it. `asks_strangers`: it waits for
    a server that is nobody's of the house. `call_together` makes calls that go to one location, and
    answers by execution id those that it could. `complete` asks what may stand for an argument.
    """

    call: Callable[[Outgoing], Answered]
    call_together: Callable[[Sequence[Outgoing]], Mapping[str, Answered]] | None = None
    complete: Callable[[Outgoing, str], Sequence[Choice]] = lambda _out, _argument: ()
    in_process: bool = False
    takes_commands: bool = False
    asks_strangers: bool = False


ENGINES: Mapping[str, Engine] = {
    "builtin": Engine(
        call=lambda out: call_builtin(out.location, out.call, out.kit()),
        complete=lambda out, name: complete_builtin(out.location, out.call, name, out.kit()),
        in_process=True,
    ),
    "lambda": Engine(
        call=lambda out: call_function(out.invoke, out.location, out.call),
        call_together=lambda outs: call_together(
            outs[0].invoke, outs[0].location, [out.call for out in outs]
        ),
        complete=lambda out, name: complete_in_function(out.invoke, out.location, out.call, name),
        takes_commands=True,
    ),
    "rule_webhook": Engine(
        call=lambda out: call_webhook(out.invoke, out.match, out.call, out.kit()),
        asks_strangers=True,
    ),
}


def engine_of(destination: Destination) -> Engine:
    return ENGINES[destination.engine]
