"""`waddlebot connect discord|slack|twitch`: what to do, and what of it is done.

Asks the platform alone; nothing that is set is printed.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from dotenv import dotenv_values

from operations.api import ROOT, NotDone
from operations.speaking import plain, show_json
from waddlebot.domain.public_addresses import public_address, wrong_public_url
from waddlebot.platforms.connecting import Check, ConnectingStep
from waddlebot.runtime.environment import Environment
from waddlebot.runtime.needs import PUBLIC_URL
from waddlebot.runtime.platform_calls import carry_out

PLATFORMS = ("discord", "slack", "twitch")
TIMEOUT_SECONDS = 10.0


def main(argv: list[str]) -> int:
    """0 all is well; 1 something is missing, which is said; 2 not understood."""
    parser = argparse.ArgumentParser(
        prog="waddlebot connect", description="What connecting a platform takes, and what is done."
    )
    parser.add_argument("platform", choices=PLATFORMS)
    parser.add_argument(
        "--url",
        default="",
        help=f"the address under which the platform reaches us; else {PUBLIC_URL}, else none",
    )
    parser.add_argument("--stage", default="", help="a house on AWS: asked with its secrets")
    parser.add_argument("--json", action="store_true", help="the same as JSON")
    asked = parser.parse_args(argv)
    try:
        kept = _kept(asked.stage, asked.platform) if asked.stage else {}
    except NotDone as failed:
        print(failed, file=sys.stderr)
        return 1
    variables = {**_values(), **Environment.of_process().values, **kept}
    public_url = asked.url or variables.get(PUBLIC_URL, "")
    if wrong := wrong_public_url(public_url):
        parser.error(wrong.replace(PUBLIC_URL, "--url") if asked.url else wrong)
    public = public_address(public_url)
    connecting: Any = importlib.import_module(f"waddlebot.platforms.{asked.platform}.connecting")
    steps = connecting.steps(variables, public)
    checks = carry_out(connecting.check(variables, public), TIMEOUT_SECONDS)
    if asked.json:
        told = {"steps": list(map(asdict, steps)), "checks": list(map(asdict, checks))}
        show_json({"platform": asked.platform, **told})
    else:
        _tell(steps, checks)
    return 0 if all(one.is_well for one in checks) else 1


def _values() -> dict[str, str]:
    return {name: value or "" for name, value in dotenv_values(ROOT / ".env").items()}


def _kept(stage: str, platform: str) -> dict[str, str]:
    """What is set of this platform on AWS. Raises NotDone."""
    from operations.aws.account import in_words, open_session  # boto3: where AWS is meant alone
    from operations.aws.kept import HouseSecrets

    with in_words():
        secrets = HouseSecrets(open_session(), stage=stage)
        found = [one.variable for one in secrets.find_all()]
        names = [one for one in found if one.startswith(platform.upper())]
        return {one: secrets.value(one) for one in names if secrets.is_set(one)}


def _tell(steps: Sequence[ConnectingStep], checks: Sequence[Check]) -> None:
    for number, step in enumerate(steps, start=1):
        print(f"{number}. {step.do}")
        for line in step.copy.splitlines():
            print(f"     {line}")
    print()
    for check in checks:
        print(f"  {'ok     ' if check.is_well else 'MISSING'}  {plain(check.what)}")
        if not check.is_well:
            print(f"           {plain(check.do)}")
    wrong = sum(not check.is_well for check in checks)
    print()
    print("All is well: start the platform, and say hello." if not wrong else _count(wrong))


def _count(wrong: int) -> str:
    things = "One thing is" if wrong == 1 else f"{wrong} things are"
    return f"{things} missing. Run this again when done."
