"""What OBS shows: its addresses, told to one person alone; a sample on it, and nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from functions.builtins.tools import Builtin, Showing, WithAddress, WithClock, WithSeal
from waddlebot.decisions.asking import Asker
from waddlebot.decisions.overlays import (
    clear_overlays,
    control_overlays,
    rotate_overlays,
    show_overlays,
    try_overlay,
)
from waddlebot.domain.errors import Refusal
from waddlebot.domain.executions import SecretChat
from waddlebot.domain.overlay_samples import SAMPLES
from waddlebot.domain.overlays import IN_OBS, OverlaySource
from waddlebot.stores.overlay_tokens import OverlayAddress
from waddlebot.stores.versions import Edit
from waddlebot_sdk import Answer, Call, Role, command, say_command
from waddlebot_sdk.shown import show_time


@dataclass(frozen=True, kw_only=True)
class OverlayTools(Showing, WithClock, WithSeal, WithAddress):
    """With what addresses are made of."""


@command(
    "overlay show [source]",
    "Get the address to paste into OBS, of the ticker, of media or general, or of all three.",
    also=("overlay",),
    example="overlay show ticker",
    role=Role.MODERATOR,
    private=True,
    completes={"source": tuple(OverlaySource)},
)
def show(call: Call, tools: OverlayTools) -> Answer:
    def decide(edit: Edit, asker: Asker) -> str:
        source = call.arguments.get("source", "")
        found = show_overlays(edit, asker, tools.seal, source=source)
        keep = f"Whoever has an address sees what you show. Another one: {_ROTATE}"
        return f"{_told(found, tools)}\n{IN_OBS} {keep}"

    return _secret(call, tools, decide)


@command(
    "overlay rotate [source]",
    "Get another address for OBS; the old one works for five minutes. Nobody can take it back.",
    example="overlay rotate ticker",
    role=Role.MODERATOR,
    private=True,
    per_minute=5,
    completes={"source": tuple(OverlaySource)},
)
def rotate(call: Call, tools: OverlayTools) -> Answer:
    return _secret(call, tools, partial(_rotate, call, tools))


@command(
    "overlay test [kind]",
    "Show a sample in OBS: a line of the ticker, or any other kind.",
    example="overlay test follow",
    role=Role.MODERATOR,
    private=True,
    per_minute=10,
    completes={"kind": tuple(SAMPLES)},
)
def test(call: Call, tools: OverlayTools) -> Answer:
    def decide(edit: Edit, asker: Asker) -> str:
        kind, execution = call.arguments.get("kind", ""), call.execution_id
        shown, source = try_overlay(edit, asker, now=tools.now, kind=kind, call=execution)
        look = say_command(f"overlay {source}")
        return f"A sample of {shown} is on {source} now. Nothing to see? Its address: {look}"

    return tools.show_now(call, decide)


@command(
    "overlay clear [source]",
    "Take away what OBS shows now, and what waits to be shown.",
    example="overlay clear ticker",
    role=Role.MODERATOR,
    private=True,
    completes={"source": tuple(OverlaySource)},
)
def clear(call: Call, tools: OverlayTools) -> Answer:
    def decide(edit: Edit, asker: Asker) -> str:
        source, execution = call.arguments.get("source", ""), call.execution_id
        cleared = clear_overlays(edit, asker, now=tools.now, source=source, call=execution)
        return f"Nothing is shown any more on {', '.join(cleared)}. What comes next is shown again."

    return tools.show_now(call, decide)


@command(
    "overlay pause [source]",
    "Hold back what waits in OBS; what is shown now stays for its time.",
    example="overlay pause general",
    role=Role.MODERATOR,
    private=True,
    completes={"source": tuple(OverlaySource)},
)
def pause(call: Call, tools: OverlayTools) -> Answer:
    return _control(call, tools, "pause", f"What waits is held back: on it goes with {_RESUME}")


@command(
    "overlay resume [source]",
    "Go on with what was held back.",
    example="overlay resume general",
    role=Role.MODERATOR,
    private=True,
    completes={"source": tuple(OverlaySource)},
)
def resume(call: Call, tools: OverlayTools) -> Answer:
    return _control(call, tools, "resume", "On it goes")


@command(
    "overlay skip [source]",
    "Show the next one in OBS, instead of what is there now.",
    example="overlay skip general",
    role=Role.MODERATOR,
    private=True,
    per_minute=30,
    completes={"source": tuple(OverlaySource)},
)
def skip(call: Call, tools: OverlayTools) -> Answer:
    return _control(call, tools, "skip", "The next one comes")


@command(
    "overlay replay [source]",
    "Show the last one in OBS once more.",
    example="overlay replay general",
    role=Role.MODERATOR,
    private=True,
    completes={"source": tuple(OverlaySource)},
)
def replay(call: Call, tools: OverlayTools) -> Answer:
    return _control(call, tools, "replay", "The last one comes once more")


@command(
    "overlay blackout [source]",
    "Show and play nothing in OBS until you say so; it all goes on behind.",
    example="overlay blackout media",
    role=Role.MODERATOR,
    private=True,
    completes={"source": tuple(OverlaySource)},
)
def blackout(call: Call, tools: OverlayTools) -> Answer:
    said = f"Nothing is seen or heard: it is again with {_LIGHT}"
    return _control(call, tools, "blackout", said)


@command(
    "overlay light [source]",
    "End a blackout.",
    example="overlay light media",
    role=Role.MODERATOR,
    private=True,
    completes={"source": tuple(OverlaySource)},
)
def light(call: Call, tools: OverlayTools) -> Answer:
    return _control(call, tools, "light", "It is seen and heard again")


def _control(call: Call, tools: OverlayTools, control: str, said: str) -> Answer:
    def decide(edit: Edit, asker: Asker) -> str:
        source, execution = call.arguments.get("source", ""), call.execution_id
        done = control_overlays(
            edit, asker, now=tools.now, control=control, source=source, call=execution
        )
        return f"{said} (on {', '.join(done)})."

    return tools.show_now(call, decide)


def _rotate(call: Call, tools: OverlayTools, edit: Edit, asker: Asker) -> str:
    made = rotate_overlays(
        edit,
        asker,
        tools.seal,
        now=tools.now,
        source=call.arguments.get("source", ""),
        call=call.execution_id,
    )
    return (
        f"{_told(made.addresses, tools)}\n{IN_OBS} What was the address before works until "
        f"{show_time(made.until)}, and cannot be had back; rotated once more it ends at once."
    )


def _secret(call: Call, tools: OverlayTools, decide: Callable[[Edit, Asker], str]) -> SecretChat:
    """Where it cannot be told privately, people read the way to it and not the address."""
    told = tools.decide_in_secret(call, decide)
    otherwise = (
        "that is for you alone, and I cannot write to you privately here. Sign in at "
        f"{tools.public.at('/me')}: the addresses stand there."
    )
    return SecretChat(text=told.text, private=True, secret=True, otherwise=otherwise)


def _told(addresses: Sequence[OverlayAddress], tools: OverlayTools) -> str:
    """One a line, where the platform has lines. Raises Refusal: nobody said where this house is."""
    if not tools.public.is_set:
        words = (
            "I do not know my own address. Whoever runs this WaddleBot sets WADDLEBOT_PUBLIC_URL."
        )
        raise Refusal(words, code="NO_PUBLIC_URL")
    return "\n".join(f"{one.source}: {tools.public.at(one.path)}" for one in addresses)


_ROTATE, _RESUME = say_command("overlay rotate"), say_command("overlay resume")
_LIGHT = say_command("overlay light")

MODULE = Builtin(
    tools=OverlayTools,
    name="overlay",
    summary="What OBS shows of this community.",
    commands=(show, rotate, test, clear, pause, resume, skip, replay, blackout, light),
)
