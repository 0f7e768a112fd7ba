"""The functions that ask platforms about people, called as the router calls them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from functions.asking import discord_handler, slack_handler
from tests.helpers.aws_context import AwsContext
from waddlebot.domain.errors import Unavailable


@pytest.mark.parametrize("handler", [slack_handler.handler, discord_handler.handler])
def test_a_question_of_a_newer_release_is_refused_before_the_platform_is_asked(
    handler: Callable[[Any, Any], Any],
) -> None:
    """The router goes on with what is known, and asks again with the next line."""
    with pytest.raises(Unavailable, match="newer release"):
        handler({"v": 2, "people": {"of": "another kind"}}, AwsContext())
