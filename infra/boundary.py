"""What no role of ours may ever do, whatever its own policies come to say.

`make bootstrap` makes that policy (`operations/aws/boundary.json`), and no stack has it: whoever
deploys could widen it by a template (docs/decisions/0119).
"""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from waddlebot.domain.stages import BOUNDARY


def bind_roles(stack: cdk.Stack) -> None:
    """Every role in it, those that constructs of others make as well."""
    policy = iam.ManagedPolicy.from_managed_policy_name(stack, "RolesBoundary", BOUNDARY)
    iam.PermissionsBoundary.of(stack).apply(policy)
