"""A form whose answer is late on Discord: nothing deferred can open one, so its button comes."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.helpers.deliveries import ON_DISCORD, an_interaction, to_discord
from tests.helpers.payloads import a_reply, failed, ok, play
from waddlebot.domain.offers import OfferedButton, OfferedField, OfferedForm, Offering
from waddlebot.domain.replies import Reply
from waddlebot.platforms.delivering import SENT

FORM = OfferedForm(
    id="memories:addquote::form",
    title="Keep a quote",
    text="A quote wants words.",
    submit="Keep it",
    fields=(OfferedField(name="words", label="What was said"),),
    opener=OfferedButton(id="memories:addquote::open", label="Keep a quote"),
)


def opening(*, asked_ago: float) -> Reply:
    """To a press of the button that opens it."""
    way_back = an_interaction(asked_ago=asked_ago, component=True)
    reply = a_reply(FORM.text, entity=ON_DISCORD, way_back=way_back, private=True)
    return msgspec.structs.replace(reply, offer=Offering(form=FORM))


def button_in(body: Any) -> Any:
    [row] = body["components"]
    [button] = row["components"]
    return button


@pytest.mark.parametrize("asked_ago", [1, 10])
def test_after_a_deferral_the_button_is_offered_once_more_to_its_person(asked_ago: float) -> None:
    deferred = failed(400, code=40060, message="Interaction has already been acknowledged.")
    answers = [deferred, ok(id="1")] if asked_ago < 3 else [ok(id="1")]

    calls, delivered = play(to_discord(opening(asked_ago=asked_ago)), *answers)

    assert delivered == SENT
    assert [call.json["type"] for call in calls[:-1] if call.json] == [9] * (len(answers) - 1)
    said = calls[-1].json
    assert said is not None
    assert (said["content"], said["flags"]) == (FORM.text, 64)
    assert button_in(said)["custom_id"] == FORM.opener.id
    assert button_in(said)["label"] == FORM.title


def test_what_nobody_deferred_opens_at_once() -> None:
    calls, delivered = play(to_discord(opening(asked_ago=1)), ok())

    assert delivered == SENT
    assert [call.json["data"]["title"] for call in calls if call.json] == [FORM.title]
