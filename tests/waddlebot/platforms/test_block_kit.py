"""What is rendered for Slack, read by Slack's own typed models: they know its fields and limits."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block, ContextBlock, HeaderBlock, SectionBlock

from tests.helpers.deliveries import ON_SLACK, to_slack
from tests.helpers.events_and_commands import an_event
from tests.helpers.payloads import a_reply, ok, play
from waddlebot.domain.events import ResponseUrl
from waddlebot.domain.offers import OfferedButton, OfferedField, OfferedForm, Offering
from waddlebot.domain.outcomes import Reply
from waddlebot.platforms.slack.render import inline
from waddlebot.platforms.slack.slash_commands import RESPONSE_URL_LIVES
from waddlebot_sdk import ListEntry, Listing

LONGEST = Listing(
    title="What you can use here" * 20,
    entries=tuple(ListEntry(name=f"name{one}", about="& <b> *x* " * 40) for one in range(30)),
    more="More about one: !help quote",
)
SHORT = Listing(title="Quotes", entries=(ListEntry(name="one"),))


def a_listed(listing: Listing) -> Reply:
    return msgspec.structs.replace(a_reply(listing.as_text(), entity=ON_SLACK), listing=listing)


def judged(blocks: list[dict[str, Any]]) -> list[Block]:
    """Raises SlackObjectFormationError where Slack would take one of them for wrong."""
    assert len(blocks) <= 50
    read = Block.parse_all(blocks)
    for block, told in zip(read, blocks, strict=True):
        assert block.to_dict() == told  # nothing of ours is unknown to it, nothing is missing
    return read


@pytest.mark.parametrize("listing", [LONGEST, SHORT])
def test_what_is_sent_to_slack_is_what_its_own_models_take(listing: Listing) -> None:
    calls, _ = play(to_slack(a_listed(listing)), ok(ok=True, ts="1.2"))

    read = judged((calls[0].json or {})["blocks"])

    assert {type(one) for one in read} <= {HeaderBlock, SectionBlock, ContextBlock}
    assert isinstance(read[0], HeaderBlock)


def test_what_goes_back_in_slacks_own_request_is_too() -> None:
    answer = inline([a_listed(LONGEST), a_reply("and a line", entity=ON_SLACK)], an_event())

    assert len(judged(json.loads(answer.body)["blocks"])) > 3


def test_what_is_said_of_a_form_stands_above_its_fields_as_it_stands() -> None:
    form = OfferedForm(
        id="games:suggest::form",
        title="Suggest a game",
        text="Games rated *12* at most",
        submit="Send",
        fields=(OfferedField(name="game", label="Which game?"),),
        opener=OfferedButton(id="games:suggest::open", label="Suggest a game"),
    )
    until = datetime.now(UTC) + RESPONSE_URL_LIVES
    url = ResponseUrl(url="https://hooks.slack.com/1", until=until, trigger="1.2")
    asked = a_reply(form.text, entity=ON_SLACK, way_back=url)
    reply = msgspec.structs.replace(asked, offer=Offering(form=form))

    calls, _ = play(to_slack(reply), ok(ok=True))

    above, field = (calls[0].json or {})["view"]["blocks"]
    assert isinstance(judged([above])[0], SectionBlock)
    assert above["text"] == {"type": "plain_text", "text": "Games rated *12* at most"}
    assert field["type"] == "input"


def test_the_models_refuse_what_slack_refuses() -> None:
    """So that the tests above say something."""
    with pytest.raises(SlackObjectFormationError):
        judged([{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}])
