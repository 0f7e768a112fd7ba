"""Slack from the chair of somebody who sits in front of it."""

from __future__ import annotations

import json
import re
import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlencode

from local.stand_ins.asgi import Json, PathRouter
from local.stand_ins.event_ids import slack_ask_id, slack_happening_id, slack_line_id
from local.stand_ins.people import PEOPLE, SLACK_BOT_USER, StandInPeople, StandInPerson
from local.stand_ins.places import SERVERS, StandInPlace
from local.stand_ins.platform import Happened, Spoken, Surroundings, UnknownHappening
from local.stand_ins.signing_in import SigningIn
from local.stand_ins.slack.admission import Admission
from local.stand_ins.slack.finding import TypedFinding
from local.stand_ins.slack.groups import Groups
from local.stand_ins.slack.installed import Installed
from local.stand_ins.slack.installing import Installing
from local.stand_ins.slack.payloads import (
    as_typed,
    block_actions,
    envelope,
    line_event,
    new_trigger_id,
    next_ts,
    sign,
    slash_form,
    view_submission,
)
from local.stand_ins.slack.residents import Residents
from local.stand_ins.slack.web_api import AnswerUrl, WebApi
from local.stand_ins.webhooks import Attempt, Delivery, Landed

_JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"
_PAUSES_SECONDS = (0.0, 0.3, 1.0)
"""Slack repeats at once, after one minute and after five; nobody here waits that long."""
_KEPT = 1_000
_PRESSES = ("button_click", "select_menu")
TYPING = "autocomplete"
_OF_GROUPS = "subteam_members_changed"
_ENDINGS = {"app_uninstalled": "account_inactive", "tokens_revoked": "token_revoked"}
"""By the event that tells of it, what Slack says of such a token from then on."""
_ABOUT_ACCOUNTS = {"member_join": "team_join", "user_change": "user_change"}


class Slack:
    def __init__(self, around: Surroundings, signing_in: SigningIn) -> None:
        self._around = around
        self._residents = Residents(around.people)
        self._groups = Groups()
        self._installed = Installed()
        signing_in.also_revoke.append(self._installed.revoke)
        self._installing = Installing(around, self._installed)
        admission = Admission(around=around, residents=self._residents, installed=self._installed)
        self._api = WebApi(around, self._residents, self._groups, admission)
        self._finding = TypedFinding(around, self._api.hands)
        self._answered: OrderedDict[str, None] = OrderedDict()

    def routes(self, router: PathRouter) -> None:
        self._installing.routes(router)
        self._api.routes(router)

    def announce(self, place: StandInPlace) -> None:
        """Slack tells a bot nothing of channels that it was not invited to."""

    def say(
        self, person: StandInPerson, place: StandInPlace, text: str, *, answers: str = ""
    ) -> Spoken:
        """Slack tells of a reply in which thread it stands, and no word of what is answered."""
        del answers
        self._settle(person, place)
        if place.private_with:  # where that person lives
            place = replace(place, server=self._residents.team_of(place.private_with))
        if text.startswith("/"):
            return self._slash(person, place, text)
        return self._line(person, place, text)

    def happen(self, kind: str, happened: Happened) -> Delivery:
        self._settle(happened.person, happened.place)
        if kind == "modal_submit":
            return self._filled_in(happened)
        if kind == TYPING:
            return self._finding.typed(happened)
        if kind in _PRESSES:
            return self._pressed(kind, happened)
        if kind == _OF_GROUPS:
            event = self._groups.change(happened.place.server, happened.details)
        elif kind in _ABOUT_ACCOUNTS:
            event = self._about_account(_ABOUT_ACCOUNTS[kind], happened)
        elif kind in _ENDINGS:
            event = self._ended(kind, happened)
        elif kind in _EVENTS:
            event = _EVENTS[kind](happened.person, happened.place, happened.details)
        else:
            known = sorted({_OF_GROUPS, TYPING, *_PRESSES, *_ABOUT_ACCOUNTS, *_ENDINGS, *_EVENTS})
            raise UnknownHappening(f"Slack knows {', '.join(known)}.")
        wrapped = envelope(event, happened.place.server)
        return self._event(wrapped, happened.place, slack_happening_id(wrapped))

    def _settle(self, person: StandInPerson, place: StandInPlace) -> None:
        if person.login not in PEOPLE:
            self._residents.settle(person.ids["slack"], place.server)

    def _about_account(self, event_type: str, happened: Happened) -> Json:
        """With what `users.info` says from now on."""
        user = happened.person.ids["slack"]
        self._residents.change(user, happened.details)
        return {"type": event_type, "user": self._residents.body(user), "event_ts": next_ts()}

    def _ended(self, kind: str, happened: Happened) -> Json:
        """First the tokens end, then Slack says so."""
        home = str(happened.place.server)
        users = [str(one) for one in happened.details.get("users") or ()]
        ended = self._installed.end(home, _ENDINGS[kind], users)
        tokens = {
            "bot": [one.user for one in ended if one.is_bot],
            "oauth": [one.user for one in ended if not one.is_bot],
        }
        return {"type": kind, **({"tokens": tokens} if kind == "tokens_revoked" else {})}

    def keep_line(
        self, place: StandInPlace, person: StandInPerson, message_id: str, text: str
    ) -> None:
        self._settle(person, place)
        line = {"ts": message_id, "user": person.ids["slack"], "text": text}
        self._api.keep_line(place, line)

    def answered(self, headers: Mapping[str, str], body: bytes, answer: bytes) -> None:
        """Slash commands and presses may be answered in the response itself, once each."""
        del headers
        question, said = _question_in(body), _said_in(answer)
        trigger = str(question.get("trigger_id") or "")
        if not said or not trigger or not self._is_first(slack_ask_id(trigger)):
            return
        self._api.show_answer(_url_of(question, trigger, self._around.people), said, first=True)

    def _is_first(self, event_id: str) -> bool:
        """One answer or one error a question; what comes later is not shown."""
        if event_id in self._answered:
            return False
        self._answered[event_id] = None
        if len(self._answered) > _KEPT:
            self._answered.popitem(last=False)
        return True

    def _line(self, person: StandInPerson, place: StandInPlace, text: str) -> Spoken:
        channels = self._around.places.on("slack", place.server)
        typed = as_typed(text, channels, self._groups.handles(place.server))
        event = line_event(person, place, typed)
        self._api.keep_line(place, event)
        wrapped = [envelope(event, place.server)]
        if f"<@{SLACK_BOT_USER}>" in typed and not place.private_with:
            wrapped.append(envelope({**event, "type": "app_mention"}, place.server))
        event_id = slack_line_id(place, event["ts"])
        delivery = self._event(wrapped[0], place, event_id, *wrapped[1:])
        return Spoken(message_id=event["ts"], delivery=delivery)

    def _slash(self, person: StandInPerson, place: StandInPlace, text: str) -> Spoken:
        trigger = new_trigger_id()
        event_id = slack_ask_id(trigger)
        url = self._api.open_url(place, person.login, event_id, trigger)
        form = slash_form(person, place, text, response_url=url, trigger_id=trigger)
        return Spoken(message_id=trigger, delivery=self._asked(form, place, event_id))

    def _filled_in(self, happened: Happened) -> Delivery:
        """The view that this person has open there."""
        person, place = happened.person, happened.place
        fields = happened.details.get("fields") or {}
        view = self._api.hands.fill_in(person.login, place, fields)
        trigger = new_trigger_id()
        payload = view_submission(person, place, view, trigger_id=trigger)
        return self._asked({"payload": json.dumps(payload)}, place, slack_ask_id(trigger))

    def _pressed(self, kind: str, happened: Happened) -> Delivery:
        """By its `label` what stands there; with a `custom_id` whatever somebody made up."""
        person, place, details = happened.person, happened.place, happened.details
        if taken := details.get("taken"):
            details = self._api.hands.take(person.login, place, str(taken))
        elif label := details.get("label"):
            details = self._api.hands.press(kind, person.login, place, str(label))
        trigger = new_trigger_id()
        event_id = slack_ask_id(trigger)
        pressed = str(details.get("message_ts") or "")
        url = self._api.open_url(place, person.login, event_id, trigger, pressed)
        payload = block_actions(person, place, details, response_url=url, trigger_id=trigger)
        return self._asked({"payload": json.dumps(payload)}, place, event_id)

    def _event(self, first: Json, place: StandInPlace, event_id: str, *more: Json) -> Delivery:
        async def send(attempt: Attempt) -> Landed:
            landed = await self._post_event(first, attempt)
            for wrapped in more:
                await self._post_event(wrapped, attempt)
            return landed

        return Delivery(event_id=event_id, place=place, send=send)

    async def _post_event(self, wrapped: Json, attempt: Attempt) -> Landed:
        body, secret = json.dumps(wrapped).encode(), self._around.keys["SLACK_SIGNING_SECRET"]

        def headers(again: Attempt) -> Mapping[str, str]:
            return sign(secret, body, again, _JSON)

        return await self._around.webhooks.post_until_accepted(
            "slack", body, headers, attempt=attempt, pauses=_PAUSES_SECONDS
        )

    def _asked(self, form: Json, place: StandInPlace, event_id: str) -> Delivery:
        """Slash commands and presses are never repeated; their errors are shown to the person."""
        body, secret = urlencode(form).encode(), self._around.keys["SLACK_SIGNING_SECRET"]

        async def send(attempt: Attempt) -> Landed:
            headers = sign(secret, body, attempt, _FORM)
            landed = await self._around.webhooks.post("slack", body, headers)
            if landed.status == 200:
                self.answered(headers, body, landed.body)
            elif not attempt.forged and self._is_first(event_id):
                words = f"{form.get('command', 'That')} failed with the error “dispatch_failed”"
                self._around.feed.show("failed", place, words, in_reply_to=event_id)
            return landed

        return Delivery(event_id=event_id, place=place, send=send)


