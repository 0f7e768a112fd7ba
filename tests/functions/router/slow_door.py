"""The slow door as a process of its own, which may be killed: one invocation on stdin."""

from __future__ import annotations

import json
import sys

from functions.router import slow_handler
from tests.helpers.aws_context import AwsContext

if __name__ == "__main__":
    slow_handler.handler(json.load(sys.stdin), AwsContext(60))
