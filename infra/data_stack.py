"""What must not be lost: PostgreSQL, Valkey, media files, keys and secrets.

It outlives every other stack.
"""

from __future__ import annotations

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from constructs import Construct

from functions.catalogue import all_functions
from infra.addresses import Addresses
from infra.alarms import Alarms, told_mail
from infra.database import Database
from infra.edge.behind import keys_and_readers
from infra.edge.domain import chosen_domain
from infra.media_bucket import BucketOfMedia
from infra.passwords import all_passwords, chosen_login, database_passwords
from infra.profiles import Profile
from infra.published import publish
from infra.secrets_of_house import SecretsOfHouse
from infra.valkey_groups import ValkeyGroups
from waddlebot.domain.stages import profile_parameter
from waddlebot.runtime.house_secrets import VALKEY_PASSWORD


class DataStack(cdk.Stack):
    """No password of ours: RDS keeps the master's, everybody else enters by IAM, but for
    `-c login=secret` (passwords.py). `-c alarms=ops@example.org` is whom its alarms call by mail.

    A logical id that changes replaces what it names, so they are held against a file
    (`tests/infra/data_stack_ids.json`).
    """

    def __init__(self, scope: Construct, *, stage_name: str, profile: Profile, root: Path) -> None:
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
        publish(self, "Profile", profile_parameter(stage_name), profile.name)
        has_edge = chosen_domain(self) is not None
        BucketOfMedia(self, addresses=addresses, has_edge=has_edge)
        login = chosen_login(self)
        passwords = all_passwords(login, stage=stage_name)
        secrets = SecretsOfHouse(
            self,
            stage_name=stage_name,
            root=root,
            passwords=passwords,
            copied=keys_and_readers(all_functions()) if has_edge else {},
        )
        kept = [secrets.arns[one] for one in database_passwords(login)]
        Database(self, addresses=addresses, profile=profile, key=key, passwords=kept)
        of_valkey = secrets.password(VALKEY_PASSWORD) if VALKEY_PASSWORD in passwords else ""
        alarms = Alarms(self, stage_name=stage_name, key=key, mail=told_mail(self))
        ValkeyGroups(
            self,
            addresses=addresses,
            profile=profile,
            key=key,
            password=of_valkey,
            called=alarms.called,
        )