def _question_in(body: bytes) -> Json:
    """The form of a slash command, or the payload of an interactive part; {} for events."""
    try:
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        return json.loads(form["payload"]) if "payload" in form else form
    except ValueError:
        return {}


def _said_in(answer: bytes) -> Json:
    """What Slack shows of the body of an answer: an object with text or blocks, or plain text."""
    text = answer.decode(errors="replace").strip()
    if not text:
        return {}
    try:
        value = json.loads(text)
    except ValueError:
        value = {"text": text}
    said = value if isinstance(value, dict) else {"text": text}
    return said if said.get("text") or said.get("blocks") else {}


def _url_of(question: Json, trigger: str, people: StandInPeople) -> AnswerUrl:
    user = str(question.get("user_id") or (question.get("user") or {}).get("id") or "")
    person = people.by_id("slack", user)
    channel = str(question.get("channel_id") or (question.get("channel") or {}).get("id") or "C0")
    team = str(
        question.get("team_id") or (question.get("team") or {}).get("id") or SERVERS["slack"]
    )
    name = str(question.get("channel_name") or (question.get("channel") or {}).get("name") or "")
    place = StandInPlace(platform="slack", server=team, channel=channel, name=name)
    login = person.login if person else user
    return AnswerUrl(place=place, asked_by=login, event_id=slack_ask_id(trigger), until=0.0)


def _reacted(person: StandInPerson, place: StandInPlace, details: Mapping[str, Any]) -> Json:
    ts = str(details.get("message_id", next_ts()))
    return {
        "type": "reaction_added",
        "user": person.ids["slack"],
        "reaction": re.sub(r"\W", "", str(details.get("emoji", "thumbsup"))) or "thumbsup",
        "item": {"type": "message", "channel": place.channel, "ts": ts},
        "item_user": SLACK_BOT_USER,
        "event_ts": next_ts(),
    }


def _joined_channel(
    person: StandInPerson, place: StandInPlace, _details: Mapping[str, Any]
) -> Json:
    return {**_of_channel(person, place), "type": "member_joined_channel"}


def _left_channel(person: StandInPerson, place: StandInPlace, _details: Mapping[str, Any]) -> Json:
    return {**_of_channel(person, place), "type": "member_left_channel"}


def _of_channel(person: StandInPerson, place: StandInPlace) -> Json:
    return {
        "user": person.ids["slack"],
        "channel": place.channel,
        "channel_type": "C",
        "team": place.server,
        "event_ts": next_ts(),
    }


def _shared_file(person: StandInPerson, place: StandInPlace, details: Mapping[str, Any]) -> Json:
    name = str(details.get("name", "waddle.png"))
    file = {
        "id": f"F{secrets.token_hex(5).upper()}",
        "name": name,
        "mimetype": "image/png",
        "size": 1024,
    }
    return line_event(
        person, place, str(details.get("text", "")), subtype="file_share", files=[file]
    )


def _edited(person: StandInPerson, place: StandInPlace, details: Mapping[str, Any]) -> Json:
    """Without `message_id` it is a line from before the bot came."""
    ts, user = str(details.get("message_id") or next_ts()), person.ids["slack"]
    line = {"type": "message", "user": user, "ts": ts, "team": place.server}
    edited = {"user": user, "ts": next_ts()}
    return {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "channel": place.channel,
        "channel_type": "channel",
        "ts": edited["ts"],
        "event_ts": edited["ts"],
        "message": {**line, "text": str(details.get("text", "")), "edited": edited},
        "previous_message": {**line, "text": "hello"},
    }


def _deleted(person: StandInPerson, place: StandInPlace, details: Mapping[str, Any]) -> Json:
    ts, at = str(details.get("message_id")), next_ts()
    line = {"type": "message", "user": person.ids["slack"], "ts": ts, "text": "hello"}
    told = {"channel": place.channel, "channel_type": "channel", "ts": at, "event_ts": at}
    about = {"subtype": "message_deleted", "hidden": True, "deleted_ts": ts}
    return {"type": "message", **about, **told, "previous_message": line}


_EVENTS: Mapping[str, Callable[[StandInPerson, StandInPlace, Mapping[str, Any]], Json]] = {
    "reaction": _reacted,
    "channel_join": _joined_channel,
    "member_leave": _left_channel,
    "edit": _edited,
    "delete": _deleted,
    "file_share": _shared_file,
}
