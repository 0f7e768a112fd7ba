"""`python -m tests.infra.small_stack OUT`: the secrets in a stack of their own, and who takes one.

In a process of its own: no test imports the CDK.
"""

from __future__ import annotations

import sys
from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_ssm as ssm

from infra.__main__ import ROOT, use_our_node
from infra.secrets_of_house import SecretsOfHouse
from waddlebot.domain.database_users import APP
from waddlebot.runtime.house_secrets import (
    VALKEY_PASSWORD,
    database_password,
    secret_name,
    version_parameter,
)

STAGE = "test"
TAKEN = "TWITCH_EVENTSUB_SECRET"
PASSWORDS = {VALKEY_PASSWORD: "waddlebot-test-app", database_password(APP): APP}


def main(out: Path) -> None:
    app = cdk.App(outdir=str(out), analytics_reporting=False)
    data = cdk.Stack(app, "data")
    house = SecretsOfHouse(data, stage_name=STAGE, root=ROOT, passwords=PASSWORDS)
    taking = cdk.Stack(app, "taking")
    parameter = version_parameter(STAGE, TAKEN)
    version = ssm.StringParameter.value_for_string_parameter(taking, parameter)
    reference = (
        f"{{{{resolve:secretsmanager:{secret_name(STAGE, TAKEN)}:SecretString:::{version}}}}}"
    )
    # Any property that takes a reference would do.
    ssm.CfnParameter(taking, "Takes", type="String", value=reference)
    cdk.CfnOutput(data, "OfValkey", value=house.password(VALKEY_PASSWORD))
    app.synth()


if __name__ == "__main__":
    use_our_node()
    main(Path(sys.argv[1]))
