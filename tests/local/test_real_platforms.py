"""What counts as real, by what the person gave."""

from __future__ import annotations

import pytest

from local.real_platforms import APPS, closed_stand_ins, real_platforms

APP = dict.fromkeys(APPS["slack"], "given")


def test_slack_is_real_with_an_app_that_people_connect_and_no_token() -> None:
    assert real_platforms(APP) == {"slack": "SLACK_CLIENT_ID"}
    assert "SLACK_CLIENT_ID is set" in closed_stand_ins(APP)["slack"]


@pytest.mark.parametrize("name", APPS["slack"])
def test_a_part_of_it_is_for_signing_in_alone(name: str) -> None:
    assert real_platforms({**APP, name: ""}) == {}


def test_a_token_is_named_before_the_app() -> None:
    assert real_platforms({**APP, "SLACK_BOT_TOKEN": "xoxb"}) == {"slack": "SLACK_BOT_TOKEN"}
