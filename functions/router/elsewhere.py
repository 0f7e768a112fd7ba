"""Whose the places are where modules wish to speak: asked for where one does, and only then."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace

from functions.router.directory import Directory
from functions.router.execute import Wave
from waddlebot.domain.entities import EntityId
from waddlebot.domain.errors import Unavailable
from waddlebot_sdk.wishes import SayElsewhere

log = logging.getLogger(__name__)


def find_places(wave: Wave, directory: Directory) -> Wave:
    """The same wave, which knows those places; one round trip, and none where nobody wishes it."""
    names = list(dict.fromkeys(_wished(wave)))
    if not names:
        return wave
    try:
        return replace(wave, places=directory.find_places(names))
    except Unavailable:
        log.warning("nobody could say whose places these are", extra={"places": len(names)})
        return replace(wave, places=None)


def _wished(wave: Wave) -> Iterator[EntityId]:
    for execution in wave.executions:
        for response in execution.responses:
            if isinstance(response, SayElsewhere):
                yield EntityId(response.place)
