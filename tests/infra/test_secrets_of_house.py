"""The house's secrets: what the template makes, what fills them, what a deploy finds of a change.

CloudFormation is played by reading the template to AWS's API on loopback, step by step; the
function that fills, the verb that writes and boto3 are the real ones.
"""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from functions.catalogue import all_functions
from tests.helpers.aws_account import SECONDS, STAGE, UNDER, AwsAccount, aws_account, type_aws
from tests.infra.conftest import ROOT
from tests.infra.stacks import listed
from waddlebot.domain.database_users import APP
from waddlebot.domain.key_texts import PREFIX, is_no_key
from waddlebot.runtime.house_secrets import VALKEY_PASSWORD, database_password
from waddlebot.runtime.needs import Secret

PASSWORDS = {VALKEY_PASSWORD: "waddlebot-test-app", database_password(APP): APP}
MADE = {"WADDLEBOT_API_KEY", "WADDLEBOT_SEAL_KEY", "WADDLEBOT_SIGNING_KEY"}
TAKEN = "TWITCH_EVENTSUB_SECRET"
RUN = "import json,sys; from handler import handler; handler(json.load(sys.stdin), None)"


def _as_lambda(environment: Mapping[str, str]) -> dict[str, str]:
    """Which sets the region under both names; boto3 reads the second alone."""
    return {**environment, "AWS_DEFAULT_REGION": environment["AWS_REGION"]}


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("secrets")
    command = [sys.executable, "-m", "tests.infra.small_stack", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True)
    return folder


