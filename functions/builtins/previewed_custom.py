"""What a custom command would say, for whoever wrote it: nothing is counted and nothing is kept."""

from __future__ import annotations

import random
from dataclasses import dataclass

from functions.builtins.tools import Deciding, WithClock
from waddlebot.domain.custom_commands import CustomCommand
from waddlebot.domain.custom_previews import MADE_UP, Preview, PreviewSetting, StepSaid, preview
from waddlebot.domain.entities import parse_entity
from waddlebot.platforms import find_abilities
from waddlebot.stores.own_counters import list_counted
from waddlebot_sdk import Call, say_command

MOST_STEPS_SHOWN = 12
MOST_PIECE = 60


@dataclass(frozen=True, kw_only=True)
class Previewing(Deciding, WithClock):
    """What is needed to say what a text would say here."""


def previewed(command: CustomCommand, call: Call, tools: Previewing) -> Preview:
    """Raises Refusal, Unavailable."""
    community, platform = tools.session.community, call.entity.platform
    setting = PreviewSetting(
        channel=community.name,
        platform=platform,
        now=tools.now,
        zone=community.time_zone,
        # The same one, however often the call is delivered.
        chance=random.Random(call.execution_id),  # noqa: S311
        place=parse_entity(call.entity.id).channel,
    )
    counted = list_counted(tools.postgres, community.id)
    most = find_abilities(platform).most_characters
    return preview(command, _typed(call), setting, counted=counted, most=most)


def in_one_line(command: CustomCommand, call: Call, found: Preview) -> str:
    typed = f"{say_command(command.name)} {_typed(call)}".rstrip()
    return f"{MADE_UP}: {typed} → {found.said or 'nothing at all'}"


def step_by_step(command: CustomCommand, found: Preview) -> str:
    if not found.steps:
        return f"{say_command(command.name)} has no variables: it says what is written."
    steps = "; ".join(map(_shown, found.steps[:MOST_STEPS_SHOWN]))
    more = len(found.steps) - MOST_STEPS_SHOWN
    rest = f"; and {more} more" if more > 0 else ""
    return f"{say_command(command.name)}, typed by {MADE_UP}: {steps}{rest}. Said: {found.said}"


def _shown(step: StepSaid) -> str:
    return f"{_cut(step.piece)} → {_cut(step.value) or 'nothing'}"


def _cut(text: str) -> str:
    return text if len(text) <= MOST_PIECE else f"{text[:MOST_PIECE]}…"


def _typed(call: Call) -> str:
    """Behind the command's name."""
    return call.text.partition(" ")[2].strip()
