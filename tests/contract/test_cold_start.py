"""What a platform waits for first: the import of an ingress function.

Counted and named instead of timed, as a clock tells more of the machine than of us;
`make bench` measures it beside the import of Slack's own framework.
"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from local.settings import ROOT

HANDLERS = sorted(
    f"functions.ingress.{path.stem}" for path in ROOT.glob("functions/ingress/*_handler.py")
)
CLIENTS = {"http.client", "email", "ssl", "asyncio", "redis", "psycopg", "boto3", "nacl"}
FRAMEWORKS = {"aws_lambda_powertools", "fastapi", "pydantic", "slack_sdk", "twitchio", "logging"}
"""They come with the first event that needs them, or never."""
OTHER_WORDS = {
    "secrets",
    "waddlebot.domain.executions",
    "waddlebot.domain.sessions",
    "waddlebot.domain.string_rules",
    "waddlebot.domain.triggers",
    "waddlebot.runtime.invoke",
    "waddlebot_sdk.folder",
    "waddlebot_sdk.module",
    "waddlebot_sdk.responses",
    "waddlebot_sdk.times",
}
"""Of the router and of modules: whoever takes a webhook reads events and replies alone."""
MOST_OF_OURS = 52
MOST_BESIDE_MSGSPEC = 80
"""Of ours and of the library, over what msgspec, json and dataclasses load by themselves."""


@pytest.mark.parametrize("handler", HANDLERS)
def test_ingress_loads_what_a_webhook_needs_and_no_more(handler: str) -> None:
    loaded = modules_after(f"import {handler}")
    ours = {name for name in loaded if name.split(".")[0] in {"waddlebot", "waddlebot_sdk"}}
    floor = modules_after("import dataclasses, json, msgspec")

    assert sorted(loaded & (CLIENTS | FRAMEWORKS | OTHER_WORDS)) == []
    assert len(ours) <= MOST_OF_OURS, sorted(ours)
    assert len(loaded - floor) <= MOST_BESIDE_MSGSPEC, sorted(loaded - floor)


def test_the_names_of_the_sdk_come_when_they_are_asked_for() -> None:
    assert not {"waddlebot_sdk.module", "tomllib"} & modules_after("import waddlebot_sdk.roles")
    everything = "import waddlebot_sdk.door\nfrom waddlebot_sdk import *\nassert callable(serve)"
    assert "waddlebot_sdk.module" in modules_after(everything)


def modules_after(program: str) -> set[str]:
    script = f"{program}\nimport json, sys\nprint(json.dumps(list(sys.modules)))"
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(json.loads(ran.stdout))
