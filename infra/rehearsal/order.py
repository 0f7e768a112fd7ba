"""In which order a stack's resources were changed, as CloudFormation tells."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

MIGRATES, TRIGGER = "UpkeepMigrate", "AtDeploy"
"""How the logical ids of the migrations' own resources begin, and what its trigger's holds."""
CALLER = "AWSCDKTrigger"
"""The CDK's own function that calls it: it is there before."""
FUNCTION = "AWS::Lambda::Function"

Event = dict[str, Any]


def events_since(cloudformation: Any, stack: str, since: datetime) -> Sequence[Event]:
    """The oldest first."""
    pages = cloudformation.get_paginator("describe_stack_events").paginate(StackName=stack)
    events = [event for page in pages for event in page["StackEvents"]]
    return [event for event in reversed(events) if event["Timestamp"] >= since]


def count_updated(events: Sequence[Event]) -> int:
    """How many functions have new code."""
    return sum(map(_is_updated, events))


def updated_before_migration(events: Sequence[Event]) -> list[str]:
    """Functions whose code was changed before the trigger of the migrations had been done."""
    done = [event for event in events if event["ResourceStatus"].endswith("_COMPLETE")]
    names = [event["LogicalResourceId"] for event in done]
    ran = next((at for at, name in enumerate(names) if name == MIGRATES + TRIGGER), len(names))
    return [
        event["LogicalResourceId"]
        for event in done[:ran]
        if _is_updated(event) and not event["LogicalResourceId"].startswith((MIGRATES, CALLER))
    ]


def _is_updated(event: Event) -> bool:
    is_done = bool(event["ResourceStatus"] == "UPDATE_COMPLETE")
    return is_done and bool(event["ResourceType"] == FUNCTION)
