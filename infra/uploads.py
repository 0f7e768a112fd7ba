"""Tells functions of objects that came into the bucket: S3's events, by a rule of EventBridge.

The bucket stands in another stack, and knows neither the rule nor the function.
"""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from functions.declaration import Function, Uploaded
from infra.published import construct_id
from infra.surroundings import StageSurroundings

AGE_SECONDS = 900
"""Longer than an upload waits nobody waits for it either."""
TRIES = 5


class Uploads(Construct):
    """`live` has each function with such a door, as it is called; `failed` keeps what nobody was
    told of.
    """

    def __init__(
        self,
        scope: Construct,
        *,
        around: StageSurroundings,
        live: Mapping[Function, lambda_.IFunction],
        failed: sqs.Queue,
    ) -> None:
        super().__init__(scope, "Uploads")
        self.around = around
        self.failed = failed
        for function, alias in live.items():
            for door in function.doors:
                if isinstance(door, Uploaded):
                    self._rule(function, door, alias)

    def _rule(self, function: Function, door: Uploaded, alias: lambda_.IFunction) -> None:
        rule = events.CfnRule(
            self,
            construct_id(function.name),
            name=f"waddlebot-{self.around.stage}-{function.name}",
            event_pattern={
                "source": ["aws.s3"],
                "detail-type": ["Object Created"],
                "detail": {
                    "bucket": {"name": [self.around.media_bucket]},
                    "object": {"key": [{"prefix": door.under}]},
                },
            },
            targets=[
                events.CfnRule.TargetProperty(
                    id="reads",
                    arn=alias.function_arn,
                    dead_letter_config=events.CfnRule.DeadLetterConfigProperty(
                        arn=self.failed.queue_arn
                    ),
                    retry_policy=events.CfnRule.RetryPolicyProperty(
                        maximum_event_age_in_seconds=AGE_SECONDS, maximum_retry_attempts=TRIES
                    ),
                )
            ],
        )
        told = iam.ServicePrincipal("events.amazonaws.com")
        alias.add_permission("Uploads", principal=told, source_arn=rule.attr_arn)
        self.failed.add_to_resource_policy(
            iam.PolicyStatement(
                actions=["sqs:SendMessage"],
                principals=[told],
                resources=[self.failed.queue_arn],
                conditions={"ArnEquals": {"aws:SourceArn": rule.attr_arn}},
            )
        )
