"""What a snapshot of SnapStart holds: code that would cost its first caller, never a secret."""

from __future__ import annotations

import os

from waddlebot.runtime.environment import KEPT_AT

STARTS_AS = "AWS_LAMBDA_INITIALIZATION_TYPE"
FROM_A_SNAPSHOT = "snap-start"


def load_for_snapshot() -> None:
    """To be called while files are imported, which on AWS is before the snapshot is taken.

    Where no secret is looked up elsewhere, and on any other start, it loads nothing.
    """
    if os.environ.get(STARTS_AS) != FROM_A_SNAPSHOT:
        return
    if any(value.startswith(KEPT_AT) for value in os.environ.values()):
        import waddlebot.runtime.kept_secrets  # noqa: F401  boto3
