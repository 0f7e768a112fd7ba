"""The sizes: what the table says is what the code has, and an unknown one is a sentence."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from infra.profile_table import count_resources, table_of_profiles
from infra.profiles import PROFILES, ProfileUnknown, profile_named
from tests.infra.conftest import ROOT
from tests.infra.stacks import Stacks
from waddlebot.domain.stages import SIZES


def row(name: str) -> list[str]:
    (line,) = (one for one in table_of_profiles().splitlines() if one.startswith(f"| {name} |"))
    return [cell.strip() for cell in line.strip("|").split("|")[1:]]


def test_the_table_has_a_column_for_each_profile() -> None:
    assert table_of_profiles().splitlines()[0] == "|  | small | standard | large |"
    assert row("zones") == ["2", "2", "3"]
    assert row("reserved concurrency")[0] == "none up to 10 in the account"


def test_the_table_says_what_the_database_is() -> None:
    assert row("PostgreSQL 18") == [
        "t4g.small single, 20 GB gp3, 7 days of backups",
        "t4g.medium Multi-AZ, 1 replica, proxy, 50 GB gp3, 14 days of backups",
        "r7g.2xlarge Multi-AZ, 2 replicas, proxy, 500 GB gp3, 35 days of backups",
    ]


def test_the_table_says_how_the_valkeys_are_shared_out() -> None:
    small, standard, large = row("Valkey")
    assert small == "one t4g.micro `noeviction` (cache 0, limits 1, streams 2)"
    assert standard.count("2 x t4g.small") == 3
    assert large.endswith(
        "cluster mode, 2 shards x 2 x m7g.large `noeviction`, durable (streams 0)"
    )
    assert row("shares of the streams") == ["1", "1", "16"]


def test_the_table_says_what_gateways_get() -> None:
    assert row("gateways") == [
        "1 task, 0.25 vCPU, 0.5 GB",
        "3 x 0.5 vCPU, 1 GB, CPU 60 % or memory 80 %, at most 10",
        "28 x 1 vCPU, 2 GB, CPU 60 % or memory 80 %, at most 60",
    ]


def test_the_table_says_what_the_edge_of_a_domain_costs() -> None:
    assert row("CloudFront, with a domain") == ["its free plan", *["pays for what comes"] * 2]


def test_streams_in_cluster_mode_have_more_shares_than_shards() -> None:
    for profile in PROFILES.values():
        for group in profile.valkey:
            assert not group.clustered or profile.partitions > group.shards
            assert not group.clustered or set(group.serves.values()) == {0}


def test_an_unknown_profile_is_a_sentence() -> None:
    with pytest.raises(ProfileUnknown, match="no profile “huge”; there are small, standard, large"):
        profile_named("huge")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("profile=huge", "There is no profile “huge”; there are small, standard, large."),
        ("public_url=http://bot.example.org", "public_url, 'http://bot.example.org', is not enc"),
        ("public_url=http://localhost:8000", "public_url, 'http://localhost:8000', is a machine"),
        ("stage=Prod", "'Prod' is no stage: at most 16 small letters and digits"),
        ("stage=production-of-many", "'production-of-many' is no stage"),
        ("public_ur=https://bot.example.org", "No stack reads 'public_ur'. Did you mean public_u"),
        ("octopus=1", "No stack reads 'octopus'. There are profile, stage, login, public_url, "),
        ("concurrency=many", "concurrency is a whole number from 1 to 100000, not 'many'."),
        ("partitions=0", "partitions is a whole number"),
        ("domain=Bot.Example.org", "domain, 'Bot.Example.org', is no name of ours: write it as"),
        ("origin_key=b", "origin_key belongs to a domain: tell it with domain=bot.example.org."),
        ("profile", "“profile” says nothing; write it as NAME=VALUE: -c profile=small"),
    ],
)
def test_who_synthesizes_reads_the_sentence_alone(given: str, said: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "infra", "-c", given],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith(said)
    assert len(done.stderr.splitlines()) == 1


def test_a_house_of_any_name_is_written(tmp_path: Path) -> None:
    """The rules of both packs name what they find, and the stage with it."""
    command = [sys.executable, "-m", "tests.infra.other_stage", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True)
    assert len(list(tmp_path.glob("waddlebot-ducks2-*.template.json"))) == 5


def test_sizes_are_in_their_order() -> None:
    assert tuple(PROFILES) == SIZES


def test_what_the_functions_stack_is_made_of_is_counted(stacks: Stacks) -> None:
    (written,) = stacks.out.glob("*-functions.template.json")
    first, *kinds = count_resources(written).splitlines()
    functions = stacks.by_name["functions"]
    assert first.startswith(f"functions stack: {len(functions.resources)} resources of 500; ")
    assert sum(int(line.split()[0]) for line in kinds) == len(functions.resources)
