"""What must not be lost: PostgreSQL, Valkey, their key. It outlives every other stack."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.addresses import Addresses
from infra.database import Database
from infra.profiles import Profile
from infra.published import publish
from infra.valkey_groups import ValkeyGroups


class DataStack(cdk.Stack):
    """No password of ours: RDS keeps the master's, everybody else enters by IAM.

    A logical id that changes replaces what it names, so they are held against a file
    (`tests/infra/data_stack_ids.txt`).
    """

    def __init__(self, scope: Construct, *, stage_name: str, profile: Profile) -> None:
        super().__init__(scope, f"waddlebot-{stage_name}-data", termination_protection=True)
        addresses = Addresses(stage=stage_name)
        key = kms.Key(
            self,
            "Key",
            description=f"WaddleBot {stage_name}: data and secrets",
            enable_key_rotation=True,
            removal_policy=cdk.RemovalPolicy.RETAIN,
        )
        publish(self, "KeyArn", addresses.key, key.key_arn)
        Database(self, addresses=addresses, profile=profile, key=key)
        ValkeyGroups(self, addresses=addresses, profile=profile, key=key)
