"""Slack's Web API and response urls, as far as a chat bot uses them; errors in Slack's words."""

from __future__ import annotations

import json
import re
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from local.stand_ins.asgi import AsgiAnswer, AsgiRequest, Json, PathRouter, json_answer
from local.stand_ins.event_ids import slack_line_id
from local.stand_ins.faults import REFUSED, too_many_on_slack
from local.stand_ins.pace import StandInPace
from local.stand_ins.people import SLACK_BOT_USER
from local.stand_ins.places import SERVERS, StandInPlace
from local.stand_ins.platform import Surroundings
from local.stand_ins.slack.admission import Admission
from local.stand_ins.slack.components import SlackHands, is_wrong_view
from local.stand_ins.slack.content import SlackError, check_content
from local.stand_ins.slack.groups import Groups
from local.stand_ins.slack.installed import Given
from local.stand_ins.slack.payloads import (
    dress_of,
    next_ts,
    pings_in,
    visible_text,
)
from local.stand_ins.slack.residents import Residents

_KEPT = 5_000
_URL_USES = 5
_URL_SECONDS = 1_800.0
_TRIGGER_SECONDS = 3.0

_MOST_A_MINUTE = {
    "users.info": 100,
    "conversations.info": 50,
    "users.list": 20,
    "usergroups.list": 20,
    "usergroups.users.list": 20,
}
"""Slack's tiers 4, 3 and 2, by method."""
_A_PAGE = 1_000
_EMOJI_NAME = re.compile(r"[\w+'-]+(?:::skin-tone-[2-6])?")

_Method = Callable[[Json], Json]


@dataclass(slots=True, kw_only=True)
class AnswerUrl:
    """A response_url: five uses in half an hour, for the person who asked."""

    place: StandInPlace
    asked_by: str
    event_id: str
    until: float
    pressed: str = ""
    uses_left: int = _URL_USES


