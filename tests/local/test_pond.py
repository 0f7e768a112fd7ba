"""The demo community is made at the first start, and left to its people from then on."""

from __future__ import annotations

import redis

from local.pond import NAME, fill_pond
from local.stand_ins.people import PEOPLE
from tests.helpers.servers import Urls
from waddlebot.domain.accounts import Account
from waddlebot.stores.community_names import find_community
from waddlebot.stores.members import MemberRoles, Members
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions, editing
from waddlebot_sdk.roles import Role


def test_a_role_that_somebody_was_given_outlives_the_next_start(
    database: Postgres, database_urls: Urls, cache: redis.Redis, versions: Versions
) -> None:
    assert cache.ping()
    fill_pond({**database_urls})
    pond = find_community(database, NAME)
    assert pond is not None
    ana, olga = (PEOPLE[one].ids["twitch"] for one in ("ana", "olga"))
    with editing(database, versions) as edit:
        MemberRoles(edit).give(pond, Account("twitch", ana), Role.ADMIN)
        MemberRoles(edit).give(pond, Account("twitch", olga), Role.USER)

    fill_pond({**database_urls})

    roles = {
        one.user_id: one.role
        for one in Members(database).with_roles(pond)
        if one.platform == "twitch"
    }
    assert roles[ana] is Role.ADMIN
    assert olga not in roles


def test_nobody_has_a_role_of_the_pond_s_on_a_platform_that_is_real(
    database: Postgres, database_urls: Urls, cache: redis.Redis
) -> None:
    assert cache.ping()
    values = {**database_urls}
    fill_pond(values, real=("discord", "slack", "twitch"))
    assert find_community(database, NAME) is None
    fill_pond(values, real=("discord",))
    pond = find_community(database, NAME)
    assert pond is not None
    assert {one.platform for one in Members(database).with_roles(pond)} == {"slack", "twitch"}
