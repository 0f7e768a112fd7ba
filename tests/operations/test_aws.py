"""`waddlebot aws`: a process of its own and boto3's real client, against AWS's API on loopback."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from boto3.session import Session

from operations.aws import make_parser
from operations.aws.account import find_account
from operations.aws.deploying import told_context
from operations.aws.policies import keep_policy, must_have_boundary
from tests.helpers.aws_account import SECONDS, STAGE, AwsAccount, aws_account, type_aws
from tests.helpers.servers import ROOT

TWITCH = "TWITCH_EVENTSUB_SECRET"
FIRST, SECOND = "first-canary-91", "second-canary-92"
SEAL = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
SEAL_2 = "MTEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
ORIGIN_KEYS = "WADDLEBOT_ORIGIN_KEY_A", "WADDLEBOT_ORIGIN_KEY_B"
OF_STAGE = f"--stage {STAGE}"


@pytest.fixture
def account() -> Iterator[AwsAccount]:
    with aws_account() as one:
        one.has_secret(TWITCH, read_by="gateway ingress-twitch", at_deploy="ingress-twitch")
        one.has_secret("DISCORD_TOKEN", read_by="ask-discord gateway")
        for name in ("WADDLEBOT_SEAL_KEY", "WADDLEBOT_SEAL_KEY_BEFORE"):
            one.has_secret(name, read_by="identity operations")
        one.has_secret("WADDLEBOT_API_KEY", read_by="upkeep-migrate")
        for name in ORIGIN_KEYS:
            one.has_secret(name, read_by="router", at_deploy="router")
        yield one


def put(account: AwsAccount, name: str, value: str, *, code: int = 0) -> str:
    done = type_aws(f"secret {OF_STAGE} set {name}", account.environment, stdin=f"{value}\n")
    assert done.returncode == code, done.stderr
    assert not value or value not in done.stdout + done.stderr
    return done.stderr if code else done.stdout


def test_a_secret_is_written_with_its_version_and_the_next_step_is_said(
    account: AwsAccount,
) -> None:
    told = put(account, TWITCH, FIRST)
    assert f"ingress-twitch sees it after the next deploy: make deploy stage={STAGE}" in told
    assert account.value(TWITCH, VersionId=account.parameter(TWITCH)) == FIRST

    first = account.parameter(TWITCH)
    assert f"{TWITCH} is set so already." in put(account, TWITCH, FIRST)
    assert account.parameter(TWITCH) == first, "a deploy would find a change where none is"

    put(account, TWITCH, SECOND)
    assert account.parameter(TWITCH) != first
    assert account.value(TWITCH, VersionId=account.parameter(TWITCH)) == SECOND

    told = put(account, "DISCORD_TOKEN", FIRST)
    assert "ask-discord, gateway will know within five minutes" in told


def test_the_list_says_what_is_set_and_who_reads_it_and_never_a_value(account: AwsAccount) -> None:
    put(account, TWITCH, FIRST)
    done = type_aws(f"secret {OF_STAGE} list", account.environment)
    assert done.returncode == 0, done.stderr
    lines = {line.split()[0]: line for line in done.stdout.splitlines() if "_" in line}
    assert " set " in lines[TWITCH]
    assert "after make deploy  gateway, ingress-twitch" in lines[TWITCH]
    assert "not set" in lines["DISCORD_TOKEN"]

    told = json.loads(type_aws(f"secret {OF_STAGE} list --json", account.environment).stdout)
    states = {one["name"]: one["is_set"] for one in told["secrets"]}
    assert states == {**dict.fromkeys(states, False), TWITCH: True}
    assert FIRST not in done.stdout + json.dumps(told)

    type_aws(f"secret {OF_STAGE} unset {TWITCH}", account.environment)
    assert account.value(TWITCH) == "not-set"
    assert account.value(TWITCH, VersionId=account.parameter(TWITCH)) == "not-set"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("twitch_eventsub_secret", FIRST, f"Did you mean {TWITCH}?"),
        ("OCTOPUS", FIRST, "waddlebot aws secret list names them."),
        (TWITCH, "short", f"{TWITCH} should be 10 to 100 characters without blanks"),
        (TWITCH, "", f"Nothing came: type or pipe the value of {TWITCH}."),
        ("DISCORD_TOKEN", "two\nlines", "ends of lines"),
        ("WADDLEBOT_API_KEY", "wbot_" + "a" * 49, "a key of ours with its checksum"),
        ("WADDLEBOT_SEAL_KEY", "aGVsbG8=", "32 bytes in base64"),
    ],
)
def test_what_is_no_such_secret_is_told_and_not_written(
    account: AwsAccount, name: str, value: str, words: str
) -> None:
    assert words in put(account, name, value, code=1)
    versions = account.client("secretsmanager").describe_secret(SecretId=f"waddlebot/test/{TWITCH}")
    assert not versions.get("VersionIdsToStages")


def test_a_value_in_the_command_line_is_refused_without_repeating_it(account: AwsAccount) -> None:
    done = type_aws(f"secret {OF_STAGE} set {TWITCH} {FIRST}", account.environment)
    assert done.returncode == 1
    assert "stands in the shell's history" in done.stderr
    assert FIRST not in done.stderr


def test_a_new_master_key_keeps_the_one_that_opens_what_is_there(account: AwsAccount) -> None:
    put(account, "WADDLEBOT_SEAL_KEY", SEAL)
    told = put(account, "WADDLEBOT_SEAL_KEY", SEAL_2)
    assert "waddlebot keys rotate-seal" in told
    assert account.value("WADDLEBOT_SEAL_KEY_BEFORE") == SEAL
    assert account.value("WADDLEBOT_SEAL_KEY") == SEAL_2

    third = SEAL.replace("M", "O", 1)
    assert "is being changed already" in put(account, "WADDLEBOT_SEAL_KEY", third, code=1)
    assert account.value("WADDLEBOT_SEAL_KEY") == SEAL_2


def test_the_key_that_cloudfront_shows_is_changed_while_it_shows_the_other(
    account: AwsAccount,
) -> None:
    """Docs: aws.md, Rotation."""
    first, second = ORIGIN_KEYS
    value = "o" * 64
    put(account, first, value)  # there is no domain, so that nobody shows it
    shows(account, "a")
    told = put(account, first, "x" * 64, code=1)
    assert f'make deploy stage={STAGE} context="origin_key=b"' in told
    assert account.value(first) == value
    assert "router sees it after the next deploy" in put(account, second, value)
    shows(account, "b")
    put(account, first, "x" * 64)
    assert 'context="origin_key=a"' in put(account, second, "x" * 64, code=1)


def shows(account: AwsAccount, key: str) -> None:
    """As a deploy notes it."""
    account.client("ssm").put_parameter(
        Name=f"/waddlebot/{STAGE}/functions/domain",
        Value=f"domain=bot.example.org origin_key={key}",
        Type="String",
        Overwrite=True,
    )


def test_the_operators_key_comes_alone_so_that_a_shell_can_take_it(account: AwsAccount) -> None:
    key = "wbot_own"
    account.client("secretsmanager").put_secret_value(
        SecretId="waddlebot/test/WADDLEBOT_API_KEY", SecretString=key
    )
    done = type_aws(f"key {OF_STAGE}", account.environment)
    assert (done.returncode, done.stdout) == (0, f"{key}\n")
    assert key not in done.stderr


@pytest.mark.parametrize("line", ["secret list", "key", "deploy", "diff", "bootstrap", "destroy"])
@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"AWS_EC2_METADATA_DISABLED": "true"}, "there are no credentials here"),
        ({"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}, "Set AWS_REGION"),
        ({"AWS_PROFILE": "nobodys"}, "could not be found"),
    ],
    ids=["nobody", "nowhere", "no profile"],
)
def test_without_credentials_or_a_region_a_sentence_says_what_to_do(
    line: str, environment: dict[str, str], words: str
) -> None:
    done = type_aws(line, environment)
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_the_region_that_is_named_goes_before_the_one_of_the_profile(
    account: AwsAccount, tmp_path: Path
) -> None:
    (tmp_path / "config").write_text("[profile waddlebot]\nregion = us-west-2\n")
    (tmp_path / "credentials").write_text(
        "[waddlebot]\naws_access_key_id = local\naws_secret_access_key = local\n"
    )
    environment = {
        "AWS_ENDPOINT_URL": account.url,
        "AWS_PROFILE": "waddlebot",
        "AWS_CONFIG_FILE": str(tmp_path / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials"),
    }
    for named, region in {
        "AWS_REGION": "eu-central-1",
        "AWS_DEFAULT_REGION": "eu-west-3",
        "AWS_SDK_UA_APP_ID": "us-west-2",  # none: the profile's
    }.items():
        done = type_aws("deploy", {**environment, named: region})
        assert f", {region}" in done.stderr.splitlines()[0]
        assert f"deployed to {region} with the CDK" in done.stderr


def test_an_account_that_was_never_prepared_is_told_of_before_anything_is_built(
    account: AwsAccount,
) -> None:
    done = type_aws("deploy", account.environment)
    assert done.returncode == 1
    assert "Prepare it once: make bootstrap" in done.stderr


def test_a_house_stays_as_large_as_it_is(account: AwsAccount) -> None:
    """Left out, a profile was the smallest: replicas and streams of a large house were deleted."""
    ssm = account.client("ssm")
    for name, value in {
        "/cdk-bootstrap/hnb659fds/version": "30",
        "/waddlebot/test/data/profile": "standard",
    }.items():
        ssm.put_parameter(Name=name, Value=value, Type="String")
    for line in ("--profile small", "-c profile=small"):
        done = type_aws(f"deploy {OF_STAGE} {line}", account.environment)
        assert done.returncode == 1
        assert "test is standard, and a house does not shrink to small" in done.stderr
    for told, profile in {"": "standard", "--profile large": "large"}.items():
        asked = ["deploy", *OF_STAGE.split(), *told.split()]
        assert profile_of(asked, account) == f"profile={profile}"
    assert profile_of(["deploy", "--stage", "new"], account) == "profile=small"


def test_a_house_keeps_its_domain_until_it_is_told_another_or_none(account: AwsAccount) -> None:
    """Left out once, its addresses would be others and every platform would call in vain."""
    told = "domain=bot.example.org hosted_zone=Z12 origin_key=a"
    account.client("ssm").put_parameter(
        Name="/waddlebot/test/functions/domain", Value=told, Type="String"
    )
    line = ["deploy", *OF_STAGE.split()]
    assert set(told.split()) <= set(words_of(line, account))
    shown = words_of([*line, "-c", "origin_key=b"], account)
    assert {"domain=bot.example.org", "hosted_zone=Z12", "origin_key=b"} <= set(shown)
    assert "origin_key=a" not in shown
    for other in ("domain=", "domain=other.example.org"):
        words = words_of([*line, "-c", other], account)
        assert [one for one in words if one in told.split()] == []
        assert other in words


def test_a_domain_needs_the_region_of_cloudfront_too(account: AwsAccount) -> None:
    for region in ("eu-central-1", "us-east-1"):
        done = type_aws(f"deploy {OF_STAGE} -c domain=bot.example.org", account.environment)
        assert done.returncode == 1
        assert f"Nothing was ever deployed to {region} with the CDK" in done.stderr
        account.client("ssm", region).put_parameter(
            Name="/cdk-bootstrap/hnb659fds/version", Value="30", Type="String"
        )
    assert "once: AWS_REGION=us-east-1 make bootstrap" in done.stderr


def test_streams_that_would_stay_behind_are_drained_first(account: AwsAccount) -> None:
    ssm = account.client("ssm")
    for name, value in {
        "/cdk-bootstrap/hnb659fds/version": "30",
        "/waddlebot/test/data/profile": "standard",
    }.items():
        ssm.put_parameter(Name=name, Value=value, Type="String")
    for line in ("--profile large", "-c profile=large"):
        done = type_aws(f"deploy {OF_STAGE} {line}", account.environment)
        assert done.returncode == 1
        assert "test is standard, and large has its streams on other servers" in done.stderr
        assert "waddlebot streams" in done.stderr
        assert done.stderr.strip().endswith("make deploy profile=large stage=test drained=1")
    # On to what it looks at next; as large as it is, nothing moves.
    for line in ("--profile large --drained", "--profile standard", ""):
        done = type_aws(f"deploy {OF_STAGE} {line}", account.environment)
        assert "has no waddlebot-boundary" in done.stderr


def test_a_deploy_without_the_boundary_of_this_release_is_told_the_way(account: AwsAccount) -> None:
    """No deploy makes it, so that none widens it: an administrator does, at `make bootstrap`."""
    account.client("ssm").put_parameter(
        Name="/cdk-bootstrap/hnb659fds/version", Value="30", Type="String"
    )
    done = type_aws(f"deploy {OF_STAGE}", account.environment)
    assert done.returncode == 1
    assert "has no waddlebot-boundary" in done.stderr
    assert done.stderr.strip().endswith("makes it once: make bootstrap")

    boundary = json.loads((ROOT / "operations" / "aws" / "boundary.json").read_text())
    boundary["Statement"] = [
        one for one in boundary["Statement"] if one["Sid"] != "LeavesWhatFailed"
    ]
    iam = account.client("iam")
    iam.create_policy(PolicyName="waddlebot-boundary", PolicyDocument=json.dumps(boundary))
    done = type_aws(f"deploy {OF_STAGE}", account.environment)
    assert done.returncode == 1
    assert "is of another release: it does not allow sqs:SendMessage." in done.stderr
    _, way = done.stderr.rsplit(": ", 1)
    arn = "arn:aws:iam::123456789012:policy/waddlebot-boundary"
    assert way.split() == [
        *("aws", "iam", "create-policy-version", "--policy-arn", arn, "--set-as-default"),
        *("--policy-document", "file://operations/aws/boundary.json"),
    ]


def test_policies_that_are_there_stay_and_the_difference_is_told(account: AwsAccount) -> None:
    session = Session("local", "local", region_name="eu-central-1")
    session.client = partial(session.client, endpoint_url=account.url)  # type: ignore[method-assign]
    where = find_account(session)
    assert keep_policy("waddlebot-boundary", session, where) == "waddlebot-boundary is made."
    must_have_boundary(session, where)
    assert keep_policy("waddlebot-boundary", session, where).endswith("is there already.")

    one = {"Effect": "Allow", "Action": ["lambda:*"], "Resource": "*"}
    own = json.dumps({"Version": "2012-10-17", "Statement": [one]})
    account.client("iam").create_policy(PolicyName="waddlebot-deployer", PolicyDocument=own)
    told = keep_policy("waddlebot-deployer", session, where)
    assert "is not as this release has it" in told
    assert told.endswith("file://operations/aws/deployer.json")


def profile_of(line: list[str], account: AwsAccount) -> str:
    return next(one for one in words_of(line, account) if one.startswith("profile="))


def words_of(line: list[str], account: AwsAccount) -> list[str]:
    """What the CDK's command line would be told; it is not called."""
    session = Session("local", "local", region_name="eu-central-1")
    session.client = partial(session.client, endpoint_url=account.url)  # type: ignore[method-assign]
    asked = make_parser().parse_args(line)
    return told_context(asked, session)