class WebApi:
    def __init__(
        self, around: Surroundings, residents: Residents, groups: Groups, admission: Admission
    ) -> None:
        self._around = around
        self._admission = admission
        self._residents = residents
        self._groups = groups
        self._messages: OrderedDict[tuple[str, str], Json] = OrderedDict()
        self.hands = SlackHands()
        self._urls: OrderedDict[str, AnswerUrl] = OrderedDict()
        self._triggers: OrderedDict[str, tuple[float, AnswerUrl]] = OrderedDict()
        # About one message a second and channel, with bursts (docs: "Rate limits").
        self._pace = StandInPace(60, 60.0)
        self._paces = {method: StandInPace(most, 60.0) for method, most in _MOST_A_MINUTE.items()}
        self._of_token: dict[str, Callable[[Given | None], Json]] = {
            "auth.test": self._admission.auth_test,
            "auth.teams.list": self._admission.list_teams,
        }
        self._by_whom: dict[str, Callable[[Json, Given | None], Json]] = {
            "chat.delete": self._delete,
        }
        self._methods: dict[str, _Method] = {
            "chat.postMessage": self._post_message,
            "chat.postEphemeral": self._post_ephemeral,
            "chat.update": self._update,
            "conversations.info": self._conversation,
            "conversations.open": self._open_direct,
            "reactions.add": self._react,
            "reactions.remove": self._end_reaction,
            "usergroups.list": self._list_groups,
            "usergroups.users.list": self._list_group,
            "users.info": self._user,
            "users.list": self._list_users,
            "views.open": self._open_view,
        }

    def routes(self, router: PathRouter) -> None:
        router.add("POST", "/slack/api/{method}", self._call)
        router.add("GET", "/slack/api/{method}", self._call)
        router.add("POST", "/slack/response/{token}", self._use_url)

    def keep_line(self, place: StandInPlace, event: Json) -> None:
        """What a person said, so that it can be deleted or answered in a thread."""
        self._keep(place, str(event["ts"]), {"user": event["user"], "text": event["text"]})

    def open_url(
        self,
        place: StandInPlace,
        asked_by: str,
        event_id: str,
        trigger_id: str,
        pressed: str = "",
    ) -> str:
        """A fresh response_url, and its trigger for forms, both of one question."""
        token = secrets.token_urlsafe(24)
        until = time.monotonic() + _URL_SECONDS
        url = AnswerUrl(place=place, asked_by=asked_by, event_id=event_id, until=until)
        url.pressed = pressed
        self._urls[token] = url
        self._triggers[trigger_id] = (time.monotonic() + _TRIGGER_SECONDS, url)
        for kept in (self._urls, self._triggers):
            while len(kept) > _KEPT:
                kept.popitem(last=False)
        return f"{self._around.address}/slack/response/{token}"

    def show_answer(self, url: AnswerUrl, body: Json, *, first: bool) -> None:
        """The answer to a slash command or a press; ephemeral unless it says in_channel."""
        public = body.get("response_type") == "in_channel"
        kind = ("inline" if first else "followup") if public else "ephemeral"
        ts = next_ts()
        self._keep(url.place, ts, {"user": SLACK_BOT_USER, "text": visible_text(body)})
        self._show(kind, url.place, body, message=ts, in_reply_to=url.event_id, to=url.asked_by)

    async def _call(self, request: AsgiRequest) -> AsgiAnswer:
        faulty = await self._around.faults.answer("slack", request)
        if faulty:
            return faulty
        queries = {name: values[0] for name, values in request.query.items()}
        arguments = {**queries, **request.fields()}
        try:
            given = self._admission.find(request, arguments)
            self._admission.check(given, request.params["method"], arguments)
            return self._answer(request.params["method"], arguments, given)
        except SlackError as error:
            return json_answer({"ok": False, "error": str(error), **error.more})

    def _answer(self, method: str, arguments: Json, given: Given | None) -> AsgiAnswer:
        scopes = {"x-oauth-scopes": self._admission.scopes(given)}
        if method in self._of_token:
            return json_answer({"ok": True, **self._of_token[method](given)}, headers=scopes)
        if method in self._by_whom:
            return json_answer({"ok": True, **self._by_whom[method](arguments, given)})
        if method not in self._methods:
            raise SlackError("unknown_method")
        if method == "chat.postMessage":
            charged = self._pace.charge(str(arguments.get("channel")))
            if charged.wait_seconds:
                return too_many_on_slack(charged.wait_seconds)
        if method in self._paces and (wait := self._paces[method].charge("").wait_seconds):
            return too_many_on_slack(wait)
        return json_answer({"ok": True, **self._methods[method](arguments)}, headers=scopes)

    def _written_to(self, arguments: Json) -> StandInPlace:
        """The place that something is to be said in, if it takes anything."""
        place = self._place(arguments)
        kinds = set(REFUSED["slack"])
        if not arguments.get("thread_ts"):
            kinds.discard("thread_not_found")
        fault = self._around.faults.take("slack", frozenset(kinds), place.channel)
        if fault:
            raise SlackError(fault.what)
        return place

    def _post_message(self, arguments: Json) -> Json:
        place = self._written_to(arguments)
        check_content(arguments)
        ts = next_ts()
        message = self._keep(place, ts, {"user": SLACK_BOT_USER, "text": arguments.get("text", "")})
        thread = arguments.get("thread_ts")
        self._show(
            "private" if place.private_with else "chat",
            place,
            arguments,
            message=ts,
            in_reply_to=slack_line_id(place, thread) if thread else None,
            to=self._login(place.private_with),
        )
        return {"channel": place.channel, "ts": ts, "message": message}

    def _post_ephemeral(self, arguments: Json) -> Json:
        place = self._written_to(arguments)
        if not self._around.people.by_id("slack", str(arguments.get("user"))):
            raise SlackError("user_not_in_channel")
        check_content(arguments)
        ts = next_ts()
        self._show("ephemeral", place, arguments, message=ts, to=self._login(arguments["user"]))
        return {"message_ts": ts}

    def _update(self, arguments: Json) -> Json:
        place, message = self._message(arguments, "message_not_found")
        if message["user"] != SLACK_BOT_USER:
            raise SlackError("cant_update_message")
        check_content(arguments)
        self._replace(place, str(arguments["ts"]), arguments)
        return {"channel": place.channel, "ts": arguments["ts"], "text": message["text"]}

    def _replace(self, place: StandInPlace, ts: str, body: Json) -> None:
        self._messages[place.channel, ts]["text"] = visible_text(body)
        self.hands.forget(place, ts)
        self._show("edited", place, body, message=ts)

    def _delete(self, arguments: Json, given: Given | None) -> Json:
        """A bot deletes only its own; a person what they may: an owner or admin everybody's."""
        place, message = self._message(arguments, "message_not_found")
        by = given.user if given else SLACK_BOT_USER
        if message["user"] != by and not self._residents.moderates(by):
            raise SlackError("cant_delete_message")
        ts = str(arguments["ts"])
        del self._messages[place.channel, ts]
        self._show("deleted", place, message, message=ts)
        return {"channel": place.channel, "ts": ts}

    def _conversation(self, arguments: Json) -> Json:
        place = self._place(arguments)
        channel = {"id": place.channel, "name": place.name, "is_im": bool(place.private_with)}
        return {"channel": {**channel, "is_member": True, "is_archived": False}}

    def _open_direct(self, arguments: Json) -> Json:
        users = str(arguments.get("users", ""))
        if not self._around.people.by_id("slack", users):
            raise SlackError("user_not_found")
        return {"channel": {"id": self._around.places.direct("slack", users).channel}}

    def _react(self, arguments: Json) -> Json:
        given = {"channel": arguments.get("channel"), "ts": arguments.get("timestamp")}
        place, _message = self._message(given, "message_not_found")
        name = str(arguments.get("name", ""))
        if not _EMOJI_NAME.fullmatch(name):
            raise SlackError("invalid_name")
        self._around.feed.show("reaction", place, f":{name}:", message=str(given["ts"]))
        return {}

    def _end_reaction(self, arguments: Json) -> Json:
        given = {"channel": arguments.get("channel"), "ts": arguments.get("timestamp")}
        place, _message = self._message(given, "message_not_found")
        name = str(arguments.get("name", ""))
        self._around.feed.show("reaction_gone", place, f":{name}:", message=str(given["ts"]))
        return {}

    def _user(self, arguments: Json) -> Json:
        body = self._residents.body(str(arguments.get("user")))
        if body is None:
            raise SlackError("user_not_found")
        return {"user": body}

    def _list_users(self, arguments: Json) -> Json:
        """Of one workspace, in pages."""
        start, most = int(arguments.get("cursor") or 0), int(arguments.get("limit") or _A_PAGE)
        everybody = self._residents.everybody(str(arguments.get("team_id") or SERVERS["slack"]))
        end = start + min(most, _A_PAGE)
        cursor = str(end) if end < len(everybody) else ""
        return {
            "members": everybody[start:end],
            "response_metadata": {"next_cursor": cursor},
        }

    def _list_groups(self, _arguments: Json) -> Json:
        return {"usergroups": [group.body() for group in self._groups.all()]}

    def _list_group(self, arguments: Json) -> Json:
        users = self._groups.users_of(str(arguments.get("usergroup")))
        if users is None:
            raise SlackError("no_such_subteam")
        return {"users": list(users)}

    def _open_view(self, arguments: Json) -> Json:
        expires, url = self._triggers.pop(str(arguments.get("trigger_id")), (0.0, None))
        if url is None:
            raise SlackError("invalid_trigger_id")
        if time.monotonic() > expires:
            raise SlackError("expired_trigger_id")
        view = arguments.get("view") or {}
        view = json.loads(view) if isinstance(view, str) else view
        if is_wrong_view(view):
            raise SlackError("invalid_arguments")
        title = str((view.get("title") or {}).get("text", ""))
        self._around.feed.show("form", url.place, title, in_reply_to=url.event_id, to=url.asked_by)
        opened = {"id": f"V{secrets.token_hex(5).upper()}", "hash": "1", **view}
        self.hands.open_view(url.place, url.asked_by, opened)
        return {"view": opened}

    async def _use_url(self, request: AsgiRequest) -> AsgiAnswer:
        faulty = await self._around.faults.answer("slack", request)
        url = self._urls.get(request.params["token"])
        if faulty:
            return faulty
        if url is None or time.monotonic() > url.until:
            return json_answer({"ok": False, "error": "expired_url"}, 404)
        if url.uses_left == 0:
            return json_answer({"ok": False, "error": "used_url"}, 404)
        url.uses_left -= 1
        body = request.fields()
        if body.get("replace_original") is True:
            if (url.place.channel, url.pressed) not in self._messages:
                return json_answer({"ok": False, "error": "message_not_found"}, 404)
            self._replace(url.place, url.pressed, body)
        else:
            self.show_answer(url, body, first=False)
        return AsgiAnswer(headers={"content-type": "text/html"}, body=b"ok")

    def _place(self, arguments: Json) -> StandInPlace:
        """Of the argument `channel`; a person's id means the direct message with that person."""
        channel = str(arguments.get("channel") or "")
        if self._around.people.by_id("slack", channel):
            return self._around.places.direct("slack", channel)
        place = self._around.places.find("slack", channel)
        if place is None:
            raise SlackError("channel_not_found")
        return place

    def _login(self, user_id: str | None) -> str | None:
        person = self._around.people.by_id("slack", user_id)
        return person.login if person else user_id

    def _message(self, arguments: Json, missing: str) -> tuple[StandInPlace, Json]:
        place = self._place(arguments)
        message = self._messages.get((place.channel, str(arguments.get("ts"))))
        if message is None:
            raise SlackError(missing)
        return place, message

    def _keep(self, place: StandInPlace, ts: str, message: Json) -> Json:
        kept = {"type": "message", "ts": ts, **message}
        self._messages[place.channel, ts] = kept
        if len(self._messages) > _KEPT:
            self._messages.popitem(last=False)
        return kept

    def _show(self, kind: str, place: StandInPlace, body: Json, **more: Any) -> None:
        pings = () if kind == "deleted" else pings_in(str(body.get("text") or ""))
        dress = dress_of(body) if kind != "deleted" else None
        if dress:
            alone = str(more.get("to") or "") if kind == "ephemeral" else ""
            self.hands.see(place, body, str(more.get("message") or ""), alone)
        self._around.feed.show(kind, place, visible_text(body), pings=pings, dress=dress, **more)
