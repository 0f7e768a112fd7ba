"""With whose tokens the gateway speaks at Slack, and in whose name it deletes there."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from waddlebot.domain.outcomes import Outgoing
from waddlebot.domain.platform_actions import ActionKind, PlatformAction
from waddlebot.outside.renewing import NotConnected
from waddlebot.outside.slack_workspaces import SlackWorkspaces, SpokenWith
from waddlebot.platforms.delivering import HttpAnswer, HttpCall
from waddlebot.platforms.slack.deleting import LENT_TOKEN


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenAtSlack:
    bot: SpokenWith
    lent: SpokenWith | None

    @property
    def variables(self) -> Mapping[str, str]:
        return {**self.bot.variables, **({LENT_TOKEN: self.lent.token} if self.lent else {})}


@dataclass(frozen=True, slots=True)
class SlackSpeaking:
    """See post.py. What an admin lent is looked for where something is deleted, and else never."""

    workspaces: SlackWorkspaces

    def of(self, outgoing: Outgoing) -> SpokenAtSlack:
        bot = self.workspaces.of_place(outgoing.entity)
        is_theirs = (
            isinstance(outgoing, PlatformAction) and outgoing.kind is ActionKind.DELETE_MESSAGE
        )
        lent = self.workspaces.lent_in(outgoing.entity) if is_theirs else None
        return SpokenAtSlack(bot=bot, lent=lent)

    def is_refused(self, answer: HttpAnswer) -> bool:
        return self.workspaces.is_refused(answer)

    def refused(self, spoken: SpokenAtSlack, call: HttpCall) -> None:
        if spoken.lent and call.headers["authorization"].endswith(spoken.lent.token):
            # Where nobody lends it any more, the next try finds out and says so.
            with suppress(NotConnected):
                self.workspaces.refused_lent(spoken.lent)
        else:
            self.workspaces.refused(spoken.bot)
