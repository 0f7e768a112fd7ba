"""AWS Secrets Manager on loopback, as moto has it: a real client talks to a real server."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import boto3
from moto.server import ThreadedMotoServer

from waddlebot.runtime import kept_secrets

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

UNDER = "waddlebot/test/"
PATIENCE_SECONDS = 60
CREDENTIALS = {
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
}


@dataclass(frozen=True, slots=True)
class SecretsManager:
    url: str
    client: SecretsManagerClient

    def keep(self, **secrets: str) -> None:
        for name, value in secrets.items():
            self.client.create_secret(Name=f"{UNDER}{name}", SecretString=value)

    def change(self, name: str, value: str) -> None:
        self.client.put_secret_value(SecretId=f"{UNDER}{name}", SecretString=value)

    def environment(self, *names: str, **more: str) -> dict[str, str]:
        """What the stack sets for a function that reads these itself."""
        kept = {name: f"secretsmanager:{UNDER}{name}" for name in names}
        return {**CREDENTIALS, "AWS_ENDPOINT_URL_SECRETS_MANAGER": self.url, **kept, **more}


@contextmanager
def secrets_manager() -> Iterator[tuple[SecretsManager, ThreadedMotoServer]]:
    """With the server itself, for who takes it away in the middle."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    _forget(host, port)
    client = boto3.client(
        "secretsmanager",
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",
    )
    try:
        yield SecretsManager(url, client), server
    finally:
        client.close()
        server.stop()
        kept_secrets._keeper.cache_clear()


def _forget(host: str, port: int) -> None:
    """moto keeps what it has for the whole process, and the product what it asks by."""
    connection = http.client.HTTPConnection(host, port, timeout=PATIENCE_SECONDS)
    connection.request("POST", "/moto-api/reset")
    connection.getresponse().read()
    connection.close()
    kept_secrets._keeper.cache_clear()
    kept_secrets._known.clear()
