"""What leaves for Slack: Web API calls, and the response addresses of commands.

Docs: "chat.postMessage", "chat.postEphemeral", "conversations.open", "response_url", "Rate limits".
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec

from waddlebot.domain.entities import Entity, parse_entity
from waddlebot.domain.events import Channel, ResponseUrl
from waddlebot.domain.outcomes import Outgoing, Reply
from waddlebot.domain.platform_actions import ActionKind, PlatformAction
from waddlebot.domain.public_addresses import NOWHERE, PublicAddress, public_address_in
from waddlebot.platforms.delivering import (
    SENT,
    Delivered,
    Delivery,
    HttpAnswer,
    HttpCall,
    State,
    again,
    closed,
    refused,
    said_otherwise,
    try_again,
)
from waddlebot.platforms.emoji_names import find_name
from waddlebot.platforms.fields import dig, text_at
from waddlebot.platforms.slack import OWNERS
from waddlebot.platforms.slack.components import view_of
from waddlebot.platforms.slack.deleting import LENT_TOKEN, delete
from waddlebot.platforms.slack.in_place import replace_by, replacing
from waddlebot.platforms.slack.listings import REFUSED
from waddlebot.platforms.slack.owners import find_owners
from waddlebot.platforms.slack.render import called, dress_of, rendered, response_type
from waddlebot.platforms.slack.slash_commands import RESPONSE_URL_LIVES, TRIGGER_LIVES
from waddlebot.platforms.wording import FOR_NOBODY, named

_PASSES = frozenset({"fatal_error", "internal_error", "request_timeout", "service_unavailable"})
_NOT_SEEN = frozenset({"channel_not_found", "is_archived", "not_in_channel", "user_not_in_channel"})
_THREAD_IS_GONE = frozenset(
    {
        "cannot_reply_to_message",
        "invalid_thread_ts",
        "message_not_found",
        "restricted_action_thread_locked",
        "thread_not_found",
    }
)
_NO_THREAD = "The thread is gone: it was said in its channel."
_NOT_ALLOWED = frozenset(
    {
        "restricted_action",
        "restricted_action_non_threadable_channel",
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
    }
)
TOKEN_IS_DEAD = frozenset(
    {"account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked"}
)


_CLOSED = (
    "that is for you alone, and I cannot write to you privately. Ask with /waddlebot: its answers "
    "can be shown to you alone."
)
_REACTIONS = {
    ActionKind.REACT: "reactions.add",
    ActionKind.END_REACTION: "reactions.remove",
}
MOST_OWNERS_TRIED = 3
_DONE_ALREADY = frozenset({"already_reacted", "no_reaction", "message_not_found"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackCredentials:
    """`lent` is the token of an admin who lets the bot delete in their name, empty without one;
    `public` is where others find the house."""

    token: str = field(repr=False)
    api_url: str
    lent: str = field(default="", repr=False)
    public: PublicAddress = NOWHERE

    @classmethod
    def find(cls, variables: Mapping[str, str]) -> SlackCredentials | None:
        """From SLACK_BOT_TOKEN, SLACK_API_URL and LENT_TOKEN; None without a token."""
        if not variables.get("SLACK_BOT_TOKEN"):
            return None
        return cls(
            token=variables["SLACK_BOT_TOKEN"],
            api_url=variables.get("SLACK_API_URL") or "https://slack.com/api",
            lent=variables.get(LENT_TOKEN, ""),
            public=public_address_in(variables),
        )


find_credentials = SlackCredentials.find


def deliver(
    outgoing: Outgoing, credentials: SlackCredentials, *, now: datetime | None = None
) -> Delivery:
    """See `delivering`. Slack has no idempotency key: a repeated send is said twice."""
    api = _Api(credentials, now or datetime.now(UTC))
    if isinstance(outgoing, PlatformAction):
        return (yield from _act(outgoing, api))
    if outgoing.secret and not outgoing.user:
        return refused(FOR_NOBODY)
    if outgoing.offer and outgoing.offer.form and (trigger := _trigger(outgoing, api)):
        view = view_of(outgoing.offer.form, outgoing)
        opened = yield api.call("views.open", {"trigger_id": trigger, "view": view})
        if opened.status < 300 and dig(opened.json, "ok") is True:
            return SENT
    if isinstance(outgoing.way_back, ResponseUrl) and outgoing.in_place:
        return (yield from _in_place(outgoing, outgoing.way_back, api))
    if isinstance(outgoing.way_back, ResponseUrl) and api.may_answer_at(outgoing.way_back):
        return (yield from _to_response_url(outgoing, outgoing.way_back, api))
    return (yield from _to_channel(outgoing, outgoing.text, api))


def _trigger(reply: Reply, api: _Api) -> str:
    """While it opens a form; behind it the button that does is left."""
    way_back = reply.way_back
    if not isinstance(way_back, ResponseUrl):
        return ""
    is_young = api.now - (way_back.until - RESPONSE_URL_LIVES) < TRIGGER_LIVES
    return way_back.trigger if is_young else ""


@dataclass(frozen=True, slots=True)
class _Api:
    credentials: SlackCredentials
    now: datetime

    def call(self, method: str, json: Mapping[str, Any]) -> HttpCall:
        return HttpCall(
            method="POST",
            url=f"{self.credentials.api_url.rstrip('/')}/{method}",
            headers={
                "authorization": f"Bearer {self.credentials.token}",
                "content-type": "application/json; charset=utf-8",
            },
            json=json,
            bucket=f"slack:{json.get('channel', '')}",
        )

    @property
    def lent(self) -> _Api | None:
        """In the name of an admin, None where nobody lent that."""
        if not self.credentials.lent:
            return None
        return replace(self, credentials=replace(self.credentials, token=self.credentials.lent))

    def may_answer_at(self, way_back: ResponseUrl) -> bool:
        """The address comes from a signed request, but a bot must not post wherever it is told."""
        target, ours = urlsplit(way_back.url), urlsplit(self.credentials.api_url)
        # Slack's API is at slack.com; who points it elsewhere means all of Slack.
        known = {("https", f"hooks.{ours.netloc}"), (ours.scheme, ours.netloc)}
        return (target.scheme, target.netloc) in known and self.now < way_back.until

    def judge(self, answer: HttpAnswer) -> Delivered | None:
        if text_at(answer.json, "error") == "ratelimited" and answer.status != 429:
            return again(1.0, "Slack takes no more messages for now.")
        if text_at(answer.json, "error") in _PASSES:
            return again(2.0, "Slack does not answer.")
        return try_again("Slack", answer, now=self.now)


def _act(action: PlatformAction, api: _Api) -> Delivery:
    """Reactions, and what an admin lent; the rest only people can do there."""
    if action.kind is ActionKind.DELETE_MESSAGE:
        about = {"channel": parse_entity(action.entity).channel, "ts": action.message}
        call = api.lent.call("chat.delete", about) if api.lent else None
        return (yield from delete(action, call, api.judge, api.credentials.public))
    method = _REACTIONS.get(action.kind)
    if method is None:
        return refused("On Slack only people can do that.")
    name = find_name(action.text)
    if name is None:
        return refused(f"Slack has no emoji {action.text}.")
    entity = parse_entity(action.entity)
    about = {"channel": entity.channel, "timestamp": action.message}
    answer = yield api.call(method, {**about, "name": name})
    if text_at(answer.json, "error") == "invalid_name":
        return refused(f"Slack has no emoji :{name}:.")
    if text_at(answer.json, "error") in _DONE_ALREADY:
        return SENT
    return api.judge(answer) or _settled(answer, entity)


def _to_response_url(reply: Reply, way_back: ResponseUrl, api: _Api) -> Delivery:
    """Needs no token; where its five uses are spent, the channel is left."""
    body: dict[str, Any] = {
        "response_type": response_type(private=reply.private),
        "replace_original": False,
        "text": rendered(reply.text),
        **dress_of([reply]),
    }
    if way_back.thread:
        body["thread_ts"] = way_back.thread
    answer = yield _at_address(way_back, reply, body)
    if answer.status < 300 and dig(answer.json, "ok") is not False:
        return SENT
    return api.judge(answer) or (yield from _to_channel(reply, named(reply, reply.text), api))


def _at_address(way_back: ResponseUrl, reply: Reply, body: Mapping[str, Any]) -> HttpCall:
    headers = {"content-type": "application/json; charset=utf-8"}
    bucket = f"slack:{reply.entity}"
    return HttpCall(method="POST", url=way_back.url, headers=headers, json=body, bucket=bucket)


def _in_place(reply: Reply, way_back: ResponseUrl, api: _Api) -> Delivery:
    """By its address, else by the bot's own right; anew where what was pressed is gone."""
    body, calls = replacing(reply), list[HttpCall]()
    if api.may_answer_at(way_back):
        calls.append(_at_address(way_back, reply, {"replace_original": True, **body}))
    if way_back.pressed:
        line = {"channel": parse_entity(reply.entity).channel, "ts": way_back.pressed}
        calls.append(api.call("chat.update", {**line, **body}))
    replaced = yield from replace_by(calls, api.judge)
    return replaced or (yield from _to_channel(reply, reply.text, api))


