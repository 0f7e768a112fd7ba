"""An account of AWS on loopback, as moto has it: Secrets Manager, SSM, STS and IAM."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3
from moto.server import ThreadedMotoServer

from tests.helpers.servers import ROOT
from waddlebot.runtime.house_secrets import version_parameter

STAGE = "test"
UNDER = f"waddlebot/{STAGE}/"
SECONDS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsAccount:
    url: str

    @property
    def environment(self) -> dict[str, str]:
        """As the page has it: boto3 by itself would read `AWS_DEFAULT_REGION` alone."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_REGION": "eu-central-1",
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
        }

    def client(self, service: Any, region: str = "eu-central-1") -> Any:
        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name=region,
            aws_access_key_id="local",
            aws_secret_access_key="local",
        )

    def has_secret(self, variable: str, *, read_by: str, at_deploy: str = "nobody") -> str:
        """As the data stack makes one: empty, with its readers in tags. Its ARN."""
        tags = {"waddlebot:read-by": read_by, "waddlebot:at-deploy": at_deploy}
        told = self.client("secretsmanager").create_secret(
            Name=f"{UNDER}{variable}", Tags=[{"Key": k, "Value": v} for k, v in tags.items()]
        )
        return str(told["ARN"])

    def value(self, variable: str, **version: str) -> str:
        told = self.client("secretsmanager").get_secret_value(
            SecretId=f"{UNDER}{variable}", **version
        )
        return str(told["SecretString"])

    def parameter(self, variable: str) -> str:
        name = version_parameter(STAGE, variable)
        return str(self.client("ssm").get_parameter(Name=name)["Parameter"]["Value"])


@contextmanager
def aws_account() -> Iterator[AwsAccount]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    account = AwsAccount(url=f"http://{host}:{port}")
    try:
        yield account
    finally:
        _forget_all(account)
        server.stop()


def _forget_all(account: AwsAccount) -> None:
    """moto keeps what it has for the whole process."""
    host = account.url.removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=SECONDS)
    connection.request("POST", "/moto-api/reset")
    connection.getresponse().read()
    connection.close()


def type_aws(
    line: str, environment: Mapping[str, str], *, stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    """`waddlebot aws LINE` in a process of its own that knows these variables and no others."""
    return subprocess.run(
        [sys.executable, "-m", "operations.aws", *line.split()],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HOME": "/nowhere", **environment},
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )
