"""Who owns a workspace, as `users.list` tells it (docs: "users.list", "Pagination")."""

from __future__ import annotations

from collections.abc import Callable, Generator
from urllib.parse import urlencode

from waddlebot.platforms.delivering import Delivered, HttpAnswer, HttpCall, refused
from waddlebot.platforms.fields import dig, id_at, is_true, text_at
from waddlebot.platforms.slack.people import read_person
from waddlebot_sdk.roles import Role

KEPT_SECONDS = 600.0
"""As long as a role of Slack's counts."""
A_PAGE = 1_000
MOST_PAGES = 10
"""Slack answers this twenty times a minute."""

Looking = Generator[HttpCall, HttpAnswer, "list[str] | Delivered"]


def find_owners(
    workspace: str,
    api_url: str,
    token: str,
    judge: Callable[[HttpAnswer], Delivered | None],
) -> Looking:
    """Their ids, whoever owns it first of all before the others; or why they are not known."""
    owners: list[str] = []
    cursor = ""
    for _ in range(MOST_PAGES):
        answer = yield _page(workspace, api_url, token, cursor)
        if answer.status >= 300 or dig(answer.json, "ok") is not True:
            why = text_at(answer.json, "error") or str(answer.status)
            return judge(answer) or refused(f"Slack does not say who owns the workspace: {why}.")
        members = dig(answer.json, "members")
        for user in members if isinstance(members, list) else ():
            person = read_person(user if isinstance(user, dict) else {})
            if person.role is not Role.OWNER or person.home != f"slack:server:{workspace}":
                continue
            if is_true(user, "is_primary_owner"):
                return [id_at(user, "id"), *owners]
            owners.append(id_at(user, "id"))
        cursor = text_at(answer.json, "response_metadata", "next_cursor")
        if not cursor:
            break
    return owners


def _page(workspace: str, api_url: str, token: str, cursor: str) -> HttpCall:
    """Methods that read take no JSON; a token of one workspace needs no `team_id`."""
    query = {"team_id": workspace, "limit": str(A_PAGE), **({"cursor": cursor} if cursor else {})}
    return HttpCall(
        method="GET",
        url=f"{api_url.rstrip('/')}/users.list?{urlencode(query)}",
        headers={"authorization": f"Bearer {token}"},
        bucket="slack:users.list",
        kept_seconds=KEPT_SECONDS,
    )
