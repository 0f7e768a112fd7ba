"""An answer names commands as whoever reads it types them (docs/decisions/0044)."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from functions.router.destinations import Answered
from waddlebot.domain.executions import Execution
from waddlebot.domain.sessions import Community
from waddlebot_sdk.own_words import word_response

Saying = TypeVar("Saying", Answered, Execution)


def say_as_here(saying: Saying, community: Community) -> Saying:
    """All that it says, in the community's own words."""
    reword = community.words.reword
    return replace(
        saying,
        responses=tuple(word_response(one, reword) for one in saying.responses),
        notices=tuple(replace(one, text=reword(one.text)) for one in saying.notices),
    )
