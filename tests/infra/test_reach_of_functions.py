"""Whom each function reaches, computed from its groups and subnets and the rules of both sides."""

from __future__ import annotations

import json

import pytest

from functions.catalogue import all_functions
from functions.declaration import Function
from infra.addresses import Addresses
from tests.infra.reachability import Reachability, routes_of
from tests.infra.stacks import Stacks
from waddlebot.runtime.needs import Need, Outside

ROWS = all_functions()
EVERYWHERE = "0.0.0.0/0"
ADDRESSES = Addresses(stage="dev")
every_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)


def told(stacks: Stacks, value: object) -> str:
    """The name of the parameter behind a reference."""
    assert isinstance(value, dict)
    default: str = stacks.text("functions")["Parameters"][value["Ref"]]["Default"]
    return default


def groups_of(stacks: Stacks, row: Function) -> set[str]:
    place = stacks.by_name["functions"].deployed(row).get("VpcConfig")
    listed = place["SecurityGroupIds"] if place else []
    return {told(stacks, one).rpartition("/")[2] for one in listed}


@every_row
def test_who_has_a_need_of_data_reaches_its_server_on_its_port_and_no_other(
    stacks: Stacks, row: Function
) -> None:
    reach, groups = Reachability.of(stacks), groups_of(stacks, row)
    wanted = {str(one) for one in (Need.CACHE, Need.LIMITS, Need.STREAMS) if one in row.needs}
    serving = {stacks.profile.valkey_of(Need(one)).name for one in wanted}
    if row.needs & {Need.WRITER, Need.REPLICA}:
        serving |= {"database"}
    reached = {}
    for server in ("database", *(group.name for group in stacks.profile.valkey)):
        entered = reach.entered_by(server)
        if ports := {port for group in groups & entered.keys() for port in entered[group]}:
            reached[server] = ports
    assert reached == {one: {5432 if one == "database" else 6379} for one in serving}


@every_row
def test_who_asks_the_outside_has_a_way_out_by_ipv4_and_nobody_else_in_the_network(
    stacks: Stacks, row: Function
) -> None:
    place = stacks.by_name["functions"].deployed(row).get("VpcConfig")
    if row.isolated:
        return
    if place is None:
        assert not any(isinstance(need, Need) for need in row.needs)
        return
    subnets = told(stacks, place["SubnetIds"])
    may = any(EVERYWHERE in Reachability.of(stacks).outward(one) for one in groups_of(stacks, row))
    leads = EVERYWHERE in routes_of(stacks, subnets)
    asks = any(isinstance(need, Outside) for need in row.needs)
    assert (may, leads) == (asks, asks)
    assert subnets == ADDRESSES.subnets_of(row.needs)


def test_strangers_functions_reach_nobody(stacks: Stacks) -> None:
    """Neither our data nor the world: no route, no rule, no names looked up, nothing beside."""
    strangers = [row for row in ROWS if row.isolated]
    assert strangers
    address, reach = ADDRESSES.strangers_subnets, Reachability.of(stacks)
    for row in strangers:
        place = stacks.by_name["functions"].deployed(row)["VpcConfig"]
        assert told(stacks, place["SubnetIds"]) == address
        assert groups_of(stacks, row) == {"strangers"}
        assert "Ipv6AllowedForDualStack" not in place
    assert routes_of(stacks, address) == {}
    assert reach.outward("strangers") == set()
    servers = ("database", *(group.name for group in stacks.profile.valkey))
    assert [one for one in servers if "strangers" in reach.entered_by(one)] == []
    assert list(reach.entered_by("strangers")) == []


def test_the_network_of_strangers_is_one_of_its_own_without_any_door(stacks: Stacks) -> None:
    subnets = stacks.network.of_type("AWS::EC2::Subnet")
    named = {
        one["Ref"] for one in stacks.published()[ADDRESSES.strangers_subnets][1]["Fn::Join"][1]
    }
    [network] = {subnets[name]["VpcId"]["Ref"] for name in named}
    assert len(named) == stacks.profile.zones
    assert named == {name for name, one in subnets.items() if one["VpcId"]["Ref"] == network}
    told_of = stacks.network.of_type("AWS::EC2::VPC")[network]
    # Names are looked up past every rule and route: whoever asks for `secret.example` has told it.
    assert told_of["EnableDnsSupport"] is False
    ours = {
        name: body["Properties"]
        for name, body in stacks.network.resources.items()
        if json.dumps(body).find(f'"{network}"') >= 0
    }
    kinds = {stacks.network.resources[name]["Type"] for name in ours}
    assert kinds == {
        *("AWS::EC2::Subnet", "AWS::EC2::RouteTable", "AWS::EC2::SecurityGroup"),
        "AWS::EC2::FlowLog",
    }
