"""Points that people have in a community."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query

from functions.communities.asking import CommunityRequest, Wire, needs, told
from functions.communities.community_routes import MOST, AsAdmin, AsUser, Most
from waddlebot.domain.accounts import Account
from waddlebot.domain.leaderboard import Period, week_began
from waddlebot.domain.standing_tiers import THOUSAND, tier_of
from waddlebot.stores.community_list import CommunityList
from waddlebot.stores.leaderboards import Leaderboards
from waddlebot.stores.reputation import Reputation
from waddlebot_sdk.roles import Role

MOST_ID_CHARACTERS = 64

routes = APIRouter()
Id = Annotated[str, Query(min_length=1, max_length=MOST_ID_CHARACTERS)]
Platform = Annotated[str, Query(max_length=MOST_ID_CHARACTERS)]


@routes.get("/{community}/reputation", openapi_extra=needs(Role.USER))
def list_leaders(
    asked: AsUser, period: Period = Period.ALL, platform: Platform = "", most: Most = MOST
) -> Wire:
    """The highest first, of all time or of this week; linked accounts are one person.

    Those with as many points have one place. Who hides from leaderboards stands on none. A week
    begins on Monday in the community's time zone.
    """
    found = Leaderboards(asked.postgres, version=asked.version).leaders(
        asked.community,
        most=most,
        since=_week_of(asked) if period is Period.WEEK else None,
        platform=platform,
    )
    return told(
        [
            {
                "place": one.place,
                "name": one.name,
                "points": one.points,
                "platforms": sorted(one.platforms),
            }
            for one in found
        ]
    )


@routes.get("/{community}/reputation/of", openapi_extra=needs(Role.USER))
def show_points(asked: AsUser, platform: Id, user_id: Id) -> Wire:
    """Of one person, with every account that they linked; a standing is from 300 to 850."""
    score = _reputation(asked).score(asked.community, Account(platform, user_id))
    tier, standing = tier_of(score.standing), score.standing / THOUSAND
    return told({"points": score.here, "standing": standing, "tier": tier})


@routes.get("/{community}/reputation/history", openapi_extra=needs(Role.ADMIN))
def list_earned(asked: AsAdmin, platform: Id, user_id: Id, most: Most = MOST) -> Wire:
    """What one person's points were counted for lately, the newest first.

    In chat each reads their own alone.
    """
    account = Account(platform, user_id)
    found = _reputation(asked).history(asked.community, account, most=most)
    return told(
        [{"at": one.at.isoformat(), "event": one.event, "points": one.points} for one in found]
    )


def _week_of(asked: CommunityRequest) -> datetime:
    communities, own = CommunityList(asked.postgres), asked.community
    return week_began(datetime.now(UTC), str(communities.settings(own)["time_zone"]))


def _reputation(asked: CommunityRequest) -> Reputation:
    return Reputation(asked.postgres, version=asked.version)
