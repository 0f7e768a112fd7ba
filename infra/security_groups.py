"""Who may begin a connection to whom: a group for each thing reached, one for who may reach it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from infra.addresses import VALKEY_NEEDS
from infra.profiles import Profile
from infra.published import construct_id

POSTGRESQL, VALKEY, HTTPS = 5432, 6379, 443
Egress = ec2.CfnSecurityGroup.EgressProperty
NOWHERE = Egress(
    ip_protocol="icmp",
    from_port=-1,
    to_port=-1,
    cidr_ip="127.0.0.1/32",
    description="Begins no connection",
)
"""A group without any rule gets AWS's own, which lets everything out."""
TO_AWS = Egress(
    ip_protocol="tcp", from_port=HTTPS, to_port=HTTPS, cidr_ipv6="::/0", description="AWS by IPv6"
)
OUTSIDE_PORTS = ((HTTPS, HTTPS), (1024, 65535))
"""Those that may stand in an address that people give (`waddlebot/domain/web_addresses.py`)."""
ANYBODY = {"cidr_ip": "0.0.0.0/0", "cidr_ipv6": "::/0"}
TO_OUTSIDE = [
    Egress(ip_protocol="tcp", from_port=first, to_port=last, description="Anybody", **{kind: all_})
    for first, last in OUTSIDE_PORTS
    for kind, all_ in ANYBODY.items()
]


class SecurityGroups(Construct):
    """`by_name`: what is reached, and `to-…` for whoever may reach it. Nothing is open inward."""

    def __init__(self, scope: Construct, *, vpc_id: str, profile: Profile) -> None:
        super().__init__(scope, "Groups")
        self._vpc_id = vpc_id
        servers = {name: self._group(name, [NOWHERE]) for name in _servers(profile)}
        if profile.database.proxy:
            servers["proxy"] = self._client("proxy", [servers["database"]], POSTGRESQL)
        databases = [servers[name] for name in ("database", "proxy") if name in servers]
        clients = {"to-database": self._client("to-database", databases, POSTGRESQL)}
        for need in VALKEY_NEEDS:
            name, server = f"to-{need}", servers[profile.valkey_of(need).name]
            clients[name] = self._client(name, [server], VALKEY)
        outward = {"to-aws": [TO_AWS], "to-outside": TO_OUTSIDE}
        clients |= {name: self._group(name, egress) for name, egress in outward.items()}
        self.by_name: Mapping[str, ec2.CfnSecurityGroup] = {**servers, **clients}

    def _client(
        self, name: str, servers: Sequence[ec2.CfnSecurityGroup], port: int
    ) -> ec2.CfnSecurityGroup:
        """Out on its side, in on the servers': either alone opens nothing."""
        group = self._group(name, [_to(server, port) for server in servers])
        for place, server in enumerate(servers):
            ec2.CfnSecurityGroupIngress(
                self,
                f"{construct_id(name)}Enters{place}",
                group_id=server.attr_group_id,
                source_security_group_id=group.attr_group_id,
                ip_protocol="tcp",
                from_port=port,
                to_port=port,
                description=f"From {name}",
            )
        return group

    def _group(
        self, name: str, egress: list[ec2.CfnSecurityGroup.EgressProperty]
    ) -> ec2.CfnSecurityGroup:
        return ec2.CfnSecurityGroup(
            self,
            construct_id(name),
            group_description=f"WaddleBot: {name}",
            vpc_id=self._vpc_id,
            security_group_egress=egress,
        )


def _servers(profile: Profile) -> list[str]:
    return ["database", *(group.name for group in profile.valkey)]


def _to(server: ec2.CfnSecurityGroup, port: int) -> ec2.CfnSecurityGroup.EgressProperty:
    rule: ec2.CfnSecurityGroup.EgressProperty = Egress(
        ip_protocol="tcp",
        from_port=port,
        to_port=port,
        destination_security_group_id=server.attr_group_id,
        description="To what it is named after",
    )
    return rule