def _to_channel(reply: Reply, text: str, api: _Api) -> Delivery:
    """Where nothing can be said any more, alone to whoever waits for it."""
    entity = parse_entity(reply.entity)
    body: dict[str, Any] = {"channel": entity.channel, "text": called(reply, text)}
    if text == reply.text:
        body |= dress_of([reply])
    if isinstance(reply.way_back, Channel) and reply.way_back.thread:
        body["thread_ts"] = reply.way_back.thread
    if entity.kind == OWNERS:
        return (yield from _to_owners(reply, entity, api))
    if entity.kind != "channel":
        return (yield from _to_person(reply, entity, api))
    if reply.private and reply.user and not _is_direct(entity):
        return (yield from _to_one(reply, body, entity, api))
    said = yield from _post(body, entity, api)
    if said.is_unsaid and reply.is_awaited and not _is_direct(entity):
        return said_otherwise((yield from _to_person(reply, entity, api)), said)
    return said


def _to_one(reply: Reply, body: Mapping[str, Any], entity: Entity, api: _Api) -> Delivery:
    """What is for one person is never said in the channel instead."""
    answer = yield from _dressed_or_plain("chat.postEphemeral", {**body, "user": reply.user}, api)
    if _is_without_thread(answer, body):
        outside = yield from _to_one(reply, _outside(body), entity, api)
        return said_otherwise(outside, refused(_NO_THREAD))
    if text_at(answer.json, "error") not in _NOT_SEEN:
        return api.judge(answer) or _settled(answer, entity)
    told = yield from _to_person(reply, entity, api)
    if told.state is not State.REFUSED:
        return told
    where_else = {**_plain(body), "text": rendered(named(reply, reply.otherwise or _CLOSED))}
    return (yield from _post(where_else, entity, api))


