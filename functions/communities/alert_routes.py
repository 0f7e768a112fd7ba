"""What of that which happens is shown in OBS as an alert: one rule after another, as in chat."""

from __future__ import annotations

from dataclasses import asdict

from fastapi import APIRouter

from functions.communities.asking import Wire, needs, told
from functions.communities.community_routes import Body
from functions.communities.people_routes import AsModerator
from waddlebot.decisions.parts.alerts.deeds import reset_alerts, set_alert
from waddlebot.domain.alerts import USUAL_SECONDS, AlertRule
from waddlebot.stores.alert_rules import list_alert_rules
from waddlebot_sdk.roles import Role

routes = APIRouter()


class AlertWanted(Body):
    """`kind` from `least` to `most` of its amount, on one platform or, without, on all. `text` is a
    line with `{name}`, `{amount}`, `{tier}` and `{message}`; empty it is as usual.
    `image` is an address, or the name of a picture of the community; `sound` that of a sound.
    """

    kind: str
    platform: str = ""
    least: int = 0
    most: int | None = None
    on: bool = True
    text: str = ""
    style: str = ""
    seconds: int = USUAL_SECONDS
    image: str = ""
    sound: str = ""


@routes.get("/{community}/alerts", openapi_extra=needs(Role.MODERATOR))
def show_alert_rules(asked: AsModerator) -> Wire:
    """Those of its own; a kind without one is shown as usual."""
    return told([asdict(one) for one in list_alert_rules(asked.postgres, asked.community)])


@routes.put("/{community}/alerts", openapi_extra=needs(Role.MODERATOR))
def put_alert_rule(body: AlertWanted, asked: AsModerator) -> Wire:
    """In place of the one of its kind, platform and least amount, if there is one."""
    with asked.editing() as edit:
        kept = set_alert(edit, asked.asker, AlertRule(**body.model_dump()))
    return told(asdict(kept))


@routes.delete("/{community}/alerts", openapi_extra=needs(Role.MODERATOR))
def delete_alert_rules(
    kind: str, asked: AsModerator, platform: str | None = None, least: int | None = None
) -> Wire:
    """All of this kind, or those of one platform or from one amount: `least`, in its own counts."""
    with asked.editing() as edit:
        gone = reset_alerts(edit, asked.asker, kind=kind, platform=platform, least=least)
    return told([asdict(one) for one in gone])
