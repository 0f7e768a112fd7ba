"""In which order a stack's resources were changed, as CloudFormation tells."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

MIGRATES = "UpkeepMigrate"
"""The logical ids of the migrations' own function, role and trigger begin so."""
TRIGGER = "AtDeploy"
FUNCTION = "AWS::Lambda::Function"

Event = dict[str, Any]


def events_since(cloudformation: Any, stack: str, since: datetime) -> Sequence[Event]:
    """The oldest first."""
    pages = cloudformation.get_paginator("describe_stack_events").paginate(StackName=stack)
    events = [event for page in pages for event in page["StackEvents"]]
    return [event for event in reversed(events) if event["Timestamp"] >= since]


def updated_before_migration(events: Sequence[Event]) -> list[str]:
    """Functions whose code was changed before the trigger of the migrations had been done."""
    done = [event for event in events if event["ResourceStatus"].endswith("_COMPLETE")]
    names = [event["LogicalResourceId"] for event in done]
    ran = [at for at, name in enumerate(names) if name.startswith(MIGRATES) and TRIGGER in name]
    return [
        event["LogicalResourceId"]
        for event in done[: ran[0] if ran else len(done)]
        if event["ResourceType"] == FUNCTION
        and not event["LogicalResourceId"].startswith(MIGRATES)
        and event["ResourceStatus"] == "UPDATE_COMPLETE"
    ]
