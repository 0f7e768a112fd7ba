"""`waddlebot aws deploy|diff|destroy|bootstrap|restore|secret|key`: a house on AWS."""

from __future__ import annotations

import argparse
import importlib
import signal
import sys

from operations.api import NotDone
from waddlebot.runtime.environment import Environment

STAGE = "WADDLEBOT_STAGE"
USUAL_STAGE = "production"
PARTS = {
    "secret": "operations.aws.secrets",
    "key": "operations.aws.secrets",
    "bootstrap": "operations.aws.deploying",
    "deploy": "operations.aws.deploying",
    "diff": "operations.aws.deploying",
    "destroy": "operations.aws.deploying",
    "restore": "operations.aws.restoring",
}
"""The file that has each verb: `arguments(verb, parser)` and `carry_out(asked)`."""
STOPPED = (
    "Stopped here; what CloudFormation has begun it ends by itself. Run this again in some minutes."
)
HELP = {
    "secret": "write a secret, or list which are set: never shown",
    "key": "the operator's key, to be read once and kept",
    "bootstrap": "prepare the account and region, once",
    "deploy": "bring everything up to this checkout",
    "diff": "what a deploy would change",
    "destroy": "take functions and gateways away; data stays",
    "restore": "bring back rows from a second server, as the database was then",
}


def main(argv: list[str]) -> int:
    """0 done; 1 not, with a sentence; 2 not understood."""
    asked = make_parser().parse_args(argv)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # both end it in the same way
    try:
        done: int = importlib.import_module(PARTS[asked.verb]).carry_out(asked)
    except NotDone as failed:
        print(failed, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"\n{STOPPED}", file=sys.stderr)
        return 130
    return done


def make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="waddlebot aws",
        description="A house on AWS. Account and region are as AWS_PROFILE or AWS_* say.",
    )
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="|".join(PARTS))
    for verb, part in PARTS.items():
        one = verbs.add_parser(verb, help=HELP[verb], description=f"{HELP[verb].capitalize()}.")
        one.add_argument(
            "--stage",
            default=Environment.of_process().find(STAGE, USUAL_STAGE),
            help=f"the name of the house; else {STAGE}, else {USUAL_STAGE}",
        )
        importlib.import_module(part).arguments(verb, one)
    return parser
