"""The commands that a community has of its own: one by one, as in chat."""

from __future__ import annotations

import random
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Literal

from fastapi import APIRouter
from pydantic import Field

from functions.communities.asking import CommunityRequest, Wire, needs, told
from functions.communities.community_routes import AsUser, Body, read_role
from functions.communities.people_routes import AsModerator
from waddlebot.decisions.parts.custom.deeds import (
    change_custom,
    remove_custom,
    rename_custom,
    set_custom,
    set_custom_count,
)
from waddlebot.domain.custom_commands import CustomCommand, custom_to_wire
from waddlebot.domain.custom_hours import read_hours
from waddlebot.domain.custom_previews import PreviewSetting, preview
from waddlebot.domain.custom_readers import check_reader, read_by
from waddlebot.domain.custom_texts import MOST_SAID
from waddlebot.domain.custom_whens import When
from waddlebot.domain.entities import EntityId
from waddlebot.domain.errors import Rejected
from waddlebot.domain.own_names import fold_name
from waddlebot.platforms import find_abilities
from waddlebot.stores.community_list import CommunityList
from waddlebot.stores.custom_commands import list_custom
from waddlebot.stores.own_counters import list_counted
from waddlebot_sdk.roles import Role

routes = APIRouter()


class WhenWanted(Body):
    """Where it answers: all of it has to hold; what is empty always does."""

    platforms: list[str] = Field(default_factory=list, description="twitch, discord, slack")
    places: list[str] = Field(default_factory=list, description="ids of channels")
    live: bool | None = Field(default=None, description="only while live, or only while offline")
    hours: list[str] = Field(default_factory=list, description="18:00-23:00, of its zone")
    games: list[str] = Field(default_factory=list, description="as Twitch calls them")

    def read(self) -> When:
        """Raises Refusal."""
        return When(
            platforms=frozenset(self.platforms),
            places=frozenset(map(EntityId, self.places)),
            live=self.live,
            hours=tuple(map(read_hours, self.hours)),
            games=tuple(self.games),
        )


class CustomWanted(Body):
    """`text` is what it says, with variables: `Hi $(user)!`; it is for `role` and those above."""

    name: str
    text: str
    role: str = Role.USER.value
    cooldown_seconds: int = 0
    person_cooldown_seconds: int = 0
    when: WhenWanted = Field(default_factory=WhenWanted)
    category: str = ""
    enabled: bool = True


class CustomChanged(Body):
    """What is left out stays as it is; `to` is what it is called from now on."""

    name: str
    to: str | None = None
    text: str | None = None
    role: str | None = None
    cooldown_seconds: int | None = None
    person_cooldown_seconds: int | None = None
    when: WhenWanted | None = None
    category: str | None = None
    enabled: bool | None = None


class CounterWanted(Body):
    """`counted` is how many times the counter has counted, from now on."""

    counter: str
    counted: int


class CustomTried(Body):
    """`words` is what somebody types behind it, `platform` where."""

    name: str
    words: str = Field(default="", max_length=MOST_SAID)
    platform: Literal["twitch", "discord", "slack"] = "twitch"


@routes.get("/{community}/custom", openapi_extra=needs(Role.USER))
def show_custom(asked: AsUser) -> Wire:
    """By name."""
    # What is for others is not read by whoever may not use it.
    found = read_by(asked.role, list_custom(asked.postgres, asked.community))
    return told([custom_to_wire(one) for one in found])


@routes.put("/{community}/custom", openapi_extra=needs(Role.MODERATOR))
def put_custom(body: CustomWanted, asked: AsModerator) -> Wire:
    """In place of the one of that name, if there is one."""
    with asked.editing() as edit:
        read = {"role": read_role(body.role), "when": body.when.read()}
        wanted = CustomCommand(**{**dict(body), **read})
        command = set_custom(edit, asked.asker, wanted)
    return told(custom_to_wire(command))


@routes.patch("/{community}/custom", openapi_extra=needs(Role.MODERATOR))
def patch_custom(body: CustomChanged, asked: AsModerator) -> Wire:
    changes = dict(body)
    to = changes.pop("to")
    if body.role is not None:
        changes["role"] = read_role(body.role)
    if body.when is not None:
        changes["when"] = body.when.read()
    with asked.editing() as edit:
        command = change_custom(edit, asked.asker, **changes)
        if to is not None:
            command = rename_custom(edit, asked.asker, name=command.name, to=to)
    return told(custom_to_wire(command))


@routes.delete("/{community}/custom", openapi_extra=needs(Role.MODERATOR))
def delete_custom(name: str, asked: AsModerator) -> Wire:
    with asked.editing() as edit:
        command = remove_custom(edit, asked.asker, name=name)
    return told(custom_to_wire(command))


@routes.put("/{community}/custom/counters", openapi_extra=needs(Role.MODERATOR))
def put_custom_counter(body: CounterWanted, asked: AsModerator) -> Wire:
    """The next use counts from there; `before` is what it had come to."""
    with asked.editing() as edit:
        before = set_custom_count(edit, asked.asker, counter=body.counter, counted=body.counted)
    return told({"counter": fold_name(body.counter), "counted": body.counted, "before": before})


@routes.post("/{community}/custom/try", openapi_extra=needs(Role.MODERATOR))
def try_custom(body: CustomTried, asked: AsModerator) -> Wire:
    """What it would say to somebody who is made up, and each step to it. Nothing is counted."""
    found = {one.name: one for one in list_custom(asked.postgres, asked.community)}
    command = found.get(fold_name(body.name))
    if command is None:
        words = "There is no custom command of that name."
        raise Rejected(404, "UNKNOWN_CUSTOM_COMMAND", words)
    check_reader(asked.role, command)
    seen = preview(
        command,
        body.words,
        _setting(body.platform, asked),
        counted=list_counted(asked.postgres, asked.community),
        most=find_abilities(body.platform).most_characters,
    )
    return told(asdict(seen))


def _setting(platform: str, asked: CommunityRequest) -> PreviewSetting:
    communities = CommunityList(asked.postgres)
    own = asked.community
    [community] = communities.page(only=[own], after=own - 1, most=1)
    return PreviewSetting(
        channel=community.name,
        platform=platform,
        now=datetime.now(UTC),
        zone=str(communities.settings(own)["time_zone"]),
        chance=random.Random(),  # noqa: S311
    )
