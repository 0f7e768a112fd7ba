"""Who may begin a connection to whom, computed from the rules on both sides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from infra.addresses import Addresses
from tests.infra.stacks import Stacks
from tests.infra.template import Properties

EVERYBODY = ("0.0.0.0/0", "::/0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reachability:
    """`groups` by their published name, as logical ids in the network stack."""

    stacks: Stacks
    groups: Mapping[str, str]

    @classmethod
    def of(cls, stacks: Stacks) -> Reachability:
        before = Addresses(stage="dev").group("")
        found = {
            name.removeprefix(before): value["Fn::GetAtt"][0]
            for name, (_, value) in stacks.published().items()
            if name.startswith(before)
        }
        return cls(stacks=stacks, groups=found)

    def entered_by(self, server: str) -> dict[str, set[int]]:
        """Names of groups that reach this one, and on which ports: out there and in here."""
        ins = self._ports(self._ingress(self.groups[server]), "SourceSecurityGroupId")
        entered = {}
        for name, group in self.groups.items():
            outs = self._ports(self._egress(group), "DestinationSecurityGroupId")
            both = outs.get(self.groups[server], set()) & ins.get(group, set())
            if both:
                entered[name] = both
        return entered

    def outward(self, name: str) -> set[str]:
        """The ranges of addresses that a group may begin connections to."""
        rules = self._egress(self.groups[name])
        ranges = {rule.get("CidrIp") or rule.get("CidrIpv6") for rule in rules}
        return {one for one in ranges if one in EVERYBODY}

    def inward_rules(self) -> Iterator[Properties]:
        for _, group in self.stacks.of_type("AWS::EC2::SecurityGroup"):
            yield from group.get("SecurityGroupIngress", [])
        for _, rule in self.stacks.of_type("AWS::EC2::SecurityGroupIngress"):
            yield rule

    def _egress(self, group: str) -> list[Properties]:
        rules: list[Properties] = self.stacks.network.resources[group]["Properties"][
            "SecurityGroupEgress"
        ]
        return rules

    def _ingress(self, group: str) -> list[Properties]:
        alone = self.stacks.network.of_type("AWS::EC2::SecurityGroupIngress").values()
        own = self.stacks.network.resources[group]["Properties"]
        return [
            *own.get("SecurityGroupIngress", []),
            *(rule for rule in alone if rule["GroupId"]["Fn::GetAtt"][0] == group),
        ]

    @staticmethod
    def _ports(rules: list[Properties], other: str) -> dict[str, set[int]]:
        ports: dict[str, set[int]] = {}
        for rule in rules:
            if other in rule:
                assert rule["FromPort"] == rule["ToPort"]
                ports.setdefault(rule[other]["Fn::GetAtt"][0], set()).add(rule["FromPort"])
        return ports


def routes_of(stacks: Stacks, subnets: str) -> dict[str, set[str]]:
    """The ways that published subnets have, by destination: `GatewayId`, `NatGatewayId`, …"""
    value = stacks.published()[subnets][1]
    ids = {one["Ref"] for one in value["Fn::Join"][1]}
    tables = {
        link["RouteTableId"]["Ref"]
        for link in stacks.network.of_type("AWS::EC2::SubnetRouteTableAssociation").values()
        if link["SubnetId"]["Ref"] in ids
    }
    ways: dict[str, set[str]] = {}
    for table in tables:
        for route in stacks.network.of_type("AWS::EC2::Route").values():
            if route["RouteTableId"]["Ref"] == table:
                ways.setdefault(destination_of(route), set()).add(_by(route))
    return ways


def destination_of(route: dict[str, Any]) -> str:
    return str(route.get("DestinationCidrBlock") or route["DestinationIpv6CidrBlock"])


def _by(route: dict[str, Any]) -> str:
    (way,) = (name for name in route if name != "RouteTableId" and "Cidr" not in name)
    return way
