"""PostgreSQL on RDS: the writer, who reads beside it, and the proxy that shares connections."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_rds as rds
from constructs import Construct

from functions.database_users import all_users
from infra.addresses import DATABASE, MASTER, Addresses
from infra.profiles import Profile
from infra.published import publish, published, published_list

VERSION, FAMILY = "18", "postgres18"
"""The major that all tests run on; RDS takes the minors by itself, in the window below."""
BACKUPS, MAINTENANCE = "03:00-04:00", "tue:04:30-tue:05:30"
PARAMETERS = {
    "rds.force_ssl": "1",
    "log_min_duration_statement": "1000",
    "log_connections": "0",
}
"""Limits of statements are settings of users: those of a proxy's sessions would pin them."""


class Database(Construct):
    """The master's password is made, kept and rotated by RDS, and read by upkeep-migrate alone.

    `passwords` are the secrets of those who enter by one, by ARN; the proxy reads them.
    """

    def __init__(
        self,
        scope: Construct,
        *,
        addresses: Addresses,
        profile: Profile,
        key: kms.IKey,
        passwords: Sequence[str],
    ) -> None:
        super().__init__(scope, "Database")
        self.addresses = addresses
        self.size = profile.database
        self.key = key
        self.passwords = passwords
        self.subnets = published_list(self, addresses.data_subnets)
        self.parameters = rds.CfnDBParameterGroup(
            self,
            "Parameters",
            family=FAMILY,
            description=f"WaddleBot {addresses.stage}",
            parameters=PARAMETERS,
        )
        self.writer = self._writer()
        for number in range(self.size.replicas):
            self._replica(number)
        self._publish_writer()

    def _writer(self) -> rds.CfnDBInstance:
        subnets = rds.CfnDBSubnetGroup(
            self,
            "Subnets",
            db_subnet_group_description=f"WaddleBot {self.addresses.stage}",
            subnet_ids=self.subnets,
        )
        writer = rds.CfnDBInstance(
            self,
            "Writer",
            **self._alike(),
            engine_version=VERSION,
            db_name=DATABASE,
            master_username=MASTER,
            manage_master_user_password=True,
            master_user_secret=rds.CfnDBInstance.MasterUserSecretProperty(
                kms_key_id=self.key.key_arn
            ),
            db_subnet_group_name=subnets.ref,
            multi_az=self.size.multi_az,
            allocated_storage=str(self.size.storage_gb),
            storage_encrypted=True,
            kms_key_id=self.key.key_arn,
            engine_lifecycle_support="open-source-rds-extended-support-disabled",
            backup_retention_period=self.size.backup_days,
            preferred_backup_window=BACKUPS,
            delete_automated_backups=False,
        )
        # CloudFormation's own order: a snapshot would need a deletion that protection refuses.
        writer.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
        return writer

    def _replica(self, number: int) -> None:
        replica = rds.CfnDBInstance(
            self, f"Replica{number}", **self._alike(), source_db_instance_identifier=self.writer.ref
        )
        # What it holds is the writer's; its own end loses nothing.
        replica.apply_removal_policy(cdk.RemovalPolicy.DESTROY)
        address = self.addresses.data(f"database/replica-{number}")
        publish(self, f"Replica{number}Host", address, replica.attr_endpoint_address)
        publish(self, f"Replica{number}Id", f"{address}-resource", replica.attr_dbi_resource_id)

    def _alike(self) -> dict[str, Any]:
        """What a writer and its replicas have in common."""
        return {
            "engine": "postgres",
            "db_instance_class": f"db.{self.size.instance}",
            "db_parameter_group_name": self.parameters.ref,
            "vpc_security_groups": [published(self, self.addresses.group("database"))],
            "ca_certificate_identifier": "rds-ca-rsa2048-g1",
            "enable_iam_database_authentication": True,
            "publicly_accessible": False,
            "deletion_protection": True,
            "auto_minor_version_upgrade": True,
            "preferred_maintenance_window": MAINTENANCE,
            "copy_tags_to_snapshot": True,
            "storage_type": "gp3",
            "max_allocated_storage": self.size.most_gb,
        }

    def _publish_writer(self) -> None:
        host, resource = self.writer.attr_endpoint_address, self.writer.attr_dbi_resource_id
        publish(self, "DirectHost", self.addresses.database_direct, host)
        publish(self, "DirectId", self.addresses.database_direct_resource, resource)
        secret = self.writer.attr_master_user_secret_secret_arn
        publish(self, "MasterSecret", self.addresses.master_secret, secret)
        if self.size.proxy:
            host, resource = self._proxy()
        publish(self, "WriterHost", self.addresses.database, host)
        publish(self, "WriterId", self.addresses.database_resource, resource)

    def _proxy(self) -> tuple[str, str]:
        """End to end by IAM: it enters as whoever came, and keeps no password either.

        Where users have passwords it is told where these are kept. The owner goes past it.
        """
        proxy = rds.CfnDBProxy(
            self,
            "Proxy",
            db_proxy_name=f"waddlebot-{self.addresses.stage}",
            engine_family="POSTGRESQL",
            default_auth_scheme="NONE" if self.passwords else "IAM_AUTH",
            auth=[_by_password(secret) for secret in self.passwords] or None,
            require_tls=True,
            role_arn=self._proxy_role().role_arn,
            vpc_subnet_ids=self.subnets,
            vpc_security_group_ids=[published(self, self.addresses.group("proxy"))],
        )
        pool = rds.CfnDBProxyTargetGroup.ConnectionPoolConfigurationInfoFormatProperty
        rds.CfnDBProxyTargetGroup(
            self,
            "ProxyTargets",
            db_proxy_name=proxy.ref,
            target_group_name="default",
            db_instance_identifiers=[self.writer.ref],
            connection_pool_configuration_info=pool(
                # A fifth is left for migrations, partitions and whoever looks after it by hand.
                max_connections_percent=80,
                max_idle_connections_percent=40,
                connection_borrow_timeout=2,
            ),
        )
        # arn:aws:rds:<region>:<account>:db-proxy:prx-…
        return proxy.attr_endpoint, cdk.Fn.select(6, cdk.Fn.split(":", proxy.attr_db_proxy_arn))

    def _proxy_role(self) -> iam.Role:
        role = iam.Role(self, "ProxyRole", assumed_by=iam.ServicePrincipal("rds.amazonaws.com"))
        if self.passwords:
            reads = ["secretsmanager:GetSecretValue"]
            role.add_to_policy(iam.PolicyStatement(actions=reads, resources=[*self.passwords]))
            return role
        stack = cdk.Stack.of(self)
        role.add_to_policy(
            iam.PolicyStatement(
                actions=["rds-db:connect"],
                resources=[
                    stack.format_arn(
                        service="rds-db",
                        resource="dbuser",
                        resource_name=f"{self.writer.attr_dbi_resource_id}/{user}",
                        arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME,
                    )
                    for user in all_users()
                ],
            )
        )
        return role


def _by_password(secret: str) -> rds.CfnDBProxy.AuthFormatProperty:
    return rds.CfnDBProxy.AuthFormatProperty(
        auth_scheme="SECRETS",
        client_password_auth_type="POSTGRES_SCRAM_SHA_256",  # noqa: S106 - a method's name
        iam_auth="DISABLED",
        secret_arn=secret,
    )