def test_who_stops_a_command_reads_what_goes_on() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        waits = subprocess.Popen(
            [sys.executable, "-m", "operations.aws", "deploy"],
            env={**os.environ, "AWS_ENDPOINT_URL": url, "AWS_REGION": "eu-central-1",
                 "AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"},
            stderr=subprocess.PIPE,
            text=True,
        )  # fmt: skip
        silent.settimeout(SECONDS)
        silent.accept()[0].close()  # it has asked, and asks again
        waits.send_signal(signal.SIGINT)
        _, said = waits.communicate(timeout=SECONDS)
    assert waits.returncode == 130
    assert "what CloudFormation has begun it ends by itself" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("name", ["WADDLEBOT_API_KEY", "WADDLEBOT_SEAL_KEY", *ORIGIN_KEYS])
def test_a_key_of_the_house_is_changed_and_never_unset(account: AwsAccount, name: str) -> None:
    done = type_aws(f"secret {OF_STAGE} unset {name}", account.environment)
    assert done.returncode == 1
    assert "it is changed, never unset" in done.stderr


def test_no_value_is_no_key(account: AwsAccount) -> None:
    done = type_aws(f"key {OF_STAGE}", account.environment)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"make deploy stage={STAGE} makes it" in done.stderr


@pytest.mark.parametrize("verb", ["secret {} list", "key {}", "secret {} set DISCORD_TOKEN"])
def test_where_no_house_stands_each_verb_says_so(account: AwsAccount, verb: str) -> None:
    done = type_aws(verb.format("--stage staging"), account.environment, stdin="x")
    assert done.returncode == 1
    assert "make deploy stage=staging" in done.stderr
    done = type_aws(verb.format("--stage Prod"), account.environment, stdin="x")
    assert done.returncode == 1
    assert "'Prod' is no stage" in done.stderr


def test_where_aws_is_not_reached_a_sentence_says_so(account: AwsAccount) -> None:
    environment = {**account.environment, "AWS_ENDPOINT_URL": "http://127.0.0.1:1"}
    done = type_aws("secret list", environment)
    assert done.returncode == 1
    assert "AWS is not reached" in done.stderr
    assert "Traceback" not in done.stderr


def test_connect_asks_with_what_is_set_on_aws(account: AwsAccount) -> None:
    account.has_secret("TWITCH_BOT_USER_ID", read_by="gateway")
    put(account, "TWITCH_BOT_USER_ID", "4711")
    line = [sys.executable, "-m", "waddlebot_sdk.cli", "connect", "twitch", "--json"]
    done = subprocess.run(
        [*line, "--stage", STAGE],
        env={"PATH": os.environ["PATH"], **account.environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )
    assert "Traceback" not in done.stderr
    told = {one["what"] for one in json.loads(done.stdout)["checks"]}
    assert "TWITCH_CLIENT_ID is not set" in told
    assert "TWITCH_BOT_USER_ID is not set" not in told
