"""Whom alarms call: one topic, and an address by mail where one was told (`-c alarms=…`)."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

CLOUDWATCH = "cloudwatch.amazonaws.com"


class Alarms(Construct):
    """`called` is what an alarm names among its actions. Encrypted under the key of the data.

    CloudWatch asks for that key itself, and in silence calls nobody where it may not have it.
    """

    def __init__(self, scope: Construct, *, stage_name: str, key: kms.Key, mail: str) -> None:
        super().__init__(scope, "Alarms")
        topic = sns.CfnTopic(
            self,
            "Topic",
            topic_name=f"waddlebot-{stage_name}-alarms",
            display_name=f"WaddleBot {stage_name}",
            kms_master_key_id=key.key_arn,
        )
        self.called = topic.ref
        from_ours = _from_alarms_of(self, stage_name)
        key.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal(CLOUDWATCH)],
                actions=["kms:Decrypt", "kms:GenerateDataKey*"],
                resources=["*"],
                conditions=from_ours,
            )
        )
        sns.CfnTopicPolicy(
            self,
            "Policy",
            topics=[topic.ref],
            policy_document={
                "Version": "2012-10-17",
                "Statement": [
                    _statement("Allow", {"Service": CLOUDWATCH}, topic.ref, from_ours),
                    _statement(
                        "Deny", {"AWS": "*"}, topic.ref, {"Bool": {"aws:SecureTransport": "false"}}
                    ),
                ],
            },
        )
        if mail:
            sns.CfnSubscription(
                self, "ByMail", protocol="email", endpoint=mail, topic_arn=topic.ref
            )


def told_mail(scope: Construct) -> str:
    """Empty where nobody is to be called; its form `check_context` has looked at."""
    return str(scope.node.try_get_context("alarms") or "")


def _from_alarms_of(scope: Construct, stage_name: str) -> dict[str, Any]:
    arn = cdk.Stack.of(scope).format_arn(
        service="cloudwatch",
        resource="alarm",
        resource_name=f"waddlebot-{stage_name}-*",
        arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME,
    )
    return {
        "StringEquals": {"aws:SourceAccount": cdk.Aws.ACCOUNT_ID},
        "ArnLike": {"aws:SourceArn": arn},
    }


def _statement(
    effect: str, who: dict[str, str], topic: str, conditions: dict[str, Any]
) -> dict[str, Any]:
    return {
        "Effect": effect,
        "Principal": who,
        "Action": "sns:Publish",
        "Resource": topic,
        "Condition": conditions,
    }
