"""Where functions of strangers stand: a network of their own, out of which nothing leads.

A function outside of all networks of ours has AWS's own way out. Lambda calls one that is in here
and takes its log all the same: neither goes through it.
"""

from __future__ import annotations

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from infra.security_groups import NOWHERE

GROUP = "strangers"
"""As what their security group is published."""


class StrangersNetwork(Construct):
    """No gateway and no route, a group that lets nothing out, and nobody who looks up names: a
    resolver is reached past both, and tells the world what it was asked for.

    Without a price: networks, subnets and Lambda's interfaces cost nothing.
    """

    def __init__(self, scope: Construct, *, zones: list[str]) -> None:
        super().__init__(scope, "Strangers")
        self.vpc = ec2.CfnVPC(
            self,
            "Vpc",
            cidr_block="10.21.0.0/20",
            enable_dns_support=False,
            enable_dns_hostnames=False,
        )
        table = ec2.CfnRouteTable(self, "Routes", vpc_id=self.vpc.ref)
        self.subnets = [
            self._subnet(place, zone, table) for place, zone in enumerate(zones, start=1)
        ]
        self.group = ec2.CfnSecurityGroup(
            self,
            "Group",
            group_description="WaddleBot: functions of strangers",
            vpc_id=self.vpc.ref,
            security_group_egress=[NOWHERE],
        )

    def _subnet(self, place: int, zone: str, table: ec2.CfnRouteTable) -> str:
        subnet = ec2.CfnSubnet(
            self,
            f"Subnet{place}",
            vpc_id=self.vpc.ref,
            availability_zone=zone,
            cidr_block=f"10.21.{place}.0/24",
            map_public_ip_on_launch=False,
        )
        ec2.CfnSubnetRouteTableAssociation(
            self, f"Routes{place}", route_table_id=table.ref, subnet_id=subnet.ref
        )
        return str(subnet.ref)
