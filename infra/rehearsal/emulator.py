"""MiniStack, as the AWS of this machine: loopback alone, no account, nothing kept."""

from __future__ import annotations

import http.client
import json
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

from infra.rehearsal.keys import ProcessKeys
from infra.rehearsal.own_packages import PYTHON
from infra.rehearsal.processes import Running

ACCOUNT, REGION = "123456789012", "us-east-1"
KEYS = {"AWS_ACCESS_KEY_ID": ACCOUNT, "AWS_SECRET_ACCESS_KEY": "rehearsal"}
"""Whoever types: the emulator takes the account for the key's id. Each function has its own."""
SHIM = Path(__file__).with_name("shim.py")
START_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Emulator:
    """`environment` is what a program needs to take it for AWS."""

    process: Running
    port: int

    @property
    def environment(self) -> dict[str, str]:
        return {
            **plain_environment(),
            **KEYS,
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.port}",
            "AWS_REGION": REGION,  # alone, as docs/aws.md has it
        }

    def client(self, service: Any) -> Any:
        return boto3.client(
            service,
            endpoint_url=f"http://127.0.0.1:{self.port}",
            region_name=REGION,
            aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
        )

    def answers(self) -> bool:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            line.request("GET", "/_ministack/health")
            return line.getresponse().status == 200
        except OSError:
            return False
        finally:
            line.close()


def start_emulator(
    folder: Path,
    logs: Path,
    servers: Mapping[str, object],
    given: Mapping[str, str],
    keys: Mapping[str, ProcessKeys],
) -> Emulator:
    """`servers` are steered to (see shim.py), `given` each function finds in its environment, and
    its own of `keys`.

    Raises RehearsalFailed where it does not come up.
    """
    port = free_port()
    scratch = folder / "tmp"
    scratch.mkdir()
    running = Running(
        "ministack",
        [str(PYTHON), "-B", str(SHIM)],
        logs=logs,
        folder=folder,
        environment={
            **plain_environment(),
            **KEYS,
            **given,
            "TMPDIR": str(scratch),
            "GATEWAY_PORT": str(port),
            "BIND_HOST": "127.0.0.1",
            "LAMBDA_EXECUTOR": "local",
            "LAMBDA_WARM_TTL_SECONDS": "600",
            "MINISTACK_ACCOUNT_ID": ACCOUNT,
            "MINISTACK_REGION": REGION,
            "REHEARSAL_SERVERS": json.dumps(servers),
            "REHEARSAL_KEYS_OF": json.dumps({name: one.environment for name, one in keys.items()}),
        },
    )
    emulator = Emulator(process=running, port=port)
    try:
        running.wait_until(emulator.answers, START_SECONDS, "an answer of the emulator")
    except BaseException:
        running.stop()
        raise
    return emulator


def plain_environment() -> dict[str, str]:
    """Nothing of whoever runs this gets through: no account, no address, no switch."""
    kept = ("PATH", "HOME", "LANG", "TZ")
    return {name: os.environ[name] for name in kept if name in os.environ}


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])
