from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("aws_lambda_powertools", "boto3", "botocore", "psycopg", "pydantic", "redis")


@pytest.mark.parametrize("module", ["invoke", "logs", "environment", "credentials", "entering"])
def test_what_ingress_loads_stays_light(module: str) -> None:
    """Every cold start pays for it (measurements: redis 85 ms, boto3 126 ms)."""
    program = f"import sys, waddlebot.runtime.{module}; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.split()

    assert not set(HEAVY) & set(loaded)
