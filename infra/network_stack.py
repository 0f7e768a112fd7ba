"""Where everything stands: four kinds of subnets, and who may reach whom on which port."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from infra.addresses import Addresses
from infra.nat_instance import NatInstance
from infra.profiles import Profile
from infra.published import construct_id, log_group, publish
from infra.security_groups import SecurityGroups
from infra.strangers import GROUP, StrangersNetwork

MOST_ZONES = 3
"""Addresses are kept for so many, whatever the profile: a larger one moves no subnet."""


class NetworkStack(cdk.Stack):
    """Dual-stack: what needs AWS alone goes by IPv6 for nothing, what needs IPv4 through a NAT."""

    def __init__(self, scope: Construct, *, stage_name: str, profile: Profile) -> None:
        super().__init__(scope, f"waddlebot-{stage_name}-network")
        self.stage_name = stage_name
        self.profile = profile
        self.addresses = Addresses(stage=stage_name)
        self.vpc = self._vpc()
        self.strangers = StrangersNetwork(self, zones=self._zones())
        self._out_by_ipv6()
        self._out_by_ipv4()
        self._flow_log()
        self._publish_subnets()
        self._publish_groups()

    def _vpc(self) -> ec2.Vpc:
        """Its zones are the region's first ones, by `Fn::GetAZs`: nobody is asked at synth."""
        return ec2.Vpc(
            self,
            "Vpc",
            ip_addresses=ec2.IpAddresses.cidr("10.20.0.0/16"),
            ip_protocol=ec2.IpProtocol.DUAL_STACK,
            availability_zones=self._zones(),
            reserved_azs=MOST_ZONES - self.profile.zones,
            nat_gateways=0,
            # Isolated by name alone: whoever has a way out gets it below, as its profile has it.
            subnet_configuration=[
                _subnets("Public", ec2.SubnetType.PUBLIC, 22),
                _subnets("Inside", ec2.SubnetType.PRIVATE_ISOLATED, 20),
                _subnets("Outward", ec2.SubnetType.PRIVATE_ISOLATED, 20),
                _subnets("Data", ec2.SubnetType.PRIVATE_ISOLATED, 24),
            ],
        )

    def _zones(self) -> list[str]:
        return [cdk.Fn.select(place, cdk.Fn.get_azs()) for place in range(self.profile.zones)]

    def _out_by_ipv6(self) -> None:
        """Out and never in. The subnets of data have no way out at all."""
        gateway = self.vpc.node.find_child("EIGW6")
        for name in ("Inside", "Outward"):
            self._route(
                name,
                "ByIpv6",
                destination_ipv6_cidr_block="::/0",
                egress_only_internet_gateway_id=gateway.ref,
            )

    def _out_by_ipv4(self) -> None:
        """Under the same names in all profiles: a route made anew finds the old one in its way."""
        if self.profile.nat_instance:
            nat = NatInstance(self, vpc=self.vpc, instance=self.profile.nat_instance)
            way = {"network_interface_id": nat.interface.ref}
        else:
            gateway = ec2.CfnNatGateway(
                self,
                "NatOfAllZones",
                vpc_id=self.vpc.vpc_id,
                availability_mode="regional",
                connectivity_type="public",
            )
            gateway.node.add_dependency(self.vpc.internet_connectivity_established)
            way = {"nat_gateway_id": gateway.attr_nat_gateway_id}
        self._route("Outward", "ByIpv4", destination_cidr_block="0.0.0.0/0", **way)

    def _route(self, subnets: str, name: str, **way: str) -> None:
        for number, subnet in enumerate(self._subnets_named(subnets), start=1):
            table = subnet.route_table.route_table_id
            ec2.CfnRoute(self, f"{subnets}{number}{name}", route_table_id=table, **way)

    def _subnets_named(self, name: str) -> list[ec2.ISubnet]:
        subnets: list[ec2.ISubnet] = self.vpc.select_subnets(subnet_group_name=name).subnets
        return subnets

    def _flow_log(self) -> None:
        """Refused connections alone: they tell of a missing rule, and of who knocks."""
        group = log_group(
            self, "FlowLogs", f"/waddlebot/{self.stage_name}/flow", stage_name=self.stage_name
        )
        role = iam.Role(
            self, "FlowRole", assumed_by=iam.ServicePrincipal("vpc-flow-logs.amazonaws.com")
        )
        role.add_to_policy(
            iam.PolicyStatement(
                actions=["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
                resources=[group.log_group_arn],
            )
        )
        watched = {"Refused": self.vpc.vpc_id, "StrangersRefused": self.strangers.vpc.ref}
        for name, vpc in watched.items():
            ec2.CfnFlowLog(
                self,
                name,
                resource_id=vpc,
                resource_type="VPC",
                traffic_type="REJECT",
                log_destination_type="cloud-watch-logs",
                log_group_name=group.log_group_name,
                deliver_logs_permission_arn=role.role_arn,
            )

    def _publish_subnets(self) -> None:
        publish(self, "VpcId", self.addresses.vpc, self.vpc.vpc_id)
        for name, address in {
            "Public": self.addresses.public_subnets,
            "Inside": self.addresses.inside_subnets,
            "Outward": self.addresses.outward_subnets,
            "Data": self.addresses.data_subnets,
        }.items():
            ids = [one.subnet_id for one in self._subnets_named(name)]
            self._publish_list(f"{name}Subnets", address, ids)
        self._publish_list(
            "StrangersSubnets", self.addresses.strangers_subnets, self.strangers.subnets
        )

    def _publish_list(self, name: str, address: str, values: list[str]) -> None:
        joined = cdk.Fn.join(",", values)
        ssm.CfnParameter(self, name, name=address, type="StringList", value=joined)

    def _publish_groups(self) -> None:
        groups = SecurityGroups(self, vpc_id=self.vpc.vpc_id, profile=self.profile)
        for name, group in {**groups.by_name, GROUP: self.strangers.group}.items():
            address = self.addresses.group(name)
            publish(self, f"{construct_id(name)}Id", address, group.attr_group_id)


def _subnets(name: str, kind: ec2.SubnetType, mask: int) -> ec2.SubnetConfiguration:
    return ec2.SubnetConfiguration(name=name, subnet_type=kind, cidr_mask=mask)
