"""Who stands where, who reaches whom, and who has a way out."""

from __future__ import annotations

import json
from itertools import pairwise

from infra.addresses import VALKEY_NEEDS, Addresses
from tests.infra.reachability import EVERYBODY, Reachability, destination_of, routes_of
from tests.infra.stacks import Stacks
from waddlebot.runtime.needs import Invoke, Need, Outside

ADDRESSES = Addresses(stage="dev")


def test_nobody_outside_may_begin_a_connection(stacks: Stacks) -> None:
    rules = list(Reachability.of(stacks).inward_rules())
    assert rules
    ranges = [rule.get(kind) for rule in rules for kind in ("CidrIp", "CidrIpv6")]
    assert [one for one in ranges if one in EVERYBODY] == []


def test_postgresql_is_reached_by_who_needs_it_alone(stacks: Stacks) -> None:
    reached = Reachability.of(stacks)
    by_proxy = {"proxy": {5432}} if stacks.profile.database.proxy else {}
    assert reached.entered_by("database") == {"to-database": {5432}, **by_proxy}
    if by_proxy:
        assert reached.entered_by("proxy") == {"to-database": {5432}}


def test_a_valkey_is_reached_by_the_needs_that_it_serves(stacks: Stacks) -> None:
    reached = Reachability.of(stacks)
    for group in stacks.profile.valkey:
        assert reached.entered_by(group.name) == {f"to-{need}": {6379} for need in group.serves}
    assert {need for group in stacks.profile.valkey for need in group.serves} == set(VALKEY_NEEDS)


def test_what_is_reached_begins_nothing_itself(stacks: Stacks) -> None:
    reached = Reachability.of(stacks)
    servers = {"database", *(group.name for group in stacks.profile.valkey)}
    assert {reached.groups[name] for name in servers}
    for client in reached.groups:
        assert not servers & reached.entered_by(client).keys()
    assert [reached.outward(server) for server in servers] == [set()] * len(servers)


def test_only_who_asks_the_outside_may_leave_by_ipv4(stacks: Stacks) -> None:
    reached = Reachability.of(stacks)
    leave = {name for name in reached.groups if "0.0.0.0/0" in reached.outward(name)}
    assert leave == {"to-outside"}
    assert reached.outward("to-aws") == {"::/0"}


def test_each_kind_of_subnet_has_its_own_ways_out(stacks: Stacks) -> None:
    by_ipv4 = "NetworkInterfaceId" if stacks.profile.nat_instance else "NatGatewayId"
    public = {"0.0.0.0/0": {"GatewayId"}, "::/0": {"GatewayId"}}
    by_ipv6 = {"::/0": {"EgressOnlyInternetGatewayId"}}
    assert routes_of(stacks, ADDRESSES.public_subnets) == public
    assert routes_of(stacks, ADDRESSES.inside_subnets) == by_ipv6
    assert routes_of(stacks, ADDRESSES.outward_subnets) == {"0.0.0.0/0": {by_ipv4}, **by_ipv6}
    assert routes_of(stacks, ADDRESSES.data_subnets) == {}


def test_needs_decide_where_a_function_stands() -> None:
    assert ADDRESSES.subnets_of({Outside()}) is None
    assert ADDRESSES.subnets_of({Need.CACHE, Invoke(function="router")}) == ADDRESSES.inside_subnets
    assert ADDRESSES.subnets_of({Need.CACHE, Outside()}) == ADDRESSES.outward_subnets
    assert ADDRESSES.groups_of({Need.REPLICA, Need.STREAMS}) == tuple(
        map(ADDRESSES.group, ("to-database", "to-streams", "to-aws"))
    )
    # As many as Lambda takes.
    assert len(ADDRESSES.groups_of({*Need, Outside()})) == 5


def test_zones_are_the_regions_own_first_ones(stacks: Stacks) -> None:
    subnets = stacks.network.of_type("AWS::EC2::Subnet").values()
    zones = {json.dumps(subnet["AvailabilityZone"]) for subnet in subnets}
    first = [{"Fn::Select": [n, {"Fn::GetAZs": ""}]} for n in range(stacks.profile.zones)]
    assert zones == set(map(json.dumps, first))
    assert len(subnets) == 5 * stacks.profile.zones  # four kinds of ours, and those of strangers


def test_nothing_gets_a_public_address_that_does_not_ask_for_one(stacks: Stacks) -> None:
    for subnet in stacks.network.of_type("AWS::EC2::Subnet").values():
        assert subnet["MapPublicIpOnLaunch"] is False


def test_a_larger_profile_moves_no_subnet(all_stacks: dict[str, Stacks]) -> None:
    """Else the data would have to move, which CloudFormation does by making it anew."""
    ranges = [
        {name: subnet["CidrBlock"] for name, subnet in found.items()}
        for found in (one.network.of_type("AWS::EC2::Subnet") for one in all_stacks.values())
    ]
    for smaller, larger in pairwise(ranges):
        assert smaller.items() <= larger.items()


def test_a_larger_profile_makes_no_route_anew(all_stacks: dict[str, Stacks]) -> None:
    """CloudFormation makes the new one first, and the old one to the same place is in its way."""
    routes = [
        {
            f"{route['RouteTableId']} {destination_of(route)}": name
            for name, route in one.network.of_type("AWS::EC2::Route").items()
        }
        for one in all_stacks.values()
    ]
    for smaller, larger in pairwise(routes):
        assert smaller.items() <= larger.items()


def test_refused_connections_are_written_down(stacks: Stacks) -> None:
    logs = list(stacks.network.of_type("AWS::EC2::FlowLog").values())
    watched = [one["ResourceId"]["Ref"] for one in logs]
    assert sorted(watched) == sorted(stacks.network.of_type("AWS::EC2::VPC"))
    assert {(one["ResourceType"], one["TrafficType"]) for one in logs} == {("VPC", "REJECT")}
    (group,) = stacks.network.of_type("AWS::Logs::LogGroup").values()
    assert group["RetentionInDays"]


def test_a_new_nat_instance_is_the_old_one_again(all_stacks: dict[str, Stacks]) -> None:
    """Routes and address belong to an interface that is not the instance's."""
    network = all_stacks["small"].network
    ((interface, told),) = network.of_type("AWS::EC2::NetworkInterface").items()
    assert told["SourceDestCheck"] is False
    (address,) = network.of_type("AWS::EC2::EIPAssociation").values()
    assert address["NetworkInterfaceId"] == {"Ref": interface}
    (template,) = network.of_type("AWS::EC2::LaunchTemplate").values()
    data = template["LaunchTemplateData"]
    (only,) = data["NetworkInterfaces"]
    assert (only["NetworkInterfaceId"], only["DeviceIndex"]) == ({"Ref": interface}, 0)
    assert only["DeleteOnTermination"] is False
    assert data["MetadataOptions"]["HttpTokens"] == "required"
    assert data["BlockDeviceMappings"][0]["Ebs"]["Encrypted"] is True
    (group,) = network.of_type("AWS::AutoScaling::AutoScalingGroup").values()
    assert (group["MinSize"], group["MaxSize"], group["DesiredCapacity"]) == ("0", "1", "1")
    # AWS takes a zone and no subnet where the interface is given.
    assert "VPCZoneIdentifier" not in group


def test_there_is_one_nat_and_the_larger_profiles_have_it_in_all_zones(
    all_stacks: dict[str, Stacks],
) -> None:
    for name, stacks in all_stacks.items():
        gateways = list(stacks.network.of_type("AWS::EC2::NatGateway").values())
        assert [one["AvailabilityMode"] for one in gateways] == ["regional"] * (name != "small")
