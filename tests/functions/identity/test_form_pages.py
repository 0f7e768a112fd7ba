"""A form that is a page: whatever fits into its fields is sent on, in whatever letters."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
import redis

from functions.identity import handler as identity
from tests.helpers.aws_context import AwsContext
from tests.helpers.events_and_commands import TWITCH, a_speaker
from tests.helpers.identity_room import IdentityRoom, room
from tests.helpers.lambda_stand_in import Door, lambda_stand_in
from waddlebot.domain.offers import OfferedButton, OfferedField, OfferedForm
from waddlebot.stores.offered import WaitingForm, WaitingOffers, hash_of, keep_form
from waddlebot_sdk.asks import MOST_FIELDS, MOST_FILLED_IN

__all__ = ["room"]
PROOF = "told-alone"


def waiting(*fields: OfferedField) -> WaitingForm:
    form = OfferedForm(
        id="memories:keep::x",
        title="Keep",
        text="",
        submit="Send",
        fields=fields,
        opener=OfferedButton(id="x", label="Keep"),
    )
    return WaitingForm(
        form=form,
        entity=TWITCH,
        community="The Pond",
        user=a_speaker(),
        proof=hash_of(PROOF),
        until=datetime.now(UTC) + timedelta(minutes=15),
    )


@pytest.mark.parametrize("sign", ["a", "\N{HIRAGANA LETTER A}", "\N{PENGUIN}"])
def test_a_form_that_is_filled_to_the_brim_arrives(
    room: IdentityRoom, cache: redis.Redis, monkeypatch: pytest.MonkeyPatch, sign: str
) -> None:
    assert room
    names = [f"field_{number}" for number in range(MOST_FIELDS)]
    ref = uuid.uuid4().hex
    WaitingOffers(cache).keep(
        [keep_form(ref, waiting(*(OfferedField(name=one, label=one) for one in names)))]
    )
    words = dict.fromkeys(names, sign * MOST_FILLED_IN)
    heard: list[bytes] = []

    def answers(door: Door) -> None:
        heard.append(door.body)
        door.says({}, 500)

    with lambda_stand_in(answers) as functions:
        for name, value in functions.environment(WADDLEBOT_FUNCTION_PREFIX="").values.items():
            monkeypatch.setenv(name, value)
        identity.build_room.cache_clear()
        answer = identity.handler(
            {
                "routeKey": "POST /forms/{token}",
                "pathParameters": {"token": f"{ref}.{PROOF}"},
                "headers": {"host": "bot.example.org", "x-forwarded-proto": "https"},
                "body": urlencode({**words, "csrf": ""}),
            },
            AwsContext(),
        )

    assert answer["statusCode"] == 200, answer["body"][-400:]
    [event] = json.loads(heard[0])["events"]
    assert event["data"]["fields"] == words
