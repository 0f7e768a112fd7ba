from __future__ import annotations

import os
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


def loaded_with(program: str, **environment: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{program}; import sys; print(*sys.modules)"],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(HEAVY) & set(done.stdout.split())


KEPT = {"SLACK_BOT_TOKEN": "secretsmanager:waddlebot/dev/SLACK_BOT_TOKEN"}


def test_a_secret_that_is_kept_elsewhere_costs_nothing_until_it_is_looked_up() -> None:
    program = (
        "from waddlebot.runtime.environment import Environment; "
        "told = Environment.of_process(); "
        "assert told.kept == ('SLACK_BOT_TOKEN',); "
        "assert told.find('LOG_LEVEL') == 'INFO'"
    )
    assert loaded_with(program, LOG_LEVEL="INFO", **KEPT) == set()


@pytest.mark.for_the_gate
@pytest.mark.parametrize("handler", ["router.stream_handler", "asking.slack_handler"])
def test_before_a_snapshot_what_reads_secrets_is_loaded_and_on_no_other_start(
    handler: str,
) -> None:
    program = f"import functions.{handler}"
    snapshot = {"AWS_LAMBDA_INITIALIZATION_TYPE": "snap-start"}
    assert "boto3" not in loaded_with(program, **KEPT)
    assert "boto3" not in loaded_with(program, **snapshot)
    assert "boto3" in loaded_with(program, **KEPT, **snapshot)
