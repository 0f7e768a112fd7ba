"""`waddlebot aws restore`: a process of its own and boto3's real client, AWS on loopback."""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest

from tests.helpers.aws_account import STAGE, AwsAccount, aws_account, type_aws
from waddlebot.domain.stages import database_parameter

OF_STAGE = f"--stage {STAGE}"
WRITER = "the-writer"


@pytest.fixture
def account() -> Iterator[AwsAccount]:
    with aws_account() as one:
        yield one


@pytest.fixture
def house(account: AwsAccount) -> AwsAccount:
    """With a database as the data stack makes it, and another one beside."""
    rds = account.client("rds")
    made = [
        rds.create_db_instance(
            DBInstanceIdentifier=name,
            DBInstanceClass="db.t4g.small",
            Engine="postgres",
            AllocatedStorage=20,
            MasterUsername="waddlebot_master",
            MasterUserPassword="of nobody",
            BackupRetentionPeriod=7,
            DBSubnetGroupName=_subnets(account),
        )["DBInstance"]
        for name in ("somebody-elses", WRITER)
    ]
    account.client("ssm").put_parameter(
        Name=database_parameter(STAGE), Value=made[1]["Endpoint"]["Address"], Type="String"
    )
    return account


def _subnets(account: AwsAccount) -> str:
    ids = [one["SubnetId"] for one in account.client("ec2").describe_subnets()["Subnets"]]
    account.client("rds").create_db_subnet_group(
        DBSubnetGroupName=f"of-{len(ids)}-{secrets.token_hex(2)}",
        DBSubnetGroupDescription="as the data stack has it",
        SubnetIds=ids,
    )
    groups = account.client("rds").describe_db_subnet_groups()["DBSubnetGroups"]
    return str(groups[-1]["DBSubnetGroupName"])


def restored(account: AwsAccount) -> list[Any]:
    told = account.client("rds").describe_db_instances()["DBInstances"]
    return [one for one in told if "-then-" in one["DBInstanceIdentifier"]]


def test_a_second_server_is_made_like_the_first_and_no_other_is_ever_ended(
    house: AwsAccount,
) -> None:
    done = type_aws(f"restore {OF_STAGE} begin", house.environment)
    assert done.returncode == 0, done.stderr
    [second] = restored(house)
    name = second["DBInstanceIdentifier"]
    assert f"compare {name}" in done.stdout
    assert second["DBInstanceClass"] == "db.t4g.small"
    assert not second.get("PubliclyAccessible")

    for other in (WRITER, "somebody-elses"):
        done = type_aws(f"restore {OF_STAGE} end {other} --yes", house.environment)
        assert done.returncode == 1
        assert f"{other} was not made by `restore begin` for {STAGE}: it stays." in done.stderr
    done = type_aws(f"restore --stage other end {name} --yes", house.environment)
    assert done.returncode == 1
    done = type_aws(f"restore {OF_STAGE} end {name}", house.environment, stdin="no\n")
    assert "Nothing was deleted" in done.stderr
    done = type_aws(f"restore {OF_STAGE} end {name} --yes", house.environment)
    assert done.returncode == 0, done.stderr
    assert not restored(house)


CANNOT_BE: dict[str, str] = {
    "begin --at yesterday": "is no time: write",
    "begin --at 2999-11-01T21:00:00Z": "is no time of the past",
    "begin --at 2026-11-01T21:00:00": "with its zone",
    "compare nobody": "RDS has no server nobody",
    "load nobody": "Which tables?",
    "load nobody memories --all": "Which tables?",
    f"load {WRITER} memories": f"make deploy stage={STAGE} first",
}


@pytest.mark.parametrize("line", CANNOT_BE)
def test_what_cannot_be_done_is_said(house: AwsAccount, line: str) -> None:
    done = type_aws(f"restore {OF_STAGE} {line}", house.environment)
    assert done.returncode == 1
    assert CANNOT_BE[line] in done.stderr
    assert "Traceback" not in done.stderr


def test_where_no_database_is_left_the_page_says_how_to_go_on(account: AwsAccount) -> None:
    done = type_aws(f"restore {OF_STAGE} begin", account.environment)
    assert done.returncode == 1
    assert "docs/aws.md, “Restore”" in done.stderr


class Lambda(BaseHTTPRequestHandler):
    """What the function was asked, and what it answers."""

    asked: ClassVar[list[Any]] = []
    answers: ClassVar[list[tuple[dict[str, str], Any]]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.asked.append((self.path, json.loads(body)))
        headers, told = self.answers.pop(0)
        answer = json.dumps(told).encode()
        self.send_response(200)
        for name, value in {**headers, "Content-Length": str(len(answer))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def function(account: AwsAccount) -> Iterator[dict[str, str]]:
    Lambda.asked.clear()
    Lambda.answers.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Lambda) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        own = {"AWS_ENDPOINT_URL_LAMBDA": f"http://127.0.0.1:{server.server_port}"}
        yield {**account.environment, **own}
        server.shutdown()


def test_the_function_is_called_by_its_alias_with_a_token_that_nobody_reads(
    function: dict[str, str],
) -> None:
    counts = {"now": {"memories": 2, "people": 0}, "then": {"memories": 7, "gone": 1, "people": 0}}
    Lambda.answers[:] = [({}, counts), ({}, counts), ({}, {"came": {"memories": 5, "people": 0}})]
    done = type_aws(f"restore {OF_STAGE} compare db.example:5433/waddlebot", function)
    assert done.returncode == 0, done.stderr
    assert [line.split() for line in done.stdout.splitlines()[:3]] == [
        ["TABLE", "NOW", "THEN"],
        ["gone", "0", "1"],
        ["memories", "2", "7"],
    ]
    done = type_aws(f"restore {OF_STAGE} load db.example/waddlebot --all --changed", function)
    assert done.returncode == 0, done.stderr
    assert "memories" in done.stdout
    assert "people" not in done.stdout
    (path, first), _, (_, load) = Lambda.asked
    assert path.endswith(f"/waddlebot-{STAGE}-upkeep-restore/invocations?Qualifier=live")
    token = first["server"].pop("token")
    assert first == {"server": {"host": "db.example", "port": 5433, "database": "waddlebot"}}
    assert token.startswith("db.example:5433/?Action=connect&DBUser=waddlebot_owner&")
    assert (load["tables"], load["changed"]) == (["memories", "people"], True)
    assert "X-Amz-Signature" not in done.stdout + done.stderr


def test_what_the_function_refuses_is_said_in_its_words(function: dict[str, str]) -> None:
    refused = {"errorMessage": "No table is called quotes.", "errorType": "Refusal"}
    Lambda.answers[:] = [({"X-Amz-Function-Error": "Unhandled"}, refused)]
    done = type_aws(f"restore {OF_STAGE} load db.example/waddlebot quotes", function)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "Nothing was changed: No table is called quotes."
