"""What a platform said of something that changes seldom is not asked again; a refusal is."""

from __future__ import annotations

import asyncio

from aiohttp import web

from gateway_bot.paces import Pacer, paces_of
from gateway_bot.post import Post, open_session
from tests.helpers.platform_stand_in import PlatformStandIn, platform_stand_in
from tests.helpers.senders import a_reply
from waddlebot.domain.entities import EntityId

OWNER = {"id": "U1", "team_id": "T1", "is_owner": True, "is_primary_owner": True, "name": "olga"}
OWNERS = EntityId("slack:owners:T1")


async def expired_at_first(platform: PlatformStandIn) -> web.StreamResponse:
    """Slack refuses with a 200, also a token that has just ended."""
    match platform.seen[-1].path:
        case "/slack/users.list" if len(platform.seen) == 1:
            told: dict[str, object] = {"ok": False, "error": "token_expired"}
        case "/slack/users.list":
            told = {"ok": True, "members": [OWNER]}
        case "/slack/conversations.open":
            told = {"ok": True, "channel": {"id": "D1"}}
        case _:
            told = {"ok": True}
    return web.json_response(told)


def test_a_token_that_ended_is_no_answer_about_who_owns_a_workspace() -> None:
    """Else the next token is taken for refused as well, and the connection for lost."""

    async def may_begin() -> bool:
        return True

    async def go() -> tuple[list[str], list[str]]:
        async with platform_stand_in(expired_at_first) as platform, open_session() as session:
            pacer = Pacer(paces_of(is_twitch_moderator=False))
            post = Post(session=session, variables=platform.variables, pacer=pacer)
            states = []
            for number in range(3):
                posted = await post.send(a_reply(f"line {number}", entity=OWNERS), may_begin)
                assert posted
                states.append(posted.delivered.state.value)
            return states, [seen.path for seen in platform.seen]

    states, paths = asyncio.run(go())

    assert states == ["refused", "sent", "sent"]
    assert paths.count("/slack/users.list") == 2
