"""The song service on this machine."""

from __future__ import annotations

import json

from waddlebot.outside.client import ServiceAnswer
from waddlebot.outside.stand_in import ServiceRequest, ServiceStandIn


def order(request: ServiceRequest) -> ServiceAnswer:
    if not request.headers.get("authorization", "").startswith("Bearer "):
        return says({"error": "no token"}, 401)
    return says({"title": json.loads(request.body)["song"].title()})


def renamed(request: ServiceRequest) -> ServiceAnswer:
    """The title is told by another name than the documents say."""
    return says({"name": json.loads(request.body)["song"].title()})


def says(told: object, status: int = 200) -> ServiceAnswer:
    kind = {"content-type": "application/json"}
    return ServiceAnswer(status=status, headers=kind, body=json.dumps(told).encode())


STAND_IN = ServiceStandIn(answer=order, wrong={"renamed": renamed})
