"""What is called once a deploy, in order: migrations before any other function is new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import triggers
from constructs import Construct

from functions.declaration import AtDeploy, Function
from infra.published import construct_id, log_group
from infra.surroundings import StageSurroundings, process_of

CALLER = "AWSCDK.TriggerCustomResourceProviderCustomResourceProvider"
"""The CDK's own name for its function that calls ours; one for all steps."""


class DeploySteps:
    """One after the other, each again when its code or its input changed.

    The first makes the tables, so all other functions wait for it: a migration suits the release
    before it, new code needs the new tables. What follows speaks of the functions and waits for
    them: no command is in the table before its module is there.
    """

    def __init__(
        self,
        stack: cdk.Stack,
        *,
        rows: Sequence[Function],
        functions: Mapping[str, lambda_.Function],
        around: StageSurroundings,
    ) -> None:
        self.stack = stack
        self.around = around
        self.functions = functions
        steps = in_order(rows)
        first, *later = steps
        before = [self._trigger(first)]
        others = [functions[name] for name in sorted(functions.keys() - {first.name})]
        before[0].execute_before(*others)
        for step in later:
            after = [one for one in others if one is not functions[step.name]]
            trigger = self._trigger(step)
            trigger.execute_after(*after, *before)
            before.append(trigger)
        self._caller(steps)

    def _trigger(self, step: Function) -> triggers.Trigger:
        trigger = triggers.Trigger(
            self.stack,
            f"{construct_id(step.name)}AtDeploy",
            handler=self.functions[step.name],
            timeout=cdk.Duration.minutes(15),
        )
        self._again_where_a_secret_changed(trigger, step)
        return trigger

    def _again_where_a_secret_changed(self, trigger: triggers.Trigger, step: Function) -> None:
        """What it enters was read from its secrets: a new operator's key is let in by it alone.

        Its function stays what it is, so the trigger is told itself; a version of a function that
        did not change is refused by Lambda.
        """
        called = trigger.node.default_child.node.default_child
        for name in process_of(step).secrets:
            called.add_property_override(f"VersionOf.{name}", self.around.version(name))

    def _caller(self, steps: Sequence[Function]) -> None:
        """The CDK's own, made one of the house: its log ends, and it may write that alone.

        It names whom it calls: by reference it would be there after them, and they could not wait
        for the migration that it calls.
        """
        caller = self.stack.node.find_child(CALLER)
        group = self._log_group()
        code, role = (_cloudformation(caller, name) for name in ("Handler", "Role"))
        code.add_property_override("Architectures", ["arm64"])
        code.add_property_override("LoggingConfig", {"LogGroup": group.log_group_name})
        role.add_property_deletion_override("ManagedPolicyArns")
        statements = [
            _allows(["lambda:InvokeFunction"], [self._any_version(step) for step in steps]),
            _allows(["logs:CreateLogStream", "logs:PutLogEvents"], [group.log_group_arn]),
        ]
        document = {"Version": "2012-10-17", "Statement": statements}
        role.add_property_override(
            "Policies", [{"PolicyName": "Calls", "PolicyDocument": document}]
        )

    def _log_group(self) -> logs.LogGroup:
        stage = self.around.stage
        return log_group(
            self.stack, "AtDeployLogs", f"/aws/lambda/waddlebot-{stage}-at-deploy", stage_name=stage
        )

    def _any_version(self, step: Function) -> str:
        """It calls the one that it has just published."""
        arn = self.stack.format_arn(
            service="lambda",
            resource="function",
            resource_name=f"waddlebot-{self.around.stage}-{step.name}:*",
            arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME,
        )
        return str(arn)


def in_order(rows: Sequence[Function]) -> list[Function]:
    steps = [(door.order, row) for row in rows for door in row.doors if isinstance(door, AtDeploy)]
    return [row for _, row in sorted(steps, key=lambda step: step[0])]


def _cloudformation(caller: Construct, name: str) -> cdk.CfnResource:
    found: cdk.CfnResource = caller.node.find_child(name)
    return found


def _allows(actions: list[str], resources: list[str]) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resources}
