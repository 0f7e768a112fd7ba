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


def parts_of(form: OfferedForm) -> list[Any]:
    reply = msgspec.structs.replace(opening(asked_ago=1), offer=Offering(form=form))
    calls, _ = play(to_discord(reply), ok())
    assert calls[0].json
    parts: list[Any] = calls[0].json["data"]["components"]
    return parts


def test_what_is_said_of_a_form_stands_above_its_fields_as_it_stands() -> None:
    said = "Games rated *12* at most: [here](https://rules.example.org) @everyone"
    above, field = parts_of(msgspec.structs.replace(FORM, text=said))
    assert (above["type"], field["type"]) == (10, 18)
    assert "\\*12\\*" in above["content"]
    assert "[here\\](https://" in above["content"]  # no link with another face
    assert "@everyone" not in above["content"]


@pytest.mark.parametrize(("text", "fields", "parts"), [("", 2, 2), ("x", 4, 5), ("x", 5, 5)])
def test_discord_takes_five_parts_of_a_form_and_fields_go_first(
    text: str, fields: int, parts: int
) -> None:
    wanted = tuple(OfferedField(name=f"f{n}", label=f"Field {n}") for n in range(fields))
    made = parts_of(msgspec.structs.replace(FORM, text=text, fields=wanted))
    assert len(made) == parts
    assert sum(one["type"] == 18 for one in made) == fields