@pytest.fixture(scope="module")
def template(out: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((out / "data.template.json").read_text())
    return told


def of_type(template: Mapping[str, Any], kind: str) -> dict[str, Any]:
    return {name: one for name, one in template["Resources"].items() if one["Type"] == kind}


def test_each_secret_that_a_row_declares_is_made_kept_and_without_a_value(
    template: dict[str, Any],
) -> None:
    every = of_type(template, "AWS::SecretsManager::Secret").values()
    secrets = [one for one in every if "PASSWORD" not in one["Properties"]["Name"]]
    declared = {
        need.variable for one in all_functions() for need in one.needs if isinstance(need, Secret)
    }
    names = {one["Properties"]["Name"].removeprefix(f"waddlebot/{STAGE}/") for one in secrets}
    assert names >= declared - {"WADDLEBOT_PUBLIC_URL"} | {"TWITCH_USER_TOKEN", "SLACK_APP_TOKEN"}
    for one in every:
        assert not one["Properties"].keys() & {"SecretString", "GenerateSecretString"}
    for one in secrets:
        policies = (one["DeletionPolicy"], one["UpdateReplacePolicy"])
        # Of a first deploy that failed nothing may hold the name, and nothing is lost yet.
        assert policies == ("RetainExceptOnCreate", "Retain")


def test_the_secrets_of_webhooks_alone_are_seen_at_deploy(template: dict[str, Any]) -> None:
    tags = {
        one["Properties"]["Name"].rpartition("/")[2]: {
            tag["Key"]: tag["Value"] for tag in one["Properties"]["Tags"]
        }
        for one in of_type(template, "AWS::SecretsManager::Secret").values()
    }
    at_deploy = {name: told["waddlebot:at-deploy"] for name, told in tags.items()}
    assert {name: who for name, who in at_deploy.items() if who != "nobody"} == {
        "DISCORD_PUBLIC_KEY": "ingress-discord",
        "SLACK_SIGNING_SECRET": "ingress-slack",
        "TWITCH_EVENTSUB_SECRET": "ingress-twitch",
    }
    assert {"outside", "router"} <= {*tags["WADDLEBOT_SIGNING_KEY"]["waddlebot:read-by"].split()}


def test_what_fills_them_may_describe_and_write_exactly_these_and_read_none(
    template: dict[str, Any],
) -> None:
    secrets = of_type(template, "AWS::SecretsManager::Secret")
    (policy,) = of_type(template, "AWS::IAM::Policy").values()
    granted = {
        (action, json.dumps(target))
        for one in policy["Properties"]["PolicyDocument"]["Statement"]
        for action in listed(one["Action"])
        for target in (one["Resource"] if isinstance(one["Resource"], list) else [one["Resource"]])
    }
    (filled,) = of_type(template, "Custom::FirstValues").values()
    noted = {f":parameter{name}" for name in filled["Properties"]["Versions"].values()}
    written = {target for action, target in granted if action == "ssm:PutParameter"}
    assert {json.loads(one)["Fn::Join"][1][-1] for one in written} == noted
    (group,) = of_type(template, "AWS::Logs::LogGroup")
    log = json.dumps({"Fn::GetAtt": [group, "Arn"]})
    assert granted == {
        *(("secretsmanager:DescribeSecret", json.dumps({"Ref": name})) for name in secrets),
        *(("secretsmanager:PutSecretValue", json.dumps({"Ref": name})) for name in secrets),
        *((f"logs:{what}", log) for what in ("CreateLogStream", "PutLogEvents")),
        *(("ssm:PutParameter", name) for name in written),
    }
    assert all("*" not in name for name in written)


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudFormation:
    """As much of it as a secret meets: resources in order, a call, parameters at each deploy."""

    account: AwsAccount
    out: Path
    answers: list[dict[str, Any]]
    answers_at: str
    kept: dict[str, str] = field(default_factory=dict)

    def template(self, stack: str) -> dict[str, Any]:
        told: dict[str, Any] = json.loads((self.out / f"{stack}.template.json").read_text())
        return told

    def deploy_data(self) -> None:
        template = self.template("data")
        client = self.account.client("secretsmanager")
        arns = {
            name: client.create_secret(
                Name=one["Properties"]["Name"], Tags=one["Properties"]["Tags"]
            )["ARN"]
            for name, one in of_type(template, "AWS::SecretsManager::Secret").items()
        }
        self.kept.update(self.fill(arns))
        self.roll_back_data()

    def roll_back_data(self) -> None:
        """Each parameter of the template as CloudFormation made it: with what it remembers that
        the function said, which is not asked again while its own input is the same."""
        for one in of_type(self.template("data"), "AWS::SSM::Parameter").values():
            _, variable = one["Properties"]["Value"]["Fn::GetAtt"]
            self.account.client("ssm").put_parameter(
                Name=one["Properties"]["Name"],
                Type="String",
                Value=self.kept[variable],
                Overwrite=True,
            )

    def fill(self, arns: Mapping[str, str], kind: str = "Create") -> Mapping[str, str]:
        """By variable; runs what was zipped as Lambda would, in a process of its own."""
        template = self.template("data")
        (filled,) = of_type(template, "Custom::FirstValues").values()
        asked = {
            "RequestType": kind,
            "StackId": "s",
            "RequestId": "r",
            "LogicalResourceId": "l",
            "ResponseURL": self.answers_at,
            "ResourceProperties": {
                "Passwords": filled["Properties"]["Passwords"],
                "Versions": filled["Properties"]["Versions"],
                "Secrets": {
                    variable: arns[ref["Ref"]]
                    for variable, ref in filled["Properties"]["Secrets"].items()
                },
            },
        }
        (function,) = of_type(template, "AWS::Lambda::Function").values()
        asset = function["Properties"]["Code"]["S3Key"].removesuffix(".zip")
        subprocess.run(
            [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, '.'); {RUN}"],
            cwd=self.out / f"asset.{asset}",
            env={"PATH": os.environ["PATH"], **_as_lambda(self.account.environment)},
            input=json.dumps(asked),
            text=True,
            check=True,
            timeout=SECONDS,
        )
        answer = self.answers.pop()
        assert answer["Status"] == "SUCCESS", answer
        told: Mapping[str, str] = answer["Data"]
        return told

    def deploy_taking(self) -> str:
        """What the stack's one resource becomes: its parameter looked up, its secret put in."""
        template = self.template("taking")
        ssm = self.account.client("ssm")
        found = {
            name: ssm.get_parameter(Name=one["Default"])["Parameter"]["Value"]
            for name, one in template["Parameters"].items()
            if one["Default"].startswith("/waddlebot/")
        }
        (one,) = of_type(template, "AWS::SSM::Parameter").values()
        parts = one["Properties"]["Value"]["Fn::Join"][1]
        return "".join(part if isinstance(part, str) else found[part["Ref"]] for part in parts)

    def put_in(self, reference: str) -> str:
        """As CloudFormation reads one: name, field, stage, version."""
        form = r"\{\{resolve:secretsmanager:([^:]+):SecretString:::([^:}]+)\}\}"
        name, version = re.fullmatch(form, reference).groups()  # type: ignore[union-attr]
        return self.account.value(name.removeprefix(UNDER), VersionId=version)


@pytest.fixture
def cloud(out: Path) -> Iterator[CloudFormation]:
    answers: list[dict[str, Any]] = []

    class Bucket(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            answers.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Bucket)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        with aws_account() as account:
            at = f"http://127.0.0.1:{server.server_port}/answer"
            yield CloudFormation(account=account, out=out, answers=answers, answers_at=at)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_deploy_finds_a_secret_that_was_set_once_and_no_change_where_there_is_none(
    cloud: CloudFormation,
) -> None:
    cloud.deploy_data()
    first = cloud.deploy_taking()
    assert cloud.put_in(first) == "not-set"

    done = type_aws(
        f"secret --stage {STAGE} set {TAKEN}", cloud.account.environment, stdin="a-real-secret\n"
    )
    assert done.returncode == 0, done.stderr
    assert "ingress-twitch sees it after the next deploy" in done.stdout

    second = cloud.deploy_taking()
    assert second != first, "a deploy would say that nothing changed"
    assert cloud.put_in(second) == "a-real-secret"
    assert cloud.deploy_taking() == second, "a deploy would change what is as it was"


def test_a_roll_back_of_the_data_puts_no_old_version_back(cloud: CloudFormation) -> None:
    """Nor does a release that changes something else of the parameter."""
    cloud.deploy_data()
    done = type_aws(
        f"secret --stage {STAGE} set {TAKEN}", cloud.account.environment, stdin="a-real-secret\n"
    )
    assert done.returncode == 0, done.stderr
    in_force = cloud.deploy_taking()

    cloud.roll_back_data()
    assert cloud.deploy_taking() == in_force
    assert cloud.put_in(in_force) == "a-real-secret"


def test_keys_of_our_own_are_made_in_their_forms_and_never_again(cloud: CloudFormation) -> None:
    cloud.deploy_data()
    account = cloud.account
    made = {name: account.value(name) for name in MADE}
    key = made["WADDLEBOT_API_KEY"]
    assert key.startswith(PREFIX)
    assert not is_no_key(key)
    assert len(base64.b64decode(made["WADDLEBOT_SEAL_KEY"], validate=True)) == 32
    assert len(made["WADDLEBOT_SIGNING_KEY"]) >= 43
    assert account.value("DISCORD_TOKEN") == "not-set"

    done = type_aws(f"secret --stage {STAGE} set DISCORD_TOKEN", account.environment, stdin="x.y.z")
    assert done.returncode == 0, done.stderr
    listed = account.client("secretsmanager").list_secrets(MaxResults=100)["SecretList"]
    by_name = {one["Name"].removeprefix(UNDER): one["ARN"] for one in listed}
    secrets = of_type(cloud.template("data"), "AWS::SecretsManager::Secret")
    arns = {
        name: by_name[one["Properties"]["Name"].removeprefix(UNDER)]
        for name, one in secrets.items()
    }
    versions = cloud.fill(arns, "Update")
    assert {name: account.value(name) for name in MADE} == made
    assert account.value("DISCORD_TOKEN", VersionId=versions["DISCORD_TOKEN"]) == "x.y.z"


def test_passwords_are_made_with_their_users_found_by_cloudformation_and_typed_by_nobody(
    cloud: CloudFormation,
) -> None:
    cloud.deploy_data()
    account, template = cloud.account, cloud.template("data")
    for variable, user in PASSWORDS.items():
        kept = json.loads(account.value(variable))
        assert kept.keys() == {"username", "password"}
        assert kept["username"] == user
        assert re.fullmatch(r"[A-Za-z0-9_-]{43}", kept["password"])

        refused = type_aws(f"secret --stage {STAGE} set {variable}", account.environment, stdin="x")
        assert refused.returncode == 1
        assert "made by a deploy" in refused.stderr
        assert json.loads(account.value(variable)) == kept

    secrets = of_type(template, "AWS::SecretsManager::Secret")
    [(name, one)] = (
        (name, one)
        for name, one in secrets.items()
        if one["Properties"]["Name"].endswith("/VALKEY_PASSWORD")
    )
    # Kept, its name would be taken when the same login is chosen once more.
    assert (one["DeletionPolicy"], one["UpdateReplacePolicy"]) == ("Delete", "Delete")
    [filled] = of_type(template, "Custom::FirstValues")
    version = {"Fn::GetAtt": [filled, "VALKEY_PASSWORD"]}
    assert template["Outputs"]["OfValkey"]["Value"]["Fn::Join"][1] == [
        *("{{resolve:secretsmanager:", {"Ref": name}, ":SecretString:password::", version, "}}")
    ]
