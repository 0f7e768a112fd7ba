"""What wakes functions by the clock, and where that goes which nobody waited for and which failed.

EventBridge Scheduler, in one group of the stage; scheduled rules are what AWS calls legacy.
"""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from functions.declaration import Function, Schedule
from infra.published import construct_id

AGE_SECONDS = 60
"""Older than that a call that nobody waits for is not begun any more: the next one is due."""


def failed_calls(scope: Construct, stage_name: str) -> sqs.Queue:
    """Calls that died after nobody waited for them; operators read it, nothing repeats them."""
    return sqs.Queue(
        scope,
        "FailedCalls",
        queue_name=f"waddlebot-{stage_name}-failed-calls",
        retention_period=cdk.Duration.days(14),
        encryption=sqs.QueueEncryption.SQS_MANAGED,
        enforce_ssl=True,
    )


class Clockwork(Construct):
    """`functions` with a `Schedule` among their doors, each with the ARN it is woken by."""

    def __init__(
        self, scope: Construct, *, stage_name: str, woken: dict[Function, str], failed: sqs.Queue
    ) -> None:
        super().__init__(scope, "Clockwork")
        group = scheduler.CfnScheduleGroup(self, "Group", name=f"waddlebot-{stage_name}")
        role = self._role(group, list(woken.values()), failed)
        for function, arn in woken.items():
            for door in function.doors:
                if isinstance(door, Schedule):
                    scheduler.CfnSchedule(
                        self,
                        construct_id(function.name),
                        name=f"waddlebot-{stage_name}-{function.name}",
                        group_name=group.name,
                        flexible_time_window={"mode": "OFF"},
                        schedule_expression=_rate(door.every_minutes),
                        target=scheduler.CfnSchedule.TargetProperty(
                            arn=arn,
                            role_arn=role.role_arn,
                            input="{}",
                            dead_letter_config=scheduler.CfnSchedule.DeadLetterConfigProperty(
                                arn=failed.queue_arn
                            ),
                            retry_policy=scheduler.CfnSchedule.RetryPolicyProperty(
                                maximum_retry_attempts=0, maximum_event_age_in_seconds=AGE_SECONDS
                            ),
                        ),
                    ).add_resource_dependency(group)

    def _role(
        self, group: scheduler.CfnScheduleGroup, arns: list[str], failed: sqs.Queue
    ) -> iam.Role:
        """Of this group's schedules alone: no other account's may wear it."""
        ours = {
            "StringEquals": {"aws:SourceAccount": cdk.Aws.ACCOUNT_ID},
            "ArnEquals": {"aws:SourceArn": group.attr_arn},
        }
        wakes = iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=arns)
        leaves = iam.PolicyStatement(actions=["sqs:SendMessage"], resources=[failed.queue_arn])
        return iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("scheduler.amazonaws.com", conditions=ours),
            inline_policies={"Wakes": iam.PolicyDocument(statements=[wakes, leaves])},
        )


def _rate(minutes: int) -> str:
    if minutes == 60:
        return "rate(1 hour)"
    return f"rate({minutes} minute{'s' if minutes > 1 else ''})"
