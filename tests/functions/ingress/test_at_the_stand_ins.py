from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
import redis

from tests.functions.ingress.at_the_stand_ins import Scene, a_reply_to, scene
from tests.helpers.lambda_stand_in import Door
from waddlebot.domain.events import Event, MessageType
from waddlebot.domain.platform_actions import ActionKind, PlatformAction
from waddlebot.platforms.delivering import SENT
from waddlebot_sdk.roles import Role


class Router:
    """Repeats what it is asked, or passes it on."""

    def __init__(self) -> None:
        self.passes_on = False
        self.asked: list[Event] = []

    def __call__(self, door: Door) -> None:
        [event] = msgspec.json.decode(door.stand_in.seen[-1].body, type=dict[str, Any])["events"]
        self.asked.append(msgspec.convert(event, Event))
        reply = a_reply_to(self.asked[-1], f"echo: {self.asked[-1].text}")
        replies = [] if self.passes_on else [msgspec.to_builtins(reply)]
        result = {"standing": "ours", "passed_on": self.passes_on, "replies": replies}
        door.says({"results": [result]})


@pytest.fixture
def router() -> Router:
    return Router()


@pytest.fixture
def stage(router: Router, streams: redis.Redis, streams_server: str) -> Iterator[Scene]:
    assert streams.dbsize() == 0
    with scene(router, streams_server) as running:
        yield running


def shown(stage: Scene) -> list[tuple[str, str]]:
    return [(reply["kind"], reply["text"]) for reply in stage.heard()]


@pytest.mark.parametrize("platform", ["discord", "slack"])
def test_a_slash_command_is_answered_at_once(stage: Scene, router: Router, platform: str) -> None:
    said = stage.says("max", platform, "/waddlebot quote 3")
    assert said["accepted"]
    [event] = router.asked
    assert (event.id, event.text) == (said["event_id"], "quote 3")
    assert event.is_asked
    assert shown(stage) == [("inline", "echo: quote 3")]


def test_permissions_of_an_interaction_become_a_role(stage: Scene, router: Router) -> None:
    for who in ("ana", "max", "olga"):
        stage.says(who, "discord", "/waddlebot help")
    roles = [event.user and event.user.role for event in router.asked]
    assert roles == [Role.USER, Role.MODERATOR, Role.ADMIN]


@pytest.mark.parametrize("platform", ["slack", "twitch"])
def test_a_line_is_told_and_answered_where_it_was_said(stage: Scene, platform: str) -> None:
    said = stage.says("ana", platform, "!quote 3")
    [event] = stage.told()
    assert (event.id, event.type, event.text) == (
        said["event_id"],
        MessageType.CHAT_MESSAGE,
        "!quote 3",
    )
    assert stage.deliver(a_reply_to(event, "a < b & c")) == SENT
    assert shown(stage) == [("chat", "a < b & c")]


def test_a_channel_link_on_slack_is_its_name(stage: Scene) -> None:
    stage.says("ana", "slack", "#general now")
    assert [event.text for event in stage.told()] == ["#general now"]


def test_a_mention_on_slack_is_one_for_us(stage: Scene) -> None:
    stage.says("ana", "slack", "@WaddleBot quote 3")
    told = {(event.id, event.type, event.text) for event in stage.told()}
    assert [(kind, text) for _, kind, text in told] == [(MessageType.APP_MENTION, "quote 3")]


@pytest.mark.parametrize("platform", ["discord", "slack"])
def test_a_late_answer_follows_its_deferral(stage: Scene, router: Router, platform: str) -> None:
    router.passes_on = True
    stage.says("ana", platform, "/waddlebot ai why")
    [event] = router.asked
    for number, text in enumerate(("one", "two")):
        assert stage.deliver(a_reply_to(event, text, number=number)) == SENT
    answers = [one for one in shown(stage) if one[0] != "thinking"]
    assert answers == [("followup", "one"), ("followup", "two")]


@pytest.mark.parametrize(("platform", "kind"), [("slack", "ephemeral"), ("twitch", "private")])
def test_a_private_answer_is_shown_to_one(stage: Scene, platform: str, kind: str) -> None:
    stage.says("ana", platform, "!token")
    [event] = stage.told()
    assert stage.deliver(a_reply_to(event, "psst", private=True)) == SENT
    [reply] = stage.heard()
    assert (reply["kind"], reply["text"], reply["to"]) == (kind, "psst", "ana")


def test_a_line_on_twitch_is_deleted(stage: Scene) -> None:
    stage.says("ana", "twitch", "free nitro")
    [event] = stage.told()
    deletion = PlatformAction(
        id="d0",
        kind=ActionKind.DELETE_MESSAGE,
        entity=event.entity,
        message=event.message or "",
    )
    assert stage.deliver(deletion) == SENT
    assert stage.deliver(deletion) == SENT
    assert shown(stage) == [("deleted", "free nitro")]


@pytest.mark.parametrize("platform", ["slack", "twitch"])
def test_a_forged_delivery_changes_nothing(stage: Scene, platform: str) -> None:
    stage.says("ana", platform, "!quote")
    before = stage.told()
    assert stage.breaks(platform, "forge")["status"] in {401, 403}
    assert stage.told() == before


@pytest.mark.parametrize("platform", ["slack", "twitch"])
def test_a_repeated_delivery_is_the_same_event(stage: Scene, platform: str) -> None:
    stage.says("ana", platform, "!quote")
    stage.breaks(platform, "repeat")
    assert len({event.id for event in stage.told()}) == 1
