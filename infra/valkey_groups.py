"""Valkey on ElastiCache: a group for each policy, or one for all, entered with IAM tokens."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_elasticache as elasticache
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.addresses import Addresses, valkey_user
from infra.profiles import Profile, ValkeyGroup
from infra.published import construct_id, publish, published, published_list

VERSION, FAMILY = "8.2", "valkey8"
DURABLE_VERSION, DURABLE_FAMILY = "9.0", "valkey9"
"""The first that may keep a log of what is written in two zones, before it says so."""
MAY = "on ~waddlebot:* &waddlebot:* +@all -@admin -@dangerous +info"
"""Our keys alone, nothing that empties or reconfigures a server; INFO says how full it is."""
FULL_PERCENT = 70
"""From here on a group that evicts nothing is soon one that refuses writes."""
ONE_DAY_OF_SNAPSHOTS = 1


class ValkeyGroups(Construct):
    """One user for all functions and gateways; which group somebody reaches is the network's.

    `password` is where CloudFormation finds it, empty where the user enters with tokens; `called`
    is the topic of alarms.
    """

    def __init__(
        self,
        scope: Construct,
        *,
        addresses: Addresses,
        profile: Profile,
        key: kms.IKey,
        password: str,
        called: str,
    ) -> None:
        super().__init__(scope, "Valkey")
        self.addresses = addresses
        self.key = key
        self.called = called
        self.users = self._users(password)
        self.subnets = elasticache.CfnSubnetGroup(
            self,
            "Subnets",
            description=f"WaddleBot {addresses.stage}",
            subnet_ids=published_list(self, addresses.data_subnets),
        )
        for group in profile.valkey:
            self._group(group)

    def _users(self, password: str) -> elasticache.CfnUserGroup:
        name = valkey_user(self.addresses.stage)
        by_password = {"Type": "password", "Passwords": [password]}
        user = elasticache.CfnUser(
            self,
            "User",
            engine="valkey",
            # IAM wants both to be the same.
            user_id=name,
            user_name=name,
            access_string=MAY,
            authentication_mode=by_password if password else {"Type": "iam"},
        )
        return elasticache.CfnUserGroup(
            self, "Users", engine="valkey", user_group_id=name, user_ids=[user.ref]
        )

    def _group(self, group: ValkeyGroup) -> None:
        made = elasticache.CfnReplicationGroup(
            self,
            construct_id(group.name),
            replication_group_id=f"waddlebot-{self.addresses.stage}-{group.name}",
            replication_group_description=f"WaddleBot {self.addresses.stage}: {group.name}",
            engine="valkey",
            engine_version=DURABLE_VERSION if group.durable else VERSION,
            cache_node_type=f"cache.{group.node}",
            cache_parameter_group_name=self._parameters(group).ref,
            cache_subnet_group_name=self.subnets.ref,
            security_group_ids=[published(self, self.addresses.group(group.name))],
            port=6379,
            num_node_groups=group.shards,
            replicas_per_node_group=group.nodes - 1,
            automatic_failover_enabled=group.nodes > 1,
            multi_az_enabled=group.nodes > 1,
            transit_encryption_enabled=True,
            transit_encryption_mode="required",
            at_rest_encryption_enabled=True,
            kms_key_id=self.key.key_arn,
            user_group_ids=[self.users.ref],
            auto_minor_version_upgrade=True,
            snapshot_retention_limit=ONE_DAY_OF_SNAPSHOTS if group.policy == "noeviction" else 0,
            durability="sync" if group.durable else None,
        )
        made.apply_removal_policy(
            cdk.RemovalPolicy.SNAPSHOT
            if group.policy == "noeviction"
            else cdk.RemovalPolicy.DESTROY
        )
        clustered = group.clustered
        host = (
            made.attr_configuration_end_point_address
            if clustered
            else made.attr_primary_end_point_address
        )
        for need in group.serves:
            publish(self, f"{construct_id(need)}Host", self.addresses.valkey_host(need), host)
            publish(self, f"{construct_id(need)}Name", self.addresses.valkey_name(need), made.ref)
        self._alarms(group)

    def _parameters(self, group: ValkeyGroup) -> elasticache.CfnParameterGroup:
        clustered = {"cluster-enabled": "yes"} if group.clustered else {}
        return elasticache.CfnParameterGroup(
            self,
            f"{construct_id(group.name)}Parameters",
            cache_parameter_group_family=DURABLE_FAMILY if group.durable else FAMILY,
            description=f"WaddleBot {self.addresses.stage}: {group.name}",
            properties={"maxmemory-policy": group.policy, **clustered},
        )

    def _alarms(self, group: ValkeyGroup) -> None:
        """A cache that evicts is meant to be full; whoever refuses writes must not be."""
        if group.policy != "noeviction":
            return
        for node in _nodes(f"waddlebot-{self.addresses.stage}-{group.name}", group):
            cloudwatch.CfnAlarm(
                self,
                f"{construct_id(group.name)}Full{node[-8:].replace('-', '')}",
                alarm_name=f"{node}-full",
                alarm_description=f"More than {FULL_PERCENT} % full: soon writes are refused.",
                namespace="AWS/ElastiCache",
                metric_name="DatabaseMemoryUsagePercentage",
                dimensions=[
                    cloudwatch.CfnAlarm.DimensionProperty(name="CacheClusterId", value=node)
                ],
                statistic="Maximum",
                period=60,
                evaluation_periods=5,
                threshold=FULL_PERCENT,
                comparison_operator="GreaterThanThreshold",
                treat_missing_data="missing",
                alarm_actions=[self.called],
                ok_actions=[self.called],
            )


def _nodes(name: str, group: ValkeyGroup) -> list[str]:
    """As ElastiCache calls them: a shard's number stands before the node's in cluster mode."""
    nodes = [f"{node:03}" for node in range(1, group.nodes + 1)]
    if not group.clustered:
        return [f"{name}-{node}" for node in nodes]
    return [f"{name}-{shard:04}-{node}" for shard in range(1, group.shards + 1) for node in nodes]
