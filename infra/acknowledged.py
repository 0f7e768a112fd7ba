"""Rules of cdk-nag that we break on purpose, and why; `make synth` fails on every other one."""

from __future__ import annotations

from collections.abc import Mapping

import aws_cdk as cdk
from cdk_nag import AwsSolutionsChecks, ServerlessChecks

from waddlebot.domain.media_files import INCOMING, SERVED

_OF_FUNCTIONS = {
    "AwsSolutions::AwsSolutions-L1": (
        "Python 3.13, not the newest: it is kept up until 2029, and all packages have wheels."
    ),
    "Serverless::Serverless-LambdaLatestVersion": "The same as AwsSolutions-L1.",
    "Serverless::Serverless-LambdaDLQ": (
        "Whoever is called without being waited for has a destination for what failed; all others "
        "answer their caller, who knows of the failure."
    ),
    "Serverless::Serverless-LambdaTracing": (
        "Each line of a log has the session's id; a trace would say the same once more."
    ),
}
_OWN_CHECKS = (
    "Platforms sign their bodies, which an authorizer does not see; keys and overlay tokens are "
    "checked by the functions, whose refusals have our words."
)
_OWN_INTERFACES = (
    "Lambda makes network interfaces with the rights of a role; AWS has no names for them before. "
    "tests/infra/test_boundary.py has the list of such actions, each with its reason."
)
ACKNOWLEDGED: Mapping[str, Mapping[str, str]] = {
    "network": {
        "AwsSolutions::AwsSolutions-EC23": (
            "The rule cannot read a rule of a group whose range is a parameter or the network's "
            "own; tests/infra/test_network_stack.py reads them: nothing is open to the world."
        ),
        "AwsSolutions::AwsSolutions-AS3": (
            "A group of one that replaces a dead NAT instance by itself; nobody has to know."
        ),
    },
    "data": {
        **_OF_FUNCTIONS,
        "AwsSolutions::AwsSolutions-RDS2": "A replica is encrypted as the writer is.",
        "AwsSolutions::AwsSolutions-RDS3": "Profile small has one zone, and says so.",
        "AwsSolutions::AwsSolutions-RDS11": (
            "The usual port: nobody reaches it but by its security group and a token."
        ),
        "AwsSolutions::AwsSolutions-AEC4": "Profile small has one node of Valkey, and says so.",
        "AwsSolutions::AwsSolutions-AEC6": (
            "Users enter by IAM tokens instead of one password; with `-c login=secret` by one of "
            "their own."
        ),
        "AwsSolutions::AwsSolutions-AEC5": "The usual port, as of the database.",
        "AwsSolutions::AwsSolutions-S1": (
            "Anybody may see the files, by names that nobody guesses: who looked at one is "
            "nobody's business, and who put one there stands in the audit log of its community."
        ),
        "Serverless::Serverless-SNSRedrivePolicy": (
            "A letter about an alarm that was not delivered helps nobody later: the alarm itself "
            "stands in CloudWatch."
        ),
        "AwsSolutions::AwsSolutions-SMG4": (
            "Tokens of platforms and keys of ours: no rotation of AWS's knows how to make them; "
            "`waddlebot aws secret set` writes the next one. Passwords of servers, where there are "
            "any, are made by a deploy, which gives them to the servers as well."
        ),
    },
    "functions": {
        **_OF_FUNCTIONS,
        "AwsSolutions::AwsSolutions-APIG4": _OWN_CHECKS,
        "AwsSolutions::AwsSolutions-IAM5[Resource::*]": _OWN_INTERFACES,
        "Serverless::Serverless-LambdaStarPermissions": _OWN_INTERFACES,
        "AwsSolutions::AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/"
        "AmazonAPIGatewayPushToCloudWatchLogs]": (
            "As whom API Gateway writes logs of WebSocket APIs, in AWS's own words."
        ),
        "AwsSolutions::AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:execute-api:<AWS::Region>:"
        "<AWS::AccountId>:<OverlaySocketDoorApi6CF271DC>/live/*/@connections/*]": (
            "All open sockets of one API: their ids are known when they are open."
        ),
        **{
            "AwsSolutions::AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::"
            f"<MediaBucketName>/{under}*]": (
                "All files under one beginning; keys are made as they come."
            )
            for under in (INCOMING, SERVED)
        },
        "AwsSolutions::AwsSolutions-SQS3": "It is where failed calls end; nothing reads it but us.",
        "Serverless::Serverless-SQSRedrivePolicy": "The same.",
    },
    "routes": {"AwsSolutions::AwsSolutions-APIG4": _OWN_CHECKS},
    "origins": {},
    "edge": {
        "AwsSolutions::AwsSolutions-CFR1": "Communities are everywhere; no country is shut out.",
        "AwsSolutions::AwsSolutions-CFR3": (
            "A log of requests would hold paths, and those of overlays hold tokens; the API's own "
            "log has a line for each request, without them."
        ),
    },
    "gateway": {
        "AwsSolutions::AwsSolutions-ECS2": (
            "They are addresses and names of secrets; no secret is among them."
        ),
        "AwsSolutions::AwsSolutions-IAM5[Resource::*]": (
            "ecr:GetAuthorizationToken takes no resource."
        ),
    },
}
"""By stack, each with its reason. An instance is named where the rule knows it; `{stage}` is the
stage's name."""


def judge(app: cdk.App, stacks: list[cdk.Stack], *, stage_name: str) -> None:
    """By both packs: what they find ends the synth."""
    for stack in stacks:
        for rule, reason in ACKNOWLEDGED[stack.stack_name.rpartition("-")[2]].items():
            named = rule.replace("{stage}", stage_name)
            acknowledgment = cdk.Acknowledgment(id=named, reason=reason)
            cdk.Validations.of(stack).acknowledge(acknowledgment)
    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app), ServerlessChecks(app))
