"""`waddlebot aws deploy` and `destroy` when something is in between: keys that end, Ctrl-C, data
that stays. The CDK's command line and CloudFormation have stand-ins; all else is as it is typed.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qs

import pytest

from tests.helpers.aws_account import SECONDS, STAGE, AwsAccount, aws_account, type_aws
from tests.helpers.patience import eventually
from tests.helpers.servers import ROOT
from waddlebot.domain.stages import BOUNDARY

OF_STAGE = f"--stage {STAGE}"
WITH_A_CDK_OF_OURS = """
import sys
from pathlib import Path
from operations.aws import command_line, main
command_line.CDK = Path(sys.argv[1])
command_line._our_node = lambda: Path(sys.executable)
sys.exit(main(sys.argv[2:]))
"""


WHO = "<Account>123456789012</Account><Arn>arn:aws:iam::123456789012:user/olga</Arn>"


class Aws(BaseHTTPRequestHandler):
    """CloudFormation and STS: as many stacks as are told, and keys that may have ended."""

    stacks: ClassVar[dict[str, str]] = {}
    resources: ClassVar[dict[str, dict[str, str]]] = {}
    refuses: ClassVar[str] = ""
    asked: ClassVar[list[str]] = []

    def do_POST(self) -> None:
        told = self.rfile.read(int(self.headers["Content-Length"])).decode()
        asked = {name: values[0] for name, values in parse_qs(told).items()}
        action = asked.get("Action", "")
        self.asked.append(action or told[:80])
        if self.refuses:
            self._say(403, _refusal(self.refuses, is_json=not action))
        elif action == "GetCallerIdentity":
            self._say(200, _result(action, WHO))
        elif action == "DescribeStacks":
            self._say(200, _result(action, f"<Stacks>{_stacks(self.stacks)}</Stacks>"))
        elif (found := self.resources.get(asked.get("StackName", ""))) is not None:
            self._say(200, _result(action, _resources(found)))
        else:
            self._say(400, _refusal("ValidationError", is_json=False))

    def _say(self, status: int, text: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        pass


def _result(action: str, inside: str) -> str:
    return f"<{action}Response><{action}Result>{inside}</{action}Result></{action}Response>"


def _stacks(told: Mapping[str, str]) -> str:
    made = "<CreationTime>2026-11-30T01:00:00Z</CreationTime>"
    return "".join(
        f"<member><StackName>{name}</StackName>{made}<StackStatus>{state}</StackStatus></member>"
        for name, state in told.items()
    )


def _resources(told: Mapping[str, str]) -> str:
    members = "".join(
        f"<member><PhysicalResourceId>{name}</PhysicalResourceId>"
        f"<ResourceType>{kind}</ResourceType></member>"
        for name, kind in told.items()
    )
    return f"<StackResourceSummaries>{members}</StackResourceSummaries>"


def _refusal(code: str, *, is_json: bool) -> str:
    if is_json:
        return f'{{"__type": "{code}", "message": "The token is expired"}}'
    return (
        f"<ErrorResponse><Error><Code>{code}</Code><Message>The token is expired</Message></Error>"
        "</ErrorResponse>"
    )


@pytest.fixture
def account() -> Iterator[AwsAccount]:
    with aws_account() as one:
        for name, value in {
            "/cdk-bootstrap/hnb659fds/version": "30",
            f"/waddlebot/{STAGE}/data/profile": "small",
        }.items():
            one.client("ssm").put_parameter(Name=name, Value=value, Type="String")
        boundary = (ROOT / "operations" / "aws" / "boundary.json").read_text()
        one.client("iam").create_policy(PolicyName=BOUNDARY, PolicyDocument=boundary)
        yield one


@pytest.fixture
def terminal(account: AwsAccount) -> Iterator[dict[str, str]]:
    """Of an operator: what moto does not have is asked of the stand-in."""
    Aws.stacks, Aws.resources, Aws.refuses = {}, {}, ""
    Aws.asked.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Aws) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        own = {"AWS_ENDPOINT_URL_CLOUDFORMATION": url, "AWS_ENDPOINT_URL_STS": url}
        yield {**account.environment, **own, "PATH": os.environ["PATH"], "HOME": "/nowhere"}
        server.shutdown()


def typed(line: str, terminal: Mapping[str, str], cdk: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WITH_A_CDK_OF_OURS, str(cdk), *line.split()],
        cwd=ROOT,
        env=dict(terminal),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def a_cdk(folder: Path, does: str) -> Path:
    file = folder / "cdk.py"
    file.write_text(f"import os, pathlib, time\n{does}\n")
    return file


def alive(pid: int) -> bool:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_who_stops_a_deploy_stops_the_cdk_and_reads_how_it_stands(
    terminal: dict[str, str], tmp_path: Path, how: signal.Signals
) -> None:
    """Told to one process alone, as `kill` does; the CDK went on behind the operator's back."""
    told = tmp_path / "pid"
    cdk = a_cdk(tmp_path, f"pathlib.Path({str(told)!r}).write_text(str(os.getpid()))\n"
                "time.sleep(600)")  # fmt: skip
    Aws.stacks = {
        f"waddlebot-{STAGE}-data": "CREATE_IN_PROGRESS",
        f"waddlebot-{STAGE}-network": "CREATE_COMPLETE",
        f"waddlebot-{STAGE}-routes": "REVIEW_IN_PROGRESS",
        f"waddlebot-{STAGE}-functions": "UPDATE_ROLLBACK_COMPLETE",
        f"waddlebot-{STAGE}-gateway": "UPDATE_ROLLBACK_FAILED",
        "somebody-elses": "CREATE_COMPLETE",
    }
    waits = typed(f"deploy {OF_STAGE}", terminal, cdk)
    assert eventually(lambda: told.exists() and told.read_text())
    waits.send_signal(how)
    _, said = waits.communicate(timeout=SECONDS)
    assert waits.returncode == 130
    assert eventually(lambda: not alive(int(told.read_text())))
    lines = {line.split()[0]: line for line in said.splitlines() if line.startswith("waddlebot-")}
    for one, words in {
        "data": "goes on by itself",
        "network": "done",
        "routes": "not begun",
        "functions": "as it was before",
        "gateway": "stands still",
    }.items():
        assert words in lines[f"waddlebot-{STAGE}-{one}"]
    assert "somebody-elses" not in said
    assert said.splitlines()[-1].endswith(f"go on with: make deploy stage={STAGE}")
    assert "Traceback" not in said


