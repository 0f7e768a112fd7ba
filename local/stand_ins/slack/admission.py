"""Whose token a call of Slack's Web API bears, and what that one sees: its own workspace alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from local.stand_ins.asgi import AsgiRequest, Json
from local.stand_ins.people import SLACK_BOT, SLACK_BOT_USER
from local.stand_ins.platform import Surroundings
from local.stand_ins.slack.content import SlackError
from local.stand_ins.slack.installed import Given, Installed
from local.stand_ins.slack.installing import name_of
from local.stand_ins.slack.residents import Residents
from waddlebot.platforms.slack.connecting import SCOPES

HOUSE_ORGANISATION = "E0WADDLEBOT"
_NEEDED: Mapping[str, str] = {
    "chat.delete": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.postMessage": "chat:write",
    "conversations.info": "channels:read",
    "usergroups.list": "usergroups:read",
    "usergroups.users.list": "usergroups:read",
    "users.info": "users:read",
    "users.list": "users:read",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """The house's token (None) is of an organisation, in which everybody is at home who did not
    install the app apart; or of the one workspace that the key SLACK_TEAM names.
    """

    around: Surroundings
    residents: Residents
    installed: Installed

    def find(self, request: AsgiRequest, arguments: Json) -> Given | None:
        """Raises SlackError: there is no token, or it is not taken."""
        sent = request.headers.get("authorization", "").removeprefix("Bearer ")
        token = sent or str(arguments.get("token") or "")
        if not token:
            raise SlackError("not_authed")
        return None if token == self.around.keys["STAND_IN_TOKEN"] else self.installed.find(token)

    def check(self, given: Given | None, method: str, arguments: Json) -> None:
        """Raises SlackError, as if what is of another workspace were not there at all."""
        scopes, needed = self.scopes(given), _NEEDED.get(method)
        if needed and needed not in scopes.split(","):
            raise SlackError("missing_scope", needed=needed, provided=scopes)
        channel, user = str(arguments.get("channel") or ""), str(arguments.get("user") or "")
        if not self._sees_channel(given, channel):
            raise SlackError("channel_not_found")
        if not self._sees_person(given, user):
            raise SlackError("user_not_found")
        team = arguments.get("team_id")
        if team and not self._sees(given, str(team)):
            raise SlackError("team_not_found")

    def scopes(self, given: Given | None) -> str:
        if given is not None:
            return ",".join(given.scopes)
        return self.around.keys.get("SLACK_SCOPES") or ",".join(SCOPES)

    def auth_test(self, given: Given | None) -> Json:
        home = given.home if given else self.around.keys.get("SLACK_TEAM") or HOUSE_ORGANISATION
        is_whole = home.startswith("E")
        return {
            "url": "https://waddlebot.slack.com/",
            "team": name_of(home) if given else "WaddleBot",
            "user": "waddlebot",
            "team_id": home,
            "user_id": SLACK_BOT_USER,
            "bot_id": SLACK_BOT,
            "is_enterprise_install": is_whole,
            **({"enterprise_id": home} if is_whole else {}),
        }

    def list_teams(self, given: Given | None) -> Json:
        if given is None or not given.home.startswith("E"):
            raise SlackError("not_allowed_token_type")
        teams = [{"id": one, "name": name_of(one)} for one in self.installed.teams_of(given.home)]
        return {"teams": teams, "response_metadata": {"next_cursor": ""}}

    def _sees_channel(self, given: Given | None, channel: str) -> bool:
        """A person's id is the direct message with that person."""
        if self.around.people.by_id("slack", channel):
            return self._sees_person(given, channel)
        place = self.around.places.find("slack", channel)
        if place and place.private_with:
            return self._sees_person(given, place.private_with)
        return place is None or self._sees(given, place.server)

    def _sees_person(self, given: Given | None, user: str) -> bool:
        is_known = self.around.people.by_id("slack", user) is not None
        return not is_known or self._sees(given, self.residents.team_of(user))

    def _sees(self, given: Given | None, team: str | None) -> bool:
        own = self.around.keys.get("SLACK_TEAM")
        if given is None and own:
            return team == own
        return self.installed.may_see(given, team)