def _to_owners(reply: Reply, entity: Entity, api: _Api) -> Delivery:
    """One of them reads it, alone."""
    credentials = api.credentials
    owners: list[str] | Delivered = yield from find_owners(
        entity.channel, credentials.api_url, credentials.token, api.judge
    )
    if isinstance(owners, Delivered):
        return owners
    for owner in owners[:MOST_OWNERS_TRIED]:
        told = yield from _to_person(msgspec.structs.replace(reply, user=owner), entity, api)
        if told.state is not State.REFUSED:
            return told
    return refused(
        "No owner of the workspace takes messages from me. Its community can name a channel by "
        "the setting moderators."
    )


def _to_person(reply: Reply, entity: Entity, api: _Api) -> Delivery:
    """A person's id as channel means the direct message with that person."""
    if not reply.user:
        return refused("This happened to the whole workspace: there is no channel to answer in.")
    body = {"channel": reply.user, "text": called(reply, reply.text), **dress_of([reply])}
    return (yield from _post(body, entity, api))


def _post(body: Mapping[str, Any], entity: Entity, api: _Api) -> Delivery:
    unfurled = {"unfurl_links": False, "unfurl_media": False}
    answer = yield from _dressed_or_plain("chat.postMessage", {**body, **unfurled}, api)
    if _is_without_thread(answer, body):
        outside = yield from _post(_outside(body), entity, api)
        return said_otherwise(outside, refused(_NO_THREAD))
    return api.judge(answer) or _settled(answer, entity)


def _dressed_or_plain(
    method: str, body: Mapping[str, Any], api: _Api
) -> Generator[HttpCall, HttpAnswer, HttpAnswer]:
    """The text alone where Slack does not take the blocks."""
    answer = yield api.call(method, body)
    if "blocks" in body and text_at(answer.json, "error") in REFUSED:
        answer = yield api.call(method, _plain(body))
    return answer


def _plain(body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name != "blocks"}


def _is_without_thread(answer: HttpAnswer, body: Mapping[str, Any]) -> bool:
    """What was refused was not said: then it is said in the channel."""
    return "thread_ts" in body and text_at(answer.json, "error") in _THREAD_IS_GONE


def _outside(body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name != "thread_ts"}


def _is_direct(entity: Entity) -> bool:
    return entity.kind == "channel" and entity.channel.startswith("D")


def _settled(answer: HttpAnswer, entity: Entity) -> Delivered:
    """Slack shows `<#id>` as the channel's name."""
    error = text_at(answer.json, "error")
    if answer.status < 300 and not error:
        return SENT
    where = f"<#{entity.channel}>"
    if error in TOKEN_IS_DEAD:
        return refused("Slack does not accept the bot's token: connect WaddleBot again.")
    if error in {"not_in_channel", "channel_not_found"}:
        return closed(f"WaddleBot cannot write in {where}: type /invite @WaddleBot there.")
    if error == "is_archived":
        return closed(f"WaddleBot cannot write in {where}: the channel is archived.")
    if error in _NOT_ALLOWED:
        return closed(f"WaddleBot cannot write in {where}: allow it in the channel's settings.")
    if error == "messages_tab_disabled":
        return closed("WaddleBot cannot write to people: switch the app's messages tab on.")
    if error == "missing_scope":
        needed = text_at(answer.json, "needed") or "chat:write"
        return closed(f"WaddleBot cannot write in {where}: give the app the scope {needed}.")
    return refused(f"Slack refused a message: {error or answer.status}.")