def test_a_deploy_that_is_stopped_before_any_stack_says_so(
    terminal: dict[str, str], tmp_path: Path
) -> None:
    begun = tmp_path / "begun"
    cdk = a_cdk(tmp_path, f"pathlib.Path({str(begun)!r}).touch()\ntime.sleep(600)")
    waits = typed(f"deploy {OF_STAGE}", terminal, cdk)
    assert eventually(begun.exists)
    waits.send_signal(signal.SIGINT)
    _, said = waits.communicate(timeout=SECONDS)
    assert "no stack was begun. Run this again" in said


VERBS = (
    *("deploy", "diff", "destroy --yes", "bootstrap", "secret list", "key"),
    *("secret set DISCORD_TOKEN", "restore begin", "restore compare db.example/waddlebot"),
)


@pytest.mark.parametrize("line", VERBS)
def test_whose_credentials_have_ended_is_told_to_sign_in_again(
    terminal: dict[str, str], line: str
) -> None:
    Aws.refuses = "ExpiredToken"
    own = dict.fromkeys(("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SECRETS_MANAGER"),
                        terminal["AWS_ENDPOINT_URL_STS"])  # fmt: skip
    done = type_aws(line, {**terminal, **own}, stdin="x")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert "they have ended or are not right. Sign in again with `aws sso login`" in done.stderr


def test_credentials_that_end_in_the_middle_are_not_taken_for_a_failed_stack(
    terminal: dict[str, str], tmp_path: Path
) -> None:
    begun = tmp_path / "begun"
    wait = f"pathlib.Path({str(begun)!r}).touch()\nwhile pathlib.Path({str(begun)!r}).exists():"
    waits = typed(
        f"deploy {OF_STAGE}", terminal, a_cdk(tmp_path, f"{wait}\n    time.sleep(0.1)\nexit(1)")
    )
    assert eventually(begun.exists)
    Aws.refuses = "ExpiredToken"
    begun.unlink()
    _, said = waits.communicate(timeout=SECONDS)
    assert waits.returncode == 1
    assert "Not everything is deployed" in said
    assert "Sign in again" in said.splitlines()[-1]


def test_a_clock_that_is_wrong_is_named(terminal: dict[str, str]) -> None:
    Aws.refuses = "SignatureDoesNotMatch"
    done = type_aws("deploy", terminal)
    assert "is this machine's clock right?" in done.stderr


def test_destroy_lists_what_stays_with_what_parts_with_it(
    terminal: dict[str, str], account: AwsAccount, tmp_path: Path
) -> None:
    account.has_secret("DISCORD_TOKEN", read_by="gateway")
    account.client("logs").create_log_group(logGroupName=f"/aws/lambda/waddlebot-{STAGE}-router")
    data, network = (f"waddlebot-{STAGE}-{one}" for one in ("data", "network"))
    Aws.resources = {
        data: {
            "the-writer": "AWS::RDS::DBInstance",
            "key-id": "AWS::KMS::Key",
            "/waddlebot/test/data/key": "AWS::SSM::Parameter",
        },
        network: {"vpc-1": "AWS::EC2::VPC"},
    }
    waits = typed(f"destroy {OF_STAGE} --yes", terminal, a_cdk(tmp_path, "exit(0)"))
    said, wrong = waits.communicate(timeout=SECONDS)
    assert waits.returncode == 0, wrong
    for words in (
        "DBInstance the-writer",
        "--db-instance-identifier the-writer --final-db-snapshot-identifier the-writer-last",
        "aws kms schedule-key-deletion --key-id key-id",
        f"aws cloudformation delete-stack --stack-name {data}",
        f"aws cloudformation delete-stack --stack-name {network}",
        f"1 secrets waddlebot/{STAGE}/…",
        f"1 logs /aws/lambda/waddlebot-{STAGE}-…",
    ):
        assert words in said
    assert said.index(data) < said.index(f"stack {network}")
    assert "SSM" not in said


def test_where_nothing_stays_nothing_is_listed(terminal: dict[str, str], tmp_path: Path) -> None:
    waits = typed(f"destroy {OF_STAGE} --yes", terminal, a_cdk(tmp_path, "exit(0)"))
    said, wrong = waits.communicate(timeout=SECONDS)
    assert waits.returncode == 0, wrong
    assert "This stays" not in said
