"""What somebody types into a menu that asks the app for its options, and what Slack then lists.

Docs: "block_suggestion payload", "Select menu of external data source".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from local.stand_ins.asgi import Json
from local.stand_ins.event_ids import slack_ask_id
from local.stand_ins.people import StandInPerson
from local.stand_ins.places import StandInPlace
from local.stand_ins.platform import Happened, Surroundings
from local.stand_ins.slack.components import SlackHands, is_wrong_offer
from local.stand_ins.slack.payloads import block_suggestion, new_trigger_id, sign
from local.stand_ins.webhooks import Attempt, Delivery, Landed

_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class TypedFinding:
    around: Surroundings
    hands: SlackHands

    def typed(self, happened: Happened) -> Delivery:
        """Never repeated; after three seconds, or of an answer that is none, nothing is listed."""
        person, place = happened.person, happened.place
        found = self.hands.find(person.login, place)
        payload = block_suggestion(person, place, found, str(happened.details.get("typed") or ""))
        body = urlencode({"payload": json.dumps(payload)}).encode()

        async def send(attempt: Attempt) -> Landed:
            headers: Mapping[str, str] = sign(
                self.around.keys["SLACK_SIGNING_SECRET"], body, attempt, _FORM
            )
            landed = await self.around.webhooks.post("slack", body, headers)
            if not attempt.forged:
                self._show(person, place, _object(landed.body) if landed.status == 200 else None)
            return landed

        return Delivery(event_id=slack_ask_id(new_trigger_id()), place=place, send=send)

    def _show(self, person: StandInPerson, place: StandInPlace, answer: Json | None) -> None:
        """A list that its person alone sees, while it is open."""
        if answer is None or is_wrong_offer(answer):
            self.around.feed.show("failed", place, "No results", to=person.login)
            return
        options = answer["options"]
        self.hands.list_open(person.login, place, options)
        choices = [{"name": one["text"]["text"], "value": one["value"]} for one in options]
        names = "\n".join(one["name"] for one in choices)
        self.around.feed.show("choices", place, names, to=person.login, dress={"choices": choices})


def _object(body: bytes) -> Json | None:
    try:
        value = json.loads(body)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None
